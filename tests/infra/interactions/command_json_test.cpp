#include "infra/interactions/command_json.hpp"
#include "infra/interactions/message_builder.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>
#include <functional>
#include <map>
#include <set>

using namespace hearth;
using nlohmann::json;

namespace {

const catalog& texts() {
  static const auto made = catalog{{{"en.toml", R"(
[choice]
day.monday = "Monday"
[command]
plan.description = "Plan"
plan.set.description = "Set it"
plan.set.day.description = "Which day"
plan.more.description = "More"
plan.more.wipe.description = "Wipe"
hello.description = "Say hello"
hello.count.description = "How often"
)"},
                                    {"fr.toml", R"(
[choice]
day.monday = "lundi"
[command]
plan.description = "Planifier"
plan.set.description = "Fixer"
plan.set.day.description = "Quel jour"
plan.more.description = "Plus"
plan.more.wipe.description = "Effacer"
hello.description = "Dire bonjour"
hello.count.description = "Combien"
)"}}};
  return made;
}

std::vector<command_spec> commands() {
  auto plan = command_spec{};
  plan.name = "plan";
  plan.feature = "schedule";
  plan.who = allowed::moderator;
  auto day = option_spec{};
  day.name = "day";
  day.required = true;
  day.choices = {{std::string{"mon"}, "choice.day.monday"}};
  plan.subcommands = {{"set", "", {day}, {}}, {"wipe", "more", {}, {}}};
  auto hello = command_spec{};
  hello.name = "hello";
  hello.who = allowed::administrator;
  auto count = option_spec{};
  count.name = "count";
  count.type = option_type::integer;
  count.min = 1;
  count.max = 9;
  hello.options = {count};
  auto menu = command_spec{};
  menu.name = "User Info";
  menu.type = command_kind::user_menu;
  return {plan, menu, hello};
}

/// What Discord gives back for a registration: ids, versions and defaults filled in.
json as_stored(const json& sent) {
  auto stored = sent;
  auto id = 100;
  for (auto& command : stored) {
    command["id"] = std::to_string(++id);
    command["application_id"] = "1";
    command["version"] = std::to_string(++id);
    command["nsfw"] = false;
    command["dm_permission"] = true;
    command["name_localizations"] = nullptr;
    if (!command.contains("description"))
      command["description"] = "";
    if (!command.contains("description_localizations"))
      command["description_localizations"] = nullptr;
    if (!command.contains("contexts"))
      command["contexts"] = nullptr;
    if (command.contains("options"))
      for (auto& option : command["options"])
        if (!option.contains("required"))
          option["required"] = false;
  }
  std::reverse(stored.begin(), stored.end());
  return stored;
}

} // namespace

TEST_CASE("command json: subcommands, groups, choices and translations", "[interactions]") {
  const auto made = command_json(commands()[0], texts());
  CHECK(made == json::parse(R"({"type":1,"name":"plan","description":"Plan",
    "description_localizations":{"fr":"Planifier"},"default_member_permissions":null,
    "options":[
      {"type":1,"name":"set","description":"Set it","description_localizations":{"fr":"Fixer"},
       "options":[{"type":3,"name":"day","description":"Which day",
                   "description_localizations":{"fr":"Quel jour"},"required":true,
                   "choices":[{"name":"Monday","name_localizations":{"fr":"lundi"},
                               "value":"mon"}]}]},
      {"type":2,"name":"more","description":"More","description_localizations":{"fr":"Plus"},
       "options":[{"type":1,"name":"wipe","description":"Wipe",
                   "description_localizations":{"fr":"Effacer"}}]}]})"));
}

TEST_CASE("command json: core commands are global, menus have no description", "[interactions]") {
  const auto hello = command_json(commands()[2], texts());
  CHECK(hello["default_member_permissions"] == "8");
  CHECK(hello["contexts"] == json::array({0}));
  CHECK(hello["options"][0]["min_value"] == 1);
  CHECK(hello["options"][0]["max_value"] == 9);
  const auto menu = command_json(commands()[1], texts());
  CHECK_FALSE(menu.contains("description"));
  CHECK(menu["type"] == 2);
  CHECK(menu["contexts"] == json::array({0, 1})); // for everyone: also in direct messages
}

TEST_CASE("command json: what Discord stores equals what was sent", "[interactions]") {
  const auto sent = registration_json(commands(), {"core", "schedule"}, texts(), json::array());
  REQUIRE(sent.size() == 3);
  const auto stored = as_stored(sent);
  CHECK(canonical_commands(stored) == canonical_commands(sent));
  CHECK(canonical_commands(json::parse(stored.dump())) == canonical_commands(sent));

  const auto differs = [&](const std::string& pointer, const json& value) {
    auto changed = stored;
    changed[json::json_pointer(pointer)] = value;
    return canonical_commands(changed) != canonical_commands(sent);
  };
  // reversed: plan is last but the menu (sorted by type, then name: hello, plan, User Info)
  REQUIRE(stored[1]["name"] == "plan");
  CHECK(differs("/1/description", "x"));
  CHECK(differs("/1/description_localizations/fr", "x"));
  CHECK(differs("/1/options/0/options/0/choices/0/value", "tue"));
  CHECK(differs("/1/options/0/options/0/required", false));
  CHECK(differs("/1/default_member_permissions", "8"));
  CHECK(differs("/2/options/0/max_value", 10));
  CHECK(differs("/2/contexts", json::array({0, 1})));
  CHECK_FALSE(differs("/2/options/0/max_value", 9.0));
  CHECK_FALSE(differs("/1/id", "7"));
  CHECK(canonical_commands(json::array()) != canonical_commands(sent));
}

TEST_CASE("command json: only the wanted features, and an entry point is kept", "[interactions]") {
  const auto present = json::parse(R"([{"id":"5","type":4,"name":"launch","handler":2},
                                       {"id":"6","type":1,"name":"old"},7])");
  const auto sent = registration_json(commands(), {"schedule"}, texts(), present);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0]["name"] == "plan");
  CHECK(sent[1]["name"] == "launch");
  CHECK(registration_json(commands(), {}, texts(), nullptr) == json::array());
}

