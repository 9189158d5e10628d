// Goal: who is scheduled now and next is said by the schedule's own rules, also around midnight and
// where clocks are put forward and back; who asked not to be named is not.
#include "infra/clock/zone_time.hpp"
#include "infra/voice/ambience_settings.hpp"
#include "infra/voice/welcome_text.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

const auto english = words{embedded_catalog(), "en-US"};
const auto french = words{embedded_catalog(), "fr"};

welcomed person(const char* name) { return called(name, nullptr); }

evening_rules rules(const char* zone) {
  auto made = evening_rules{};
  made.zone = zone;
  return made; // 13:00 to 4:00 in the morning
}
instant local(const char* zone, const char* date, int hour, int minute) {
  return from_local(zone, *parse_date(date), hour * 60 + minute);
}
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("welcome: now and next", "[voice]") {
  auto facts = welcome_facts{};
  facts.self = person("Ada");
  facts.now = {person("Bob"), person("Cem")};
  facts.next = {person("Dan")};
  facts.next_hour = 19;
  facts.hint = "voice.hint";
  CHECK(welcome_speech(english, facts) ==
        "Hello Ada. On the schedule for this hour are Bob and Cem. At 7 pm: Dan.");
  facts.now.pop_back();
  CHECK(welcome_speech(french, facts) ==
        "Bonjour Ada. Au planning de cette heure, il y a Bob. À 19 h\u00a0: Dan.");
  facts.now.clear();
  CHECK(welcome_speech(english, facts) == "Hello Ada. At 7 pm: Dan.");
}

TEST_CASE("welcome: nobody is scheduled, so there is a hint", "[voice]") {
  auto facts = welcome_facts{};
  facts.self = person("Ada");
  facts.hint = "voice.hint_lfg";
  CHECK(welcome_speech(english, facts) == "Hello Ada. Nobody is on the schedule right now. Type "
                                          "slash L F G to look for players.");
}

TEST_CASE("welcome: who asked not to be named is counted", "[voice]") {
  const auto quiet = spoken_name{{10}, "", false};
  auto facts = welcome_facts{};
  facts.self = called("Ada", &quiet);
  facts.now = {person("Bob"), called("Cem", &quiet), called("Dan", &quiet)};
  facts.hint = "voice.hint";
  CHECK(welcome_speech(english, facts) ==
        "Hello. On the schedule for this hour are Bob and 2 others.");
  CHECK(welcome_message(english, facts) ==
        "Hello. On the schedule for this hour are Bob and 2 others.");
  facts.now = {called("Cem", &quiet)};
  CHECK(welcome_speech(english, facts) == "Hello. On the schedule for this hour is somebody.");
}

TEST_CASE("welcome: names are said as wanted, and written as they are", "[voice]") {
  const auto wish = spoken_name{{11}, "Bobby", true};
  auto facts = welcome_facts{};
  facts.self = person("xX_*Ada*_Xx ❄");
  facts.now = {called("B0b", &wish), person("❄")};
  facts.hint = "voice.hint";
  CHECK(welcome_speech(english, facts) ==
        "Hello xX Ada Xx. On the schedule for this hour are Bobby and 1 other.");
  CHECK(has(welcome_message(english, facts), "B0b"));
  CHECK(has(welcome_message(english, facts), "\\*Ada\\*"));
}

TEST_CASE("welcome: long lists are cut, long names counted", "[voice]") {
  auto facts = welcome_facts{};
  facts.self = person("Ada");
  facts.hint = "voice.hint";
  for (auto i = 0; i < 30; ++i)
    facts.now.push_back(person(("Player " + std::to_string(i)).c_str()));
  CHECK(has(welcome_speech(english, facts), "Player 4 and 25 others"));
  const auto endless = std::string(80, 'x');
  facts.now.assign(10, person(("日" + endless).c_str()));
  facts.next = facts.now;
  facts.next_hour = 20;
  CHECK(welcome_speech(english, facts).size() <= speech_bytes_max);
  facts.now.assign(
      10, person("日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日"));
  facts.next = facts.now;
  const auto counted = welcome_speech(english, facts);
  CHECK(counted.size() <= speech_bytes_max);
  CHECK(has(counted, "10 members"));
}

