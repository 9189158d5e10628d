#include "infra/root/error_texts_context.hpp"
#include "messages/errc.hpp"
#include <caf/actor_system_config.hpp>
#include <caf/message.hpp>

namespace hearth {

void add_error_texts(caf::actor_system_config& config) {
  config.add_error_category(caf::atom("hearth"),
                            [](uint8_t code, caf::atom_value, const caf::message& context) {
                              auto text = std::string{to_string(static_cast<errc>(code))};
                              if (context.match_elements<std::string>())
                                text += ": " + context.get_as<std::string>(0);
                              return text;
                            });
}

} // namespace hearth
