#include "discord-sim/unicode.hpp"

#include <clocale>
#include <cwctype>

namespace sim {

namespace {

/// The C library's character classes, which know Unicode in this locale; every glibc has it.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead < 0xe0)
    return 2;
  if (lead >= 0xe0 && lead < 0xf0)
    return 3;
  if (lead >= 0xf0 && lead < 0xf5)
    return 4;
  return 0;
}

char32_t lead_bits(unsigned char lead, std::size_t length) {
  constexpr unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  return lead & masks[length];
}

} // namespace

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto length = sequence_length(lead);
    bool good = length != 0 && at + length <= text.size();
    char32_t point = good ? lead_bits(lead, length) : 0;
    for (std::size_t i = 1; good && i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      good = (byte & 0xc0) == 0x80;
      point = point << 6 | (byte & 0x3f);
    }
    // Overlong forms, surrogates and what lies beyond Unicode are malformed too (RFC 3629 3).
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    good = good && point >= smallest[length] && point <= 0x10ffff &&
           (point < 0xd800 || point > 0xdfff);
    points.push_back(good ? point : U'\uFFFD');
    at += good ? length : 1;
  }
  return points;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (const auto point : code_points(text)) {
    const auto bits = [point](int shift) {
      return static_cast<char>(0x80 | ((point >> shift) & 0x3f));
    };
    if (point < 0x80) {
      valid += static_cast<char>(point);
    } else if (point < 0x800) {
      valid += static_cast<char>(0xc0 | point >> 6);
      valid += bits(0);
    } else if (point < 0x10000) {
      valid += static_cast<char>(0xe0 | point >> 12);
      (valid += bits(6)) += bits(0);
    } else {
      valid += static_cast<char>(0xf0 | point >> 18);
      ((valid += bits(12)) += bits(6)) += bits(0);
    }
  }
  return valid;
}

std::size_t length_of(std::string_view text) { return code_points(text).size(); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_command_name(std::string_view text) {
  const auto points = code_points(text);
  if (points.empty())
    return false;
  for (const auto point : points) {
    const bool plain = point == U'-' || point == U'_' || point == U'\'';
    // Whole blocks of Devanagari and Thai are allowed, with their vowel marks.
    const bool marks = (point >= 0x0900 && point <= 0x097f) || (point >= 0x0e01 && point <= 0x0e7f);
    const auto wide = static_cast<std::wint_t>(point);
    if (!plain && !marks && (point == U'\uFFFD' || iswalnum_l(wide, unicode_locale()) == 0))
      return false;
  }
  return true;
}

bool has_upper_case(std::string_view text) {
  for (const auto point : code_points(text)) {
    const auto wide = static_cast<std::wint_t>(point);
    if (towlower_l(wide, unicode_locale()) != wide)
      return true;
  }
  return false;
}

} // namespace sim
