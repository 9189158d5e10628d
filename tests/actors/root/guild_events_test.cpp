// What the gateway tells a guild, and what becomes of its features, jobs and settings.
#include "actors/root/guild.hpp"
#include "actors/root/guild_env.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guild_fixture.hpp"

using namespace hearth;
using test::asking;
using namespace std::chrono_literals;
using way = test::feature_record::way;

namespace {

struct fixture : test::guild_fixture {
  member_facts someone(uint64_t user) const {
    return {user_id{user}, "Member " + std::to_string(user), {}, 0, false};
  }
  voice_changed joins(uint64_t user, channel_id to) const { return {someone(user), {}, to}; }
  voice_changed leaves(uint64_t user, channel_id from) const { return {someone(user), from, {}}; }
  job_due due(std::string job) const { return {id, std::move(job), "2026-09-21", {}, false}; }
};

} // namespace

TEST_CASE_METHOD(fixture, "guild: becomes complete with its first event", "[root]") {
  spawn();
  CHECK(settings->loads == 1);
  CHECK(feature->spawned == 0); // nothing is known of the guild yet
  CHECK(clock->plans.empty());
  available();
  REQUIRE(feature->spawned == 1);
  REQUIRE(feature->facts.size() == 1);
  CHECK(feature->facts[0].snapshot->name == "Hearth test");
  CHECK(feature->facts[0].settings->guild == id);
  REQUIRE(clock->plans.size() == 1);
  CHECK(clock->plans[0].zone == "UTC");
  REQUIRE(clock->plans[0].jobs.size() == 1);
  CHECK(clock->plans[0].jobs[0].job == "daily_schedule");
  CHECK(clock->plans[0].jobs[0].minute == 420);
  CHECK(clock->plans[0].jobs[0].enabled);
  CHECK(registered == std::vector<std::vector<std::string>>{{"schedule"}});
  available(); // the gateway identified anew
  CHECK(feature->spawned == 1);
  CHECK(feature->facts.size() == 2);
  CHECK(clock->plans.size() == 1);
  CHECK(registered.size() == 1);
}

TEST_CASE_METHOD(fixture, "guild: zone and state of features reach the clock", "[root]") {
  settings->now.options["zone"] = "Europe/Paris";
  settings->now.options["feature.schedule"] = "off";
  start();
  REQUIRE(clock->plans.size() == 1);
  CHECK(clock->plans[0].zone == "Europe/Paris");
  CHECK_FALSE(clock->plans[0].jobs.at(0).enabled);
  CHECK(registered == std::vector<std::vector<std::string>>{{}});
  CHECK(feature->spawned == 0);
}

