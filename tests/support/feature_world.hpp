#pragma once
// One guild for the tests of a feature: its settings on a real database, a REST and a clock that
// the test plays, and members who press and ask. Each feature's world adds what it is made of.
#include "actors/root/guild_feature_parts.hpp"
#include "actors/settings/settings_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include "tests/support/test_store.hpp"
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

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
          if (asked.at.ms == 0)
            record_->erase(asked.tag);
          else
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
inline constexpr auto channel = hearth::channel_id{500}; ///< Where members ask.
inline constexpr auto lounge = hearth::channel_id{600};
inline constexpr auto bot = hearth::user_id{9};
inline constexpr uint64_t ada = 10, bob = 11;

/// On the US west coast. A world derives from it, spawns `subject` with `give`n parts, and stops it
/// in its destructor.
struct feature_world : det_system {
  /// @param shown The message of the feature's that members press on.
  feature_world(hearth::instant begin, uint64_t shown) : shown_message(shown) {
    time.set(begin);
    settings.guild = home;
    settings.options["zone"] = "America/Los_Angeles";
    snapshot.id = home;
    snapshot.name = "Hearth";
    snapshot.preferred_locale = "en-US";
    snapshot.self.user = bot;
    clock = sys.spawn<wake_book>(wakes);
    rest_ = sys.spawn<fake_rest>(rest);
    set = sys.spawn<hearth::settings_store>(store.context, time);
  }
  ~feature_world() {
    stop(set);
    stop(rest_);
    stop(clock);
  }
  void give(hearth::guild_feature_parts& parts) {
    parts.rest = rest_;
    parts.settings = set;
    parts.clock = clock;
    parts.texts = &hearth::embedded_catalog();
    parts.time = shown_time;
    parts.default_language = [this] { return operators_language; };
  }
  void kill_subject() {
    caf::anon_send_exit(subject, caf::exit_reason::kill);
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

  // -- time
  void pass(std::chrono::milliseconds by) { time.set({time.now().ms + by.count()}); }
  bool will_wake(const std::string& tag) const { return wakes->count(tag) > 0; }
  /// Lets time go to when the subject wanted to be woken, if later, and wakes it.
  void wake(const std::string& tag) {
    CAPTURE(tag);
    REQUIRE(will_wake(tag));
    const auto due = wakes->at(tag);
    wakes->erase(tag);
    if (due > time.now())
      time.set(due);
    tell(subject, hearth::woken{tag, time.now()});
  }

  // -- members
  hearth::member_facts member(uint64_t user, bool is_bot = false) const {
    auto made = hearth::member_facts{};
    made.user = {user};
    made.name = user == ada ? "Ada" : user == bob ? "Bob" : "Member" + std::to_string(user);
    if (const auto found = roles.find(user); found != roles.end())
      made.roles = found->second;
    made.bot = is_bot;
    return made;
  }
  hearth::interaction asked(hearth::interaction_kind kind, uint64_t user) {
    auto made = hearth::interaction{};
    made.id = {static_cast<uint64_t>(time.now().ms - 1420070400000) << 22 | ++last_id};
    made.kind = kind;
    made.token = "secret" + std::to_string(last_id);
    made.application = {77};
    made.guild = home;
    made.channel = channel;
    made.member = member(user);
    made.locale = "en-GB";
    return made;
  }
  /// `name` may have a subcommand: "ambience play".
  hearth::interaction command(const std::string& name,
                              std::vector<hearth::option_input> options = {}, uint64_t user = ada) {
    auto made = asked(hearth::interaction_kind::command, user);
    const auto space = name.find(' ');
    made.command = name.substr(0, space);
    if (space != std::string::npos)
      made.subcommand = name.substr(space + 1);
    made.options = std::move(options);
    return made;
  }
  /// @param message 0: `shown_message`.
  hearth::interaction press(const std::string& custom_id, uint64_t user = ada, uint64_t message = 0,
                            std::vector<std::string> values = {}) {
    auto made = asked(hearth::interaction_kind::component, user);
    made.custom_id = custom_id;
    made.component_type = 2;
    made.message = {message ? message : shown_message};
    made.values = std::move(values);
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
  /// The message that only the member sees.
  json told_message(const hearth::interaction& what) {
    const auto given = answer(what);
    CHECK(given.type == hearth::interaction_response::kind::message);
    CHECK(given.ephemeral);
    return json::parse(given.data);
  }

  // -- what came of it
  /// Calls of Discord with that method whose path contains `part`.
  std::vector<hearth::rest_request> sent(hearth::http_method method,
                                         std::string_view part = {}) const {
    auto found = rest->to(part);
    std::erase_if(found, [&](const auto& each) { return each.method != method; });
    return found;
  }
  int64_t count(const std::string& table) {
    auto db = store.db();
    return *db.value<int64_t>("SELECT count(*) FROM " + table);
  }

  const uint64_t shown_message;
  hearth::driven_time time;
  const hearth::time_source* shown_time = &time; ///< What the subject reads.
  hearth::guild_settings settings;
  hearth::guild_snapshot snapshot;
  std::map<uint64_t, std::vector<hearth::role_id>> roles; ///< Of members.
  std::string operators_language = "en";
  test_store store{sys};
  std::shared_ptr<rest_record> rest = std::make_shared<rest_record>();
  std::shared_ptr<wake_book::wakes> wakes = std::make_shared<wake_book::wakes>();
  hearth::clock_actor clock;
  fake_rest_actor rest_;
  hearth::settings_store_actor set;
  hearth::feature_actor subject;
  uint64_t last_id = 1000;
};

} // namespace test
