#include "infra/root/redact.hpp"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace hearth {
namespace {

constexpr std::string_view blot = "***";
constexpr size_t known_min = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_base64url(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

size_t run_of(std::string_view text, size_t from) {
  auto end = from;
  while (end < text.size() && is_base64url(text[end]))
    ++end;
  return end - from;
}

/// Length of a bot token that begins at `at`; 0 when none does.
size_t token_at(std::string_view text, size_t at) {
  constexpr std::array<size_t, 3> parts = {18, 6, 27};
  auto end = at;
  for (const auto least : parts) {
    if (end != at) {
      if (end >= text.size() || text[end] != '.')
        return 0;
      ++end;
    }
    const auto length = run_of(text, end);
    if (length < least)
      return 0;
    end += length;
  }
  return end - at;
}

/// Where the token in a path begins, when one of the paths begins at `at`; else 0.
size_t path_token(std::string_view text, size_t at) {
  for (const std::string_view head : {"/interactions/", "/webhooks/"}) {
    if (text.substr(at, head.size()) != head)
      continue;
    auto end = at + head.size();
    const auto id = end;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    if (end > id && end + 1 < text.size() && text[end] == '/' && text[end + 1] != '*')
      return end + 1;
  }
  return 0;
}

void append_visible(std::string& out, char c) {
  if (c == '\n')
    out += "\\n";
  else if (c == '\t')
    out += ' ';
  else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  else
    out += c;
}

std::string without_known(std::string_view text, const std::vector<std::string>& known) {
  auto result = std::string{text};
  for (const auto& word : known) {
    if (word.size() < known_min)
      continue;
    for (auto at = result.find(word); at != std::string::npos; at = result.find(word, at))
      result.replace(at, word.size(), blot);
  }
  return result;
}

} // namespace

std::string redact(std::string_view given, const std::vector<std::string>& known) {
  const auto text = without_known(given, known);
  auto out = std::string{};
  out.reserve(text.size());
  for (auto at = size_t{0}; at < text.size();) {
    if (const auto token = path_token(text, at)) {
      out.append(text, at, token - at).append(blot);
      at = std::min(text.find_first_of("/? \"'\n", token), text.size());
      continue;
    }
    if (is_base64url(text[at])) {
      // The whole word at once, so that the scan stays linear.
      const auto token = token_at(text, at);
      const auto length = token ? token : run_of(text, at);
      out.append(token ? blot : std::string_view{text}.substr(at, length));
      at += length;
      continue;
    }
    append_visible(out, text[at++]);
  }
  return out;
}

} // namespace hearth
