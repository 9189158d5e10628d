// The fast way to print JSON prints what the library prints.
#include "infra/interactions/json_text.hpp"
#include "tests/support/catch.hpp"
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

using namespace hearth;
using nlohmann::json;

namespace {

std::string by_library(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Mostly letters; what must be escaped and what is no UTF-8 are among them.
std::string any_text(std::mt19937& dice) {
  const auto parts =
      std::vector<std::string>{"abc ",   "\"",         "\\",   "\n",   "\t",   "\u00E9",
                               "\u20AC", "\U0001F525", "\x01", "\x7f", "\xff", "\xc3"};
  auto text = std::string{};
  for (auto i = dice() % 12; i > 0; --i)
    text += parts[dice() % (dice() % 4 == 0 ? parts.size() : 8)];
  return text;
}

json any_value(std::mt19937& dice, int depth) {
  switch (dice() % (depth > 0 ? 9 : 7)) {
  case 0:
    return nullptr;
  case 1:
    return dice() % 2 == 0;
  case 2:
    return static_cast<int64_t>(dice()) - 2'000'000'000;
  case 3:
    return static_cast<uint64_t>(dice()) << 32;
  case 4:
    return static_cast<double>(dice()) / 7;
  case 5:
  case 6:
    return any_text(dice);
  case 7: {
    auto list = json::array();
    for (auto i = dice() % 4; i > 0; --i)
      list.push_back(any_value(dice, depth - 1));
    return list;
  }
  default: {
    auto object = json::object();
    for (auto i = dice() % 4; i > 0; --i)
      object[any_text(dice)] = any_value(dice, depth - 1);
    return object;
  }
  }
}

} // namespace

TEST_CASE("json: printed as the library prints it", "[interactions]") {
  CHECK(json_text(json{}) == "null");
  CHECK(json_text(json::object()) == "{}");
  CHECK(json_text(json::array()) == "[]");
  CHECK(json_text(json::parse(R"({"a": [], "b": [1, -2, true]})")) ==
        R"({"a":[],"b":[1,-2,true]})");
  CHECK(json_text("\b\t\n\f\r\"\\/\x1f\x7f") == "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\x7f\"");
  CHECK(json_text("a\xff") == "\"a\uFFFD\"");
  CHECK(json_text(std::string(1, '\0')) == R"("\u0000")");
  CHECK(json_text(std::numeric_limits<int64_t>::min()) == "-9223372036854775808");
  CHECK(json_text(std::numeric_limits<uint64_t>::max()) == "18446744073709551615");
  CHECK(json_text(0.1) == "0.1");
  auto dice = std::mt19937{1};
  for (auto i = 0; i < 5'000; ++i) {
    const auto value = any_value(dice, 4);
    CAPTURE(by_library(value));
    REQUIRE(json_text(value) == by_library(value));
  }
}
