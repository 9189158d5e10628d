// Goal: the player is exactly what was asked for, whoever asks twice or at once.
#include "infra/voice/ambience_player.hpp"
#include "messages/voice.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
namespace to = ambience_do;
using refusal = ambience_refusal;

namespace {

constexpr auto lounge = channel_id{600}, attic = channel_id{601};
constexpr auto noon = instant{1'795'000'000'000};

ambience_player after(ambience_player player, const ambience_change& change, instant now = noon) {
  const auto outcome = apply(std::move(player), change, now);
  CHECK(outcome.refusal == refusal::none);
  return outcome.player;
}
ambience_player raining() { return after({}, to::play{lounge, {{"rain:2", 100}}, -1}); }
std::string shown(const ambience_player& player) { return layers_text(player.layers); }

} // namespace

TEST_CASE("player: playing replaces everything, so families never fight", "[voice]") {
  auto player = raining();
  CHECK(player.channel == lounge);
  CHECK(player.since == noon);
  CHECK(shown(player) == R"([["rain:2",100]])");
  player = after(player, to::play{lounge, {{"sea:1", 100}}, 40}, {noon.ms + 5});
  CHECK(shown(player) == R"([["sea:1",100]])");
  CHECK(player.volume == 40);
  CHECK(player.since == noon); // it went on
  CHECK(after(player, to::play{attic, {{"sea:1", 100}}, -1}).channel == attic);
  CHECK(after(player, to::play{attic, {{"sea:1", 100}}, -1}).volume == 40);
}

TEST_CASE("player: a second same press changes nothing", "[voice]") {
  const auto changes = std::vector<ambience_change>{to::mix{lounge, {"fire:1", 60}},
                                                    to::choose{lounge, "rain:4"},
                                                    to::set_volume{30},
                                                    to::pause{true},
                                                    to::pause{false},
                                                    to::set_stay{true}};
  for (const auto& change : changes) {
    const auto once = after(raining(), change);
    CHECK(after(once, change) == once);
  }
}

TEST_CASE("player: mixing adds, sets the volume, takes out at 0 and begins in silence", "[voice]") {
  auto player = after(raining(), to::mix{attic, {"fire:1", 60}});
  CHECK(player.channel == lounge); // it plays there already
  CHECK(shown(player) == R"([["rain:2",100],["fire:1",60]])");
  CHECK(shown(after(player, to::mix{lounge, {"fire:1", 90}})) ==
        R"([["rain:2",100],["fire:1",90]])");
  CHECK(shown(after(player, to::mix{lounge, {"fire:1", 0}})) == R"([["rain:2",100]])");
  CHECK(after({}, to::mix{attic, {"fire:1", 60}}).channel == attic);
  CHECK(apply({}, to::mix{attic, {"fire:1", 0}}, noon).refusal == refusal::silent);
  CHECK(apply(player, to::mix{lounge, {"sea:1", 0}}, noon).refusal == refusal::absent);
}

TEST_CASE("player: no more sounds at a time than there may be", "[voice]") {
  auto player = raining();
  for (const auto* sound : {"fire:1", "sea:1", "wind:1", "night:1", "train:1"})
    player = after(player, to::mix{lounge, {sound, 50}});
  REQUIRE(player.layers.size() == voice_layers_max);
  const auto refused = apply(player, to::mix{lounge, {"noise:1", 50}}, noon);
  CHECK(refused.refusal == refusal::too_many);
  CHECK(refused.player == player);
  CHECK(after(player, to::mix{lounge, {"fire:1", 10}}).layers[1].volume == 10);
}

TEST_CASE("player: another variant takes the place of its family only", "[voice]") {
  const auto both = after(raining(), to::mix{lounge, {"fire:1", 60}});
  CHECK(shown(after(both, to::choose{lounge, "rain:5"})) == R"([["rain:5",100],["fire:1",60]])");
  CHECK(shown(after(both, to::choose{lounge, "fire:3"})) == R"([["rain:2",100],["fire:3",60]])");
  CHECK(shown(after(both, to::choose{lounge, "sea:1"})) == R"([["sea:1",100]])");
  CHECK(shown(after(both, to::choose{lounge, "file:rain/lake.ogg"})) ==
        R"([["file:rain/lake.ogg",100],["fire:1",60]])");
  const auto twins = after(both, to::mix{lounge, {"rain:4", 50}});
  CHECK(shown(after(twins, to::choose{lounge, "rain:4"})) == R"([["rain:4",100],["fire:1",60]])");
  CHECK(after({}, to::choose{attic, "sea:1"}).channel == attic);
}

