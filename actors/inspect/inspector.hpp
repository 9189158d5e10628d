#pragma once
// Answers every question about the running daemon, by asking those who know.
#include "actors/inspect/at_home.hpp"
#include "infra/clock/time_source.hpp"
#include "infra/inspect/host_health_context.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/root/log_ring_session.hpp"
#include "infra/store/store_context.hpp"
#include "messages/inspect_wire.hpp"
#include "messages/root.hpp"
#include "messages/voice_look.hpp"
#include <atomic>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

/// Whom it asks. Everything must outlive it.
struct inspector_parts {
  root_actor root;
  rest_actor rest;
  clock_actor clock;
  const time_source* time = nullptr;
  const store_counters* store = nullptr;
  std::shared_ptr<log_ring> log;
  std::function<bool()> online = {}; ///< Whether Discord has accepted a session since the start.
  std::function<std::string()> log_level = {};
  std::function<int64_t()> uptime_ms = {};
  std::string program = {}, profile = {}, data_folder = {}, database = {}, certificates = {};
  voice_finder_actor voice = {};               ///< Null: guilds are shown without their voice.
  std::chrono::milliseconds answer_max{3'000}; ///< Whoever is silent is left out of an answer.
};

/// One, in the pool; spawned by main, ended by main after the facades and before root is told to
/// stop. Holds no state; nothing survives.
class inspector final : public at_home<instrumented<inspect_actor::base>> {
public:
  inspector(caf::actor_config& config, inspector_parts parts);
  const char* name() const override { return "inspector"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct pending_status;
  caf::result<daemon_status> on_status();
  void fill_own(daemon_status& status) const;
  caf::result<actor_list> on_actors() const;
  caf::result<guild_view> on_guild(guild_id guild);
  void add_voice(guild_view view, caf::typed_response_promise<guild_view> promise);
  caf::result<event_list> on_events();
  caf::result<trace_page> on_trace(const ask_trace& asked) const;
  /// Hands on what a neighbour answers as a shared value.
  template <class Answer, class Handle, class Question>
  caf::result<Answer> hand_on(const Handle& whom, Question question);

  inspector_parts parts_;
};

} // namespace hearth
