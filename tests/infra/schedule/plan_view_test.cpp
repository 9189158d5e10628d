// Goal: choosing a plan needs no memory but the message, in either order, and tells what it did.
#include "infra/schedule/plan_view.hpp"
#include "infra/schedule/schedule_commands.hpp"
#include "infra/schedule/schedule_settings.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;

namespace {

const auto rules = evening_rules{{13, 27}, "Europe/Paris"};
words in(const char* locale) { return {embedded_catalog(), locale}; }
plan_choice choice(const char* days, const char* hours) {
  return {*parse_day_set(days), *parse_hour_set(hours)};
}
json planner(const plan_choice& what, const char* locale = "en") {
  return json::parse(render_planner(in(locale), rules, what));
}
const json& select(const json& message, size_t row) {
  return message["components"][row]["components"][0];
}
plan_component component(const json& message, size_t row) {
  const auto parsed = parse_plan_component(select(message, row)["custom_id"].get<std::string>());
  REQUIRE(parsed);
  return *parsed;
}

} // namespace

TEST_CASE("planner: seven days and every hour of the guild", "[schedule]") {
  const auto message = planner({});
  CHECK(select(message, 0)["options"].size() == 7);
  CHECK(select(message, 0)["max_values"] == 7);
  CHECK(select(message, 1)["options"].size() == 15);
  CHECK(select(message, 1)["max_values"] == 15);
  CHECK(select(message, 1)["options"][14]["label"] == "3 am");
  CHECK(select(message, 1)["options"][14]["value"] == "27");
  CHECK(select(planner({}, "fr"), 0)["options"][6]["label"] == "dimanche");
  CHECK(message["content"].get<std::string>().find("Europe/Paris") != std::string::npos);
}

TEST_CASE("planner: what was chosen first waits in the other select", "[schedule]") {
  const auto days_first = chosen(component(planner({}), 0), {"0", "4"});
  REQUIRE(days_first);
  CHECK_FALSE(days_first->complete());
  const auto message = planner(*days_first);
  CHECK(select(message, 0)["options"][4]["default"] == true);
  CHECK_FALSE(select(message, 0)["options"][1].contains("default"));
  const auto both = chosen(component(message, 1), {"18", "25"});
  REQUIRE(both);
  CHECK(both->complete());
  CHECK(days_in(both->days) == std::vector<int>{0, 4});
  CHECK(hours_in(both->hours) == std::vector<int>{18, 25});

  const auto hours_first = chosen(component(planner({}), 1), {"18"});
  REQUIRE(hours_first);
  CHECK(chosen(component(planner(*hours_first), 0), {"6"})->complete());
  CHECK_FALSE(chosen(component(planner({}), 0), {"7"}));
  CHECK_FALSE(chosen(component(planner({}), 1), {"abc"}));
}

TEST_CASE("planner: damaged custom_ids", "[schedule]") {
  for (const auto* text :
       {"schedule:plan", "schedule:plan:days", "schedule:plan:days:80:0", "schedule:plan:days:1:x",
        "schedule:plan:again:1", "schedule:plan:else", "lobby:plan:again", ""})
    CHECK_FALSE(parse_plan_component(text));
  CHECK(parse_plan_component("schedule:plan:again")->part == plan_part::again);
}

TEST_CASE("plan: told after saving, with all that is planned", "[schedule]") {
  auto plan = member_plan{};
  plan.entries = {{0, 18}, {0, 19}, {2, 25}, {4, 18}, {4, 19}};
  const auto message = json::parse(render_saved(in("en"), choice("11", "c0000"), plan));
  CHECK(message["content"] ==
        "Saved: **Monday, Friday** at 6 pm, 7 pm. It counts from the next evening that is posted."
        "\n\nYour usual week:\n**Monday, Friday**: 6 pm, 7 pm\n**Wednesday**: 1 am");
  CHECK(message["components"][0]["components"][0]["style"] == 2);
}

TEST_CASE("plan: the fullest plan is one message", "[schedule]") {
  auto plan = member_plan{};
  for (auto day = 0; day < 7; ++day)
    for (auto hour = 13; hour < 33; ++hour)
      if (hour != 13 + day) // no two days the same
        plan.entries.push_back({day, hour});
  for (const auto* locale : {"en", "fr"}) {
    const auto text = json::parse(render_saved(in(locale), choice("7f", "1ffffe000"), plan))
                          .at("content")
                          .get<std::string>();
    CHECK(text.size() <= 2000);
    CHECK(text.find(weekday_label(in(locale), 6)) != std::string::npos);
  }
}

