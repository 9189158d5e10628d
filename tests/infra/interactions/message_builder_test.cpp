#include "infra/interactions/message_builder.hpp"
#include "tests/support/catch.hpp"
#include <stdexcept>

using namespace hearth;
using nlohmann::json;

TEST_CASE("truncate: cuts between characters and says so", "[interactions]") {
  struct row {
    std::string text;
    size_t max;
    std::string cut;
  };
  const auto family = std::string{"👨\u200D👩\u200D👧"}; // 8 units: one character
  const auto rows = std::vector<row>{
      {"hello", 5, "hello"},
      {"hello!", 5, "hell…"},
      {"hello", 1, "…"},
      {"hello", 0, ""},
      {"", 3, ""},
      {"żółw", 4, "żółw"},
      {"żółwik", 4, "żół…"},
      {"ab😀", 4, "ab😀"},
      {"ab😀c", 4, "ab…"},      // the emoji is two units
      {"xe\u0301zz", 3, "x…"}, // e with accent stays whole
      {family + "abc", 10, family + "a…"},
      {"abc" + family, 10, "abc…"},
      {"🇫🇷🇩🇪", 7, "🇫🇷…"}, // flags are pairs
      {"a\xff"
       "b",
       9, "a\uFFFDb"},                           // broken UTF-8
      {"\xed\xa0\x80", 9, "\uFFFD\uFFFD\uFFFD"}, // a lone surrogate
      {"\xe2\x82", 9, "\uFFFD\uFFFD"},           // cut off in the middle
  };
  for (const auto& [text, max, cut] : rows) {
    INFO(text << " in " << max);
    CHECK(truncate(text, max) == cut);
    CHECK(text_length(truncate(text, max)) <= max);
  }
}

