#pragma once
// Interactions in flight: their tokens, deadlines, what came of them and who waits for it
// (discord-api 3.3, 15.6). Built by user_actions, answered by interaction_routes.
#include "discord-sim/world.hpp"

#include <functional>

namespace sim {

struct activity;

/// Deadlines on the domain clock (discord-api 3.3).
inline constexpr unix_ms answer_within_ms = 3000;
inline constexpr unix_ms token_lives_ms = 15LL * 60 * 1000;

/// What became visible of an interaction so far.
struct interaction_outcome {
  /// pending, message, update, deferred, deferred_update, modal, choices, failed
  std::string state = "pending";
  std::string reason;   ///< of "failed"
  json message;         ///< as the invoking user sees it
  json modal;           ///< {interaction_id, custom_id, title, components}
  json choices;         ///< of an autocomplete
  bool excused = false; ///< an injected fault hid an answer: a second one is no violation
  /// Gateway connections made before the first answer: a client that was restarted since may not
  /// know that it answered (discord-api 7.8).
  std::uint64_t connects = 0;

  /// Nothing more is to be expected: neither pending nor a deferral that was not edited.
  bool final() const;
};

/// What an interaction needs beside the common fields.
struct new_interaction {
  snowflake application = 0;
  snowflake user = 0;
  snowflake channel = 0;
  int type = 2; ///< discord-api 3.1
  json data;
  snowflake source_message = 0;     ///< message of the component (also for its modals)
  snowflake source_interaction = 0; ///< that opened the modal
};

class interaction_desk {
public:
  explicit interaction_desk(activity& a) : a_(a) {}

  /// Creates it, sends INTERACTION_CREATE to the application and starts the 3 seconds.
  interaction& open(new_interaction wish);

  /// The interaction of an id and token; nullptr when they do not belong together.
  interaction* find(snowflake id, std::string_view token);
  /// The interaction of a token alone (webhook routes).
  interaction* find_token(std::string_view token);
  /// NEW whose 3 seconds are over (15.6).
  bool dead(const interaction& it) const;
  /// Its token no longer works.
  bool expired(const interaction& it) const;

  /// What came of it; never fails for an interaction of the world.
  interaction_outcome& outcome(snowflake id) { return outcomes_[id]; }
  /// The same as JSON: {ok, interaction_id, outcome, final, message?, modal?, choices?, reason?}.
  json outcome_json(snowflake id);
  /// True when a second answer is the client's own mistake (40060 as a violation).
  bool answered_knowingly(snowflake id) const;
  /// A bot connected or resumed.
  void bot_connected() { ++connects_; }
  /// Says what happened: tells waiters, the invoking user's pages and the journal.
  void settle(snowflake id, interaction_outcome outcome);

  /// Calls `then` with outcome_json at the first visible answer (or, with `final`, the last), or
  /// after `limit` of real time with what is known then. Once.
  void wait(snowflake id, bool final, std::chrono::milliseconds limit,
            std::function<void(json)> then);

  /// Domain time moved: fails those whose 3 seconds are over, forgets very old ones.
  void time_moved();

private:
  struct waiter {
    int number = 0;
    snowflake id = 0;
    bool final = false;
    std::function<void(json)> then;
  };

  void send_event(const interaction& it);
  void watch(snowflake id, std::chrono::milliseconds delay);
  void forget_old();

  activity& a_;
  std::map<snowflake, interaction_outcome> outcomes_;
  std::map<std::string, snowflake, std::less<>> tokens_;
  std::vector<waiter> waiters_;
  int next_waiter_ = 1;
  std::uint64_t connects_ = 0;
};

} // namespace sim
