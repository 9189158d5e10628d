// Help follows the declarations: who may, what is on, however many there are.
#include "infra/interactions/message_builder.hpp"
#include "infra/root/help_text.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

const catalog texts{{{"en.toml", R"(
[command]
play.description = "Plays"
play.what.description = "What to play"
ban.description = "Ban somebody"
room.description = "Rooms"
room.open.description = "Opens one"
room.all.close.description = "Closes them"
room.all.close.why.description = "Why"
[core.help]
title = "TITLE"
more = "MORE"
optional = "OPTIONAL"
who.0 = "ALL"
who.1 = "VOICE"
who.2 = "MODS"
[feature]
core = "CORE"
moderation = "MODERATION"
music = "MUSIC"
)"}}};

std::vector<command_spec> declared() {
  auto play = command_spec{};
  play.name = "play";
  play.feature = "music";
  play.who = allowed::in_voice;
  play.options = {{.name = "what"}};
  auto ban = command_spec{};
  ban.name = "ban";
  ban.who = allowed::moderator;
  auto room = command_spec{};
  room.name = "room";
  room.subcommands = {
      {.name = "open"},
      {.name = "close", .group = "all", .options = {{.name = "why", .required = true}}}};
  return {room, ban, play};
}

help_viewer viewer(bool moderator = false, std::vector<std::string> features = {"music"}) {
  auto made = help_viewer{};
  made.locale = "en";
  made.member.user = user_id{2};
  made.member.permissions = moderator ? permission_manage_guild : 0;
  made.features = std::move(features);
  made.mention = [](std::string_view path) { return "<" + std::string{path} + ">"; };
  return made;
}

} // namespace

TEST_CASE("help: groups what the member may use", "[root]") {
  const auto page = help_overview(declared(), viewer(), texts);
  CHECK(page.title == "TITLE");
  CHECK(page.text == "**CORE**\n<room open> — Opens one\n<room all close> — Closes them\n\n"
                     "**MUSIC**\n<play> — Plays\n\n\nMORE");
  const auto moderators = help_overview(declared(), viewer(true, {}), texts);
  CHECK(moderators.text == "**CORE**\n<room open> — Opens one\n<room all close> — Closes them\n\n"
                           "**MODERATION**\n<ban> — Ban somebody\n\n\nMORE");
}

TEST_CASE("help: hundreds of commands still fit", "[root]") {
  auto many = std::vector<command_spec>{};
  for (auto i = 0; i < 95; ++i) {
    many.push_back(declared()[2]);
    many.back().name = "command_number_" + std::to_string(i);
  }
  const auto page = help_overview(many, viewer(), texts);
  CHECK(text_length(page.text) <= 4'096);
  CHECK(page.text.find("<command_number_94>") != std::string::npos); // all names, no descriptions
  CHECK(page.text.find("MORE") != std::string::npos);
  for (auto i = 95; i < 300; ++i) {
    many.push_back(many.back());
    many.back().name = "command_number_" + std::to_string(i);
  }
  CHECK(text_length(help_overview(many, viewer(), texts).text) <= 4'096);
}

TEST_CASE("help: one command, one feature, nothing hidden", "[root]") {
  const auto play = help_topic(declared(), viewer(), texts, "/play");
  CHECK(play.title == "/play");
  CHECK(play.text == "<play> — Plays\n• `what` — What to play OPTIONAL\n\nVOICE");
  const auto room = help_topic(declared(), viewer(), texts, "room");
  CHECK(room.text ==
        "<room open> — Opens one\n<room all close> — Closes them\n• `why` — Why\n\nALL");
  CHECK(help_topic(declared(), viewer(), texts, "music").text == "<play> — Plays\n");
  CHECK(help_topic(declared(), viewer(false, {}), texts, "music").title.empty());
  CHECK(help_topic(declared(), viewer(), texts, "ban").title.empty());
  CHECK(help_topic(declared(), viewer(), texts, "moderation").title.empty());
  CHECK(help_topic(declared(), viewer(true), texts, "moderation").title == "MODERATION");
  CHECK(help_topic(declared(), viewer(), texts, "").title.empty());
}

TEST_CASE("help: topics while typing", "[root]") {
  using names = std::vector<std::string>;
  CHECK(help_topics(declared(), viewer(), "") == names{"core", "music", "room", "play"});
  CHECK(help_topics(declared(), viewer(), "/pl") == names{"play"});
  CHECK(help_topics(declared(), viewer(), "ban").empty());
  CHECK(help_topics(declared(), viewer(true), "ban") == names{"ban"});
}
