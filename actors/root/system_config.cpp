#include "actors/root/system_config.hpp"
#include "infra/root/error_texts_context.hpp"
#include <caf/atom.hpp>

namespace hearth {

system_config::system_config(telemetry* counted) {
  figures = counted;
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{3});
  set("scheduler.max-throughput", size_t{50}); // the default, infinite, starves timers
  set("logger.console", caf::atom("none"));
  add_error_texts(*this);
}

} // namespace hearth
