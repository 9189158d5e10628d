#include "discord-sim/validate_components.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"

using nlohmann::json;
using sim::component_surface;

// Table tests: a list of components, where it stands, and the one leaf expected ("" = accepted).
namespace {

std::string first_leaf(const json& list, component_surface surface) {
  sim::form_errors errors;
  sim::check_components(list, surface, sim::form_path{} / "components", errors);
  return sim_test::first_leaf(errors.body());
}

json row(const json& children) { return {{"type", 1}, {"components", children}}; }
json button(const std::string& id) {
  return {{"type", 2}, {"style", 1}, {"label", "x"}, {"custom_id", id}};
}
json option(const std::string& value) { return {{"label", value}, {"value", value}}; }
json select(const std::string& id) {
  return {{"type", 3}, {"custom_id", id}, {"options", {option("a"), option("b")}}};
}
json text(const std::string& content) { return {{"type", 10}, {"content", content}}; }
json buttons(int count) {
  json list = json::array();
  for (int i = 0; i < count; ++i)
    list.push_back(button("b" + std::to_string(i)));
  return list;
}
json with(json object, const std::string& key, const json& value) {
  object[key] = value;
  return object;
}

} // namespace

TEST_CASE("components: legacy messages", "[sim][components]") {
  const auto [list, leaf] = GENERATE(table<json, std::string>({
      {json::array({row(buttons(5))}), ""},
      {json::array({row(json::array({select("s")}))}), ""},
      {json::array({row(buttons(6))}), "components.0.components BASE_TYPE_BAD_LENGTH"},
      {json::array({row(json::array())}), "components.0.components BASE_TYPE_BAD_LENGTH"},
      {json::array({json{{"type", 1}}}), "components.0.components BASE_TYPE_REQUIRED"},
      {json::array({row({select("a"), button("b")})}),
       "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
      {json::array({text("hi")}), "components.0 UNION_TYPE_CHOICES"},
      {json::array({button("a")}), "components.0 UNION_TYPE_CHOICES"},
      {json::array({row(json::array({row(buttons(1))}))}),
       "components.0.components.0 UNION_TYPE_CHOICES"},
      {json::array({row(json::array({json{{"type", 4}, {"custom_id", "x"}}}))}),
       "components.0.components.0 UNION_TYPE_CHOICES"},
      {json::array({row({button("a"), button("a")})}),
       "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
      {json::array({3}), "components.0 MODEL_TYPE_CONVERT"},
      {json::object(), "components LIST_TYPE_CONVERT"},
  }));
  CHECK(first_leaf(list, component_surface::message) == leaf);
}

TEST_CASE("components: five rows hold, six do not", "[sim][components]") {
  json rows = json::array();
  for (int i = 0; i < 5; ++i)
    rows.push_back(row(json::array({button(std::to_string(i))})));
  CHECK(first_leaf(rows, component_surface::message).empty());
  rows.push_back(row(json::array({button("6")})));
  CHECK(first_leaf(rows, component_surface::message) == "components BASE_TYPE_MAX_LENGTH");
}

TEST_CASE("components: buttons", "[sim][components]") {
  const auto ok = button("a");
  auto link = json{{"type", 2}, {"style", 5}, {"label", "x"}, {"url", "https://a.b"}};
  const auto [value, leaf] = GENERATE_REF(table<json, std::string>({
      {ok, ""},
      {link, ""},
      {with(link, "url", "discord://x"), ""},
      {with(link, "url", "ftp://x"), ".url URL_TYPE_INVALID_SCHEME"},
      {with(link, "url", "https://" + std::string(505, 'a')), ".url BASE_TYPE_MAX_LENGTH"},
      {with(link, "custom_id", "b"),
       ".custom_id BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
      {with(ok, "url", "https://a.b"), ".url BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
      {with(ok, "custom_id", nullptr), ".custom_id BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"},
      {with(ok, "custom_id", std::string(100, 'a')), ""},
      {with(ok, "custom_id", std::string(101, 'a')), ".custom_id BASE_TYPE_BAD_LENGTH"},
      {with(ok, "label", std::string(80, 'a')), ""},
      {with(ok, "label", std::string(81, 'a')), ".label BASE_TYPE_MAX_LENGTH"},
      {with(ok, "label", nullptr), ".label BASE_TYPE_REQUIRED"},
      {with(with(ok, "label", nullptr), "emoji", {{"name", "🔥"}}), ""},
      {with(ok, "emoji", {{"name", "fire"}}), ".emoji.name BUTTON_COMPONENT_INVALID_EMOJI"},
      {with(ok, "emoji", {{"id", "123456789012345678"}, {"name", "fire"}}), ""},
      {with(ok, "style", 7), ".style BASE_TYPE_CHOICES"},
      {with(ok, "style", nullptr), ".style BASE_TYPE_REQUIRED"},
  }));
  const auto expected = leaf.empty() ? leaf : "components.0.components.0" + leaf;
  CHECK(first_leaf(json::array({row(json::array({value}))}), component_surface::message) ==
        expected);
}

TEST_CASE("components: selects", "[sim][components]") {
  const auto ok = select("s");
  auto many = json::array();
  for (int i = 0; i < 26; ++i)
    many.push_back(option(std::to_string(i)));
  const auto two_defaults =
      json::array({with(option("a"), "default", true), with(option("b"), "default", true)});
  const auto users = json{{"type", 5}, {"custom_id", "u"}};
  const auto [value, leaf] = GENERATE_COPY(table<json, std::string>({
      {ok, ""},
      {with(ok, "options", many), ".options BASE_TYPE_BAD_LENGTH"},
      {with(ok, "options", json::array()), ".options BASE_TYPE_BAD_LENGTH"},
      {with(ok, "options", nullptr), ".options BASE_TYPE_REQUIRED"},
      {with(ok, "options", {option("a"), option("a")}),
       ".options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
      {with(ok, "options", json::array({json{{"label", "a"}}})),
       ".options.0.value BASE_TYPE_REQUIRED"},
      {with(ok, "options", two_defaults), ".options SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"},
      {with(with(ok, "options", two_defaults), "max_values", 2), ""},
      {with(ok, "max_values", 3), ".max_values NUMBER_TYPE_MAX"},
      {with(ok, "min_values", 0), ""},
      {with(ok, "min_values", -1), ".min_values NUMBER_TYPE_MIN"},
      {with(ok, "max_values", 26), ".max_values NUMBER_TYPE_MAX"},
      {with(ok, "placeholder", std::string(151, 'p')), ".placeholder BASE_TYPE_MAX_LENGTH"},
      {users, ""},
      {with(users, "default_values", json::array({json{{"id", "1"}, {"type", "user"}}})), ""},
      {with(users, "default_values", json::array({json{{"id", "1"}, {"type", "role"}}})),
       ".default_values.0.type BASE_TYPE_CHOICES"},
      {json{{"type", 8}, {"custom_id", "c"}, {"channel_types", {0, 2}}}, ""},
      {json{{"type", 8}, {"custom_id", "c"}, {"channel_types", {99}}},
       ".channel_types.0 BASE_TYPE_CHOICES"},
  }));
  const auto expected = leaf.empty() ? leaf : "components.0.components.0" + leaf;
  CHECK(first_leaf(json::array({row(json::array({value}))}), component_surface::message) ==
        expected);
}

TEST_CASE("components: version 2 layout", "[sim][components]") {
  const auto section =
      json{{"type", 9}, {"components", json::array({text("t")})}, {"accessory", button("a")}};
  const auto file = json{{"type", 13}, {"file", {{"url", "attachment://a.txt"}}}};
  const auto container = json{{"type", 17}, {"components", {text("x"), row(buttons(2))}}};
  const auto [value, leaf] = GENERATE_COPY(table<json, std::string>({
      {text("hello"), ""},
      {text(""), "components.0.content BASE_TYPE_REQUIRED"},
      {section, ""},
      {with(section, "accessory", nullptr), "components.0.accessory BASE_TYPE_REQUIRED"},
      {with(section, "accessory", text("no")), "components.0.accessory UNION_TYPE_CHOICES"},
      {with(section, "components", json::array({button("b")})),
       "components.0.components.0 UNION_TYPE_CHOICES"},
      {with(section, "components", {text("1"), text("2"), text("3"), text("4")}),
       "components.0.components BASE_TYPE_BAD_LENGTH"},
      {file, ""},
      {with(file, "file", {{"url", "https://x/a.txt"}}),
       "components.0.file.url URL_TYPE_INVALID_SCHEME"},
      {json{{"type", 14}, {"spacing", 2}}, ""},
      {json{{"type", 14}, {"spacing", 3}}, "components.0.spacing BASE_TYPE_CHOICES"},
      {container, ""},
      {with(container, "accent_color", 0x1000000), "components.0.accent_color NUMBER_TYPE_MAX"},
      {with(container, "components", json::array({container})),
       "components.0.components.0 UNION_TYPE_CHOICES"},
      {json{{"type", 12}, {"items", json::array()}}, "components.0.items BASE_TYPE_BAD_LENGTH"},
      {json{{"type", 12}, {"items", {{{"media", {{"url", "https://x/a.png"}}}}}}}, ""},
      {text(std::string(4000, 'x')), ""},
      {text(std::string(4001, 'x')), "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
      {json{{"type", 18}, {"label", "x"}}, "components.0 UNION_TYPE_CHOICES"},
  }));
  CHECK(first_leaf(json::array({value}), component_surface::message_v2) == leaf);
}

TEST_CASE("components: forty nested ones hold, forty-one do not", "[sim][components]") {
  json list = json::array();
  for (int i = 0; i < 40; ++i)
    list.push_back(text("x"));
  CHECK(first_leaf(list, component_surface::message_v2).empty());
  list[39] = json{{"type", 17}, {"components", json::array({text("x")})}};
  CHECK(first_leaf(list, component_surface::message_v2) ==
        "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED");
}

TEST_CASE("components: modals", "[sim][components]") {
  const auto input = json{{"type", 4}, {"style", 1}, {"custom_id", "i"}};
  const auto labelled = json{{"type", 18}, {"label", "Why"}, {"component", input}};
  const auto radio =
      json{{"type", 21}, {"custom_id", "r"}, {"options", {option("a"), option("b")}}};
  const auto in_label = [&](const json& child) { return with(labelled, "component", child); };
  const auto [value, leaf] = GENERATE_COPY(table<json, std::string>({
      {labelled, ""},
      {text("note"), ""},
      {row(json::array({with(input, "label", "Old")})), ""},
      {row(json::array({input})), "components.0.components.0.label BASE_TYPE_REQUIRED"},
      {in_label(with(input, "label", "x")),
       "components.0.component.label COMPONENT_LABEL_NOT_ALLOWED"},
      {with(labelled, "label", std::string(46, 'l')), "components.0.label BASE_TYPE_BAD_LENGTH"},
      {with(labelled, "component", nullptr), "components.0.component BASE_TYPE_REQUIRED"},
      {in_label(button("b")), "components.0.component UNION_TYPE_CHOICES"},
      {in_label(select("s")), ""},
      {in_label(with(select("s"), "disabled", true)),
       "components.0.component.disabled COMPONENT_DISABLED_IN_MODAL"},
      {in_label(with(select("s"), "min_values", 0)),
       "components.0.component.min_values NUMBER_TYPE_MIN"},
      {in_label(with(with(select("s"), "min_values", 0), "required", false)), ""},
      {in_label(radio), ""},
      {in_label(with(radio, "options", json::array({option("a")}))),
       "components.0.component.options BASE_TYPE_BAD_LENGTH"},
      {in_label(json{{"type", 22}, {"custom_id", "c"}, {"options", json::array({option("a")})}}),
       ""},
      {in_label(json{{"type", 23}, {"custom_id", "b"}}), ""},
      {in_label(json{{"type", 19}, {"custom_id", "f"}, {"max_values", 11}}),
       "components.0.component.max_values NUMBER_TYPE_MAX"},
      {row(json::array({button("b")})), "components.0.components.0 UNION_TYPE_CHOICES"},
      {in_label(with(with(input, "min_length", 5), "max_length", 4)),
       "components.0.component.min_length NUMBER_TYPE_MAX"},
      {in_label(with(input, "style", 3)), "components.0.component.style BASE_TYPE_CHOICES"},
  }));
  CHECK(first_leaf(json::array({value}), component_surface::modal) == leaf);
}

TEST_CASE("components: a modal has one to five entries", "[sim][components]") {
  json list = json::array();
  CHECK(first_leaf(list, component_surface::modal) == "components BASE_TYPE_REQUIRED");
  for (int i = 0; i < 5; ++i)
    list.push_back(text("x"));
  CHECK(first_leaf(list, component_surface::modal).empty());
  list.push_back(text("x"));
  CHECK(first_leaf(list, component_surface::modal) == "components BASE_TYPE_MAX_LENGTH");
}

TEST_CASE("components: ids are filled in document order around those given", "[sim][components]") {
  sim::form_errors errors;
  auto second = button("b");
  second["id"] = 2;
  const auto checked = sim::check_components(json::array({row({button("a"), second, button("c")})}),
                                             component_surface::message, {}, errors);
  REQUIRE(errors.empty());
  const auto& top = checked.components[0];
  CHECK(top["id"] == 1);
  CHECK(top["components"][0]["id"] == 3);
  CHECK(top["components"][1]["id"] == 2);
  CHECK(top["components"][2]["id"] == 4);
  CHECK(checked.total == 4);
}

TEST_CASE("components: attachments are named and resolved", "[sim][components]") {
  sim::form_errors errors;
  auto checked = sim::check_components(
      json::array({json{{"type", 13}, {"file", {{"url", "attachment://a.txt"}}}}}),
      component_surface::message_v2, {}, errors);
  REQUIRE(checked.attachments == std::vector<std::string>{"a.txt"});
  sim::resolve_media(checked.components, [](const std::string& name) {
    return json{{"id", "7"}, {"url", "http://cdn/" + name}, {"proxy_url", "p"}, {"size", 3}};
  });
  CHECK(checked.components[0]["file"]["url"] == "http://cdn/a.txt");
  CHECK(checked.components[0]["size"] == 3);
}
