// Section 12 of the fact sheet, what concerns interactions: the whole daemon against the local
// Discord.
#include "infra/interactions/callback.hpp"
#include "infra/interactions/message_builder.hpp"
#include "tests/support/probe_feature.hpp"
#include "tests/support/whole_daemon.hpp"

using namespace hearth;
using test::json;
using test::until;
using test::whole_daemon;

namespace {

constexpr auto callback = "POST /interactions/{interaction}/{token}/callback";

void fault(whole_daemon& world, const char* name, const json& value) {
  const auto said = world.discord.crowd.post("/sim/faults", {{name, value}});
  INFO(said.text);
  REQUIRE(said.status == 200);
}

std::string outcome_of(const json& said) { return said.value("outcome", ""); }

interaction_response modal_of(const json& data) {
  auto response = interaction_response{};
  response.type = interaction_response::kind::modal;
  response.data = data.dump();
  return response;
}

/// Opens a modal at a click and repeats what was written into it. "probe:label" and "probe:row"
/// say of which kind it is.
interaction_response modal_or_echo(const interaction& asked) {
  if (asked.kind == interaction_kind::modal_submit)
    return text_response("why: " + asked.fields.at("why"));
  if (asked.custom_id == "probe:label")
    return modal_of(make_modal("probe:sent", "Why", {make_label("Why", make_text_input({"why"}))}));
  return modal_of({{"custom_id", "probe:sent"},
                   {"title", "Why"},
                   {"components",
                    {{{"type", 1},
                      {"components",
                       {{{"type", 4}, {"custom_id", "why"}, {"label", "Why"}, {"style", 1}}}}}}}});
}

/// A message of the bot's own with one button; its id.
std::string post_button(whole_daemon& world, const std::string& custom_id) {
  const auto said = world.discord.robot.call(
      "POST", "/channels/" + world.discord.general + "/messages",
      {{"content", "press"},
       {"components",
        {{{"type", 1},
          {"components",
           {{{"type", 2}, {"style", 1}, {"label", "press"}, {"custom_id", custom_id}}}}}}}});
  INFO(said.text);
  REQUIRE(said.status == 200);
  return said.body.at("id");
}

} // namespace

