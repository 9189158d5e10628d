#pragma once
// A schedule with its real stores on a real database, a REST and a clock that the test plays, and
// members who press and ask.
#include "actors/schedule/schedule.hpp"
#include "actors/schedule/schedule_store.hpp"
#include "actors/settings/settings_store.hpp"
#include "infra/schedule/evening.hpp"
#include "infra/schedule/evening_view.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include "tests/support/test_store.hpp"
#include <map>
#include <nlohmann/json.hpp>

namespace test {

using nlohmann::json;

/// Writes down who wants to be woken when; everything else is not for a feature to ask.
class wake_book final : public hearth::clock_actor::base {
public:
  using wakes = std::map<std::string, hearth::instant>;
  wake_book(caf::actor_config& config, std::shared_ptr<wakes> record)
      : hearth::clock_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::wakeable_actor&, const hearth::wake_at& asked) {
          (*record_)[asked.tag] = asked.at;
        },
        [](const hearth::job_runner_actor&, const hearth::plan_jobs&) { FAIL("plan_jobs"); },
        [](const hearth::drop_guild_jobs&) { FAIL("drop_guild_jobs"); },
        [](hearth::get_jobs) { return hearth::job_list_ptr{}; },
        [](hearth::pause_jobs) { FAIL("pause_jobs"); },
        [](const hearth::job_due&) -> caf::result<hearth::job_done> {
          FAIL("job_due");
          return hearth::job_done{};
        },
        [](const hearth::time_moved&) -> caf::result<hearth::time_settled> {
          FAIL("time_moved");
          return hearth::time_settled{};
        },
    };
  }

private:
  std::shared_ptr<wakes> record_;
};

inline constexpr auto home = hearth::guild_id{1'000'000'000'000'000'001};
inline constexpr auto channel = hearth::channel_id{500};
inline constexpr auto lobby = hearth::channel_id{501}; ///< The system channel.
inline constexpr auto lounge = hearth::channel_id{600};
inline constexpr auto bot = hearth::user_id{9};

/// An evening on the US west coast: Friday 20 November 2026, 7:00 in the morning (15:00 UTC).
struct schedule_world : det_system {
  schedule_world() {
    time.set({1'795'186'800'000});
    settings.guild = home;
    settings.options["zone"] = "America/Los_Angeles";
    settings.channels["schedule"] = channel;
    snapshot.id = home;
    snapshot.name = "Hearth";
    snapshot.preferred_locale = "en-US";
    snapshot.system_channel = lobby;
    snapshot.roles = {{{home.value}, "@everyone", 0, 0, false}, {{70}, "Gold", 0, 1, false}};
    snapshot.emojis = {{{71}, "Gold", false}};
    snapshot.self.user = bot;
    clock = sys.spawn<wake_book>(wakes);
    rest_ = sys.spawn<fake_rest>(rest);
    votes = hearth::spawn_schedule_store(sys, store.context);
    set = sys.spawn<hearth::settings_store>(store.context, time);
    start();
  }
  ~schedule_world() {
    stop(subject);
    stop(set);
    stop(votes);
    stop(rest_);
    stop(clock);
  }

  void start() {
    auto parts = std::make_shared<hearth::schedule_parts>();
    parts->rest = rest_;
    parts->store = votes;
    parts->settings = set;
    parts->clock = clock;
    parts->texts = &hearth::embedded_catalog();
    parts->time = shown_time;
    subject = hearth::spawn_schedule(sys, home, parts);
    facts();
  }
  /// As after a crash.
  void restart() {
    self_kill(subject);
    start();
  }
  void self_kill(const hearth::feature_actor& which) {
    caf::anon_send_exit(which, caf::exit_reason::kill);
    run();
  }
  /// Tells what `settings` and `snapshot` say now; the store knows the settings, too.
  void facts() {
    auto db = store.db();
    db.exec_script("DELETE FROM guild_option; DELETE FROM guild_channel; "
                   "DELETE FROM tracked_voice_channel");
    for (const auto& [key, value] : settings.options)
      db.exec("INSERT INTO guild_option VALUES(?,?,?)", home, key, value);
    for (const auto& [kind, id] : settings.channels)
      db.exec("INSERT INTO guild_channel VALUES(?,?,?)", home, kind, id);
    for (const auto id : settings.voice_channels)
      db.exec("INSERT INTO tracked_voice_channel VALUES(?,?)", home, id);
    tell(subject, hearth::guild_facts{std::make_shared<hearth::guild_settings>(settings),
                                      std::make_shared<hearth::guild_snapshot>(snapshot)});
  }
  void pass(std::chrono::milliseconds by) { time.set({time.now().ms + by.count()}); }
  void at(int64_t unix_s) { time.set({unix_s * 1000}); }
  /// Wakes the schedule as the clock would, if it asked for that.
  void wake(const std::string& tag) {
    REQUIRE(wakes->count(tag) == 1);
    const auto due = wakes->at(tag);
    wakes->erase(tag);
    if (due > time.now())
      time.set(due);
    tell(subject, hearth::woken{tag, time.now()});
  }