TEST_CASE("player: what belongs to a stay ends with it, the volume and the message do not",
          "[voice]") {
  auto player = after(raining(), to::set_stay{true});
  player = after(player, to::set_sleep{{noon.ms + 60'000}});
  player = after(player, to::set_focus{25, 5, 4});
  player = after(player, to::set_volume{35});
  player = after(player, to::show{{7}, {8}});
  for (const auto& end :
       std::vector<ambience_change>{to::stop{}, to::moved{{}}, to::drop{"rain:2"}}) {
    const auto over = after(player, end);
    auto wanted = ambience_player{};
    wanted.volume = 35;
    wanted.message_channel = {7};
    wanted.message = {8};
    CHECK(over == wanted);
    CHECK(apply(over, end, noon).refusal == refusal::silent);
  }
}

TEST_CASE("player: moved by Discord it plays on there", "[voice]") {
  const auto player = after(raining(), to::moved{attic});
  CHECK(player.channel == attic);
  CHECK(player.layers == raining().layers);
}

TEST_CASE("player: nothing but a sound begins in silence", "[voice]") {
  for (const auto& change : std::vector<ambience_change>{
           to::stop{}, to::pause{true}, to::set_volume{5}, to::set_stay{true}, to::set_sleep{noon},
           to::set_focus{25, 5, 4}, to::drop{"rain:1"}, to::moved{lounge}}) {
    const auto refused = apply({}, change, noon);
    CHECK(refused.refusal == refusal::silent);
    CHECK(refused.player == ambience_player{});
  }
}

TEST_CASE("player: volumes out of range are brought into it", "[voice]") {
  CHECK(after(raining(), to::set_volume{300}).volume == 100);
  CHECK(after(raining(), to::set_volume{-3}).volume == 0);
  CHECK(after({}, to::play{lounge, {{"rain:1", 900}}, 900}).layers[0].volume == 100);
}

TEST_CASE("player: layers as text survive, damage is left out", "[voice]") {
  const auto layers = std::vector<ambience_layer>{{"rain:2", 100}, {"file:sea/été \"1\".ogg", 7}};
  CHECK(layers_in(layers_text(layers)) == layers);
  CHECK(layers_in("").empty());
  CHECK(layers_in("{").empty());
  CHECK(layers_in(R"({"a":1})").empty());
  CHECK(layers_in(R"([["rain:2"],["",5],[7,5],["sea:1","x"],["fire:1",900],["fire:1",5],5])") ==
        std::vector<ambience_layer>{{"fire:1", 100}});
  CHECK(layers_in("[[\"" + std::string(sound_id_max + 1, 'x') + "\",5]]").empty());
}

TEST_CASE("player: families of sounds", "[voice]") {
  CHECK(family_of("rain:2") == "rain");
  CHECK(family_of("file:sea/waves.ogg") == "sea");
  CHECK(family_of("file:") == "");
  CHECK(family_of("") == "");
}

TEST_CASE("focus: rounds to the millisecond, no rest after the last", "[voice]") {
  const auto plan = focus_plan{25, 5, 2, noon};
  const auto at = [&](int64_t ms) { return focus_at(plan, {noon.ms + ms}); };
  constexpr int64_t minute = 60'000;
  CHECK(at(0) == focus_state{focus_phase::work, 1, {noon.ms + 25 * minute}});
  CHECK(at(25 * minute - 1).phase == focus_phase::work);
  CHECK(at(25 * minute) == focus_state{focus_phase::rest, 1, {noon.ms + 30 * minute}});
  CHECK(at(30 * minute) == focus_state{focus_phase::work, 2, {noon.ms + 55 * minute}});
  CHECK(at(55 * minute - 1).phase == focus_phase::work);
  CHECK(at(55 * minute) == focus_state{});
  CHECK(at(-5 * minute).round == 1); // the clock went back
  CHECK(focus_at({}, noon) == focus_state{});
  const auto no_rest = focus_plan{10, 0, 3, noon};
  CHECK(focus_at(no_rest, {noon.ms + 10 * minute}).round == 2);
  CHECK(focus_at(no_rest, {noon.ms + 30 * minute}).phase == focus_phase::none);
}

TEST_CASE("sounds: what a button can carry", "[voice]") {
  CHECK(fits_buttons("rain:2"));
  CHECK(fits_buttons("file:" + std::string(sound_id_max - 7, 'x'))); // ':' takes three bytes
  CHECK_FALSE(fits_buttons("file:" + std::string(sound_id_max - 6, 'x')));
  CHECK(fits_buttons(std::string(26, '%')));
  CHECK_FALSE(fits_buttons(std::string(27, '%')));
  CHECK(fits_buttons("file:sea/\u00c9t\u00e9.ogg"));
  CHECK_FALSE(fits_buttons("file:sea/\xC9t\xE9.ogg")); // Latin-1
  CHECK(layers_in("[[\"file:" + std::string(sound_id_max - 6, 'x') + "\",5]]").empty());
}
