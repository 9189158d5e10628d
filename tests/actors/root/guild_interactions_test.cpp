// Exactly one first answer to each interaction, whatever happens to those who should give it.
#include "actors/root/guild.hpp"
#include "infra/inspect/process_counters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guild_fixture.hpp"

using namespace hearth;
using test::asking;
using namespace std::chrono_literals;
using way = test::feature_record::way;

namespace {

struct fixture : test::guild_fixture {
  const asking see = asking::command("seeschedule");
  /// What was sent to Discord about interactions, in order: "callback 4", "patch".
  std::vector<std::string> sent() const {
    auto lines = std::vector<std::string>{};
    for (const auto& each : rest->asked) {
      if (each.path.find("/callback") != std::string::npos)
        lines.push_back("callback " + nlohmann::json::parse(each.body)["type"].dump());
      else if (each.path.find("@original") != std::string::npos)
        lines.push_back(each.method == http_method::patch ? "patch" : "other");
    }
    return lines;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "interaction: a feature's answer goes out once", "[root]") {
  start();
  CHECK(say(see) == "done");
  CHECK(feature->log == std::vector<std::string>{"asked seeschedule"});
  advance(60s);
  CHECK(sent() == std::vector<std::string>{"callback 4"});
}

TEST_CASE_METHOD(fixture, "interaction: a second delivery is ignored", "[root]") {
  start();
  const auto asked = make(see);
  happen({asked, asked});
  advance(1s);
  happen({asked});
  CHECK(feature->log.size() == 1);
  CHECK(sent() == std::vector<std::string>{"callback 4"});
}

TEST_CASE_METHOD(fixture, "interaction: a feature that throws costs an apology", "[root]") {
  start();
  feature->does = way::throws;
  const auto answer = ask_guild(see);
  CHECK(test::guild_fixture::read(answer) == text("core.apology"));
  CHECK(is_ephemeral(answer));
  CHECK(feature->alive == 0);
  CHECK(say(see) == text("core.refused.restarting"));
  feature->does = way::answers;
  advance(99ms);
  CHECK(feature->alive == 0);
  advance(1ms); // restart_limits::backoff_ms_min
  CHECK(feature->spawned == 2);
  CHECK(feature->facts.size() == 2); // the new one knows the guild
  CHECK(say(see) == "done");
}

TEST_CASE_METHOD(fixture, "interaction: a feature that dies later costs an apology too", "[root]") {
  start();
  feature->does = way::throws_later;
  CHECK(say(see).empty());
  happen({message_deleted{general, message_id{5}}});
  CHECK(sent() == std::vector<std::string>{"callback 4"});
  CHECK(read(nlohmann::json::parse(rest->asked.back().body)) == text("core.apology"));
}

TEST_CASE_METHOD(fixture, "interaction: an error is an apology, in the member's language",
                 "[root]") {
  start();
  feature->does = way::errs;
  CHECK(say(see.locale("fr")) == text("core.apology", "fr"));
  CHECK(feature->spawned == 1);
}

TEST_CASE_METHOD(fixture, "interaction: silence is deferred at 1.8 s, then excused", "[root]") {
  start();
  feature->does = way::is_silent;
  CHECK(say(see).empty());
  advance(1'799ms);
  CHECK(sent().empty());
  advance(1ms);
  CHECK(sent() == std::vector<std::string>{"callback 5"});
  CHECK(nlohmann::json::parse(rest->asked.back().body)["data"]["flags"] == 64);
  advance(43'199ms); // one millisecond short of guild_limits::feature_ms
  CHECK(sent().size() == 1);
  advance(1ms);
  CHECK(sent() == std::vector<std::string>{"callback 5", "patch"});
  CHECK(nlohmann::json::parse(rest->asked.back().body)["content"] == text("core.apology"));
  advance(60s);
  CHECK(sent().size() == 2);
}

TEST_CASE_METHOD(fixture, "interaction: each of several is deferred at its own time", "[root]") {
  start();
  feature->does = way::is_silent;
  happen({make(see)});
  advance(500ms);
  happen({make(see)});
  happen({make(see)});
  advance(1'299ms);
  CHECK(sent().empty());
  advance(1ms); // the first
  CHECK(sent().size() == 1);
  advance(499ms);
  CHECK(sent().size() == 1);
  advance(1ms);
  CHECK(sent() == std::vector<std::string>{"callback 5", "callback 5", "callback 5"});
  happen({make(see)}); // and those that come after a while of nothing
  advance(1'800ms);
  CHECK(sent().size() == 4);
}

TEST_CASE_METHOD(fixture, "interaction: a button is deferred without a trace", "[root]") {
  start();
  feature->does = way::is_silent;
  happen({make(asking::component("schedule:vote:2026-09-21:20"))});
  advance(1'800ms);
  CHECK(sent() == std::vector<std::string>{"callback 6"});
}

TEST_CASE_METHOD(fixture, "interaction: autocomplete without answer gets no choices", "[root]") {
  start();
  feature->does = way::is_silent;
  happen(
      {make(asking::command("modadduserschedule").by(owner, administrator).typing("time", "2"))});
  advance(2'299ms);
  CHECK(sent().empty());
  advance(1ms); // guild_limits::modal_ms: it cannot be deferred
  CHECK(sent() == std::vector<std::string>{"callback 8"});
  CHECK(nlohmann::json::parse(rest->asked.back().body)["data"]["choices"].empty());
}

TEST_CASE_METHOD(fixture, "interaction: Discord's refusal of an answer brings the apology",
                 "[root]") {
  start();
  rest->answer = [this](const rest_request&) {
    auto refused = rest_response{};
    refused.status = rest->asked.size() == 1 ? 400 : 200;
    refused.code = 50035;
    return refused;
  };
  happen({make(see)});
  CHECK(sent() == std::vector<std::string>{"callback 4", "callback 4"});
  CHECK(read(nlohmann::json::parse(rest->asked.back().body)) == text("core.apology"));
}

TEST_CASE_METHOD(fixture, "interaction: without a way to Discord it is given up", "[root]") {
  start();
  rest->fail = errc::unreachable;
  happen({make(see)});
  CHECK(rest->asked.size() == 1);
  rest->fail = errc::none;
  CHECK(say(see) == "done"); // the next one is not held up
}

TEST_CASE_METHOD(fixture, "interaction: more than the bound are asked to wait", "[root]") {
  limits.interactions_max = 2;
  start();
  feature->does = way::is_silent;
  rest->hold = true;
  happen({make(see), make(see)});
  happen({make(see)});
  REQUIRE(sent().size() == 1);
  CHECK(read(nlohmann::json::parse(rest->asked.back().body)) == text("core.refused.busy"));
  happen({make(see)}); // a second refusal waits for Discord: the bound is twice the limit
  happen({make(see)});
  CHECK(sent().size() == 2);
}

TEST_CASE_METHOD(fixture, "interaction: a feature that is off says so", "[root]") {
  settings->now.options["feature.schedule"] = "off";
  start();
  const auto title = text("feature.schedule");
  CHECK(has(say(see), title));
  CHECK(has(say(asking::component("schedule:vote:2026-09-21:20")), title));
  CHECK(feature->spawned == 0);
}

TEST_CASE_METHOD(fixture, "interaction: unknown things are refused kindly", "[root]") {
  start();
  CHECK(say(asking::command("nosuchcommand")) == text("core.refused.unknown_command"));
  for (const auto* id : {"lobby:join:1", "no colon", "", "people:nonsense"})
    CHECK(say(asking::component(id)) == text("core.refused.old_component"));
  CHECK(complete(asking::command("nosuchcommand").typing("a", "b")).empty());
}

TEST_CASE_METHOD(fixture, "interaction: ranks of those who may", "[root]") {
  start();
  const auto refresh = asking::command("modrefreshschedule");
  CHECK(say(refresh) == text("refused.moderator"));
  CHECK(say(refresh.by(member, 0, {mod_role})) == "done");
  CHECK(say(refresh.by(member, permission_bit::manage_guild)) == "done");
  CHECK(say(refresh.by(owner)) == "done");
  const auto channels = asking::command("modseeschedulechannel");
  CHECK(say(channels.by(member, permission_bit::manage_guild)) == text("refused.administrator"));
  CHECK(say(channels.by(member, administrator)) == "done");
  CHECK(feature->log.size() == 4);
  SECTION("the Mod role is an option of the guild") {
    settings->now.options["mod_role"] = to_string(bot_role);
    happen({guild_changed{snapshot()}});
    tell(guild, guild_batch{id, {make(asking::command("modresetcache").by(owner))}});
    CHECK(say(refresh.by(member, 0, {mod_role})) == text("refused.moderator"));
    CHECK(say(refresh.by(member, 0, {bot_role})) == "done");
  }
  SECTION("owners of the bot may everything") {
    limits.bot_owners = {member};
    CHECK(say(channels) == "done");
  }
}

TEST_CASE_METHOD(fixture, "interaction: waits for the settings, and is deferred meanwhile",
                 "[root]") {
  settings->hold = true;
  start();
  CHECK(say(see).empty());
  advance(1'800ms);
  CHECK(sent() == std::vector<std::string>{"callback 5"});
  settings->hold = false;
  advance(28'200ms); // guild_limits::store_ms: the question is given up, the member is told
  CHECK(sent() == std::vector<std::string>{"callback 5", "patch"});
  advance(1s); // asked again
  CHECK(settings->loads == 2);
  CHECK(say(see) == "done");
}

TEST_CASE_METHOD(fixture, "interaction: a stop lets it be answered first", "[root]") {
  start();
  rest->hold = true;
  happen({make(see)});
  CHECK(sent() == std::vector<std::string>{"callback 4"}); // on its way
  auto ended = 0;
  ask(
      guild, stop_guild{}, [&](stopped) { ++ended; }, [](const caf::error&) { FAIL(); });
  CHECK(feature->alive == 0);
  CHECK(ended == 0);
  tell(rest_one, test::release_one::value);
  CHECK(ended == 1);
}

TEST_CASE_METHOD(fixture, "interaction: a stop does not wait for ever", "[root]") {
  start();
  feature->does = way::is_silent;
  feature->stops = false;
  happen({make(see)});
  auto ended = 0;
  ask(
      guild, stop_guild{}, [&](stopped) { ++ended; }, [](const caf::error&) { FAIL(); });
  advance(1'800ms); // the deferral
  advance(3'199ms);
  CHECK(feature->alive == 1);
  advance(1ms); // guild_limits::stop_feature_ms
  CHECK(feature->alive == 0);
  // Its interaction was deferred before; the apology comes when it is killed.
  CHECK(sent() == std::vector<std::string>{"callback 5", "patch"});
  CHECK(ended == 1);
}

TEST_CASE_METHOD(fixture, "interaction: a stop gives up on a Discord that is silent", "[root]") {
  start();
  rest->hold = true;
  happen({make(see)});
  auto ended = 0;
  ask(
      guild, stop_guild{}, [&](stopped) { ++ended; }, [](const caf::error&) { FAIL(); });
  advance(
      6'999ms); // rest_client gives up before; were it silent itself, guild_limits::stop_ms holds
  CHECK(ended == 0);
  advance(1ms);
  CHECK(ended == 1);
}

TEST_CASE_METHOD(fixture, "interaction: during a stop newcomers are asked to come back", "[root]") {
  start();
  rest->hold = true;
  happen({make(see)});
  ask(
      guild, stop_guild{}, [](stopped) {}, [](const caf::error&) {});
  happen({make(see)});
  CHECK(read(nlohmann::json::parse(rest->asked.back().body)) == text("core.refused.stopping"));
}

TEST_CASE_METHOD(fixture, "direct messages: core commands work, the rest needs a guild", "[root]") {
  spawn(guild_id{});
  CHECK(has(say(asking::command("help")), text("core.help.title")));
  CHECK(has(say(asking::command("about")), "1.2.3"));
  CHECK(has(say(asking::command("setmytimezone").with("zone", "Europe/Paris")), "Europe/Paris"));
  for (const auto* name : {"seeschedule", "gettimezones", "modversion", "modchannel"})
    CHECK(say(asking::command(name)) == text("core.refused.only_in_guild"));
  CHECK(settings->loads == 0);
  CHECK(clock->plans.empty());
  auto ended = 0;
  ask(
      guild, stop_guild{}, [&](stopped) { ++ended; }, [](const caf::error&) { FAIL(); });
  CHECK(ended == 1);
}

TEST_CASE_METHOD(fixture, "interaction: each is counted by kind, by its end, and how long it took",
                 "[root]") {
  auto counted = telemetry{};
  config.figures = &counted;
  start();
  say(see); // answered at once
  feature->does = way::is_silent;
  say(see);
  advance(1'800ms);  // deferred
  advance(43'200ms); // excused
  const auto& figures = counted.counters().interactions;
  CHECK(figures.received[static_cast<size_t>(interaction_kind::command)].get() == 2);
  CHECK(figures.ended[static_cast<size_t>(interaction_outcome::answered)].get() == 1);
  CHECK(figures.ended[static_cast<size_t>(interaction_outcome::apologised)].get() == 1);
  CHECK(figures.deferred.get() == 1);
  const auto shape = figures.to_callback.figures();
  auto all = uint64_t{0};
  for (const auto count : shape.counts)
    all += count;
  CHECK(all == 2);
  CHECK(shape.counts[0] == 1);
  CHECK(shape.sum == 1.8);
  const auto actors = counted.actors();
  REQUIRE(actors.size() == 1);
  CHECK(actors[0].guild == id);
  stop(guild);
  guild = nullptr;
}
