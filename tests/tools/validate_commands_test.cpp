#include "discord-sim/validate_commands.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"

// Table tests: a definition and the first leaf expected ("" = accepted).
using nlohmann::json;

namespace {

std::string first_leaf(const json& body, bool of_guild = true) {
  sim::form_errors errors;
  sim::check_command(body, of_guild, {}, errors);
  return sim_test::first_leaf(errors.body());
}

json with(json object, const std::string& key, const json& value) {
  object[key] = value;
  return object;
}

const json good{{"name", "add"}, {"description", "Adds"}};
json option(int type, const std::string& name = "o") {
  return {{"type", type}, {"name", name}, {"description", "d"}};
}
json options(const json& list) { return with(good, "options", list); }
json one(const json& value) { return options(json::array({value})); }
json choices(int count) {
  json list = json::array();
  for (int i = 0; i < count; ++i)
    list.push_back({{"name", "c" + std::to_string(i)}, {"value", "v" + std::to_string(i)}});
  return list;
}

} // namespace

TEST_CASE("command rules: names and descriptions", "[sim][commands]") {
  const auto [body, leaf] = GENERATE_COPY(table<json, std::string>({
      {good, ""},
      {with(good, "name", std::string(32, 'a')), ""},
      {with(good, "name", std::string(33, 'a')), "name BASE_TYPE_BAD_LENGTH"},
      {with(good, "name", "two words"), "name STRING_TYPE_REGEX"},
      {with(good, "name", "Upper"), "name APPLICATION_COMMAND_INVALID_NAME"},
      {with(good, "name", "ajouter_été"), ""},
      {with(good, "name", nullptr), "name BASE_TYPE_REQUIRED"},
      {with(good, "description", nullptr), "description BASE_TYPE_REQUIRED"},
      {with(good, "description", std::string(101, 'd')), "description BASE_TYPE_BAD_LENGTH"},
      {with(good, "name_localizations", {{"fr", "ajout"}}), ""},
      {with(good, "name_localizations", {{"fr", "Ajout"}}),
       "name_localizations.fr APPLICATION_COMMAND_INVALID_NAME"},
      {with(good, "name_localizations", {{"xx", "ajout"}}),
       "name_localizations.xx ENUM_TYPE_COERCE"},
      {with(good, "default_member_permissions", "32"), ""},
      {with(good, "default_member_permissions", "0"), ""},
      {with(good, "default_member_permissions", "many"),
       "default_member_permissions NUMBER_TYPE_COERCE"},
      {with(good, "type", 4), "type BASE_TYPE_CHOICES"},
      {with(good, "type", 9), "type BASE_TYPE_CHOICES"},
      {json{{"type", 2}, {"name", "Show Card"}}, ""},
      {json{{"type", 3}, {"name", "Report It"}, {"description", ""}}, ""},
      {json{{"type", 3}, {"name", "Report"}, {"description", "no"}},
       "description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED"},
      {json::array(), " MODEL_TYPE_CONVERT"},
  }));
  CHECK(first_leaf(body) == leaf);
}