TEST_CASE("matrix 22: a callback that comes too late is dropped", "[matrix][interactions]") {
  auto world = whole_daemon{};
  world.start_online();
  // The event reaches us after Discord has given up: its answer is refused with 10062.
  world.gateway(
      [](sim::gateway_server& g) { g.delay_dispatches(std::chrono::milliseconds{3'200}); });
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "failed");
  world.log.wait("ended late 404 10062");
  world.gateway([](sim::gateway_server& g) { g.delay_dispatches(std::chrono::milliseconds{0}); });
  until("the next one to be answered",
        [&] { return outcome_of(world.command(world.discord.bob, "about")) == "message"; });
  world.check_no_violation();
}

TEST_CASE("matrix 22: an interaction that comes twice is answered once", "[matrix][interactions]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) { g.duplicate_next(3); });
  for (auto round = 0; round < 3; ++round)
    CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  CHECK_FALSE(world.log.has("40060"));
  world.check_no_violation(); // a second answer would be one
}

TEST_CASE("matrix 22: an answer whose receipt is lost is no trouble", "[matrix][interactions]") {
  auto world = whole_daemon{};
  world.start_online();
  // Taken, then silence: the second try is told 40060, which means that the first one arrived.
  fault(world, "delay", {{"route", callback}, {"ms", 1'500}, {"count", 1}});
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  fault(world, "reset_after_accept", {{"route", callback}, {"count", 1}});
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  CHECK(world.stop() == 0); // when all has been settled
  CHECK_FALSE(world.log.has("/about ended"));
  world.check_no_violation();
}

TEST_CASE("matrix 23: a modal with labels, and one with legacy rows", "[matrix][interactions]") {
  auto world = whole_daemon{};
  const auto counts = std::make_shared<test::probe_counts>();
  world.hooks.features = [=](std::vector<feature_entry>& all) {
    all.push_back(test::probe_entry("probe", modal_or_echo, counts));
  };
  world.start_online();
  const auto kind = GENERATE(as<std::string>{}, "probe:label", "probe:row");
  INFO(kind);
  const auto message = post_button(world, kind);
  const auto opened = world.click(world.discord.bob, message, kind);
  INFO(opened.dump());
  REQUIRE(outcome_of(opened) == "modal");
  const auto sent = world.discord.crowd.act(world.discord.bob, "modal_submit",
                                            {{"interaction_id", opened.at("interaction_id")},
                                             {"values", {{"why", "because"}}},
                                             {"wait_ms", 10'000}});
  INFO(sent.text);
  CHECK(sent.text.find("why: because") != std::string::npos);
  world.check_no_violation();
}

TEST_CASE("matrix 24: a burst of autocompletions, the last one is right",
          "[matrix][interactions]") {
  auto world = whole_daemon{};
  world.start_online();
  const auto typed = std::string{"Europe/Par"};
  auto last = std::string{};
  for (auto round = 0; round < 6; ++round)
    for (auto length = size_t{1}; length <= typed.size(); ++length) {
      const auto said = world.discord.crowd.act(
          world.discord.owner, "autocomplete",
          {{"channel_id", world.discord.general},
           {"name", "modtimezone"},
           {"options",
            json::array(
                {{{"name", "zone"}, {"value", typed.substr(0, length)}, {"focused", true}}})}});
      INFO(said.text);
      REQUIRE(said.body.contains("interaction_id"));
      last = said.body["interaction_id"];
    }
  const auto shown = world.outcome(last);
  CHECK(outcome_of(shown) == "choices");
  CHECK(shown.dump().find("Europe/Paris") != std::string::npos);
  world.check_no_violation();
}

TEST_CASE("matrix 28: the token is in no line, however loud the log is", "[matrix][root]") {
  auto world = whole_daemon{};
  const auto token = world.options.token.reveal();
  world.start_online();
  fault(world, "rest_status", {{"route", callback}, {"status", 500}, {"count", 5}});
  world.command(world.discord.bob, "about");
  fault(world, "reset_after_accept", {{"route", callback}, {"count", 2}});
  world.command(world.discord.bob, "about");
  world.gateway([](sim::gateway_server& g) { g.invalidate("", false); });
  world.wait_online();
  const auto secrets = world.discord.crowd.get("/sim/secrets").body;
  CHECK(world.stop() == 0);
  REQUIRE(secrets.at("interaction_tokens").size() >= 2);
  const auto text = world.log.text(); // as it was said, before the formatter takes secrets out
  REQUIRE(text.size() > 500);
  CHECK(text.find(token) == std::string::npos);
  for (const auto& each : secrets.at("interaction_tokens"))
    CHECK(text.find(each.get<std::string>()) == std::string::npos);
}

TEST_CASE("matrix 30: permission bits above 2^52 survive the way", "[matrix][interactions]") {
  auto world = whole_daemon{};
  auto seen = std::make_shared<std::atomic<uint64_t>>(0);
  world.hooks.features = [=](std::vector<feature_entry>& all) {
    all.push_back(test::probe_entry(
        "probe",
        [seen](const interaction& asked) {
          *seen = asked.member.permissions;
          return text_response("seen");
        },
        std::make_shared<test::probe_counts>()));
  };
  constexpr auto high = (1ULL << 62U) | (1ULL << 53U) | (1ULL << 52U) | 1U;
  world.discord.server.call([&](sim::core& core) {
    auto& home = core.world.guilds.begin()->second;
    home.roles.at(home.id).permissions |= high;
    return 0;
  });
  world.start_online();
  const auto message = post_button(world, "probe:look");
  CHECK(outcome_of(world.click(world.discord.bob, message, "probe:look")) == "message");
  CHECK((*seen & high) == high);
  world.check_no_violation();
}