TEST_CASE("plan: shown to oneself with the reminder button, to others without", "[schedule]") {
  auto plan = member_plan{};
  plan.user = {10};
  auto tonight = evening_record{};
  tonight.evening = *parse_evening_day("2026-11-20");
  const auto nothing = json::parse(render_plan(in("en"), rules, plan, tonight, ""));
  CHECK(nothing["content"].get<std::string>().find("/addschedule") != std::string::npos);
  CHECK(nothing["components"][0]["components"][0]["custom_id"] == "schedule:plan:remind_on");

  plan.entries = {{4, 18}};
  plan.remind = true;
  tonight.votes = {{maybe_hour, {10}, vote_source::button},
                   {18, {10}, vote_source::recurrent},
                   {19, {11}, vote_source::button}};
  const auto own = json::parse(render_plan(in("en"), rules, plan, tonight, ""));
  CHECK(own["content"] == "Your usual week:\n**Friday**: 6 pm\n\nTonight: maybe tonight, "
                          "<t:1795194000:t>\n\n🔔 You get a message 15 minutes before your hours.");
  CHECK(own["components"][0]["components"][0]["custom_id"] == "schedule:plan:remind_off");

  const auto other = json::parse(render_plan(in("en"), rules, plan, tonight, "_Ada_"));
  CHECK(other["content"].get<std::string>().find("What \\_Ada\\_ usually plays:") == 0);
  CHECK_FALSE(other.contains("components"));
}

TEST_CASE("settings: damaged or absent options count as the default", "[schedule]") {
  auto settings = guild_settings{};
  CHECK(schedule_settings_of(settings, "Europe/Paris").rules == evening_rules{{}, "Europe/Paris"});
  settings.options = {{"zone", "Asia/Tokyo"},
                      {"schedule.hours", "18-2"},
                      {"schedule.time", "16:30"},
                      {"schedule.ready_count", "3"}};
  settings.channels = {{"schedule", {77}}};
  const auto read = schedule_settings_of(settings, "Europe/Paris");
  CHECK(read.rules == evening_rules{{18, 26}, "Asia/Tokyo"});
  CHECK(read.post_minute == 16 * 60 + 30);
  CHECK(read.ready_count == 3);
  CHECK(read.channel == channel_id{77});
  settings.options = {
      {"schedule.hours", "junk"}, {"schedule.time", "25:00"}, {"schedule.ready_count", "5 or so"}};
  const auto damaged = schedule_settings_of(settings, "Europe/Paris");
  CHECK(damaged.rules.hours == evening_hours{13, 27});
  CHECK(damaged.post_minute == 420);
  CHECK(damaged.ready_count == 5);
}

TEST_CASE("settings: times of day as people write them", "[schedule]") {
  for (const auto& [text, minute] : std::vector<std::pair<const char*, int>>{{"7", 420},
                                                                             {"07:00", 420},
                                                                             {"7:05", 425},
                                                                             {"19h", 1140},
                                                                             {"19h30", 1170},
                                                                             {"7 pm", 1140},
                                                                             {"7:30PM", 1170},
                                                                             {"12 am", 0},
                                                                             {"12pm", 720},
                                                                             {"0", 0},
                                                                             {"23:59", 1439}})
    CHECK(parse_minute(text) == minute);
  for (const auto* text :
       {"", "24", "7:60", "13 pm", "0 am", "7:", "7:5x", "noon", "-7", "007", "7 7 7"})
    CHECK_FALSE(parse_minute(text));
  CHECK(minute_text(425) == "07:05");
}

TEST_CASE("commands: the schedule's, with their refusals declared", "[schedule]") {
  auto names = std::vector<std::string>{};
  for (const auto& command : schedule_commands()) {
    names.push_back(command.name);
    CHECK(command.feature == "schedule");
    CHECK((command.name.rfind("mod", 0) == 0) == (command.who != allowed::everyone));
    CHECK(embedded_catalog().has("command." + command.name + ".description"));
    for (const auto& option : command.options)
      CHECK(embedded_catalog().has("command." + command.name + "." + option.name + ".description"));
  }
  CHECK(names.size() == 12);
}

TEST_CASE("words: no text of the schedule is missing", "[schedule]") {
  for (const auto* locale : {"en", "fr"}) {
    for (auto hour = 0; hour < 48; ++hour)
      CHECK_FALSE(hour_label(in(locale), hour).empty());
    for (auto day = 0; day < 400; day += 25)
      CHECK(long_date(in(locale), {20'000 + day}).find("schedule.") == std::string::npos);
  }
  CHECK(days_label(in("fr"), every_day) == "Tous les jours");
  CHECK(days_label(in("en"), day_set{0x41}) == "Monday, Sunday");
  CHECK(hour_label(in("en"), 12) == "12 pm");
  CHECK(hour_label(in("en"), 24) == "12 am");
  CHECK(hour_label(in("fr"), 12) == "12 h");
}
