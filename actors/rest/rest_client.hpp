#pragma once
// The one way to Discord's REST API: every request of the process goes through its queues.
#include "infra/inspect/instrumented_context.hpp"
#include "infra/rest/http_client.hpp"
#include "infra/rest/request_rules.hpp"
#include "infra/rest/rest_options.hpp"
#include "infra/root/asio_context.hpp"
#include "messages/actors.hpp"
#include <boost/asio/steady_timer.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>

namespace hearth {

/// Spawned once by main, on the REST I/O thread:
/// `system.spawn<rest_client>(std::ref(io), options, on_fatal)`. Stops by an exit message, as one
/// of the last; whoever waits then gets errc::stopping. Nothing survives a restart: limits are
/// learnt again.
class rest_client final : public on_asio<instrumented<rest_actor::base>> {
public:
  /// @param options `api` must have passed api_base_trouble().
  /// @param on_fatal Called once, on the I/O thread, when Discord refuses the token.
  rest_client(caf::actor_config& config, asio_context& io, rest_options options,
              std::function<void(fatal)> on_fatal);
  const char* name() const override { return "rest_client"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// One request until it is answered.
  struct call {
    rest_request request;
    caf::typed_response_promise<rest_response> promise;
    int64_t deadline_ms = 0; ///< Steady.
    uint32_t attempts = 0;
    uint32_t troubles = 0;  ///< Tries that failed on the way or at the server.
    bool by_token = false;  ///< The bot's token is not sent.
    bool timed_out = false; ///< The last try was.
    std::string last_trouble;
  };

  caf::result<rest_response> on_request(rest_request& request);
  void advance();
  void send(uint64_t id);
  void on_outcome(uint64_t id, http_outcome outcome);
  void on_answer(uint64_t id, call& what, http_outcome& outcome);
  void on_trouble(uint64_t id, call& what, const http_outcome& outcome);
  void retry(uint64_t id, call& what, int64_t wait_ms);
  void expire(uint64_t id);
  void stop_the_world(uint64_t id);
  void answer(uint64_t id, rest_response response);
  void refuse(uint64_t id, errc why, std::string context);
  void arm(std::optional<int64_t> wake_ms);
  std::optional<int64_t> publish(int64_t now, std::optional<int64_t> wake_ms);

  rest_options options_;
  std::function<void(fatal)> on_fatal_;
  std::string origin_;    ///< "https://discord.com".
  std::string base_path_; ///< "/api/v10".
  std::unique_ptr<http_client> http_;
  std::unique_ptr<boost::asio::steady_timer> timer_;
  int64_t timer_at_ = 0; ///< When the timer fires; 0 = not armed.
  rate_gate gate_;
  std::unordered_map<uint64_t, call> calls_;
  uint64_t next_id_ = 1;
  rest_status counters_;
  std::minstd_rand random_;
  bool unauthorized_ = false;
  bool stopping_ = false;
};

} // namespace hearth
