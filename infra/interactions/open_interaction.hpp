#pragma once
// One interaction from its arrival to its one first answer. Pure: the caller brings the time and
// sends what is returned. Source: discord-api 3.3, 15.6, 7 (lessons 6-8).
#include "messages/interactions.hpp"
#include "messages/rest.hpp"
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// How one interaction ended, for logs and counters.
enum class interaction_outcome : uint8_t {
  open,        ///< Not yet.
  answered,    ///< The member sees the answer.
  apologised,  ///< The feature failed; the member sees the apology.
  late,        ///< Too late for Discord (10062, 50027, or never sent): dropped.
  taken,       ///< Another process with our token answered first (40060): dropped.
  undelivered, ///< Discord could not be reached or refused even the apology.
};
const char* to_string(interaction_outcome outcome) noexcept;

/// Why a request got no HTTP answer: errc::deadline, errc::stopping, or any other.
enum class lost_request : uint8_t { unreachable, deadline, stopping };

/// Times of one interaction, milliseconds after arrival.
struct interaction_times {
  int64_t defer_ms = 1'800;   ///< Without an answer by then, it is deferred.
  int64_t give_up_ms = 2'800; ///< Without a deferral by then, nothing is sent any more.
};

/// States: new -> (deferring -> deferred) -> answering -> done. At most one request is under way:
/// each function may return one, and its result must be told by `delivered` or `undelivered` before
/// anything else is sent.
class open_interaction {
public:
  /// @param ephemeral Whether a deferral is (command_spec::ephemeral).
  /// @param may_defer False for commands that answer with a modal; autocomplete never is.
  /// @param apology What the member reads when the feature fails, in the member's language.
  open_interaction(interaction_ptr asked, bool ephemeral, bool may_defer, std::string apology,
                   interaction_times times = {});

  /// Steady time at which `tick` must be called, while there is one.
  std::optional<int64_t> next_tick() const;
  /// The deferral when it is due.
  std::optional<rest_request> tick(int64_t now_ms);
  /// The feature's answer. Only the first counts, `fail` included.
  std::optional<rest_request> answer(interaction_response response, int64_t now_ms);
  /// The feature answered an error, died or is not there: sends the apology.
  std::optional<rest_request> fail(int64_t now_ms);
  /// The HTTP answer to the request under way.
  std::optional<rest_request> delivered(const rest_response& response, int64_t now_ms);
  /// The request under way got no HTTP answer.
  std::optional<rest_request> undelivered(lost_request why, int64_t now_ms);

  bool done() const noexcept { return outcome_ != interaction_outcome::open; }
  interaction_outcome outcome() const noexcept { return outcome_; }
  const interaction& asked() const noexcept { return *asked_; }
  /// HTTP status and Discord code that ended it badly, such as "404 10062"; else empty.
  const std::string& trouble() const noexcept { return trouble_; }

private:
  enum class flight : uint8_t { none, deferral, first_answer, later_answer, removal };

  std::optional<rest_request> send_answer(int64_t now_ms);
  std::optional<rest_request> send_after_deferral(int64_t now_ms);
  std::optional<rest_request> apologise(int64_t now_ms);
  void end(interaction_outcome outcome);

  interaction_ptr asked_;
  interaction_times times_;
  std::string apology_;
  std::string trouble_;
  std::optional<interaction_response> pending_; ///< The answer, until it is delivered.
  bool ephemeral_;                              ///< Of the deferral.
  bool may_defer_;
  bool settled_ = false;   ///< An answer or a failure was taken.
  bool deferred_ = false;  ///< Discord has the deferral.
  bool failed_ = false;    ///< What is pending is the apology.
  bool follow_up_ = false; ///< The placeholder is gone: the answer goes as a new message.
  bool doubt_ = false;     ///< A deferral without an answer may have arrived.
  flight flight_ = flight::none;
  interaction_outcome outcome_ = interaction_outcome::open;
};

} // namespace hearth
