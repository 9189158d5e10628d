#pragma once
// Calls the addresses that an operator gave for alerts and uptime. The addresses hold passwords:
// they never leave this actor, and no message, error or log line has them.
#include "infra/inspect/instrumented_context.hpp"
#include "infra/rest/http_client.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/settings/secret.hpp"
#include "messages/watch.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>
#include <memory>

namespace hearth {

struct outside_addresses {
  secret alert_webhook; ///< Empty: none.
  secret uptime_push;
};

/// Spawned by main: `system.spawn<outside_caller>(std::ref(io), addresses)`. Stops by an exit
/// message; whoever waits then gets errc::stopping. Nothing to survive.
class outside_caller final : public on_asio<instrumented<outside_actor::base>> {
public:
  outside_caller(caf::actor_config& config, asio_context& io, outside_addresses addresses);
  const char* name() const override { return "outside_caller"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  caf::result<called> on_call(call_outside& asked);

  outside_addresses addresses_;
  std::unique_ptr<http_client> http_;
  std::map<uint64_t, caf::typed_response_promise<called>> calls_;
  uint64_t next_id_ = 1;
};

} // namespace hearth
