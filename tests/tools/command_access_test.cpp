#include "tests/support/catch.hpp"
#include "tests/support/interaction_bench.hpp"

// Who may use a command, as a server's administrators say (discord-api 3.4).
using namespace sim_test;

namespace {

struct fixture {
  interaction_bench bench;
  std::string command;

  explicit fixture(const json& more = json::object()) {
    json definition{{"name", "plain"}, {"description", "d"}};
    definition.update(more);
    bench.define(definition);
    command = bench.world.robot.call("GET", base()).body[0]["id"];
  }
  std::string base() const {
    return "/applications/" + bench.application + "/guilds/" + bench.world.guild + "/commands";
  }
  reply say(const std::string& target, const json& rules, const std::string& who = "") {
    return bench.world.crowd.act(
        who.empty() ? bench.world.owner : who, "set_command_permissions",
        {{"guild_id", bench.world.guild}, {"target_id", target}, {"permissions", rules}});
  }
  static json rule(const std::string& id, int type, bool allowed) {
    return {{"id", id}, {"type", type}, {"permission", allowed}};
  }
  /// Whether a user may run it in a channel.
  bool runs(const std::string& who, const std::string& channel = "") {
    const auto given = bench.world.crowd.act(
        who, "command",
        {{"name", "plain"}, {"channel_id", channel.empty() ? bench.world.general : channel}});
    CHECK((given.status == 200 || given.status == 403));
    return given.status == 200;
  }
};

constexpr int role = 1, user = 2, channel = 3;

} // namespace

TEST_CASE("command permissions: told to the bot, read by it, never written", "[sim][commands]") {
  fixture f;
  CHECK(f.bench.world.robot.call("GET", f.base() + "/permissions").body.empty());
  CHECK(f.bench.world.robot.call("GET", f.base() + "/" + f.command + "/permissions").body["code"] ==
        10066);
  REQUIRE(f.say(f.command, json::array({f.rule(f.bench.world.ann, user, false)})).status == 200);
  const auto told = f.bench.session.wait("APPLICATION_COMMAND_PERMISSIONS_UPDATE");
  CHECK(told["id"] == f.command);
  CHECK(told["guild_id"] == f.bench.world.guild);
  CHECK(told["permissions"][0]["permission"] == false);
  CHECK(f.bench.world.robot.call("GET", f.base() + "/" + f.command + "/permissions")
            .body["permissions"]
            .size() == 1);
  CHECK(f.bench.world.robot.call("GET", f.base() + "/permissions").body.size() == 1);
  CHECK(f.bench.world.robot
            .call("PUT", f.base() + "/" + f.command + "/permissions",
                  {{"permissions", json::array()}})
            .status == 403);
  CHECK(f.say(f.command, json::array(), f.bench.world.ann).status == 403);
  CHECK(f.say(f.command, json::array({json{{"id", "1"}}})).status == 400);
}

TEST_CASE("command permissions: a user wins over roles, roles over everyone", "[sim][commands]") {
  fixture f;
  const auto players = f.bench.world.role("Players"); // bob's
  f.say(f.command, json::array({f.rule(f.bench.world.guild, role, false)}));
  CHECK_FALSE(f.runs(f.bench.world.ann));
  CHECK_FALSE(f.runs(f.bench.world.bob));
  CHECK(f.runs(f.bench.world.owner)); // administrators always
  f.say(f.command,
        json::array({f.rule(f.bench.world.guild, role, false), f.rule(players, role, true)}));
  CHECK_FALSE(f.runs(f.bench.world.ann));
  CHECK(f.runs(f.bench.world.bob));
  f.say(f.command, json::array({f.rule(f.bench.world.guild, role, false),
                                f.rule(players, role, true), f.rule(f.bench.world.bob, user, false),
                                f.rule(f.bench.world.ann, user, true)}));
  CHECK(f.runs(f.bench.world.ann));
  CHECK_FALSE(f.runs(f.bench.world.bob));
  f.say(f.command, json::array());
  CHECK(f.runs(f.bench.world.ann));
  CHECK(f.runs(f.bench.world.bob));
}

TEST_CASE("command permissions: channels, one or all", "[sim][commands]") {
  fixture f;
  const auto plain = f.bench.world.channel("plain");
  const auto all = std::to_string(std::stoull(f.bench.world.guild) - 1);
  f.say(f.command, json::array({f.rule(all, channel, false), f.rule(plain, channel, true)}));
  CHECK_FALSE(f.runs(f.bench.world.ann));
  CHECK(f.runs(f.bench.world.ann, plain));
}

TEST_CASE("command permissions: the application's rules, until the command has its own",
          "[sim][commands]") {
  fixture f;
  f.say(f.bench.application, json::array({f.rule(f.bench.world.ann, user, false)}));
  CHECK_FALSE(f.runs(f.bench.world.ann));
  CHECK(f.runs(f.bench.world.bob));
  f.say(f.command, json::array({f.rule(f.bench.world.ann, user, true)}));
  CHECK(f.runs(f.bench.world.ann));
}

TEST_CASE("command permissions: a rule opens what the default closes", "[sim][commands]") {
  fixture f{json{{"default_member_permissions", "0"}}};
  CHECK_FALSE(f.runs(f.bench.world.ann));
  f.say(f.command, json::array({f.rule(f.bench.world.ann, user, true)}));
  CHECK(f.runs(f.bench.world.ann));
  CHECK_FALSE(f.runs(f.bench.world.bob));
}
