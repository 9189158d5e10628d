// Time zones of members: set, asked for, shown for a voice channel.
#include "actors/people/people_commands.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guild_fixture.hpp"

using namespace hearth;
using test::asking;

namespace {

struct fixture : test::guild_fixture {
  static constexpr auto other = user_id{3};

  fixture() {
    shown.emojis = {{emoji_id{801}, "Mod", false}};
    start();
  }
  ~fixture() { CHECK(embedded_catalog().missing() == missing_); }

  void lives(uint64_t user, std::string zone) {
    people->people[user_id{user}] = {user_id{user}, "M", std::move(zone)};
  }
  void join(uint64_t user, channel_id to, std::vector<role_id> roles = {}, bool robot = false) {
    happen({voice_changed{
        {user_id{user}, "M" + std::to_string(user), std::move(roles), 0, robot}, {}, to}});
  }
  asking set(std::string zone) const {
    return asking::command("setmytimezone").with("zone", std::move(zone));
  }

private:
  uint64_t missing_ = embedded_catalog().missing();
};

} // namespace

TEST_CASE_METHOD(fixture, "setmytimezone: a zone by name or city", "[people]") {
  const auto answer = ask_guild(set("America/New_York"));
  CHECK(has(read(answer), "**America/New_York**"));
  CHECK(has(read(answer), "10:13")); // 14:13 UTC in summer
  CHECK(is_ephemeral(answer));
  REQUIRE(people->set.size() == 1);
  CHECK(people->set[0].user == member);
  CHECK(people->set[0].name == "Ember"); // saved although never seen before
  CHECK(people->set[0].interaction);
  CHECK_FALSE(people->set[0].by.user); // nobody else's doing: no audit
  CHECK(has(say(set("reykjavik")), "**Atlantic/Reykjavik**"));
}

TEST_CASE_METHOD(fixture, "setmytimezone: several cities are offered as a choice", "[people]") {
  const auto answer = ask_guild(set("a"));
  CHECK(read(answer) == text("people.zone.which"));
  const auto& select = answer["data"]["components"][0]["components"][0];
  CHECK(select["custom_id"] == "people:zone");
  CHECK(select["options"].size() > 1);
  CHECK(people->set.empty());
}

TEST_CASE_METHOD(fixture, "setmytimezone: an unknown place is refused", "[people]") {
  CHECK(has(say(set("Atlantis *under* water")), "Atlantis \\*under\\* water"));
  CHECK(people->set.empty());
}

TEST_CASE_METHOD(fixture, "setmytimezone: without a zone, a list to choose from", "[people]") {
  const auto question = ask_guild(asking::command("setmytimezone"));
  CHECK(is_ephemeral(question));
  const auto& select = question["data"]["components"][0]["components"][0];
  REQUIRE(select["options"].size() >= 10);
  const auto zone = select["options"][3]["value"].get<std::string>();
  const auto answer = ask_guild(asking::component("people:zone", {zone}));
  CHECK(answer["type"] == 7); // the question goes
  CHECK(has(read(answer), zone));
  CHECK(answer["data"]["components"].empty());
  REQUIRE(people->set.size() == 1);
  CHECK(people->set[0].zone == zone);
}

TEST_CASE_METHOD(fixture, "setmytimezone: a forged choice is refused", "[people]") {
  for (const auto& values : {std::vector<std::string>{"Nowhere/Land"}, std::vector<std::string>{},
                             std::vector<std::string>{"UTC", "UTC"}})
    CHECK(say(asking::component("people:zone", values)) == text("core.refused.old_component"));
  CHECK(people->set.empty());
}

TEST_CASE_METHOD(fixture, "setmytimezone: completes by city, with the time there", "[people]") {
  const auto answer = ask_guild(asking::command("setmytimezone").typing("zone", "toky"));
  const auto& choice = answer["data"]["choices"][0];
  CHECK(choice["value"] == "Asia/Tokyo");
  CHECK(choice["name"] == "Asia/Tokyo — 23:13, UTC+9");
  const auto nothing = complete(asking::command("setmytimezone").typing("zone", ""));
  CHECK(nothing.size() >= 10);
  CHECK(nothing.size() <= 25);
}

TEST_CASE_METHOD(fixture, "setmytimezone: a store that fails says so", "[people]") {
  people->fail = true;
  CHECK(say(set("UTC").locale("fr")) == text("core.store_failed", "fr"));
  CHECK(say(asking::component("people:zone", {"UTC"})) == text("core.store_failed"));
}

