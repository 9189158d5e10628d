#pragma once
// Every text that a member sees, by language and key. Pure.
#include "config/embedded.hpp"
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth {

/// What replaces `{name}` in a text. Put in as it is: escape what members wrote before.
struct text_value {
  std::string_view name;
  std::variant<int64_t, std::string_view> value;

  text_value(std::string_view n, std::string_view text) : name(n), value(text) {}
  text_value(std::string_view n, const char* text) : name(n), value(std::string_view{text}) {}
  text_value(std::string_view n, const std::string& text)
      : name(n), value(std::string_view{text}) {}
  template <class T>
  requires std::is_integral_v<T> text_value(std::string_view n, T number)
      : name(n), value(static_cast<int64_t>(number)) {}
};

/// "one" or "other" for a number in a language (French counts 0 as "one"; CLDR cardinal rules for
/// whole numbers, without "many").
std::string_view plural_form(std::string_view language, int64_t count);

/// All languages. Made once at start, shared, never changed.
class catalog {
public:
  /// Reads TOML files named "<language>.toml"; tables become dotted keys. What is wrong with a file
  /// (file:line and reason) goes into problems() and the rest is kept.
  explicit catalog(const std::vector<embedded_file>& files);

  /// The text of `key` for a Discord locale: "fr-CA" falls back to "fr", then to "en". A key with
  /// forms (".one", ".other") takes the one that `{count}` asks for. `{name}` without a value stays
  /// as it is; "{{" is a brace. An unknown key gives itself and counts as missing.
  std::string text(std::string_view locale, std::string_view key,
                   std::initializer_list<text_value> values = {}) const;

  /// Whether some language has the key (or its plural forms).
  bool has(std::string_view key) const;
  /// The key's text in each language that has it, for Discord's `*_localizations`. No forms, no
  /// values.
  std::map<std::string, std::string> translations(std::string_view key) const;
  /// The language that serves a locale: "fr-CA" gives "fr", "xx" gives "en".
  std::string_view language_of(std::string_view locale) const;
  /// "en" first, then the others sorted.
  std::vector<std::string> languages() const;
  /// Keys and texts of a language as in its file; empty for one there is not.
  const std::map<std::string, std::string, std::less<>>& texts(std::string_view language) const;

  const std::vector<std::string>& problems() const noexcept { return problems_; }
  /// How often an unknown key was asked for.
  uint64_t missing() const noexcept { return missing_.load(std::memory_order_relaxed); }

private:
  using texts_by_key = std::map<std::string, std::string, std::less<>>;
  const std::string* find(std::string_view language, std::string_view key,
                          std::initializer_list<text_value> values) const;

  std::map<std::string, texts_by_key, std::less<>> languages_;
  std::vector<std::string> problems_;
  mutable std::atomic<uint64_t> missing_{0};
};

/// The names in braces of a text, sorted, each once: "{user} of {count}" gives count, user.
std::vector<std::string> placeholders(std::string_view text);

/// The catalog of the files in the program.
const catalog& embedded_catalog();

} // namespace hearth