TEST_CASE_METHOD(fixture, "guild: settings that cannot be read are read again", "[root]") {
  settings->fail = true;
  start();
  happen({message_deleted{general, message_id{5}}});
  CHECK(feature->spawned == 0);
  CHECK(say(asking::command("seeschedule")).empty()); // waits for the next try
  advance(999ms);
  CHECK(settings->loads == 1);
  advance(1ms);
  CHECK(settings->loads == 2);
  CHECK(read(nlohmann::json::parse(rest->asked.back().body)) == text("core.apology"));
  settings->fail = false;
  advance(1'999ms);
  CHECK(settings->loads == 2);
  advance(1ms); // the wait doubles
  CHECK(settings->loads == 3);
  CHECK(feature->spawned == 1);
  CHECK(feature->log == std::vector<std::string>{"deleted 5"}); // it waited
}

TEST_CASE_METHOD(fixture, "guild: what waits for the settings is bounded", "[root]") {
  limits.waiting_max = 2;
  settings->fail = true;
  start();
  for (auto message = uint64_t{1}; message <= 3; ++message)
    happen({message_deleted{general, message_id{message}}});
  settings->fail = false;
  advance(1s);
  CHECK(feature->log == std::vector<std::string>{"deleted 2", "deleted 3"});
}

TEST_CASE_METHOD(fixture, "guild: features see the order of things", "[root]") {
  start();
  happen({joins(2, lounge), joins(3, lounge), message_deleted{general, message_id{5}},
          leaves(2, lounge), make(asking::command("seeschedule")), joins(4, lounge)});
  CHECK(feature->log == std::vector<std::string>{"voice 2", "deleted 5", "voice 1",
                                                 "asked seeschedule", "voice 1"});
}

TEST_CASE_METHOD(fixture, "guild: facts about members go to features that want them", "[root]") {
  const auto happened = [] {
    auto batch = guild_batch{id, {}, {}};
    batch.events.emplace_back(message_deleted{general, message_id{7}});
    batch.news.presences.resize(2);
    batch.news.reactions.resize(1);
    return batch;
  };
  start();
  tell(guild, happened());
  CHECK(feature->log == std::vector<std::string>{"deleted 7"});
  stop(guild);
  feature->log.clear();
  feature_wants = {.presences = true};
  start();
  tell(guild, happened());
  CHECK(feature->log == std::vector<std::string>{"deleted 7", "news 2 0 1"});
}

TEST_CASE_METHOD(fixture, "guild: it says what its features want, and again to a new shard",
                 "[root]") {
  const auto core = gateway_wants{.voice = true};
  const auto all = gateway_wants{.voice = true, .reactions = true};
  feature_wants = {.reactions = true};
  spawn();
  CHECK(wanted == std::vector{all});
  available();
  CHECK(wanted.back() == all);
  const auto before = wanted.size();
  available(); // perhaps by a shard that knows nothing
  CHECK(wanted.size() == before + 1);
  stop(guild);
  settings->now.options["feature.schedule"] = "off";
  start();
  CHECK(wanted.back() == core);
}

TEST_CASE_METHOD(fixture, "guild: a restarted feature learns who is in voice now", "[root]") {
  shown.voice = {{someone(2), lounge}, {someone(3), lounge}};
  start();
  CHECK(feature->facts.back().snapshot->voice.size() == 2);
  happen({leaves(2, lounge), joins(4, lounge), voice_changed{someone(3), lounge, general}});
  feature->does = way::throws;
  happen({make(asking::command("seeschedule"))});
  advance(100ms);
  REQUIRE(feature->spawned == 2);
  const auto& voice = feature->facts.back().snapshot->voice;
  REQUIRE(voice.size() == 2);
  CHECK(voice[0].member.user == user_id{3});
  CHECK(voice[0].channel == general);
  CHECK(voice[1].member.user == user_id{4});
  CHECK(feature->facts.back().snapshot->name == "Hearth test");
}

TEST_CASE_METHOD(fixture, "guild: a feature that dies too often stays down", "[root]") {
  limits.restarts.restarts_max = 2;
  start();
  feature->does = way::throws;
  for (auto death = 0; death < 3; ++death) {
    happen({make(asking::command("seeschedule"))});
    advance(1s);
  }
  CHECK(feature->spawned == 3);
  CHECK(say(asking::command("seeschedule")) == text("core.refused.restarting"));
  advance(500s); // still within restart_limits::window_ms
  CHECK(feature->spawned == 3);
  SECTION("until somebody switches it off and on") {
    feature->does = way::answers;
    for (const auto on : {false, true})
      say(asking::command("modfeature").by(owner).with("feature", "schedule").with("enable", on));
    CHECK(feature->spawned == 4);
    feature->does = way::throws; // it has all its chances again
    happen({make(asking::command("seeschedule"))});
    advance(100ms);
    CHECK(feature->spawned == 5);
    feature->does = way::answers;
    CHECK(say(asking::command("seeschedule")) == "done");
  }
}

TEST_CASE_METHOD(fixture, "guild: a feature that cannot even start is tried again", "[root]") {
  feature->refuses = true;
  start();
  CHECK(feature->alive == 0);
  CHECK(say(asking::command("seeschedule")) == text("core.refused.restarting"));
  feature->refuses = false;
  advance(100ms);
  CHECK(say(asking::command("seeschedule")) == "done");
}

TEST_CASE_METHOD(fixture, "guild: switched off and on at once, a feature runs again", "[root]") {
  start();
  feature->stops = false;
  const auto toggle =
      asking::command("modfeature").by(owner).with("feature", std::string{"schedule"});
  say(toggle.with("enable", false));
  say(toggle.with("enable", true));
  CHECK(feature->spawned == 1); // two of them at once would both post
  advance(5s);                  // the old one is killed
  CHECK(feature->alive == 1);
  CHECK(feature->spawned == 2);
}

TEST_CASE_METHOD(fixture, "guild: an outage changes nothing", "[root]") {
  start();
  happen({guild_unavailable{}});
  CHECK(feature->alive == 1);
  CHECK(settings->removed.empty());
  CHECK(say(asking::command("seeschedule")) == "done");
}

TEST_CASE_METHOD(fixture, "guild: removal stops everything and is noted, return undoes it",
                 "[root]") {
  start();
  happen({guild_removed{}, guild_removed{}});
  CHECK(feature->alive == 0);
  CHECK(clock->dropped == std::vector<guild_id>{id});
  CHECK(settings->removed == std::vector<bool>{true});
  happen({guild_available{snapshot(), true}});
  CHECK(settings->removed == std::vector<bool>{true, false});
  CHECK(feature->alive == 1);
  CHECK(clock->plans.size() == 2);
  CHECK(registered.size() == 2); // Discord forgot the commands with the bot
}

TEST_CASE_METHOD(fixture, "guild: jobs go to their feature", "[root]") {
  start();
  auto done = 0;
  auto failed = caf::error{};
  const auto run_job = [&](const job_due& what) {
    ask(
        guild, what, [&](job_done) { ++done; }, [&](const caf::error& error) { failed = error; });
  };
  run_job(due("daily_schedule"));
  CHECK(done == 1);
  CHECK(feature->log == std::vector<std::string>{"job daily_schedule"});
  run_job(due("no_such_job"));
  CHECK(failed == make_error(errc::not_found));
  feature->does = way::errs;
  failed = {};
  run_job(due("daily_schedule"));
  CHECK(failed == make_error(errc::unreachable)); // the clock tries again
  say(asking::command("modfeature").by(owner).with("feature", "schedule").with("enable", false));
  failed = {};
  run_job(due("daily_schedule"));
  CHECK(failed == make_error(errc::not_found));
  CHECK(done == 1);
}

TEST_CASE_METHOD(fixture, "guild: settings that a feature changed are seen", "[root]") {
  start();
  settings->now.options["zone"] = "Asia/Tokyo"; // by the feature, through the store
  CHECK(say(asking::command("modrefreshschedule").by(owner)) == "done");
  REQUIRE(clock->plans.size() == 2);
  CHECK(clock->plans.back().zone == "Asia/Tokyo");
  CHECK(feature->facts.size() == 2);
  CHECK(say(asking::command("modrefreshschedule").by(owner)) == "done");
  CHECK(clock->plans.size() == 2); // nothing new
}

TEST_CASE_METHOD(fixture, "guild: names are told once", "[root]") {
  start();
  happen({joins(2, lounge)});
  happen({leaves(2, lounge), joins(2, lounge)});
  auto renamed = joins(2, lounge);
  renamed.member.name = "New name";
  auto robot = joins(5, lounge);
  robot.member.bot = true;
  happen({renamed, robot});
  CHECK(people->seen == std::vector<std::string>{"Member 2", "New name"});
}

// -- notices --------------------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "welcome: one message in the system channel, marked before", "[root]") {
  settings->now.options.clear();
  rest->hold = true;
  start();
  REQUIRE(rest->asked.size() == 1);
  CHECK(rest->asked[0].path == "/channels/700/messages");
  const auto body = nlohmann::json::parse(rest->asked[0].body);
  CHECK(body["nonce"] == "w500");
  CHECK(body["enforce_nonce"] == true);
  CHECK(body["embeds"][0]["title"] == text("core.welcome.title"));
  using options = std::vector<std::pair<std::string, std::string>>;
  CHECK(settings->options == options{{"core.welcome", "posting:700"}});
  tell(rest_one, test::release_one::value);
  CHECK(settings->options.back().second == "done");
  available();
  happen({guild_changed{snapshot()}});
  CHECK(rest->asked.size() == 1);
}

