#include "discord-sim/bounded_json.hpp"
#include "discord-sim/form_errors.hpp"
#include "discord-sim/form_fields.hpp"
#include "discord-sim/unicode.hpp"
#include "tests/support/catch.hpp"

using nlohmann::json;
using sim::form_errors;
using sim::form_fields;
using sim::form_path;

namespace {
std::string code_at(const form_errors& errors, const std::string& pointer) {
  const auto body = errors.body();
  const json::json_pointer where{"/errors" + pointer + "/_errors/0/code"};
  return body.contains(where) ? body.at(where).get<std::string>() : "none";
}
} // namespace

TEST_CASE("form errors: a tree is built from keys and indexes", "[sim][forms]") {
  form_errors errors;
  errors.length(form_path{} / "embeds" / 0 / "fields" / 1 / "value", 0, 1024);
  // The sample of discord-api 15.2, word for word.
  const auto sample = json::parse(
      R"({"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{"fields":{"1":
      {"value":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH",
      "message":"Must be 1024 or fewer in length."}]}}}}}}})");
  CHECK(errors.body() == sample);
}

TEST_CASE("form errors: a node has either children or errors", "[sim][forms]") {
  form_errors errors;
  errors.required(form_path{} / "a" / "b");
  errors.required(form_path{} / "a");
  errors.required(form_path{} / "a" / "b" / "c");
  CHECK(code_at(errors, "/a/b") == "BASE_TYPE_REQUIRED");
  CHECK(code_at(errors, "/a") == "none");
  CHECK(code_at(errors, "/a/b/c") == "none");
}

TEST_CASE("form errors: several leaves and the root", "[sim][forms]") {
  form_errors errors;
  CHECK(errors.empty());
  errors.add({}, "ONE", "1");
  errors.add({}, "TWO", "2");
  CHECK(errors.body()["errors"]["_errors"].size() == 2);
}

TEST_CASE("form fields: the wrong type is named", "[sim][forms]") {
  form_errors errors;
  const auto body = json::parse(R"({"t":[],"n":"abc","b":1,"s":"x","l":{},"o":[],"x":null})");
  const form_fields fields{body, {}, errors};
  CHECK_FALSE(fields.text("t"));
  CHECK_FALSE(fields.integer("n"));
  CHECK_FALSE(fields.boolean("b"));
  CHECK_FALSE(fields.snowflake("s"));
  CHECK(fields.list("l") == nullptr);
  CHECK(fields.object("o") == nullptr);
  CHECK_FALSE(fields.text("x", {1, 5, true}));
  CHECK(code_at(errors, "/t") == "STRING_TYPE_CONVERT");
  CHECK(code_at(errors, "/n") == "NUMBER_TYPE_COERCE");
  CHECK(code_at(errors, "/b") == "BOOLEAN_TYPE_CONVERT");
  CHECK(code_at(errors, "/s") == "NUMBER_TYPE_COERCE");
  CHECK(code_at(errors, "/l") == "LIST_TYPE_CONVERT");
  CHECK(code_at(errors, "/o") == "MODEL_TYPE_CONVERT");
  CHECK(code_at(errors, "/x") == "BASE_TYPE_REQUIRED");
}

TEST_CASE("form fields: bounds hold on both sides", "[sim][forms]") {
  form_errors errors;
  const json body{
      {"five", "12345"}, {"six", "123456"}, {"trim", "  12345\n"},        {"wide", "ééééé"},
      {"low", 0},        {"high", 11},      {"id", "9223372036854775808"}};
  const form_fields fields{body, {}, errors};
  fields.text("five", {1, 5});
  fields.text("trim", {1, 5});
  fields.text("wide", {1, 5});
  CHECK(errors.empty());
  fields.text("six", {1, 5});
  fields.integer("low", {1, 10});
  fields.integer("high", {1, 10});
  fields.snowflake("id");
  CHECK(code_at(errors, "/six") == "BASE_TYPE_BAD_LENGTH");
  CHECK(code_at(errors, "/low") == "NUMBER_TYPE_MIN");
  CHECK(code_at(errors, "/high") == "NUMBER_TYPE_MAX");
  CHECK(code_at(errors, "/id") == "NUMBER_TYPE_MAX"); // digits that do not fit (15.2)
}

TEST_CASE("form fields: addresses need a known scheme", "[sim][forms]") {
  const auto [url, attachments, code] = GENERATE(table<std::string, bool, std::string>({
      {"https://example.org/a.png", false, "none"},
      {"http://x", false, "none"},
      {"attachment://a.png", true, "none"},
      {"attachment://a.png", false, "URL_TYPE_INVALID_SCHEME"},
      {"javascript://x", true, "URL_TYPE_INVALID_SCHEME"},
      {"nonsense", true, "URL_TYPE_INVALID_URL"},
      {"https://", true, "URL_TYPE_INVALID_URL"},
  }));
  form_errors errors;
  const json body{{"url", url}};
  form_fields{body, {}, errors}.url("url", attachments);
  CHECK(code_at(errors, "/url") == code);
}

TEST_CASE("unicode: lengths are code points, malformed bytes count one each", "[sim][forms]") {
  CHECK(sim::length_of("abc") == 3);
  CHECK(sim::length_of("é") == 1);
  CHECK(sim::length_of("😀") == 1);
  CHECK(sim::length_of("\xff\xc3") == 2);
  CHECK(sim::length_of("\xf0\x9f\x98") == 3);
  CHECK(sim::valid_utf8("aé😀") == "aé😀");
  CHECK(sim::valid_utf8("a\xff") == "a\xef\xbf\xbd");
  CHECK(sim::valid_utf8("\xed\xa0\x80") != "\xed\xa0\x80"); // a surrogate
  CHECK(sim::valid_utf8("\xe0\x80\x80") != "\xe0\x80\x80"); // an overlong NUL
}

TEST_CASE("unicode: command names", "[sim][forms]") {
  CHECK(sim::is_command_name("add-schedule_1"));
  CHECK(sim::is_command_name("été"));
  CHECK(sim::is_command_name("कि"));
  CHECK_FALSE(sim::is_command_name("two words"));
  CHECK_FALSE(sim::is_command_name("a/b"));
  CHECK_FALSE(sim::is_command_name("😀"));
  CHECK_FALSE(sim::is_command_name(""));
  CHECK(sim::has_upper_case("aB"));
  CHECK(sim::has_upper_case("É"));
  CHECK_FALSE(sim::has_upper_case("été-1"));
}

TEST_CASE("json: deep nesting is refused, brackets in strings are not", "[sim][forms]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(sim::parse_json(nested(sim::json_depth_max)));
  CHECK_FALSE(sim::parse_json(nested(sim::json_depth_max + 1)));
  CHECK_FALSE(sim::parse_json(std::string(20u * 1024 * 1024, '[')));
  CHECK(sim::parse_json("\"" + std::string(1000, '[') + "\""));
  CHECK(sim::parse_json(R"({"a":"\\\"[[["})"));
  CHECK_FALSE(sim::parse_json("{"));
  CHECK_FALSE(sim::parse_json("\"\xff\""));
}
