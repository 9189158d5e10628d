#include "infra/interactions/open_interaction.hpp"
#include "infra/interactions/callback.hpp"
#include <utility>

namespace hearth {
namespace {

using kind = interaction_response::kind;

// Codes of discord-api 2.2 and 15.6.
constexpr int32_t code_unknown_message = 10008;
constexpr int32_t code_unknown_webhook = 10015;
constexpr int32_t code_unknown_interaction = 10062;
constexpr int32_t code_already_acknowledged = 40060;
constexpr int32_t code_invalid_webhook_token = 50027;

bool token_is_dead(int32_t code) {
  return code == code_unknown_interaction || code == code_invalid_webhook_token ||
         code == code_unknown_webhook;
}

} // namespace

const char* to_string(interaction_outcome outcome) noexcept {
  switch (outcome) {
  case interaction_outcome::open:
    return "open";
  case interaction_outcome::answered:
    return "answered";
  case interaction_outcome::apologised:
    return "apologised";
  case interaction_outcome::late:
    return "late";
  case interaction_outcome::taken:
    return "answered by another process";
  case interaction_outcome::undelivered:
    return "undelivered";
  }
  return "unknown";
}

open_interaction::open_interaction(interaction_ptr asked, bool ephemeral, bool may_defer,
                                   std::string apology, interaction_times times)
    : asked_(std::move(asked)), times_(times), apology_(std::move(apology)), ephemeral_(ephemeral),
      may_defer_(may_defer && can_defer(*asked_)) {}

std::optional<int64_t> open_interaction::next_tick() const {
  if (done() || settled_ || deferred_ || !may_defer_ || flight_ != flight::none)
    return std::nullopt;
  return asked_->received_ms + times_.defer_ms;
}

std::optional<rest_request> open_interaction::tick(int64_t now_ms) {
  const auto due = next_tick();
  if (!due || now_ms < *due)
    return std::nullopt;
  if (now_ms > asked_->received_ms + times_.give_up_ms) {
    end(interaction_outcome::late);
    return std::nullopt;
  }
  flight_ = flight::deferral;
  return defer_request(*asked_, ephemeral_, now_ms);
}

std::optional<rest_request> open_interaction::answer(interaction_response response,
                                                     int64_t now_ms) {
  if (done() || settled_)
    return std::nullopt;
  settled_ = true;
  pending_ = std::move(response);
  return send_answer(now_ms);
}

std::optional<rest_request> open_interaction::fail(int64_t now_ms) {
  if (done() || settled_)
    return std::nullopt;
  settled_ = true;
  return apologise(now_ms);
}

std::optional<rest_request> open_interaction::send_answer(int64_t now_ms) {
  if (done() || !pending_ || flight_ != flight::none)
    return std::nullopt;
  const auto in_time = now_ms <= asked_->received_ms + times_.give_up_ms;
  if (!deferred_ && doubt_ && !in_time)
    deferred_ = true; // perhaps the lost deferral did arrive: the edit will tell
  if (deferred_)
    return send_after_deferral(now_ms);
  if (!in_time) {
    end(interaction_outcome::late);
    return std::nullopt;
  }
  flight_ = flight::first_answer;
  return callback_request(*asked_, *pending_, now_ms);
}

std::optional<rest_request> open_interaction::send_after_deferral(int64_t now_ms) {
  if (pending_->type == kind::modal) // impossible now, see command_spec::opens_modal
    return failed_ ? std::nullopt : apologise(now_ms);
  if (defers_as_update(*asked_)) {
    if (pending_->type == kind::deferred_update) {
      end(interaction_outcome::answered);
      return std::nullopt;
    }
    flight_ = flight::later_answer;
    return pending_->type == kind::update ? edit_original_request(*asked_, *pending_, now_ms)
                                          : follow_up_request(*asked_, *pending_, now_ms);
  }
  // The placeholder is public or ephemeral for good (discord-api 3.3): an answer that must be the
  // other takes its place as a message of its own.
  if (!follow_up_ && !failed_ && pending_->ephemeral != ephemeral_) {
    flight_ = flight::removal;
    return delete_original_request(*asked_, now_ms);
  }
  flight_ = flight::later_answer;
  return follow_up_ ? follow_up_request(*asked_, *pending_, now_ms)
                    : edit_original_request(*asked_, *pending_, now_ms);
}

std::optional<rest_request> open_interaction::apologise(int64_t now_ms) {
  failed_ = true;
  pending_ = text_response(apology_, true);
  return send_answer(now_ms);
}

std::optional<rest_request> open_interaction::delivered(const rest_response& response,
                                                        int64_t now_ms) {
  if (done())
    return std::nullopt;
  const auto was = std::exchange(flight_, flight::none);
  if (was == flight::none)
    return std::nullopt;
  const auto callback = was == flight::deferral || was == flight::first_answer;
  // 40060 after a try of our own means that this one arrived (discord-api 7, lesson 8).
  const auto acknowledged = callback && response.code == code_already_acknowledged;
  if (acknowledged && was == flight::first_answer && doubt_) {
    deferred_ = true; // what arrived was the deferral
    return send_answer(now_ms);
  }
  if (response.ok() || (acknowledged && response.attempts > 1)) {
    if (was == flight::deferral) {
      deferred_ = true;
      return send_answer(now_ms);
    }
    if (was == flight::removal) {
      follow_up_ = true;
      return send_answer(now_ms);
    }
    end(failed_ ? interaction_outcome::apologised : interaction_outcome::answered);
    return std::nullopt;
  }
  trouble_ = std::to_string(response.status) + " " + std::to_string(response.code);
  if (acknowledged) {
    end(interaction_outcome::taken);
    return std::nullopt;
  }
  if (token_is_dead(response.code)) {
    end(interaction_outcome::late);
    return std::nullopt;
  }
  if (was == flight::deferral) { // the answer itself may still come in time
    may_defer_ = false;
    return send_answer(now_ms);
  }
  if (response.code == code_unknown_message && !follow_up_) { // somebody removed the placeholder
    follow_up_ = true;
    return send_answer(now_ms);
  }
  if (failed_) {
    end(interaction_outcome::undelivered);
    return std::nullopt;
  }
  return apologise(now_ms);
}

std::optional<rest_request> open_interaction::undelivered(lost_request why, int64_t now_ms) {
  if (done())
    return std::nullopt;
  const auto was = std::exchange(flight_, flight::none);
  if (was == flight::none)
    return std::nullopt;
  trouble_ = why == lost_request::deadline   ? "deadline"
             : why == lost_request::stopping ? "stopping"
                                             : "unreachable";
  if (was == flight::deferral && why != lost_request::stopping) {
    may_defer_ = false;
    doubt_ = true;
    return send_answer(now_ms);
  }
  end(why == lost_request::deadline ? interaction_outcome::late : interaction_outcome::undelivered);
  return std::nullopt;
}

void open_interaction::end(interaction_outcome outcome) {
  outcome_ = outcome;
  pending_.reset();
}

} // namespace hearth