TEST_CASE_METHOD(fixture, "welcome: in the guild's language", "[root]") {
  settings->now.options.clear();
  shown.preferred_locale = "fr";
  start();
  REQUIRE(rest->asked.size() == 1);
  CHECK(nlohmann::json::parse(rest->asked[0].body)["embeds"][0]["title"] ==
        text("core.welcome.title", "fr"));
}

TEST_CASE_METHOD(fixture, "welcome: only where the bot may write", "[root]") {
  settings->now.options.clear();
  const auto shut = overwrite{id.value, false, 0, permission_bit::send_messages};
  shown.channels[0].overwrites = {shut};
  SECTION("the next channel") {
    start();
    REQUIRE(rest->asked.size() == 1);
    CHECK(rest->asked[0].path == "/channels/701/messages");
  }
  SECTION("nowhere, until permissions change") {
    shown.channels[1].overwrites = {shut};
    start();
    CHECK(rest->asked.empty());
    CHECK(settings->options.empty());
    shown.channels[1].overwrites.clear();
    happen({guild_changed{snapshot()}});
    CHECK(rest->asked.size() == 1);
  }
}

TEST_CASE_METHOD(fixture, "welcome: none where somebody has set a channel", "[root]") {
  settings->now.options.clear();
  settings->now.channels["schedule"] = general;
  start();
  CHECK(rest->asked.empty());
}

