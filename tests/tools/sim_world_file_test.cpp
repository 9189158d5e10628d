// World files: the demo world is whole, mistakes are named with file and line.
#include "discord-sim/permissions.hpp"
#include "discord-sim/world_file.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>

using namespace sim;

namespace {

constexpr unix_ms now = 1763640000000;

std::string error_of(const std::string& toml) {
  try {
    load_world(toml, "test.toml", now);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "no error";
}

void expect(const std::string& toml, const std::string& part) {
  const auto error = error_of(toml);
  INFO(error);
  CHECK(error.find(part) != std::string::npos);
}

const std::string people = "[[user]]\nname = \"a\"\n\n"; // lines 1-3

} // namespace

TEST_CASE("the demo world has what the sandbox promises") {
  auto w = load_demo_world(now);
  REQUIRE(w.guilds.size() == 1);
  const auto& g = w.guilds.begin()->second;
  CHECK(g.name == "Hearthside");
  CHECK(g.members.size() >= 14);
  CHECK(g.emojis.size() >= 8);
  CHECK(w.applications.size() == 2);
  const auto* hearth = w.application_by_token("sandbox");
  REQUIRE(hearth);
  CHECK((hearth->presence_intent && hearth->members_intent && hearth->content_intent));
  CHECK(g.members.count(hearth->bot) == 1);
  CHECK(w.application_by_token("sandbox-2"));
  CHECK_FALSE(w.application_by_token(""));
  CHECK(w.channels.at(g.afk_channel).name == "AFK");
  // Clients find ids in paths by 17-19 digits (discord-api 16).
  for (const auto& [id, c] : w.channels)
    CHECK((id_text(id).size() >= 17 && id_text(id).size() <= 19));
  // Moderators' channel: hidden from members, seen by the bot.
  const auto hidden = std::find_if(w.channels.begin(), w.channels.end(),
                                   [](const auto& c) { return c.second.name == "mod-only"; });
  REQUIRE(hidden != w.channels.end());
  const auto sees = [&](snowflake user) {
    return (effective_permissions(w, hidden->second, user, now) & permission::view_channel) != 0;
  };
  const auto named = [&](const std::string& name) {
    return std::find_if(w.users.begin(), w.users.end(),
                        [&name](const auto& u) { return u.second.username == name; })
        ->first;
  };
  CHECK(sees(hearth->bot));
  CHECK(sees(named("maple")));
  CHECK_FALSE(sees(named("rookie")));
}

TEST_CASE("ids follow from names and stay when the file grows") {
  const auto one = load_world(people, "x", now);
  const auto two = load_world("[[user]]\nname = \"b\"\n" + people, "x", now);
  CHECK(two.users.count(one.users.begin()->first) == 1);
}

TEST_CASE("mistakes are named with file and line") {
  expect("[[user]\nname=1", "test.toml:1: ");
  expect(people + "[[user]]\nnmae = \"b\"\n", "test.toml:5: user: unknown key 'nmae'");
  expect(people + "[[user]]\nname = \"a\"\n", "two users 'a'");
  expect(people + "[[user]]\ndisplay = \"b\"\n", "name: is required");
  expect(people + "[[user]]\nname = \"b\"\nstatus = \"busy\"\n", "test.toml:6: user: status");
  expect(people + "[[user]]\nname = \"b\"\nid = \"12\"\n", "must have 17-19 digits");
  const auto guild = people + "[[guild]]\nname = \"g\"\nowner = \"a\"\n"; // 4-6
  expect(guild, "owner: must be a member");
  expect(guild + "[[guild.member]]\nuser = \"zoe\"\n",
         "test.toml:8: member: user: there is no user 'zoe'");
  expect(guild + "[[guild.member]]\nuser = \"a\"\nroles = [\"Mod\"]\n", "there is no role 'Mod'");
  expect(guild + "everyone = [\"FLY\"]\n", "test.toml:7: guild: 'FLY' is no permission");
  expect(guild + "[[guild.channel]]\nname = \"c\"\ntype = \"pipe\"\n",
         "test.toml:9: channel: type");
  expect(guild + "[[guild.role]]\nname = \"r\"\ncolor = \"red\"\n", "must look like");
  expect(guild + "[[guild.role]]\nname = \"r\"\nbot = \"Nobody\"\n",
         "there is no application 'Nobody'");
  CHECK_THROWS_WITH(load_world_file("/nonexistent/w.toml", now),
                    "/nonexistent/w.toml: cannot be read");
}
