#include "infra/gateway/envelope.hpp"
#include <cstring>

namespace hearth {
namespace {

/// A position that can only move forward inside the text.
struct cursor {
  const char* at;
  const char* end;

  bool done() const noexcept { return at == end; }
  void skip_space() noexcept {
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
      ++at;
  }
  bool take(char wanted) noexcept {
    if (at == end || *at != wanted)
      return false;
    ++at;
    return true;
  }
};

/// Behind the opening quote: leaves the cursor behind the closing one. False when there is none.
bool skip_string(cursor& c) noexcept {
  const auto* start = c.at;
  for (;;) {
    const auto left = static_cast<size_t>(c.end - c.at);
    const auto* quote = left == 0 ? nullptr : static_cast<const char*>(memchr(c.at, '"', left));
    if (quote == nullptr)
      return false;
    auto slashes = size_t{0}; // an odd number of backslashes before it makes the quote text
    for (const auto* back = quote; back != start && back[-1] == '\\'; --back)
      ++slashes;
    c.at = quote + 1;
    if (slashes % 2 == 0)
      return true;
  }
}

/// At '{' or '[': leaves the cursor behind the matching end. Depth is a counter, so that hostile
/// nesting costs no stack.
bool skip_nested(cursor& c) noexcept {
  auto depth = size_t{0};
  while (!c.done()) {
    const auto ch = *c.at++;
    if (ch == '"') {
      if (!skip_string(c))
        return false;
    } else if (ch == '{' || ch == '[') {
      ++depth;
    } else if (ch == '}' || ch == ']') {
      if (--depth == 0)
        return true;
    }
  }
  return false;
}

bool is_scalar_char(char ch) noexcept {
  return ch != ',' && ch != '}' && ch != ']' && ch != ' ' && ch != '\n' && ch != '\t' && ch != '\r';
}

/// At the first character of any value. `text` gets the raw value (of a string: without quotes).
bool skip_value(cursor& c, std::string_view& text, bool& quoted) noexcept {
  if (c.done())
    return false;
  const auto* start = c.at;
  quoted = *c.at == '"';
  if (quoted) {
    ++c.at;
    if (!skip_string(c))
      return false;
    text = {start + 1, static_cast<size_t>(c.at - start) - 2};
    return true;
  }
  if (*c.at == '{' || *c.at == '[') {
    if (!skip_nested(c))
      return false;
  } else {
    while (!c.done() && is_scalar_char(*c.at))
      ++c.at;
  }
  text = {start, static_cast<size_t>(c.at - start)};
  return !text.empty();
}

/// Up to 18 digits; -1 otherwise.
int64_t small_number(std::string_view text) noexcept {
  if (text.empty() || text.size() > 18)
    return -1;
  auto value = int64_t{0};
  for (const auto ch : text) {
    if (ch < '0' || ch > '9')
      return -1;
    value = value * 10 + (ch - '0');
  }
  return value;
}

enum : unsigned { seen_op = 1, seen_seq = 2, seen_type = 4, seen_all = 7 };

unsigned note(envelope& found, std::string_view key, std::string_view value, bool quoted) noexcept {
  if (key == "op") {
    const auto op = quoted ? -1 : small_number(value);
    found.op = op <= 999'999 ? static_cast<int32_t>(op) : -1;
    return seen_op;
  }
  if (key == "s") {
    found.seq = quoted ? -1 : small_number(value);
    return seen_seq;
  }
  if (key == "t") {
    found.type = quoted ? value : std::string_view{};
    return seen_type;
  }
  return 0;
}

} // namespace

envelope scan_envelope(std::string_view json) noexcept {
  auto found = envelope{};
  auto c = cursor{json.data(), json.data() + json.size()};
  c.skip_space();
  if (!c.take('{'))
    return found;
  auto seen = 0U;
  for (;;) {
    c.skip_space();
    if (c.take('}'))
      break;
    auto key = std::string_view{};
    auto value = std::string_view{};
    auto quoted = false;
    if (c.done() || *c.at != '"' || !skip_value(c, key, quoted))
      return found;
    c.skip_space();
    if (!c.take(':'))
      return found;
    c.skip_space();
    if (!skip_value(c, value, quoted))
      return found;
    seen |= note(found, key, value, quoted);
    if (seen == seen_all)
      break;
    c.skip_space();
    if (c.take(','))
      continue;
    if (!c.take('}'))
      return found;
    break;
  }
  found.ok = found.op >= 0;
  return found;
}

bool may_hold_several(std::string_view text) noexcept {
  const auto* const end = text.data() + text.size();
  for (const auto* at = text.data(); at != end; ++at) {
    at = static_cast<const char*>(memchr(at, '{', static_cast<size_t>(end - at)));
    if (at == nullptr)
      return false;
    if (at != text.data() && at[-1] == '}')
      return true;
  }
  return false;
}

size_t first_document(std::string_view text) noexcept {
  auto c = cursor{text.data(), text.data() + text.size()};
  c.skip_space();
  if (c.done() || *c.at != '{' || !skip_nested(c))
    return 0;
  return static_cast<size_t>(c.at - text.data());
}

} // namespace hearth