TEST_CASE("command rules: options", "[sim][commands]") {
  json many = json::array();
  for (int i = 0; i < 26; ++i)
    many.push_back(option(3, "o" + std::to_string(i)));
  const auto sub = with(option(1, "sub"), "options", json::array({option(3)}));
  const auto group = with(option(2, "group"), "options", json::array({sub}));
  const auto [body, leaf] = GENERATE_COPY(table<json, std::string>({
      {one(option(3)), ""},
      {options(many), "options BASE_TYPE_MAX_LENGTH"},
      {one(option(12)), "options.0 UNION_TYPE_CHOICES"},
      {one(with(option(3), "description", nullptr)), "options.0.description BASE_TYPE_REQUIRED"},
      {one(option(3, "Bad")), "options.0.name APPLICATION_COMMAND_INVALID_NAME"},
      {options({option(3, "a"), with(option(3, "b"), "required", true)}),
       "options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
      {options({with(option(3, "b"), "required", true), option(3, "a")}), ""},
      {options({option(3, "a"), option(4, "a")}),
       "options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"},
      {one(sub), ""},
      {one(group), ""},
      {one(with(option(2, "g"), "options", json::array({group}))),
       "options.0.options.0 UNION_TYPE_CHOICES"},
      {one(with(sub, "options", json::array({sub}))), "options.0.options.0 UNION_TYPE_CHOICES"},
      {options({sub, option(3)}), "options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
      {one(with(option(3), "choices", choices(25))), ""},
      {one(with(option(3), "choices", choices(26))), "options.0.choices BASE_TYPE_MAX_LENGTH"},
      {one(with(option(4), "choices", choices(1))), "options.0.choices.0.value NUMBER_TYPE_COERCE"},
      {one(with(option(3), "autocomplete", true)), ""},
      {one(with(option(6), "autocomplete", true)),
       "options.0.autocomplete APPLICATION_COMMAND_AUTOCOMPLETE_TYPE_INVALID"},
      {one(with(with(option(3), "autocomplete", true), "choices", choices(1))),
       "options.0.autocomplete APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES"},
      {one(with(option(3), "max_length", 6000)), ""},
      {one(with(option(3), "max_length", 6001)), "options.0.max_length NUMBER_TYPE_MAX"},
      {one(with(option(4), "max_value", 9007199254740991)), ""},
      {one(with(option(4), "max_value", 9007199254740992)), "options.0.max_value NUMBER_TYPE_MAX"},
  }));
  CHECK(first_leaf(body) == leaf);
}

TEST_CASE("command rules: eight thousand characters", "[sim][commands]") {
  json list = json::array();
  for (int i = 0; i < 25; ++i) {
    auto o = with(option(3, "o" + std::to_string(i)), "description", std::string(100, 'd'));
    o["choices"] = json::array();
    for (int k = 0; k < 2; ++k)
      o["choices"].push_back(
          {{"name", std::to_string(k) + std::string(50, 'n')}, {"value", std::string(50, 'v')}});
    list.push_back(std::move(o));
  }
  CHECK(first_leaf(options(list)).empty());
  // A longer translation counts instead of the text it translates.
  for (auto& o : list)
    o["description_localizations"] = {{"fr", std::string(100, 'f')}};
  CHECK(first_leaf(options(list)).empty());
  for (auto& o : list)
    for (auto& choice : o["choices"])
      choice["value"] = std::string(100, 'v');
  CHECK(first_leaf(options(list)) == " APPLICATION_COMMAND_TOO_LARGE");
}

TEST_CASE("command rules: a list has unique names per type", "[sim][commands]") {
  sim::form_errors errors;
  sim::check_command_list(json::array({good, json{{"type", 2}, {"name", "add"}}}), true, errors);
  CHECK(errors.empty());
  sim::check_command_list(json::array({good, good}), true, errors);
  CHECK(sim_test::first_leaf(errors.body()) == "1 APPLICATION_COMMANDS_DUPLICATE_NAME");
}

TEST_CASE("command rules: a patch keeps what it does not name", "[sim][commands]") {
  sim::form_errors errors;
  const auto stored = sim::check_command(one(option(3)), true, {}, errors);
  const auto changed =
      sim::check_command_patch(stored, {{"description", "Other"}, {"type", 2}}, true, errors);
  REQUIRE(errors.empty());
  CHECK(changed["description"] == "Other");
  CHECK(changed["options"] == stored["options"]);
  CHECK(changed["type"] == 1);
}

TEST_CASE("command rules: the stored form of 15.12", "[sim][commands]") {
  sim::form_errors errors;
  const auto global = sim::check_command(good, false, {}, errors);
  CHECK(global["default_member_permissions"].is_null());
  CHECK(global["contexts"].is_null());
  CHECK(global["dm_permission"] == true);
  CHECK(global["integration_types"] == json::array({0}));
  CHECK(global["nsfw"] == false);
}
