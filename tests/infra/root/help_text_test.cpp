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
room.burn.description = "Burns them"
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
      {.name = "close", .group = "all", .options = {{.name = "why", .required = true}}},
      {.name = "burn", .who = allowed::moderator}};
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
  CHECK(page.text == "**CORE**\nRooms: <room open> <room all close>\n\n"
                     "**MUSIC**\n<play> — Plays\n\n\nMORE");
  const auto moderators = help_overview(declared(), viewer(true, {}), texts);
  CHECK(moderators.text == "**CORE**\nRooms: <room open> <room all close> <room burn>\n\n"
                           "**MODERATION**\n<ban> — Ban somebody\n\n\nMORE");
  auto mixed = declared();
  for (auto& command : mixed)
    command.feature = "music"; // what moderators may do comes after what all may
  CHECK(help_topic(mixed, viewer(true), texts, "music").text ==
        "Rooms: <room open> <room all close> <room burn>\n<play> — Plays\n<ban> — Ban somebody\n");
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
  CHECK(help_topic(declared(), viewer(true), texts, "room").text ==
        "<room open> — Opens one\n<room all close> — Closes them\n• `why` — Why\n"
        "<room burn> — Burns them\n• *MODS*\n\nALL");
  CHECK(help_topic(declared(), viewer(), texts, "MUSIC").title == "MUSIC"); // as it is shown
  CHECK(help_topic(declared(), viewer(), texts, "music").text == "<play> — Plays\n");
  CHECK(help_topic(declared(), viewer(false, {}), texts, "music").title.empty());
  CHECK(help_topic(declared(), viewer(), texts, "ban").title.empty());
  CHECK(help_topic(declared(), viewer(), texts, "moderation").title.empty());
  CHECK(help_topic(declared(), viewer(true), texts, "moderation").title == "MODERATION");
  CHECK(help_topic(declared(), viewer(), texts, "").title.empty());
}

TEST_CASE("help: topics while typing", "[root]") {
  const auto ids = [](const std::vector<help_topic_offer>& offers) {
    auto list = std::vector<std::string>{};
    for (const auto& offer : offers)
      list.push_back(offer.id);
    return list;
  };
  using names = std::vector<std::string>;
  CHECK(ids(help_topics(declared(), viewer(), texts, "")) ==
        names{"core", "music", "room", "play"});
  CHECK(help_topics(declared(), viewer(), texts, "/pl") ==
        std::vector<help_topic_offer>{{"play", "/play — Plays"}});
  CHECK(help_topics(declared(), viewer(), texts, "MUSI") ==
        std::vector<help_topic_offer>{{"music", "MUSIC"}});
  CHECK(ids(help_topics(declared(), viewer(), texts, "plays")) == names{"play"}); // what it is for
  CHECK(help_topics(declared(), viewer(), texts, "ban").empty());
  CHECK(ids(help_topics(declared(), viewer(true), texts, "ban")) == names{"ban"});
}
