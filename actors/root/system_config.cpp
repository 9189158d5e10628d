#include "actors/root/system_config.hpp"
#include "messages/errc.hpp"
#include <caf/atom.hpp>
#include <caf/message.hpp>

namespace hearth {

system_config::system_config(telemetry* counted) {
  figures = counted;
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{3});
  set("scheduler.max-throughput", size_t{50}); // the default, infinite, starves timers
  set("logger.console", caf::atom("none"));
  add_error_category(caf::atom("hearth"),
                     [](uint8_t code, caf::atom_value, const caf::message& context) {
                       auto text = std::string{to_string(static_cast<errc>(code))};
                       if (context.match_elements<std::string>())
                         text += ": " + context.get_as<std::string>(0);
                       return text;
                     });
}

} // namespace hearth
