// Core commands as members meet them: each success, each refusal, who may.
#include "actors/root/core_call.hpp"
#include "infra/root/core_commands.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guild_fixture.hpp"

using namespace hearth;
using test::asking;

namespace {

struct fixture : test::guild_fixture {
  fixture() { start(); }
  asking admin(std::string name, std::string sub = {}) const {
    return asking::command(std::move(name), std::move(sub)).by(member, administrator);
  }
  void audited(const std::string& what) const {
    REQUIRE(settings->actions.size() == 1);
    CHECK(settings->actions[0].what == what);
    CHECK(settings->actions[0].user == member);
    CHECK(settings->actions[0].interaction);
  }
  /// Starts again with what the test has changed in `shown`.
  void changed() { happen({guild_changed{snapshot()}}); }
};

/// Fails when a text is asked for that is in no locale.
struct strict_fixture : fixture {
  ~strict_fixture() { CHECK(embedded_catalog().missing() == missing_); }
  uint64_t missing_ = embedded_catalog().missing();
};

} // namespace

TEST_CASE("core commands: each has a handler in the guild, and texts", "[root]") {
  for (const auto& command : all_commands()) {
    CAPTURE(command.name);
    const auto* handler = find_core_handler(command.name);
    CHECK((handler != nullptr) == (command.feature == "core"));
    auto completes = false;
    for (const auto& option : command.options)
      completes = completes || option.autocomplete;
    for (const auto& branch : command.subcommands)
      for (const auto& option : branch.options)
        completes = completes || option.autocomplete;
    if (handler)
      CHECK((handler->complete != nullptr) == completes);
    if (command.feature == "core")
      CHECK(embedded_catalog().has("command." + command.name + ".description"));
  }
}

TEST_CASE_METHOD(strict_fixture, "core commands: who may use them", "[root]") {
  const auto moderator = permission_bit::manage_guild;
  for (const auto* name : {"modversion", "modbotpermission", "modvoicecurrentactivity"}) {
    CHECK(say(asking::command(name)) == text("refused.moderator"));
    CHECK(say(asking::command(name).by(member, moderator)) != text("refused.moderator"));
  }
  for (const auto* name : {"modfeature", "modlanguage", "modtimezone", "modchannel"}) {
    CHECK(say(asking::command(name).by(member, moderator)) == text("refused.administrator"));
    CHECK(complete(asking::command(name).by(member, moderator).typing("kind", "")).empty());
  }
  CHECK(say(asking::command("modresetcache").by(member, administrator)) == text("refused.owner"));
  CHECK(settings->actions.empty());
}

// -- help, about ----------------------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "help: what the member may use, as mentions where ids are known",
                 "[root]") {
  command_ids["seeschedule"] = command_id{4711};
  const auto plain = say(asking::command("help"));
  CHECK(has(plain, "</seeschedule:4711> — " + text("command.seeschedule.description")));
  CHECK(has(plain, "`/setmytimezone`"));
  CHECK(has(plain, text("feature.schedule")));
  CHECK_FALSE(has(plain, "modchannel"));
  const auto full = say(asking::command("help").by(owner));
  CHECK(has(full, "`/modchannel set`"));
  CHECK(has(full, text("feature.moderation")));
  const auto french = ask_guild(asking::command("help").locale("fr"));
  CHECK(has(read(french), text("command.seeschedule.description", "fr")));
  CHECK(is_ephemeral(french));
}

TEST_CASE_METHOD(fixture, "help: nothing of a feature that is off", "[root]") {
  say(admin("modfeature").with("feature", std::string{"schedule"}).with("enable", false));
  CHECK_FALSE(has(say(asking::command("help")), "seeschedule"));
  CHECK(complete(asking::command("help").typing("topic", "seesch")).empty());
}

TEST_CASE_METHOD(fixture, "help: a topic", "[root]") {
  const auto one = say(asking::command("help").with("topic", std::string{"/setmytimezone"}));
  CHECK(has(one, text("command.setmytimezone.zone.description")));
  CHECK(has(one, text("core.help.optional")));
  CHECK(has(one, text("core.help.who.0")));
  CHECK(has(say(asking::command("help").with("topic", std::string{"schedule"})), "addschedule"));
  const auto none = say(asking::command("help").with("topic", std::string{"mod*channel"}));
  CHECK(has(none, "mod\\*channel"));
  const auto secret = say(asking::command("help").with("topic", std::string{"modchannel"}));
  CHECK_FALSE(has(secret, text("command.modchannel.description")));
}

TEST_CASE_METHOD(fixture, "help: completes topics", "[root]") {
  CHECK(complete(asking::command("help").typing("topic", "timez")) ==
        std::vector<std::string>{"setmytimezone", "getusertimezone", "gettimezones"});
  CHECK(complete(asking::command("help").typing("topic", "modch")).empty());
  CHECK(complete(asking::command("help").by(owner).typing("topic", "modch")) ==
        std::vector<std::string>{"modchannel"});
}

