// Section 12 of the fact sheet, what concerns REST: the whole daemon against the local Discord.
#include "tests/support/whole_daemon.hpp"

using test::json;
using test::until;
using test::whole_daemon;

namespace {

constexpr auto callback = "POST /interactions/{interaction}/{token}/callback";
constexpr auto posting = "POST /channels/{channel}/messages";

void fault(whole_daemon& world, const char* name, const json& value) {
  const auto said = world.discord.crowd.post("/sim/faults", {{name, value}});
  INFO(said.text);
  REQUIRE(said.status == 200);
}

std::string outcome_of(const json& said) { return said.value("outcome", ""); }

} // namespace

TEST_CASE("matrix 19: a 429 of any scope delays a callback, and nothing is answered twice",
          "[matrix][rest]") {
  const auto scope = GENERATE(as<std::string>{}, "user", "shared", "global");
  INFO(scope);
  auto world = whole_daemon{};
  world.start_online();
  fault(world, "rest_429", {{"route", callback}, {"scope", scope}, {"retry_after", 0.4}});
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  CHECK(world.log.has("rate limited"));
  world.check_no_violation();
}

TEST_CASE("matrix 19: a 429 without headers and with an HTML body", "[matrix][rest]") {
  auto world = whole_daemon{};
  world.start_online();
  // Cloudflare's: no body, no headers that one could go by. Everything waits a minute.
  fault(world, "rest_status",
        {{"route", posting}, {"status", 429}, {"body", "<html>error code: 1015</html>"}});
  // Whether its own answer goes out before the posting is refused is a race: both leave at once.
  world.ask(world.discord.owner, "modtextschedulechannel",
            json::array({{{"name", "channel"}, {"value", world.discord.general}}}));
  world.log.wait("rate limited");
  CHECK(world.log.has("by Cloudflare"));
  CHECK(world.evenings().empty());
  world.check_no_violation(); // and nobody hammered
  CHECK(world.stop() == 0);   // the wait does not hold the stop
}

TEST_CASE("matrix 21: 500 and 502, then success", "[matrix][rest]") {
  auto world = whole_daemon{};
  world.start_online();
  const auto status = GENERATE(500, 502, 503);
  INFO(status);
  fault(world, "rest_status", {{"route", callback}, {"status", status}, {"count", 2}});
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  fault(world, "rest_status", {{"route", posting}, {"status", status}, {"count", 1}});
  world.choose_channel();
  until("the daily message", [&] { return world.evenings().size() == 1; });
  world.check_no_violation();
}

TEST_CASE("matrix 21: a reset after the request was taken posts nothing twice", "[matrix][rest]") {
  auto world = whole_daemon{};
  world.start_online();
  fault(world, "reset_after_accept", {{"route", posting}, {"count", 2}});
  world.choose_channel();
  until("the daily message", [&] { return world.evenings().size() == 1; });
  // It works, and knows its message: a vote is shown in the one there is.
  const auto message = world.evenings().at(0);
  const auto voted =
      world.click(world.discord.bob, message["id"], whole_daemon::buttons(message)[0]);
  CHECK(outcome_of(voted) == "update");
  CHECK(world.evenings().size() == 1);
  world.check_no_violation();
}

TEST_CASE("matrix 29: ids above 2^53 come back digit by digit", "[matrix][rest]") {
  auto world = whole_daemon{};
  REQUIRE(std::stoull(world.discord.general) > (1ULL << 53U));
  REQUIRE(std::stoull(world.discord.general) % 256 != 0); // a double would not hold it
  world.start_online();
  world.choose_channel();
  const auto said = world.command(world.discord.owner, "modseeschedulechannel");
  CHECK(said.dump().find("<#" + world.discord.general + ">") != std::string::npos);
  CHECK(world.stop() == 0);
  world.start_online(); // from the database
  const auto again = world.command(world.discord.owner, "modseeschedulechannel");
  CHECK(again.dump().find("<#" + world.discord.general + ">") != std::string::npos);
  world.check_no_violation();
}