TEST_CASE("truncate: a pile of marks is bounded", "[interactions]") {
  auto zalgo = std::string{"z"};
  for (auto i = 0; i < 3'000; ++i)
    zalgo += "\u0301";
  CHECK(text_length(truncate(zalgo, 2'000)) <= 2'000);
}

TEST_CASE("escape_markdown: hostile names show as written", "[interactions]") {
  struct row {
    std::string name, shown;
  };
  const auto rows = std::vector<row>{
      {"Ana", "Ana"},
      {"*b*_i_~s~`c`|s|", R"(\*b\*\_i\_\~s\~\`c\`\|s\|)"},
      {"<@123>", "\\<\\@\u200B123\\>"},
      {"@everyone", "\\@\u200Beveryone"},
      {"a\u202Eb\u200Bc\u2066d", "abcd"}, // RTL override, zero width
      {"a\nb\r\n\tc", "a b c"},
      {"  a   b  ", "a b"},
      {"\u200B\u200C\uFEFF", "?"},
      {"", "?"},
      {"👩\u200D🚀", "👩\u200D🚀"}, // an emoji's joiner stays
      {"a\u200Db", "ab"},       // elsewhere it hides
      {"- x", "\\- x"},
      {"a-b", "a-b"},
      {"1. x", "1\\. x"},
      {"v1.2", "v1.2"},
      {"# big", "\\# big"},
      {"https://x.yz", "https\\://x.yz"},
      {"12:30", "12:30"},
      {"[a](b)", R"(\[a\]\(b\))"},
      {"a\\", R"(a\\)"},
      {"x\xff\xfey", "xy"},
  };
  for (const auto& [name, shown] : rows) {
    INFO(name);
    CHECK(escape_markdown(name) == shown);
  }
}

TEST_CASE("custom_id: carries any text there and back", "[interactions]") {
  CHECK(make_custom_id("schedule", {"vote", "2026-11-20", "18"}) == "schedule:vote:2026-11-20:18");
  const auto id = make_custom_id("a:b", {"", "50%:x", "%3A"});
  const auto parsed = parse_custom_id(id);
  REQUIRE(parsed);
  CHECK(parsed->area == "a:b");
  CHECK(parsed->parts == std::vector<std::string>{"", "50%:x", "%3A"});
  CHECK(parse_custom_id("lone")->parts.empty());
  for (const auto* bad : {"", ":x", "a:%", "a:%3", "a:%41", "a:%3a"}) {
    INFO(bad);
    CHECK_FALSE(parse_custom_id(bad));
  }
  CHECK(make_custom_id("a", {std::string(98, 'x')}).size() == 100);
  CHECK_THROWS_AS(make_custom_id("a", {std::string(99, 'x')}), std::length_error);
  CHECK_FALSE(parse_custom_id(std::string(101, 'x')));
}

TEST_CASE("embed: each part and the sum stay inside the limits", "[interactions]") {
  auto spec = embed_spec{};
  spec.title = std::string(300, 't');
  spec.description = std::string(5'000, 'd');
  spec.footer = std::string(3'000, 'f');
  for (auto i = 0; i < 40; ++i)
    spec.fields.push_back({std::string(300, 'n'), std::string(2'000, 'v'), true});
  const auto made = make_embed(spec);
  auto sum = text_length(made["title"].get<std::string>()) +
             text_length(made["description"].get<std::string>()) +
             text_length(made["footer"]["text"].get<std::string>());
  if (made.contains("fields"))
    for (const auto& field : made["fields"])
      sum += text_length(field["name"].get<std::string>()) +
             text_length(field["value"].get<std::string>());
  CHECK(sum <= 6'000);
  CHECK(text_length(made["title"].get<std::string>()) == 256);

  auto small = embed_spec{};
  for (auto i = 0; i < 26; ++i)
    small.fields.push_back({"", "", false});
  small.color = 0xFF112233;
  const auto many = make_embed(small);
  CHECK(many["fields"].size() == 25);
  CHECK(many["fields"][0]["name"] == "\u200B"); // empty ones are refused
  CHECK(many["color"] == 0x112233);
  CHECK_FALSE(many.contains("title"));
}

TEST_CASE("components: shapes and limits", "[interactions]") {
  auto button = button_spec{"schedule:vote", std::string(90, 'x'), button_style::success};
  button.emoji = "fire:123456789012345678";
  const auto made = make_button(button);
  CHECK(made["style"] == 3);
  CHECK(text_length(made["label"].get<std::string>()) == 80);
  CHECK(made["emoji"] == json{{"name", "fire"}, {"id", "123456789012345678"}});
  CHECK(make_button({"x", "", button_style::primary, "🔥"}) ==
        json{{"type", 2}, {"style", 1}, {"custom_id", "x"}, {"emoji", {{"name", "🔥"}}}});

  const auto rows = make_rows(std::vector<json>(30, made), 4);
  CHECK(rows.size() == 5);
  CHECK(rows[0]["components"].size() == 4);
  CHECK(make_rows(std::vector<json>(6, made)).size() == 2);

  auto select = select_spec{};
  select.custom_id = "s";
  select.max_values = 40;
  for (auto i = 0; i < 30; ++i)
    select.options.push_back({"label", std::to_string(i)});
  const auto list = make_string_select(select);
  CHECK(list["options"].size() == 25);
  CHECK(list["max_values"] == 25);
  select.options.resize(1);
  select.max_values = 3;
  CHECK(make_string_select(select)["max_values"] == 1);

  auto users = select_spec{};
  users.custom_id = "u";
  users.default_ids = {1, 2};
  CHECK(make_user_select(users)["default_values"] == json{{{"id", "1"}, {"type", "user"}}});
  auto channels = select_spec{};
  channels.custom_id = "c";
  channels.channel_kinds = {0, 5};
  CHECK(make_channel_select(channels)["channel_types"] == json{0, 5});

  auto input = text_input_spec{};
  input.custom_id = "why";
  input.max_length = 10;
  input.value = "twelve chars";
  const auto modal = make_modal("m:1", std::string(60, 'T'),
                                std::vector<json>(7, make_label("Why", make_text_input(input))));
  CHECK(modal["components"].size() == 5);
  CHECK(text_length(modal["title"].get<std::string>()) == 45);
  CHECK(modal["components"][0]["component"]["value"] == "twelve ch…");
  CHECK(modal["components"][0]["type"] == 18);
}

TEST_CASE("choices: 25 of 100 units at most", "[interactions]") {
  const auto made = make_choices(std::vector<completion>(30, {std::string(200, 'a'), "v"}));
  CHECK(made["choices"].size() == 25);
  CHECK(text_length(made["choices"][0]["name"].get<std::string>()) == 100);
}

TEST_CASE("names: a joiner stays between two that are seen, and nothing is left to clean",
          "[interactions]") {
  CHECK(clean_name("\U0001F468\u200D\U0001F469") == "\U0001F468\u200D\U0001F469");
  // Before what is broken, a wide space, a mark of direction, another joiner.
  for (const auto* after : {"\xF0>", "\u3000x", "\u202Ex", "\u200D\u200Dx"}) {
    const auto once = clean_name("\U0001F468\u200D" + std::string{after});
    INFO(once);
    CHECK(clean_name(once) == once);
    CHECK(once.find("\u200D") == std::string::npos);
  }
}