TEST_CASE_METHOD(strict_fixture, "about and version: what runs", "[root]") {
  CHECK(has(say(asking::command("about")), "1.2.3"));
  const auto version = say(admin("modversion"));
  CHECK(has(version, "1.2.3"));
  CHECK(has(version, text("feature.schedule")));
}

// -- features, language, zone ---------------------------------------------------------------------

TEST_CASE_METHOD(strict_fixture, "modfeature: off and on again", "[root]") {
  const auto toggle = admin("modfeature").with("feature", std::string{"schedule"});
  CHECK(has(say(toggle.with("enable", false)), text("feature.schedule")));
  audited("modfeature schedule off");
  CHECK(feature->alive == 0);
  CHECK(registered.back().empty());
  CHECK_FALSE(clock->plans.back().jobs.at(0).enabled);
  const auto answer = say(toggle.with("enable", false));
  CHECK(answer == embedded_catalog().text("en", "core.feature.was_off",
                                          {{"feature", text("feature.schedule")}}));
  CHECK(settings->actions.size() == 1);
  say(toggle.with("enable", true));
  CHECK(feature->alive == 1);
  CHECK(registered.back() == std::vector<std::string>{"schedule"});
  CHECK(clock->plans.back().jobs.at(0).enabled);
}

TEST_CASE_METHOD(strict_fixture, "modfeature: knows its features", "[root]") {
  const auto unknown =
      say(admin("modfeature").with("feature", std::string{"`x`"}).with("enable", true));
  CHECK(has(unknown, "\\`x\\`"));
  CHECK(has(unknown, "`schedule`"));
  CHECK(complete(admin("modfeature").typing("feature", "sch")) ==
        std::vector<std::string>{"schedule"});
  CHECK(complete(admin("modfeature").typing("feature", "lobby")).empty());
  CHECK(settings->actions.empty());
}

TEST_CASE_METHOD(strict_fixture, "modlanguage: the guild speaks it, answers stay the member's",
                 "[root]") {
  const auto answer = say(admin("modlanguage").with("language", std::string{"fr"}));
  CHECK(has(answer, text("core.language.set", "fr")));
  CHECK(has(answer, text("core.language.set_own", "en")));
  audited("modlanguage fr");
  CHECK(say(admin("modlanguage").with("language", std::string{"fr"}).locale("fr")) ==
        text("core.language.set", "fr"));
  CHECK(has(say(admin("modlanguage").with("language", std::string{"tlh"})), "tlh"));
  CHECK(settings->now.options["language"] == "fr");
}

TEST_CASE_METHOD(strict_fixture, "modtimezone: a city is enough, jobs follow", "[root]") {
  CHECK(
      has(say(admin("modtimezone").with("zone", std::string{"reykjavik"})), "Atlantic/Reykjavik"));
  audited("modtimezone Atlantic/Reykjavik");
  CHECK(clock->plans.back().zone == "Atlantic/Reykjavik");
  CHECK(
      has(say(admin("modtimezone").with("zone", std::string{"nowhere at all"})), "nowhere at all"));
  CHECK(settings->actions.size() == 1);
  const auto offered = complete(admin("modtimezone").typing("zone", "Pari"));
  REQUIRE_FALSE(offered.empty());
  CHECK(offered[0] == "Europe/Paris");
}

// -- channels -------------------------------------------------------------------------------------

TEST_CASE_METHOD(strict_fixture, "modchannel: set, see, clear", "[root]") {
  constexpr auto writable =
      permission_bit::view_channel | permission_bit::send_messages | permission_bit::embed_links;
  const auto set = admin("modchannel", "set")
                       .with("kind", std::string{"schedule"})
                       .with("channel", general.value);
  CHECK(has(say(admin("modchannel", "see")), text("core.channel.none")));
  const auto done = say(set.naming(general, writable));
  CHECK(has(done, "<#701>"));
  CHECK_FALSE(has(done, "modbotpermission"));
  audited("modchannel set schedule 701");
  CHECK(settings->now.channels["schedule"] == general);
  CHECK(has(say(admin("modchannel", "see")), "`schedule`: <#701>"));
  CHECK(has(say(admin("modchannel", "clear").with("kind", std::string{"schedule"})), "`schedule`"));
  CHECK(settings->now.channels.empty());
  CHECK(settings->actions.back().what == "modchannel clear schedule");
  say(admin("modchannel", "clear").with("kind", std::string{"schedule"}));
  CHECK(settings->actions.size() == 2); // it was clear
}

TEST_CASE_METHOD(strict_fixture, "modchannel: says when the bot may not write there", "[root]") {
  const auto answer = say(admin("modchannel", "set")
                              .with("kind", std::string{"main"})
                              .with("channel", general.value)
                              .naming(general, permission_bit::view_channel));
  CHECK(has(answer, "modbotpermission"));
  CHECK(settings->now.channels["main"] == general);
}

