#include "infra/interactions/json_text.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <string_view>

namespace hearth {
namespace {

using nlohmann::json;

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Of a letter that cannot stand as it is.
void append_escaped(std::string& out, char letter) {
  constexpr auto short_ones = std::string_view{"\"\"\\\\\bb\tt\nn\ff\rr"};
  for (size_t i = 0; i < short_ones.size(); i += 2)
    if (short_ones[i] == letter) {
      out += '\\';
      out += short_ones[i + 1];
      return;
    }
  constexpr auto digits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(letter);
  out += "\\u00";
  out += digits[code >> 4];
  out += digits[code & 15];
}

void append_string(std::string& out, const std::string& text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    out += dumped(text);
    return;
  }
  out += '"';
  auto from = text.begin();
  for (;;) {
    const auto end = std::find_if(from, text.end(), [](char letter) {
      return static_cast<unsigned char>(letter) < 0x20 || letter == '"' || letter == '\\';
    });
    out.append(from, end);
    if (end == text.end())
      break;
    append_escaped(out, *end);
    from = end + 1;
  }
  out += '"';
}

template <class Number> void append_number(std::string& out, Number value) {
  auto digits = std::array<char, 24>{};
  const auto made = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), made.ptr);
}

void append(std::string& out, const json& value) {
  switch (value.type()) {
  case json::value_t::object: {
    auto before = '{';
    for (const auto& [key, each] : value.get_ref<const json::object_t&>()) {
      out += before;
      append_string(out, key);
      out += ':';
      append(out, each);
      before = ',';
    }
    out += value.empty() ? "{}" : "}";
    return;
  }
  case json::value_t::array: {
    auto before = '[';
    for (const auto& each : value.get_ref<const json::array_t&>()) {
      out += before;
      append(out, each);
      before = ',';
    }
    out += value.empty() ? "[]" : "]";
    return;
  }
  case json::value_t::string:
    return append_string(out, value.get_ref<const std::string&>());
  case json::value_t::number_integer:
    return append_number(out, value.get<int64_t>());
  case json::value_t::number_unsigned:
    return append_number(out, value.get<uint64_t>());
  case json::value_t::boolean:
    out += value.get<bool>() ? "true" : "false";
    return;
  default: // null, and what is rare
    out += dumped(value);
  }
}

} // namespace

std::string json_text(const json& value) {
  auto out = std::string{};
  out.reserve(512);
  append(out, value);
  out.shrink_to_fit();
  return out;
}

} // namespace hearth
