// Goal: the message says who comes, stays inside Discord's limits and cannot be bent by names.
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/evening_view.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>
#include <set>

using namespace hearth;
using nlohmann::json;

namespace {

const auto friday = *parse_evening_day("2026-11-20");
const auto rules = evening_rules{{18, 25}, "America/Los_Angeles"};
words in(const char* locale) { return {embedded_catalog(), locale}; }

guild_snapshot guild() {
  auto made = guild_snapshot{};
  made.id = {1};
  made.emojis = {{{100}, "Gold", false}};
  return made;
}
evening_record record() {
  auto made = evening_record{};
  made.guild = {1};
  made.evening = friday;
  made.votes = {{maybe_hour, {12}, vote_source::button},
                {18, {10}, vote_source::button},
                {18, {11}, vote_source::recurrent},
                {24, {12}, vote_source::voice}};
  made.members = {{{10}, {{10}, "Ada", "Gold"}},
                  {{11}, {{11}, "*Bob* @everyone", "Silver"}},
                  {{12}, {{12}, "", ""}}};
  return made;
}
json render(const evening_record& what, const char* locale = "en",
            const evening_rules& how = rules) {
  return json::parse(render_evening(in(locale), what, guild(), how));
}
std::vector<std::string> lines(const json& message) {
  auto found = std::vector<std::string>{};
  auto text = std::istringstream{message["embeds"][0]["description"].get<std::string>()};
  for (auto line = std::string{}; std::getline(text, line);)
    found.push_back(line);
  return found;
}

} // namespace

TEST_CASE("evening view: one line an hour, in each reader's own time", "[schedule]") {
  const auto message = render(record());
  const auto text = lines(message);
  REQUIRE(text.size() == 2 + 8);
  CHECK(text[0] == "When will you play on **Friday, November 20, 2026**?");
  CHECK(text[2] == "<t:1795226400:t>  <:Gold:100> Ada, " + escape_markdown("*Bob* @everyone"));
  CHECK(text[3] == "<t:1795230000:t>  –");
  CHECK(text[8] == "<t:1795248000:t>  <@12> 🎧"); // midnight
  CHECK(message["embeds"][0]["title"] == "Schedule");
  CHECK(message["embeds"][0]["fields"][0]["value"] == "<@12>");
  CHECK(message["embeds"][0]["footer"]["text"].get<std::string>().find("voice channel") !=
        std::string::npos);
  CHECK(message["allowed_mentions"]["parse"].empty());
}

TEST_CASE("evening view: nobody yet", "[schedule]") {
  auto empty = record();
  empty.votes.clear();
  const auto message = render(empty);
  CHECK_FALSE(message["embeds"][0].contains("fields"));
  CHECK(message["embeds"][0]["footer"]["text"].get<std::string>().find("🎧") == std::string::npos);
}

TEST_CASE("evening view: buttons carry the evening and the hour", "[schedule]") {
  const auto message = render(record());
  const auto& rows = message["components"];
  REQUIRE(rows.size() == 3); // five hours, three hours, maybe
  CHECK(rows[0]["components"][0]["label"] == "6 pm");
  CHECK(rows[1]["components"][1]["label"] == "12 am");
  CHECK(rows[1]["components"][2]["label"] == "1 am");
  CHECK(parse_vote_button(rows[1]["components"][2]["custom_id"].get<std::string>()) ==
        vote_button{friday, 25});
  CHECK(parse_vote_button(rows[2]["components"][0]["custom_id"].get<std::string>()) ==
        vote_button{friday, maybe_hour});
  CHECK(rows[2]["components"][1]["custom_id"] == "schedule:plan:remind");
  const auto french = render(record(), "fr");
  CHECK(french["components"][0]["components"][0]["label"] == "18 h");
  CHECK(french["components"][1]["components"][1]["label"] == "0 h");
  CHECK(lines(french)[0] == "Quand jouerez-vous le **vendredi 20 novembre 2026**\u00a0?");
}

TEST_CASE("evening view: the longest evening fits 25 buttons", "[schedule]") {
  const auto message = render(record(), "en", {{13, 13 + slots_max - 1}, "Europe/Paris"});
  auto ids = std::set<std::string>{};
  REQUIRE(message["components"].size() == 5);
  for (const auto& row : message["components"]) {
    CHECK(row["components"].size() <= 5);
    for (const auto& button : row["components"])
      ids.insert(button["custom_id"]);
  }
  CHECK(ids.size() == slots_max + 2); // maybe, and the bell
}

