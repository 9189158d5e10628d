// Goal: each button says what is to be, and the message stays inside Discord's limits.
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/ambience_player.hpp"
#include "infra/voice/ambience_view.hpp"
#include "messages/voice.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

using namespace hearth;
using nlohmann::json;
namespace to = ambience_do;

namespace {

const auto english = words{embedded_catalog(), "en-US"};
const auto french = words{embedded_catalog(), "fr"};
constexpr auto lounge = channel_id{600};
constexpr auto noon = instant{1'795'000'000'000};

ambience_player playing(std::vector<ambience_layer> layers) {
  auto player = ambience_player{};
  player.channel = lounge;
  player.layers = std::move(layers);
  player.since = noon;
  return player;
}

json drawn(const ambience_player& player, const own_sounds& own = {},
           const player_notes& notes = {}, const words& say = english) {
  return json::parse(render_player(say, player, own, notes, noon));
}
std::string text(const json& message) {
  return message["embeds"][0].value("title", "") + "\n" +
         message["embeds"][0].value("description", "");
}
/// All buttons and selects.
std::vector<json> parts(const json& message) {
  auto found = std::vector<json>{};
  for (const auto& row : message["components"])
    for (const auto& part : row["components"])
      found.push_back(part);
  return found;
}
json button(const json& message, const std::string& label) {
  for (const auto& part : parts(message))
    if (part.value("label", "") == label)
      return part;
  FAIL("no button " << label);
  return {};
}
ambience_player pressed(const ambience_player& player, const std::string& label) {
  const auto id = button(drawn(player), label)["custom_id"].get<std::string>();
  const auto change = parse_player_button(id, {}, lounge);
  REQUIRE(change);
  return apply(player, *change, noon).player;
}
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("player message: what plays, where, how loud", "[voice]") {
  const auto message = drawn(playing({{"rain:2", 100}, {"fire:2", 60}}));
  CHECK(has(text(message), "Now playing"));
  CHECK(has(text(message), "**Downpour**\n"));
  CHECK(has(text(message), "**Campfire**  60 %"));
  CHECK(has(text(message), "<#600> · volume 100 %"));
  CHECK(has(text(drawn(playing({{"rain:2", 100}}), {}, {}, french)), "Averse"));
  CHECK(message["allowed_mentions"] == json{{"parse", json::array()}});
}

TEST_CASE("player message: its state is said", "[voice]") {
  auto player = playing({{"rain:1", 100}});
  player.stay = true;
  player.sleep_at = {noon.ms + 60'000};
  player.focus = {25, 5, 4, noon};
  const auto all = text(drawn(player, {}, {"Something is wrong.", "News.", true}));
  for (const auto* part : {"Something is wrong.", "News.", "Stays also", "Stops <t:1795000060:R>",
                           "Round 1 of 4: focus until <t:1795001500:t>"})
    CHECK(has(all, part));
  CHECK(has(text(drawn(player, {}, {"", "", true})), "Nobody is here"));
  player.paused = true;
  CHECK(has(text(drawn(player)), "Paused"));
  player.focus.started = {noon.ms - 26 * 60'000};
  CHECK(has(text(drawn(player)), "Round 1 of 4: rest until"));
}

TEST_CASE("player message: variants of the family, the one that plays is marked", "[voice]") {
  const auto player = playing({{"rain:2", 100}, {"fire:1", 60}});
  CHECK(button(drawn(player), "Downpour")["style"] == 1);
  CHECK(button(drawn(player), "Light rain")["style"] == 2);
  CHECK(layers_text(pressed(player, "Rain on a tent").layers) ==
        R"([["rain:3",100],["fire:1",60]])");
  CHECK(pressed(player, "Downpour") == player); // pressed by two at once
}

TEST_CASE("player message: layers on and off", "[voice]") {
  const auto player = playing({{"rain:2", 100}});
  const auto with_fire = pressed(player, "Fire");
  CHECK(layers_text(with_fire.layers) == R"([["rain:2",100],["fire:1",70]])");
  CHECK(button(drawn(with_fire), "Fire")["style"] == 3);
  CHECK(pressed(with_fire, "Fire") == player);
}

TEST_CASE("player message: a full mix offers no further layer, only to take some out", "[voice]") {
  auto player = playing({{"rain:2", 100}});
  for (const auto* sound : {"fire:1", "music:1", "stars:1", "noise:1"})
    player.layers.push_back({sound, 70});
  CHECK_FALSE(button(drawn(player), "Sea").value("disabled", false));
  player = pressed(player, "Sea");
  REQUIRE(player.layers.size() == voice_layers_max);
  CHECK(button(drawn(player), "Wind")["disabled"] == true);
  CHECK_FALSE(button(drawn(player), "Sea").value("disabled", false));
  CHECK_FALSE(button(drawn(player), "Fire").value("disabled", false));
}

TEST_CASE("player message: files whose names fit no button are left out", "[voice]") {
  const auto too_long = file_sound_id("sea", std::string(sound_id_max, 'x'));
  const auto player = playing({{"rain:2", 100}});
  CHECK(drawn(player, {too_long, "file:sea/\xE9.ogg"}) == drawn(player));
  const auto files = parts(drawn(player, {too_long, "file:sea/waves.ogg"})).back()["options"];
  REQUIRE(files.size() == 1);
  CHECK(files[0]["value"] == "file:sea/waves.ogg");
  CHECK(search_sounds(english, {too_long}, "xxx", 25).empty());
}

TEST_CASE("player message: volume, pause, stop", "[voice]") {
  auto player = playing({{"rain:2", 100}});
  CHECK(button(drawn(player), "Louder")["disabled"] == true);
  CHECK(pressed(player, "Quieter").volume == 80);
  player.volume = 10;
  CHECK(pressed(player, "Quieter").volume == 0);
  CHECK(pressed(player, "Louder").volume == 30);
  player.volume = 0;
  CHECK(button(drawn(player), "Quieter")["disabled"] == true);
  CHECK(pressed(player, "Pause").paused);
  CHECK_FALSE(pressed(pressed(player, "Pause"), "Go on").paused);
  CHECK_FALSE(pressed(player, "Stop").channel);
}

TEST_CASE("player message: the operator's own files", "[voice]") {
  CHECK(drawn(playing({{"rain:2", 100}}))["components"].size() == 3);
  auto own = own_sounds{};
  for (auto i = 0; i < 40; ++i)
    own.push_back(file_sound_id("rain", "lake " + std::to_string(i) + ".ogg"));
  const auto message = drawn(playing({{own[1], 100}}), own);
  const auto select = parts(message).back();
  CHECK(select["options"].size() == 25);
  CHECK(select["options"][1]["label"] == "lake 1");
  CHECK(select["options"][1]["default"] == true);
  const auto change = parse_player_button(select["custom_id"].get<std::string>(), {own[3]}, lounge);
  REQUIRE(change);
  CHECK(std::get<to::choose>(*change).sound == own[3]);
}

TEST_CASE("player message: ids are unique and rows are within bounds for any player", "[voice]") {
  auto own = own_sounds{file_sound_id("sea", std::string(60, 'x') + ".ogg")};
  auto sounds = std::vector<std::string>{own[0]};
  for (const auto& family : sound_families())
    for (auto variant = 1; variant <= variants_max; ++variant)
      sounds.push_back(sound_id(family.id, variant));
  for (const auto& sound : sounds)
    for (const auto volume : {0, 10, 50, 95, 100}) {
      auto player = playing({{sound, 100}, {"fire:1", 50}});
      player.volume = volume;
      const auto message = drawn(player, own);
      CHECK(message["components"].size() <= 5);
      auto ids = std::set<std::string>{};
      for (const auto& part : parts(message)) {
        CAPTURE(part.dump());
        CHECK(ids.insert(part["custom_id"].get<std::string>()).second);
        CHECK(parse_custom_id(part["custom_id"].get<std::string>())->area == ambience_feature);
        CHECK(text_length(part.value("label", "")) <= 80);
        for (const auto& option : part.value("options", json::array()))
          CHECK(text_length(option["value"].get<std::string>()) <= 100);
      }
      for (const auto& row : message["components"])
        CHECK(row["components"].size() <= 5);
    }
}

TEST_CASE("player message: foreign and damaged ids are nobody's", "[voice]") {
  for (const auto* id : {"", "voice", "voice:", "voice:play", "voice:play:a:b", "voice:mix:rain",
                         "voice:mix:a:101", "voice:mix:a:-1", "voice:volume:x", "voice:volume:101",
                         "voice:files", "voice:stop:now", "schedule:stop", "voice:dance"})
    CHECK_FALSE(parse_player_button(id, {}, lounge));
  CHECK_FALSE(parse_player_button("voice:files", {"a", "b"}, lounge));
}

TEST_CASE("player message: once over, it begins anew", "[voice]") {
  const auto message = json::parse(render_over(english, "Everybody had left.", "rain:2"));
  CHECK(has(text(message), "Everybody had left."));
  const auto again = button(message, "Play again: Downpour")["custom_id"].get<std::string>();
  CHECK(std::get<to::choose>(*parse_player_button(again, {}, lounge)).sound == "rain:2");
  CHECK(json::parse(render_over(english, "x"))["components"].empty());
}

TEST_CASE("sounds: every one has a name in each language", "[voice]") {
  const auto& texts = embedded_catalog();
  for (const auto& family : sound_families()) {
    CHECK(texts.has("voice.family." + std::string{family.id}));
    for (auto variant = 1; variant <= variants_max; ++variant)
      CHECK(texts.has("voice.sound." + std::string{family.id} + "." + std::to_string(variant)));
    CHECK(find_family(family.id) == &family);
  }
  CHECK(sound_name(english, "file:rain/Lake at night.ogg") == "Lake at night");
  CHECK(sound_name(english, "file:odd") == "odd");
  CHECK(sound_name(english, "dance:1") == "dance:1");
}

TEST_CASE("sounds: found by name, family, id and file, whatever their dress", "[voice]") {
  const auto own = own_sounds{"file:sea/Été.ogg"};
  const auto find = [&](const words& say, const char* typed) {
    auto ids = std::vector<std::string>{};
    for (const auto& each : search_sounds(say, own, typed, 25))
      ids.push_back(each.id);
    return ids;
  };
  CHECK(find(english, "downp") == std::vector<std::string>{"rain:2"});
  CHECK(find(french, "averse") == std::vector<std::string>{"rain:2"});
  CHECK(find(english, "ete") == std::vector<std::string>{"file:sea/Été.ogg"});
  CHECK(find(english, "").size() == 25);
  CHECK(find(english, "")[1] == "wind:1"); // one of each family before the second of any
  CHECK(find(english, "nothing like it").empty());
  CHECK(sound_typed(english, own, "rain:5") == "rain:5");
  CHECK(sound_typed(english, own, "Rain") == "rain:1");
  CHECK(sound_typed(english, own, "downpour") == "rain:2");
  CHECK(sound_typed(french, own, "Pluie légère") == "rain:1");
  CHECK(sound_typed(english, own, "file:sea/Été.ogg") == own[0]);
  for (const auto* odd :
       {"", "rain:6", "rain:0", ":1", "file:sea/none.ogg", "file:../x", "dance", "!!!"})
    CHECK_FALSE(sound_typed(english, own, odd));
}

TEST_CASE("sounds: families of commands", "[voice]") {
  for (const auto* name : {"rain", "wind", "sparkles", "stars", "sea", "background-music"}) {
    CHECK(family_of_command(name) != nullptr);
    CHECK(find_command(name) != nullptr);
  }
  CHECK(family_of_command("") == nullptr);
  CHECK(family_of_command("ambience") == nullptr);
}