TEST_CASE_METHOD(fixture, "welcome: none without its mark", "[root]") {
  settings->now.options.clear();
  start();
  stop(guild);
  rest->asked.clear();
  settings->now.options.clear();
  spawn();
  settings->fail = true;
  available();
  CHECK(rest->asked.empty());
}

TEST_CASE_METHOD(fixture, "welcome: after a crash it is looked for first", "[root]") {
  settings->now.options["core.welcome"] = "posting:700";
  auto messages = nlohmann::json::array({{{"id", "1"}, {"author", {{"id", "12"}}}}});
  rest->answer = [&](const rest_request& asked) {
    auto answer = rest_response{};
    answer.status = 200;
    answer.body = asked.method == http_method::get ? messages.dump() : R"({"id":"9"})";
    return answer;
  };
  SECTION("it was not posted") {
    start();
    REQUIRE(rest->asked.size() == 2);
    CHECK(rest->asked[0].path == "/channels/700/messages?limit=50");
    CHECK(rest->asked[1].method == http_method::post);
    CHECK(nlohmann::json::parse(rest->asked[1].body)["nonce"] == "w500");
  }
  SECTION("it was") {
    messages.push_back({{"id", "2"}, {"author", {{"id", to_string(bot)}}}});
    start();
    CHECK(rest->asked.size() == 1);
  }
  SECTION("the answer is no list of messages") {
    messages = {{"message", "Missing Access"}};
    start();
    CHECK(rest->asked.size() == 2);
  }
  CHECK(settings->now.options["core.welcome"] == "done");
}

TEST_CASE_METHOD(fixture, "welcome: a refusal is final", "[root]") {
  settings->now.options.clear();
  rest->answer = [](const rest_request&) {
    auto refused = rest_response{};
    refused.status = 403;
    refused.code = 50013;
    return refused;
  };
  start();
  CHECK(rest->asked.size() == 1);
  CHECK(settings->now.options["core.welcome"] == "done");
}

TEST_CASE_METHOD(fixture, "welcome: an outage leaves it for the next start", "[root]") {
  settings->now.options.clear();
  SECTION("nobody answers") { rest->fail = errc::unreachable; }
  SECTION("Discord has an error") {
    rest->answer = [](const rest_request&) {
      auto broken = rest_response{};
      broken.status = 503;
      return broken;
    };
  }
  start();
  CHECK(rest->asked.size() == 1);
  CHECK(settings->now.options["core.welcome"] == "posting:700");
  happen({guild_changed{snapshot()}});
  CHECK(rest->asked.size() == 1);
}

TEST_CASE_METHOD(fixture, "legacy: a !command learns its new name, for ten seconds", "[root]") {
  command_ids["help"] = command_id{4711};
  start();
  happen({legacy_command{general, message_id{31}, member, "usage", "en-US"}});
  REQUIRE(rest->asked.size() == 1);
  CHECK(rest->asked[0].path == "/channels/701/messages");
  const auto body = nlohmann::json::parse(rest->asked[0].body);
  CHECK(has(body["content"], "`!usage`"));
  CHECK(has(body["content"], "</help:4711>"));
  CHECK(body["message_reference"]["message_id"] == "31");
  CHECK(body["allowed_mentions"]["parse"].empty());
  REQUIRE(clock->wakes.size() == 1);
  CHECK(clock->wakes[0].at.ms == time.now().ms + 10'000);
  tell(guild, woken{clock->wakes[0].tag, clock->wakes[0].at});
  REQUIRE(rest->asked.size() == 2);
  CHECK(rest->asked[1].method == http_method::del);
  CHECK(rest->asked[1].path == "/channels/701/messages/9001");
  tell(guild, woken{clock->wakes[0].tag, clock->wakes[0].at}); // told twice
  CHECK(rest->asked.size() == 2);
}

TEST_CASE_METHOD(fixture, "legacy: one note at a time in a channel", "[root]") {
  start();
  const auto old = legacy_command{general, message_id{31}, member, "help", "en-US"};
  happen({old, old});
  CHECK(rest->asked.size() == 1);
  auto elsewhere = old;
  elsewhere.channel = system_channel;
  happen({elsewhere});
  CHECK(rest->asked.size() == 2);
  advance(9'999ms);
  happen({old});
  CHECK(rest->asked.size() == 2);
  advance(1ms);
  happen({old});
  CHECK(rest->asked.size() == 3);
}

TEST_CASE_METHOD(fixture, "legacy: silence about what we do not do", "[root]") {
  settings->now.options["feature.schedule"] = "off";
  start();
  for (const auto* name : {"ban", "resume", "seeschedule", ""})
    happen({legacy_command{general, message_id{31}, member, name, "en-US"}});
  CHECK(rest->asked.empty());
}