TEST_CASE("evening view: a night with a missing hour has a line and a button less", "[schedule]") {
  auto march = record();
  march.evening = *parse_evening_day("2026-03-07");
  const auto message = render(march, "en", {{22, 27}, "America/Los_Angeles"});
  CHECK(lines(message).size() == 2 + 5);
  CHECK(message["components"][0]["components"].size() == 5);
  CHECK(message["components"][0]["components"][4]["label"] == "3 am");
}

TEST_CASE("evening view: crowds are cut to Discord's limits, fairly", "[schedule]") {
  auto crowd = evening_record{};
  crowd.evening = friday;
  for (auto hour = 13; hour < 13 + slots_max; ++hour)
    for (uint64_t user = 1; user <= 40; ++user)
      crowd.votes.push_back({hour, {user}, vote_source::voice});
  for (uint64_t user = 1; user <= 200; ++user)
    crowd.votes.push_back({maybe_hour, {user}, vote_source::button});
  for (uint64_t user = 1; user <= 200; ++user)
    crowd.members[{user}] = {{user}, "****************************" + std::to_string(user), "Gold"};
  const auto message = render(crowd, "fr", {{13, 13 + slots_max - 1}, "America/Los_Angeles"});
  const auto& embed = message["embeds"][0];
  CHECK(text_length(embed["description"].get<std::string>()) <= 4096);
  CHECK(text_length(embed["fields"][0]["value"].get<std::string>()) <= 1024);
  const auto text = lines(message);
  REQUIRE(text.size() == 2 + slots_max); // each hour keeps its line
  for (size_t i = 2; i < text.size(); ++i) {
    CHECK(text[i].find("1 🎧, ") != std::string::npos);
    CHECK(text[i].find(" +3") != std::string::npos); // thirty-odd more
    CHECK(text[i].find("Gold") == std::string::npos);
  }
  // Badges go first: these names have room once they are gone.
  crowd.votes.resize(40);
  for (uint64_t user = 41; user <= 60; ++user)
    crowd.votes.push_back({13, {user}, vote_source::voice});
  const auto fewer = lines(render(crowd, "en", {{13, 20}, "Etc/UTC"}));
  CHECK(fewer[2].find('+') == std::string::npos);
  CHECK(fewer[2].find("Gold") == std::string::npos);
}

TEST_CASE("evening view: custom_ids of others are not votes", "[schedule]") {
  CHECK(vote_custom_id({friday, 18}) == "schedule:vote:2026-11-20:18");
  CHECK(vote_custom_id({friday, maybe_hour}) == "schedule:vote:2026-11-20:maybe");
  for (const auto* text :
       {"", "schedule:vote", "schedule:vote:2026-11-20", "vote:2026-11-20:18",
        "schedule:vote:2026-11-31:18", "schedule:vote:2026-11-20:48", "schedule:vote:2026-11-20:-2",
        "schedule:vote:2026-11-20:x", "schedule:vote:2026-11-20:18:1", "lobby:vote:2026-11-20:18"})
    CHECK_FALSE(parse_vote_button(text));
}

TEST_CASE("evening view: our message is found among others", "[schedule]") {
  const auto entry = [&](const char* id, const char* author, const evening_record& what) {
    auto message = render(what);
    message["id"] = id;
    message["author"] = {{"id", author}};
    return message;
  };
  auto other = record();
  other.evening.number -= 1;
  const auto list = json{entry("503", "9", other),
                         entry("502", "9", record()),
                         entry("501", "9", record()),
                         entry("504", "8", record()), // another bot's copy
                         json{{"id", "505"}, {"author", {{"id", "9"}}}, {"components", 7}},
                         json{{"id", 506}},
                         json("hello"),
                         json{{"id", "507"}, {"author", nullptr}, {"components", nullptr}}}
                        .dump();
  CHECK(find_evening_message(list, {9}, friday, {}) == message_id{502});
  CHECK(find_evening_message(list, {9}, friday, {{{1}, {502}}}) == message_id{501});
  CHECK_FALSE(find_evening_message(list, {9}, friday, {{{1}, {502}}, {{1}, {501}}}));
  CHECK_FALSE(find_evening_message(list, {9}, {friday.number + 1}, {}));
  CHECK_FALSE(find_evening_message("{\"message\":\"Missing Access\"}", {9}, friday, {}));
  CHECK_FALSE(find_evening_message("not json", {9}, friday, {}));
}