TEST_CASE("welcome: in the evening's hours, after midnight the evening before", "[voice]") {
  constexpr auto paris = "Europe/Paris";
  const auto at = [&](const char* date, int hour, int minute) {
    return welcome_slots_at(rules(paris), local(paris, date, hour, minute));
  };
  const auto evening = at("2026-11-20", 18, 59);
  CHECK(evening.now->hour == 18);
  CHECK(evening.next->hour == 19);
  const auto midnight = at("2026-11-20", 23, 30);
  CHECK(midnight.now->hour == 23);
  CHECK(midnight.next->hour == 24);
  CHECK(midnight.next->evening == midnight.now->evening);
  const auto late = at("2026-11-21", 0, 30);
  CHECK(late.now->hour == 24);
  CHECK(late.now->evening == midnight.now->evening);
  const auto last = at("2026-11-21", 3, 30);
  CHECK(last.now->hour == 27);
  CHECK_FALSE(last.next); // the next evening is hours away
  CHECK_FALSE(at("2026-11-21", 4, 30).now);
  const auto noon = at("2026-11-21", 12, 10);
  CHECK_FALSE(noon.now);
  CHECK(noon.next->hour == 13);
  CHECK_FALSE(at("2026-11-21", 11, 59).next);
}

TEST_CASE("welcome: where clocks are put forward and back", "[voice]") {
  constexpr auto paris = "Europe/Paris";
  // 2026-03-29: 2:00 becomes 3:00. The slot of hour 26 does not exist.
  const auto spring = welcome_slots_at(rules(paris), {local(paris, "2026-03-29", 1, 30)});
  CHECK(spring.now->hour == 25);
  CHECK(spring.next->hour == 27);
  CHECK(spring.next->from.ms - spring.now->from.ms == 3'600'000);
  // 2026-10-25: 3:00 becomes 2:00. The slot of hour 26 lasts two hours.
  const auto begin = local(paris, "2026-10-25", 2, 0);
  const auto first = welcome_slots_at(rules(paris), {begin.ms + 30 * 60'000});
  const auto second = welcome_slots_at(rules(paris), {begin.ms + 90 * 60'000});
  CHECK(first.now->hour == 26);
  CHECK(second.now == first.now);
  CHECK_FALSE(first.next); // 3:00 is an hour and a half away
  CHECK(second.next->hour == 27);
}

TEST_CASE("welcome: a slot's members without oneself, in order", "[voice]") {
  auto record = evening_record{};
  record.votes = {{18, {10}, vote_source::voice},
                  {18, {11}, vote_source::button},
                  {19, {12}, vote_source::button},
                  {18, {13}, vote_source::button}};
  record.members[{11}] = {{11}, "Bob", ""};
  auto slot = evening_slot{};
  slot.hour = 18;
  const auto found = scheduled_in(record, slot, {10});
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "Bob");
  CHECK(found[1].user == user_id{13});
}

TEST_CASE("ambience settings: defaults, values, damage", "[voice]") {
  auto settings = guild_settings{};
  auto read = ambience_settings_of(settings, 45);
  CHECK(read.idle_minutes == 45);
  CHECK_FALSE(read.welcome);
  CHECK(read.keywords);
  CHECK(read.keyword_list == std::vector<std::string>{"rain", "pluie", "goutte", "raindrop"});
  settings.options = {{idle_option, "7"},       {welcome_option, "on"},
                      {keywords_option, "off"}, {keyword_list_option, "Snow neige"},
                      {status_option, "off"},   {listed_option, "off"}};
  read = ambience_settings_of(settings, 45);
  CHECK(read.idle_minutes == 7);
  CHECK(read.welcome);
  CHECK_FALSE(read.keywords);
  CHECK(read.keyword_list == std::vector<std::string>{"snow", "neige"});
  CHECK_FALSE(read.status);
  CHECK_FALSE(read.listed);
  for (const auto* odd : {"x", "", "9x", "-", "99999999999999999999"}) {
    settings.options[idle_option] = odd;
    CHECK(ambience_settings_of(settings, 45).idle_minutes == 45);
  }
  settings.options[idle_option] = "0";
  CHECK(ambience_settings_of(settings, 45).idle_minutes == 1);
}
