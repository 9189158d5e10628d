#include "infra/voice/word_text.hpp"
#include <algorithm>
#include <cstdint>

namespace hearth {

namespace {

/// U+00C0..U+017F without accents, in lower case; '?' where there is no such letter. Ligatures and
/// letters of their own (æ, ß, ð, þ, ø, œ) get their nearest one.
constexpr auto plain_letters = std::string_view{"aaaaaaaceeeeiiii"
                                                "dnooooo?ouuuuyts"
                                                "aaaaaaaceeeeiiii"
                                                "dnooooo?ouuuuyty"
                                                "aaaaaaccccccccdd"
                                                "ddeeeeeeeeeegggg"
                                                "gggghhhhiiiiiiii"
                                                "iiiijjkkklllllll"
                                                "lllnnnnnnnnnoooo"
                                                "oooorrrrrrssssss"
                                                "ssttttttuuuuuuuu"
                                                "uuuuwwyyyzzzzzzs"};

struct letter {
  uint32_t code = 0;
  size_t length = 1;
};

/// The character at the front of `text`; a broken one counts as one byte of itself.
letter first_of(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](size_t i) { return i < text.size() && (at(i) & 0xC0) == 0x80; };
  if (at(0) < 0x80)
    return {at(0), 1};
  if ((at(0) & 0xE0) == 0xC0 && continues(1))
    return {(at(0) & 0x1FU) << 6 | (at(1) & 0x3FU), 2};
  if ((at(0) & 0xF0) == 0xE0 && continues(1) && continues(2))
    return {(at(0) & 0x0FU) << 12 | (at(1) & 0x3FU) << 6 | (at(2) & 0x3FU), 3};
  if ((at(0) & 0xF8) == 0xF0 && continues(1) && continues(2) && continues(3))
    return {(at(0) & 0x07U) << 18 | (at(1) & 0x3FU) << 12 | (at(2) & 0x3FU) << 6 | (at(3) & 0x3FU),
            4};
  return {at(0), 1};
}

/// Combining accents, which belong to the letter before them.
bool is_mark(uint32_t code) { return code >= 0x300 && code <= 0x36F; }

/// Letters and digits of any script; punctuation, spaces and pictures are not.
bool is_word(uint32_t code) {
  if (code < 0x80)
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
           (code >= 'A' && code <= 'Z') || code == '_';
  if (code < 0xC0 || code == 0xD7 || code == 0xF7)
    return code == 0xAA || code == 0xB5 || code == 0xBA;
  const auto symbol = (code >= 0x2000 && code <= 0x2BFF) || (code >= 0x3000 && code <= 0x303F) ||
                      (code >= 0xFE00 && code <= 0xFE0F) || code >= 0x1F000;
  return !symbol && !is_mark(code);
}

/// Calls `fn` with each word, folded, until it says true.
template <class Fn> bool any_word(std::string_view text, const Fn& fn) {
  auto word = std::string{};
  while (!text.empty()) {
    const auto [code, length] = first_of(text);
    if (is_word(code)) {
      if (code >= 'A' && code <= 'Z')
        word += static_cast<char>(code + 32);
      else if (code >= 0xC0 && code - 0xC0 < plain_letters.size())
        word += plain_letters[code - 0xC0];
      else
        word += text.substr(0, length);
    } else if (!is_mark(code) && !word.empty()) {
      if (fn(word))
        return true;
      word.clear();
    }
    text.remove_prefix(length);
  }
  return !word.empty() && fn(word);
}

} // namespace

std::string folded(std::string_view text) {
  auto out = std::string{};
  any_word(text, [&](const std::string& word) {
    out += (out.empty() ? "" : " ") + word;
    return false;
  });
  return out;
}

std::vector<std::string> keywords_in(std::string_view list) {
  auto words = std::vector<std::string>{};
  any_word(list, [&](const std::string& word) {
    if (word.size() <= keyword_length_max &&
        std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(word);
    return words.size() == keywords_max;
  });
  return words;
}

bool has_keyword(std::string_view text, const std::vector<std::string>& keywords) {
  return any_word(text, [&](const std::string& word) {
    return std::find(keywords.begin(), keywords.end(), word) != keywords.end();
  });
}

std::string speakable(std::string_view name, size_t max) {
  auto out = std::string{};
  auto count = size_t{0};
  auto gap = std::string_view{}; // what joins the next word, once there is one
  while (!name.empty() && count < max) {
    const auto [code, length] = first_of(name);
    const auto shown = name.substr(0, length);
    name.remove_prefix(length);
    if ((is_word(code) && code != '_') || (is_mark(code) && !out.empty())) {
      if (!gap.empty() && !out.empty()) {
        if (++count == max)
          break;
        out += gap;
      }
      gap = {};
      out += shown;
      ++count;
    } else if (gap.empty() && (code == '-' || code == '\'' || code == 0x2019)) {
      gap = shown;
    } else {
      gap = " ";
    }
  }
  return out;
}

} // namespace hearth
