#pragma once
// Takes Discord's signed HTTP interactions and hands them to the shard, which passes them on as if
// the gateway had brought them.
#include "infra/gateway/event_decode.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/interactions/ed25519_context.hpp"
#include "infra/interactions/interaction_server.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/settings/settings.hpp"
#include "messages/interaction_endpoint.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hearth {

struct interaction_endpoint_options {
  interaction_server_options server;
  std::string public_key;   ///< 64 hex digits; empty: Discord is asked (GET /applications/@me).
  int64_t skew_s_max = 300; ///< See proof_of.
  /// Discord's time now, Unix milliseconds. Called on the I/O thread.
  std::function<int64_t()> now_ms;
  int64_t retry_ms = 5'000; ///< Until the key is asked for again.
};

/// As the operator's settings say; `now_ms` is left to the caller.
interaction_endpoint_options endpoint_options(const interactions_settings& says);

/// Spawned by main, when the operator wants it; stopped first of all. It listens once it knows the
/// key, so that nobody meets an endpoint that cannot tell friend from foe.
///
/// Every good request is answered by 202 at once, without a body, and the interaction is answered
/// by the REST callback like those of the gateway: one way for the first answer, with its deferral
/// in time, its retries and its "done" only after COMMIT. Answering in the HTTP response instead
/// would need a second, equally careful way, and a socket held open through a commit.
class interaction_endpoint final : public on_asio<instrumented<interaction_endpoint_actor::base>> {
public:
  /// @param failed Called when it can never listen: the address is taken, or the key is no key.
  interaction_endpoint(caf::actor_config& config, asio_context& io,
                       interaction_endpoint_options options, rest_actor rest,
                       std::function<void(fatal)> failed);
  const char* name() const override { return "interaction-endpoint"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  void ask_key();
  void on_application(const rest_response& answer);
  void ask_later(const std::string& why);
  void listen(std::string_view key_hex);
  inbound_reply answer(const inbound_request& request);
  inbound_reply take(const std::string& body);

  interaction_endpoint_options options_;
  rest_actor rest_;
  std::function<void(fatal)> failed_;
  interaction_sink_actor shard_;
  std::optional<ed25519_key> key_;
  event_decoder decoder_;
  padded_buffer text_; ///< The body as the decoder wants it.
  std::unique_ptr<interaction_server> server_;
  endpoint_status counters_;
};

} // namespace hearth
