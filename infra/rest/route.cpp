#include "infra/rest/route.hpp"
#include <algorithm>
#include <vector>

namespace hearth {
namespace {

bool is_number(std::string_view segment) {
  return !segment.empty() && std::all_of(segment.begin(), segment.end(), [](char letter) {
    return letter >= '0' && letter <= '9';
  });
}

std::vector<std::string_view> split(std::string_view path) {
  auto segments = std::vector<std::string_view>{};
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    if (path.front() == '/') {
      path.remove_prefix(1);
      continue;
    }
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(path.size(), slash));
  }
  return segments;
}

/// Whether segment `i` is a token: it follows the id of a webhook or an interaction.
bool is_token(const std::vector<std::string_view>& segments, size_t i) {
  return i == 2 && (segments[0] == "webhooks" || segments[0] == "interactions");
}

/// Words after which anything is one value: emoji, invite and template codes.
bool takes_any(std::string_view word) {
  return word == "reactions" || word == "invites" || word == "templates";
}

/// Age classes of discord-api 2.3: below 10 s, normal, above 14 days. The borders are widened since
/// clocks differ.
const char* age_class(std::string_view message, int64_t unix_ms) {
  const auto id = parse_id<message_id>(message);
  if (!id || unix_ms == 0)
    return "";
  const auto age_ms = unix_ms - id->created_ms();
  if (age_ms < 10'000)
    return " young";
  return age_ms > (14 * 86'400 - 60) * int64_t{1'000} ? " old" : "";
}

} // namespace

const char* to_string(http_method method) noexcept {
  switch (method) {
  case http_method::get:
    return "GET";
  case http_method::post:
    return "POST";
  case http_method::put:
    return "PUT";
  case http_method::patch:
    return "PATCH";
  case http_method::del:
    return "DELETE";
  }
  return "GET";
}

route describe_route(http_method method, std::string_view path, int64_t unix_ms) {
  auto made = route{};
  made.key = to_string(method);
  made.key += ' ';
  const auto segments = split(path);
  for (size_t i = 0; i < segments.size(); ++i) {
    const auto variable =
        is_number(segments[i]) || is_token(segments, i) || (i > 0 && takes_any(segments[i - 1]));
    made.key += '/';
    made.key += variable ? "{}" : segments[i];
  }
  if (method != http_method::get)
    made.ordered = std::string{path.substr(0, path.find('?'))};
  if (segments.size() < 2)
    return made;
  const auto& root = segments[0];
  if (root == "channels" || root == "guilds" || root == "webhooks" || root == "interactions")
    made.major = std::string{segments[1]};
  if (segments.size() > 2 && is_token(segments, 2)) {
    made.major += '/';
    made.major += segments[2];
    made.by_token = true;
    made.callback = root == "interactions";
  }
  if (method == http_method::del && segments.size() == 4 && root == "channels" &&
      segments[2] == "messages")
    made.key += age_class(segments[3], unix_ms);
  return made;
}

std::string redacted_path(std::string_view path) {
  const auto segments = split(path);
  auto out = std::string{};
  for (size_t i = 0; i < segments.size(); ++i) {
    out += '/';
    out += is_token(segments, i) ? "***" : segments[i];
  }
  return out;
}

} // namespace hearth