TEST_CASE_METHOD(fixture, "getusertimezone: theirs, unknown, or a bot's", "[people]") {
  const auto look = asking::command("getusertimezone").with("member", other.value);
  CHECK(has(say(look.naming(other, "Map_le")), "Map\\_le"));
  lives(3, "Asia/Tokyo");
  const auto answer = ask_guild(look.naming(other, "Maple"));
  CHECK(has(read(answer), "Maple"));
  CHECK(has(read(answer), "**Asia/Tokyo** (UTC+9)"));
  CHECK(has(read(answer), "23:13"));
  CHECK(is_ephemeral(answer));
  CHECK(has(say(look.naming(other, "Robot", true)), "Robot"));
  CHECK(say(look) == text("people.member.unknown"));
  lives(3, "Gone/Zone"); // zones get removed
  CHECK(has(say(look.naming(other, "Maple")), "Maple"));
  people->fail = true;
  CHECK(say(look.naming(other, "Maple")) == text("core.store_failed"));
}

TEST_CASE_METHOD(fixture, "modsetusertimezone: moderators set it for others", "[people]") {
  const auto change = asking::command("modsetusertimezone")
                          .with("member", other.value)
                          .with("zone", std::string{"Europe/Paris"})
                          .naming(other, "Maple");
  CHECK(say(change) == text("refused.moderator"));
  CHECK(people->set.empty());
  const auto moderator = change.by(member, 0, {mod_role});
  CHECK(has(say(moderator), "Maple"));
  REQUIRE(people->set.size() == 1);
  CHECK(people->set[0].user == other);
  CHECK(people->set[0].by.user == member);
  CHECK(people->set[0].by.what == "modsetusertimezone 3 Europe/Paris");
  CHECK(people->set[0].guild == id);
  auto bad = asking::command("modsetusertimezone")
                 .with("member", other.value)
                 .with("zone", std::string{"a"})
                 .naming(other, "Maple")
                 .by(owner);
  CHECK(has(say(bad), "`")); // some of what it may be
  CHECK(people->set.size() == 1);
}

TEST_CASE_METHOD(fixture, "gettimezones: the caller's channel, from west to east", "[people]") {
  join(member.value, lounge, {mod_role});
  join(11, lounge);
  join(12, lounge);
  join(13, lounge);
  join(14, general);
  join(15, lounge, {}, true); // a bot
  lives(member.value, "Europe/Paris");
  lives(11, "America/New_York");
  lives(12, "Europe/Paris");
  lives(14, "Asia/Tokyo");
  const auto answer = ask_guild(asking::command("gettimezones").locale("fr"));
  CHECK_FALSE(is_ephemeral(answer));
  CHECK(answer["data"]["allowed_mentions"]["parse"].empty());
  const auto& embed = answer["data"]["embeds"][0];
  CHECK(embed["title"] == text("people.zones.title")); // public: the guild's language
  REQUIRE(embed["fields"].size() == 3);
  CHECK(embed["fields"][0]["name"] == "America/New_York — 10:13, UTC-4");
  CHECK(embed["fields"][0]["value"] == "<@11>");
  CHECK(embed["fields"][1]["name"] == "Europe/Paris — 16:13, UTC+2");
  CHECK(embed["fields"][1]["value"] == "<@12>\n<:Mod:801> <@2>"); // "M12" before "M2"
  CHECK(embed["fields"][2]["name"] == text("people.zones.unknown"));
  CHECK(has(embed["fields"][2]["value"], "<@13>"));
  CHECK_FALSE(has(embed["fields"][2]["value"], "<@15>"));
  CHECK(has(embed["fields"][2]["value"], "setmytimezone"));
  CHECK(has(embed["footer"]["text"], "Europe/Paris"));
}

TEST_CASE_METHOD(fixture, "gettimezones: a tie names all the best hosts", "[people]") {
  join(11, lounge);
  join(12, lounge);
  lives(11, "America/New_York");
  lives(12, "Europe/Paris");
  const auto answer = ask_guild(
      asking::command("gettimezones").with("voice_channel", lounge.value).naming(lounge, 0));
  CHECK(has(answer["data"]["embeds"][0]["footer"]["text"], "America/New_York, Europe/Paris"));
}

TEST_CASE_METHOD(fixture, "gettimezones: nobody there, no channel, no store", "[people]") {
  CHECK(say(asking::command("gettimezones")) == text("people.zones.no_channel"));
  // A channel that the member does not see is none of their business.
  const auto named = asking::command("gettimezones").with("voice_channel", lounge.value);
  CHECK(say(named) == text("core.channel.unknown"));
  CHECK(say(named.naming(lounge, 0, channel_kind::voice, 0)) == text("core.channel.unknown"));
  const auto look =
      asking::command("gettimezones").with("voice_channel", lounge.value).naming(lounge, 0);
  CHECK(has(say(look), "<#702>"));
  join(11, lounge);
  people->fail = true;
  CHECK(say(look) == text("core.store_failed"));
}
