// Goal: whole words whatever their dress; names as a voice can say them; reactions that are rare.
#include "infra/voice/reaction_rate.hpp"
#include "infra/voice/word_text.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("keywords: whole words only", "[voice]") {
  const auto words = keywords_in("rain, pluie goutte  RAIN raindrop");
  CHECK(words == std::vector<std::string>{"rain", "pluie", "goutte", "raindrop"});
  for (const auto* text :
       {"rain", "Rain!", "the RAIN falls", "(rain)", "“rain”", "rain—or not", "une goutte d’eau",
        "🌧️rain🌧️", "**rain**", "https://a.b/rain", "raín", "PLUIE"})
    CHECK(has_keyword(text, words));
  for (const auto* text : {"train", "brain", "rains", "rain_coat", "pluies", "r a i n", "", "雨",
                           "raindrops", "x\xff\xfe"})
    CHECK_FALSE(has_keyword(text, words));
  CHECK(has_keyword("Été", keywords_in("ete")));
  CHECK(has_keyword("e\xCC\x81te\xCC\x81", keywords_in("été"))); // combining accents
  CHECK(has_keyword("il pleut 雨", keywords_in("雨")));
}

TEST_CASE("keywords: a list is bounded", "[voice]") {
  auto list = std::string{};
  for (auto i = 0; i < 200; ++i)
    list += "word" + std::to_string(i) + " ";
  CHECK(keywords_in(list).size() == keywords_max);
  CHECK(keywords_in(std::string(500, 'x')).empty());
  CHECK(keywords_in("!!! , ;").empty());
}

TEST_CASE("names: only what can be said", "[voice]") {
  CHECK(speakable("Ada", 40) == "Ada");
  CHECK(speakable("xX_Sn1per_Xx", 40) == "xX Sn1per Xx");
  CHECK(speakable("Noël ❄", 40) == "Noël");
  CHECK(speakable("Jean-Luc O’Brien", 40) == "Jean-Luc O’Brien");
  CHECK(speakable("  -- Bob --  ", 40) == "Bob");
  CHECK(speakable("<speak>[[hI]] & co", 40) == "speak hI co");
  CHECK(speakable("Élodie", 2) == "Él");
  CHECK(speakable("a bc", 2) == "a");
  CHECK(speakable("❄🔥", 40).empty());
  CHECK(speakable("", 40).empty());
  CHECK(speakable("Ж日", 40) == "Ж日");
}

TEST_CASE("reactions: one in half a minute a channel, ten a minute in all", "[voice]") {
  auto rate = reaction_rate{};
  const auto at = [](int64_t s) { return instant{1'795'000'000'000 + s * 1'000}; };
  CHECK(rate.take({1}, at(0)));
  CHECK_FALSE(rate.take({1}, at(29)));
  CHECK(rate.take({1}, at(30)));
  for (uint64_t channel = 2; channel < 10; ++channel)
    CHECK(rate.take({channel}, at(31)));
  CHECK_FALSE(rate.take({50}, at(59)));
  CHECK(rate.take({50}, at(60)));       // the first has been forgotten
  CHECK_FALSE(rate.take({51}, at(61))); // the second not yet
  CHECK(rate.take({50}, at(-5'000)));   // the clock went back: it forbids nothing there
}