TEST_CASE_METHOD(strict_fixture, "modchannel: refusals", "[root]") {
  const auto set = admin("modchannel", "set").with("channel", lounge.value);
  CHECK(has(say(set.with("kind", std::string{"nonsense"})), "`log`"));
  CHECK(say(set.with("kind", std::string{"main"})) == text("core.channel.unknown"));
  CHECK(has(
      say(set.with("kind", std::string{"main"}).naming(lounge, ~uint64_t{0}, channel_kind::voice)),
      "<#702>"));
  CHECK(settings->actions.empty());
  CHECK(complete(admin("modchannel", "set").typing("kind", "")) ==
        std::vector<std::string>{"schedule", "main", "log"});
  CHECK(complete(admin("modchannel", "set").typing("kind", "lo")).size() >= 1);
}

TEST_CASE_METHOD(strict_fixture, "core commands: a store that fails changes nothing and says so",
                 "[root]") {
  settings->fail = true;
  for (const auto& what :
       {admin("modlanguage").with("language", std::string{"fr"}),
        admin("modfeature").with("feature", std::string{"schedule"}).with("enable", false),
        asking::command("modresetcache").by(owner)})
    CHECK(say(what) == text("core.store_failed"));
  CHECK(feature->alive == 1);
}

TEST_CASE_METHOD(strict_fixture, "modresetcache: everything is read and compared again", "[root]") {
  const auto facts = feature->facts.size();
  settings->now.options["language"] = "fr"; // behind the guild's back
  CHECK(say(asking::command("modresetcache").by(owner)) == text("core.reset"));
  CHECK(feature->facts.size() == facts + 1);
  CHECK(feature->facts.back().settings->options.at("language") == "fr");
  CHECK(registered.size() == 2);
}

// -- permissions, voice ---------------------------------------------------------------------------

TEST_CASE_METHOD(strict_fixture, "modbotpermission: names what is missing and who must click",
                 "[root]") {
  CHECK(has(say(admin("modbotpermission")), "`schedule`")); // no channel is set yet
  settings->now.channels["schedule"] = general;
  say(asking::command("modresetcache").by(owner));
  CHECK(say(admin("modbotpermission")) == text("core.permission.fine"));
  shown.channels[1].overwrites = {{id.value, false, 0, permission_bit::send_messages}};
  changed();
  const auto answer = say(admin("modbotpermission"));
  CHECK(has(answer, "**Send Messages**"));
  CHECK(has(answer, "<#701>"));
  CHECK(has(answer, "@everyone"));
  CHECK(has(answer, "<@&602>"));
  CHECK(has(answer, "<@1>")); // the owner can always do it
  CHECK_FALSE(has(answer, "View Channel"));
  CHECK(has(say(admin("modbotpermission").locale("fr")), "Envoyer des messages"));
}

TEST_CASE_METHOD(strict_fixture, "modbotpermission: a channel that is gone", "[root]") {
  settings->now.channels["schedule"] = channel_id{12345};
  say(asking::command("modresetcache").by(owner));
  CHECK(has(say(admin("modbotpermission")), "`/modchannel set`"));
}

TEST_CASE_METHOD(strict_fixture, "modbotpermission: channels of the bot itself count once set",
                 "[root]") {
  settings->now.channels["schedule"] = general;
  settings->now.channels["log"] = lounge;
  shown.channels[2].overwrites = {{bot.value, true, 0, permission_bit::view_channel}};
  changed();
  say(asking::command("modresetcache").by(owner));
  const auto answer = say(admin("modbotpermission"));
  CHECK(has(answer, "**View Channel**"));
  CHECK(has(answer, "<#702>"));
  CHECK(has(answer, text("channel.log")));
}

TEST_CASE_METHOD(strict_fixture, "modvoicecurrentactivity: who is where now", "[root]") {
  const auto look = admin("modvoicecurrentactivity");
  CHECK(say(look) == text("core.voice.nobody"));
  const auto join = [&](uint64_t user, channel_id to) {
    happen({voice_changed{{user_id{user}, "M", {}, 0, false}, {}, to}});
  };
  join(21, lounge);
  join(22, lounge);
  const auto answer = ask_guild(look);
  CHECK(has(read(answer), "<#702> (2): <@21>, <@22>"));
  CHECK(answer["data"]["allowed_mentions"]["parse"].empty());
  CHECK(is_ephemeral(answer));
  happen({voice_changed{{user_id{21}, "M", {}, 0, false}, lounge, {}}});
  CHECK_FALSE(has(say(look), "<@21>"));
}

TEST_CASE_METHOD(test::guild_fixture, "core commands: a guild that is not visible yet", "[root]") {
  spawn();
  for (const auto* name : {"modbotpermission", "modvoicecurrentactivity"})
    CHECK(say(asking::command(name).by(member, administrator)) == text("core.refused.not_visible"));
  CHECK(has(say(asking::command("help")), text("core.help.title")));
}
