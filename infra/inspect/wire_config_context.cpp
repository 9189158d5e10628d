#include "infra/inspect/wire_config_context.hpp"
#include "infra/root/error_texts_context.hpp"
#include "messages/inspect_wire.hpp"
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

namespace hearth {

wire_config::wire_config(const certificate_files& files, inspect_right right) {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{1});
  set("scheduler.max-throughput", size_t{50});
  set("logger.console", caf::atom("none"));
  set("middleman.workers", size_t{1});
  set("middleman.app-identifiers",
      std::vector<std::string>{std::string{"hearth-"} + to_string(right)});
  set("openssl.certificate", files.certificate);
  set("openssl.key", files.key);
  set("openssl.cafile", files.authority);
  add_error_texts(*this);
  add_inspect_messages(*this);
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
}

void clear_registry(caf::actor_system& system) {
  for (const auto& [name, actor] : system.registry().named_actors())
    system.registry().erase(name);
}

} // namespace hearth
