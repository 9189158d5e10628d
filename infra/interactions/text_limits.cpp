// Counting and cutting of text; the text half of message_builder.hpp.
#include "infra/interactions/message_builder.hpp"
#include <array>
#include <simdjson.h>

namespace hearth {
namespace {

constexpr char32_t broken = 0xFFFD;

/// Takes one code point from the front; U+FFFD for one byte of broken UTF-8.
char32_t next_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto size = lead < 0x80   ? 1U
                    : lead < 0xC2 ? 0U
                    : lead < 0xE0 ? 2U
                    : lead < 0xF0 ? 3U
                    : lead < 0xF5 ? 4U
                                  : 0U;
  if (size == 1) {
    text.remove_prefix(1);
    return lead;
  }
  if (size == 0 || text.size() < size) {
    text.remove_prefix(1);
    return broken;
  }
  auto point = static_cast<char32_t>(lead & (0xFFU >> (size + 1)));
  for (auto i = 1U; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return broken;
    }
    point = (point << 6) | (byte & 0x3F);
  }
  const auto overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  if (overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    text.remove_prefix(1);
    return broken;
  }
  text.remove_prefix(size);
  return point;
}

void append(std::string& out, char32_t point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

size_t units(char32_t point) { return point > 0xFFFF ? 2 : 1; }

struct range {
  char32_t first, last;
};
template <size_t N> bool in(const std::array<range, N>& ranges, char32_t point) {
  for (const auto& each : ranges)
    if (point >= each.first && point <= each.last)
      return true;
  return false;
}

constexpr char32_t joiner = 0x200D;
bool is_flag_letter(char32_t point) { return point >= 0x1F1E6 && point <= 0x1F1FF; }

/// Belongs to the character before it: combining marks, variation selectors, skin tones, tags.
/// A short list of what occurs in names and emoji, not the whole of Unicode Annex 29.
bool extends(char32_t point) {
  static constexpr auto marks = std::array<range, 12>{{{0x0300, 0x036F},
                                                       {0x0483, 0x0489},
                                                       {0x0591, 0x05BD},
                                                       {0x064B, 0x065F},
                                                       {0x0900, 0x0903},
                                                       {0x093A, 0x094F},
                                                       {0x0E31, 0x0E3A},
                                                       {0x0E47, 0x0E4E},
                                                       {0x20D0, 0x20FF},
                                                       {0xFE00, 0xFE0F},
                                                       {0x1F3FB, 0x1F3FF},
                                                       {0xE0020, 0xE01EF}}};
  return point == joiner || in(marks, point);
}

/// Not seen, or turning the direction of what follows.
bool is_invisible(char32_t point) {
  static constexpr auto hidden = std::array<range, 12>{{{0x00AD, 0x00AD},
                                                        {0x034F, 0x034F},
                                                        {0x061C, 0x061C},
                                                        {0x115F, 0x1160},
                                                        {0x17B4, 0x17B5},
                                                        {0x180B, 0x180E},
                                                        {0x200B, 0x200F},
                                                        {0x2028, 0x202E},
                                                        {0x2060, 0x206F},
                                                        {0x3164, 0x3164},
                                                        {0xFEFF, 0xFEFF},
                                                        {0xFFF0, 0xFFFB}}};
  return in(hidden, point);
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }
bool is_space(char32_t point) {
  return point == ' ' || point == 0xA0 || (point >= 0x2000 && point <= 0x200A) || point == 0x3000;
}

/// Is shown, and not ASCII.
bool may_be_joined(char32_t point) {
  return point >= 0x80 && point != broken && !is_invisible(point) && !is_space(point) &&
         !is_control(point);
}

/// Removes one whole character (with its marks) from the front and returns it, valid.
std::string next_character(std::string_view& text, size_t& length) {
  auto out = std::string{};
  auto point = next_code_point(text);
  append(out, point);
  length = units(point);
  auto flag = is_flag_letter(point);
  while (!text.empty()) {
    auto rest = text;
    const auto next = next_code_point(rest);
    const auto joined = point == joiner || extends(next) || (flag && is_flag_letter(next));
    if (!joined || length > 64) // a pile of marks is cut like anything else
      return out;
    flag = false; // two letters make a flag, the third starts the next one
    append(out, next);
    length += units(next);
    point = next;
    text = rest;
  }
  return out;
}

} // namespace

size_t text_length(std::string_view text) {
  auto length = size_t{0};
  // The front of nearly every text, or all of it.
  while (!text.empty() && static_cast<unsigned char>(text.front()) < 0x80) {
    text.remove_prefix(1);
    ++length;
  }
  while (!text.empty())
    length += units(next_code_point(text));
  return length;
}

std::string truncate(std::string_view text, size_t max) {
  // No text has more units than bytes: one that is valid and short enough stays as it is.
  if (text.size() <= max && simdjson::validate_utf8(text.data(), text.size()))
    return std::string{text};
  auto out = std::string{};
  auto used = size_t{0}; // units in `out`
  auto safe = size_t{0}; // bytes of `out` that leave room for the ellipsis
  while (!text.empty()) {
    auto length = size_t{0};
    const auto character = next_character(text, length);
    if (used + length > max) {
      out.resize(safe);
      return max == 0 ? std::string{} : out + "…";
    }
    out += character;
    used += length;
    if (used + 1 <= max)
      safe = out.size();
  }
  return out;
}

std::string clean_name(std::string_view name) {
  auto out = std::string{};
  auto before = char32_t{' '};
  while (!name.empty()) {
    const auto point = next_code_point(name);
    // Emoji and some scripts need a joiner, which is seen only between two such characters.
    auto rest = name;
    const auto joins = (point == joiner || point == 0x200C) && may_be_joined(before) &&
                       !rest.empty() && may_be_joined(next_code_point(rest));
    if ((is_invisible(point) && !joins) || point == broken)
      continue;
    const auto shown = is_control(point) || is_space(point) ? U' ' : point;
    if (shown == ' ' && before == ' ')
      continue;
    append(out, shown);
    before = shown;
  }
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out.empty() ? "?" : out;
}

std::string escape_markdown(std::string_view name) {
  const auto clean = clean_name(name);
  auto out = std::string{};
  out.reserve(clean.size() + 8);
  const auto rest_is_number = [&](size_t end) { // "1." at the start makes a list
    for (size_t i = 0; i < end; ++i)
      if (clean[i] < '0' || clean[i] > '9')
        return false;
    return end > 0;
  };
  for (size_t i = 0; i < clean.size(); ++i) {
    const auto letter = clean[i];
    const auto anywhere =
        std::string_view{"\\*_~`|<>@[]()#"}.find(letter) != std::string_view::npos;
    const auto at_start = i == 0 && (letter == '-' || letter == '+');
    const auto list = letter == '.' && rest_is_number(i);
    const auto link = letter == ':' && clean.compare(i, 3, "://") == 0;
    if (anywhere || at_start || list || link)
      out.push_back('\\');
    out.push_back(letter);
    if (letter == '@')
      out += "\u200B"; // @everyone must not even look like a mention
  }
  return out;
}

} // namespace hearth
