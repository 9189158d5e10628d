#pragma once
// A schedule with its real store in the world of a feature.
#include "actors/schedule/schedule.hpp"
#include "actors/schedule/schedule_store.hpp"
#include "infra/schedule/evening.hpp"
#include "infra/schedule/evening_view.hpp"
#include "tests/support/feature_world.hpp"

namespace test {

inline constexpr auto lobby = hearth::channel_id{501}; ///< The system channel.

/// An evening on the US west coast: Friday 20 November 2026, 7:00 in the morning (15:00 UTC).
struct schedule_world : feature_world {
  schedule_world() : feature_world({1'795'186'800'000}, 9001) {
    settings.channels["schedule"] = channel;
    snapshot.system_channel = lobby;
    snapshot.roles = {{{home.value}, "@everyone", 0, 0, false}, {{70}, "Gold", 0, 1, false}};
    snapshot.emojis = {{{71}, "Gold", false}};
    roles[ada] = {{70}};
    votes = hearth::spawn_schedule_store(sys, store.context);
    start();
  }
  ~schedule_world() {
    stop(subject);
    stop(votes);
  }

  void start() {
    auto parts = std::make_shared<hearth::schedule_parts>();
    give(*parts);
    parts->store = votes;
    subject = hearth::spawn_schedule(sys, home, parts);
    facts();
  }
  /// As after a crash.
  void restart() {
    kill_subject();
    start();
  }
  void at(int64_t unix_s) { time.set({unix_s * 1000}); }
  hearth::interaction vote(uint64_t user, int hour, uint64_t message = 0) {
    return press(hearth::vote_custom_id({friday, hour}), user, message);
  }

  /// The sentence that only the member sees.
  std::string told(const hearth::interaction& what) { return told_message(what).at("content"); }
  /// Runs the daily job; true when it is done, false when it is to be tried again.
  bool run_job(const char* period = "2026-11-20") {
    auto done = std::optional<bool>{};
    ask(
        subject, hearth::job_due{home, "daily_schedule", period, time.now(), false},
        [&](hearth::job_done) { done = true; }, [&](const caf::error&) { done = false; });
    REQUIRE(done);
    return *done;
  }
  std::vector<hearth::rest_request> posts() const { return sent(hearth::http_method::post); }
  std::vector<hearth::rest_request> edits() const { return sent(hearth::http_method::patch); }
  static std::string line(const std::string& message, size_t slot) {
    auto text = std::istringstream{
        json::parse(message).at("embeds").at(0).at("description").get<std::string>()};
    auto found = std::string{};
    for (size_t i = 0; i < slot + 3; ++i) // a question, an empty line, the hours
      std::getline(text, found);
    return found;
  }

  const hearth::evening_day friday = *hearth::parse_evening_day("2026-11-20");
  hearth::schedule_store_actor votes;
};

/// An answer with a status and Discord's code.
inline hearth::rest_response refused(uint16_t status, int32_t code) {
  auto made = hearth::rest_response{};
  made.status = status;
  made.code = code;
  made.body = json{{"code", code}, {"message", "no"}}.dump();
  return made;
}

} // namespace test