  hearth::member_facts member(uint64_t user) const {
    auto made = hearth::member_facts{};
    made.user = {user};
    made.name = user == 10 ? "Ada" : user == 11 ? "Bob" : "Member" + std::to_string(user);
    if (user == 10)
      made.roles = {{70}};
    return made;
  }
  hearth::interaction asked(hearth::interaction_kind kind, uint64_t user) {
    auto made = hearth::interaction{};
    made.id = {++last_id << 22};
    made.kind = kind;
    made.guild = home;
    made.channel = channel;
    made.member = member(user);
    made.locale = "en-GB";
    return made;
  }
  hearth::interaction press(uint64_t user, const std::string& custom_id, uint64_t message = 9001) {
    auto made = asked(hearth::interaction_kind::component, user);
    made.custom_id = custom_id;
    made.component_type = 2;
    made.message = {message};
    return made;
  }
  hearth::interaction vote(uint64_t user, int hour, uint64_t message = 9001) {
    return press(user, hearth::vote_custom_id({friday, hour}), message);
  }
  hearth::interaction command(const std::string& name,
                              std::vector<hearth::option_input> options = {}, uint64_t user = 10) {
    auto made = asked(hearth::interaction_kind::command, user);
    made.command = name;
    made.options = std::move(options);
    return made;
  }

  /// Sends it without waiting: the answer comes into the returned place.
  struct pending {
    std::optional<hearth::interaction_response> answer;
    caf::error error;
  };
  std::shared_ptr<pending> send_in(const hearth::interaction& what) {
    auto place = std::make_shared<pending>();
    ask(
        subject, std::make_shared<const hearth::interaction>(what),
        [place](const hearth::interaction_response& given) { place->answer = given; },
        [place](const caf::error& why) { place->error = why; });
    return place;
  }
  hearth::interaction_response answer(const hearth::interaction& what) {
    const auto place = send_in(what);
    INFO(hearth::describe(place->error));
    REQUIRE(place->answer);
    return *place->answer;
  }
  /// The sentence that only the member sees.
  std::string told(const hearth::interaction& what) {
    const auto given = answer(what);
    CHECK(given.type == hearth::interaction_response::kind::message);
    CHECK(given.ephemeral);
    return json::parse(given.data).at("content");
  }
  /// Runs the daily job; true when it is done, false when it is to be tried again.
  bool run_job(const char* period = "2026-11-20") {
    auto done = std::optional<bool>{};
    ask(
        subject, hearth::job_due{home, "daily_schedule", period, time.now(), false},
        [&](hearth::job_done) { done = true; }, [&](const caf::error&) { done = false; });
    REQUIRE(done);
    return *done;
  }
  std::vector<hearth::rest_request> sent(hearth::http_method method) const {
    auto found = std::vector<hearth::rest_request>{};
    for (const auto& each : rest->asked)
      if (each.method == method)
        found.push_back(each);
    return found;
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
  int64_t count(const std::string& table) {
    auto db = store.db();
    return *db.value<int64_t>("SELECT count(*) FROM " + table);
  }

  const hearth::evening_day friday = *hearth::parse_evening_day("2026-11-20");
  hearth::driven_time time;
  const hearth::time_source* shown_time = &time; ///< What the schedule reads.
  hearth::guild_settings settings;
  hearth::guild_snapshot snapshot;
  test_store store{sys};
  std::shared_ptr<rest_record> rest = std::make_shared<rest_record>();
  std::shared_ptr<wake_book::wakes> wakes = std::make_shared<wake_book::wakes>();
  hearth::clock_actor clock;
  fake_rest_actor rest_;
  hearth::schedule_store_actor votes;
  hearth::settings_store_actor set;
  hearth::feature_actor subject;
  uint64_t last_id = 1000;
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
