#include "infra/settings/catalog.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <toml++/toml.h>

namespace hearth {
namespace {

constexpr std::string_view fallback_language = "en";

void flatten(const toml::table& table, const std::string& prefix, std::string_view file,
             std::map<std::string, std::string, std::less<>>& into,
             std::vector<std::string>& problems) {
  for (const auto& [name, node] : table) {
    const auto key =
        prefix.empty() ? std::string{name.str()} : fmt::format("{}.{}", prefix, name.str());
    if (const auto* inner = node.as_table())
      flatten(*inner, key, file, into, problems);
    else if (const auto* text = node.as_string())
      into.emplace(key, text->get());
    else
      problems.push_back(fmt::format("{}:{}: {} is no text", file, node.source().begin.line, key));
  }
}

const text_value* find_value(std::initializer_list<text_value> values, std::string_view name) {
  const auto* found = std::find_if(values.begin(), values.end(),
                                   [&](const text_value& value) { return value.name == name; });
  return found == values.end() ? nullptr : found;
}

void append(std::string& text, const text_value& value) {
  if (const auto* number = std::get_if<int64_t>(&value.value))
    text += std::to_string(*number);
  else
    text += std::get<std::string_view>(value.value);
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Calls `literal` and `name` for the parts of a text in order.
template <class Literal, class Name> void parts(std::string_view text, Literal literal, Name name) {
  while (!text.empty()) {
    const auto open = text.find('{');
    literal(text.substr(0, open));
    if (open == std::string_view::npos)
      return;
    text.remove_prefix(open);
    const auto close = text.find('}');
    if (text.substr(0, 2) == "{{") {
      literal("{");
      text.remove_prefix(2);
    } else if (close != std::string_view::npos && is_name(text.substr(1, close - 1))) {
      name(text.substr(1, close - 1));
      text.remove_prefix(close + 1);
    } else {
      literal("{");
      text.remove_prefix(1);
    }
  }
}

std::string fill(std::string_view text, std::initializer_list<text_value> values) {
  auto filled = std::string{};
  parts(
      text, [&](std::string_view literal) { filled += literal; },
      [&](std::string_view name) {
        if (const auto* value = find_value(values, name))
          append(filled, *value);
        else
          filled.append("{").append(name).append("}");
      });
  return filled;
}

} // namespace

std::string_view plural_form(std::string_view language, int64_t count) {
  const auto one = language == "fr" ? count >= -1 && count <= 1 : count == 1;
  return one ? "one" : "other";
}

std::vector<std::string> placeholders(std::string_view text) {
  auto names = std::set<std::string>{};
  parts(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace(name); });
  return {names.begin(), names.end()};
}

catalog::catalog(const std::vector<embedded_file>& files) {
  for (const auto& file : files) {
    auto& into = languages_[std::string{file.name.substr(0, file.name.find('.'))}];
    try {
      flatten(toml::parse(file.text), "", file.name, into, problems_);
    } catch (const toml::parse_error& error) {
      problems_.push_back(
          fmt::format("{}:{}: {}", file.name, error.source().begin.line, error.description()));
    }
  }
  languages_[std::string{fallback_language}]; // there always, so that look-ups end
}

std::string_view catalog::language_of(std::string_view locale) const {
  for (const auto candidate : {locale, locale.substr(0, locale.find('-'))})
    if (const auto found = languages_.find(candidate); found != languages_.end())
      return found->first;
  return fallback_language;
}

const std::string* catalog::find(std::string_view language, std::string_view key,
                                 std::initializer_list<text_value> values) const {
  const auto& texts = languages_.find(language)->second;
  if (const auto found = texts.find(key); found != texts.end())
    return &found->second;
  const auto* count = find_value(values, "count");
  const auto* number = count ? std::get_if<int64_t>(&count->value) : nullptr;
  if (!number)
    return nullptr;
  const auto form = fmt::format("{}.{}", key, plural_form(language, *number));
  const auto found = texts.find(form);
  return found == texts.end() ? nullptr : &found->second;
}

std::string catalog::text(std::string_view locale, std::string_view key,
                          std::initializer_list<text_value> values) const {
  for (const auto language : {language_of(locale), fallback_language})
    if (const auto* found = find(language, key, values))
      return fill(*found, values);
  missing_.fetch_add(1, std::memory_order_relaxed);
  return std::string{key};
}

bool catalog::has(std::string_view key) const {
  return std::any_of(languages_.begin(), languages_.end(), [&](const auto& language) {
    return language.second.count(key) || language.second.count(fmt::format("{}.other", key));
  });
}

std::map<std::string, std::string> catalog::translations(std::string_view key) const {
  auto found = std::map<std::string, std::string>{};
  for (const auto& [language, texts] : languages_)
    if (const auto text = texts.find(key); text != texts.end())
      found.emplace(language, text->second);
  return found;
}

std::vector<std::string> catalog::languages() const {
  auto names = std::vector<std::string>{std::string{fallback_language}};
  for (const auto& [language, texts] : languages_)
    if (language != fallback_language)
      names.push_back(language);
  return names;
}

const std::map<std::string, std::string, std::less<>>&
catalog::texts(std::string_view language) const {
  static const texts_by_key none;
  const auto found = languages_.find(language);
  return found == languages_.end() ? none : found->second;
}

const catalog& embedded_catalog() {
  static const catalog all{embedded_locales()};
  return all;
}

} // namespace hearth
