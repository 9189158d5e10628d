#include "discord-sim/multipart.hpp"

#include <algorithm>
#include <cctype>

namespace sim {

namespace {

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

std::string_view strip(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Parameters of a header such as `form-data; name="a"; filename="b"`. Quoted values may hold
/// backslash escapes (aiohttp) or %22 %0D %0A (browsers and undici); both are undone.
struct header_value {
  std::string_view main;
  std::vector<std::pair<std::string, std::string>> params;

  std::optional<std::string> param(std::string_view key) const {
    for (const auto& [name, value] : params)
      if (same_word(name, key))
        return value;
    return std::nullopt;
  }
};

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto escape = text.substr(i, 3);
    if (escape == "%22" || escape == "%0D" || escape == "%0A") {
      plain += escape == "%22" ? '"' : escape == "%0D" ? '\r' : '\n';
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// Takes one value off `rest`, quoted or up to the next semicolon.
std::string take_value(std::string_view& rest) {
  if (rest.empty() || rest.front() != '"') {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto value = strip(rest.substr(0, end));
    rest.remove_prefix(end);
    return std::string{value};
  }
  std::string value;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\'))
      ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return unescape(value);
}

header_value parse_header(std::string_view text) {
  header_value header;
  const auto end = std::min(text.find(';'), text.size());
  header.main = strip(text.substr(0, end));
  text.remove_prefix(end);
  while (!text.empty()) {
    text = strip(text.substr(1));
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      break;
    const auto key = strip(text.substr(0, equals));
    text = strip(text.substr(equals + 1));
    header.params.emplace_back(std::string{key}, take_value(text));
    const auto next = text.find(';');
    text = next == std::string_view::npos ? std::string_view{} : text.substr(next);
  }
  return header;
}

/// Reads the headers of one part; false when it has no usable Content-Disposition.
bool read_headers(std::string_view block, form_part& part) {
  bool named = false;
  while (!block.empty()) {
    const auto end = std::min(block.find("\r\n"), block.size());
    const auto line = block.substr(0, end);
    block.remove_prefix(std::min(end + 2, block.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      return false;
    const auto value = strip(line.substr(colon + 1));
    if (same_word(line.substr(0, colon), "Content-Type")) {
      part.content_type = value;
    } else if (same_word(line.substr(0, colon), "Content-Disposition")) {
      const auto header = parse_header(value);
      const auto name = header.param("name");
      if (!same_word(header.main, "form-data") || !name)
        return false;
      named = true;
      part.name = *name;
      if (const auto filename = header.param("filename")) {
        part.is_file = true;
        part.filename = *filename;
      }
    }
  }
  return named;
}

} // namespace

bool is_multipart(std::string_view content_type) {
  return same_word(parse_header(content_type).main, "multipart/form-data");
}

std::optional<std::vector<form_part>>
parse_multipart(std::string_view content_type, std::string_view body, std::size_t parts_max) {
  const auto header = parse_header(content_type);
  const auto boundary = header.param("boundary");
  // RFC 2046 5.1.1: 1 to 70 characters.
  if (!same_word(header.main, "multipart/form-data") || !boundary || boundary->empty() ||
      boundary->size() > 70)
    return std::nullopt;
  const auto delimiter = "\r\n--" + *boundary;
  // The first delimiter stands at the start, without its line break, or after a preamble.
  const auto opening = std::string_view{delimiter}.substr(2);
  auto at = body.substr(0, opening.size()) == opening ? std::size_t{0} : body.find(delimiter);
  if (at == std::string_view::npos)
    return std::nullopt;
  body.remove_prefix(at == 0 ? opening.size() : at + delimiter.size());
  std::vector<form_part> parts;
  while (body.substr(0, 2) != "--") {
    // Padding after a delimiter is allowed, then a line break.
    const auto line = body.find("\r\n");
    if (line == std::string_view::npos || !strip(body.substr(0, line)).empty())
      return std::nullopt;
    body.remove_prefix(line + 2);
    const auto blank = body.find("\r\n\r\n");
    if (blank == std::string_view::npos || parts.size() == parts_max)
      return std::nullopt;
    form_part part;
    if (!read_headers(body.substr(0, blank), part))
      return std::nullopt;
    // The blank line's own break may already start the delimiter of an empty part.
    body.remove_prefix(blank + 2);
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos)
      return std::nullopt;
    part.data = end >= 2 ? std::string{body.substr(2, end - 2)} : std::string{};
    body.remove_prefix(end + delimiter.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string safe_filename(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  std::string safe;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == ' ')
      safe += '_';
    else if (byte > 0x20 && byte != 0x7f &&
             std::string_view{"\"<>|:*?#%&"}.find(c) == std::string_view::npos)
      safe += c;
  }
  // "." and ".." would be path segments of the CDN address.
  if (safe.find_first_not_of('.') == std::string::npos)
    return "unknown";
  return safe;
}

} // namespace sim