TEST_CASE("command json: hostile lists do no harm", "[interactions]") {
  for (const auto* text : {"null", "{}", "[1,null,{}]", R"([{"name":5,"options":{"a":1}}])",
                           R"([{"name":"x","type":"y","options":[1,{"choices":3}]}])"}) {
    INFO(text);
    CHECK_NOTHROW(canonical_commands(json::parse(text)));
    CHECK_NOTHROW(registered_ids(json::parse(text)));
    CHECK_NOTHROW(registration_json(commands(), {"core"}, texts(), json::parse(text)));
  }
  const auto ids = registered_ids(json::parse(
      R"([{"name":"a","id":"12"},{"name":"b","id":13},{"name":"c","id":"x"},{"id":"1"}])"));
  REQUIRE(ids.size() == 1);
  CHECK(ids[0].first == "a");
  CHECK(ids[0].second == command_id{12});
}

TEST_CASE("declared commands: all stay inside Discord's rules", "[interactions]") {
  // Source: discord-api 3.4. Every area's declarations, with the texts of the program.
  const auto& texts = embedded_catalog();
  auto names = std::set<std::pair<command_kind, std::string>>{};
  auto per_feature = std::map<std::string, int>{};
  const auto check_options = [&](const std::vector<option_spec>& options, const std::string& key) {
    CHECK(options.size() <= 25);
    auto optional_seen = false;
    auto seen = std::set<std::string>{};
    for (const auto& option : options) {
      INFO("option " << option.name);
      CHECK(texts.has(key + "." + option.name + ".description"));
      CHECK(seen.insert(option.name).second);
      CHECK_FALSE((option.required && optional_seen)); // required ones first
      optional_seen = optional_seen || !option.required;
      CHECK(option.choices.size() <= 25);
      CHECK_FALSE((option.autocomplete && !option.choices.empty()));
      const auto completes = option.type == option_type::string ||
                             option.type == option_type::integer ||
                             option.type == option_type::number;
      CHECK((completes || !option.autocomplete));
      for (const auto& choice : option.choices)
        CHECK(texts.has(choice.text));
    }
  };
  for (const auto& command : all_commands()) {
    INFO(command.name);
    CHECK(names.insert({command.type, command.name}).second);
    CHECK(++per_feature[command.feature] <= 100);
    CHECK(command.name.size() <= 32);
    if (command.type == command_kind::slash) {
      CHECK(command.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
            std::string::npos);
      CHECK(texts.has("command." + command.name + ".description"));
    }
    CHECK((command.subcommands.empty() || command.options.empty()));
    const auto key = "command." + command.name;
    check_options(command.options, key);
    for (const auto& branch : command.subcommands) {
      const auto at = branch.group.empty() ? key : key + "." + branch.group;
      CHECK(texts.has(at + "." + branch.name + ".description"));
      check_options(branch.options, at + "." + branch.name);
    }
    auto size = size_t{0}; // names, descriptions and values together: 8000
    const std::function<void(const json&)> measure = [&](const json& node) {
      if (node.is_string())
        size += text_length(node.get<std::string>());
      if (node.is_structured())
        for (const auto& child : node)
          measure(child);
    };
    measure(command_json(command, texts));
    CHECK(size <= 8'000);
  }
  CHECK_FALSE(names.empty());
}
