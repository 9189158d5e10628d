#include "infra/settings/option_checks.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/rest/request_rules.hpp"
#include "messages/ids.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {

std::string check_zone(std::string_view text) {
  if (is_valid_zone(text))
    return {};
  const auto found = search_zones(text, 1);
  return found.empty() ? "no such time zone; write one such as \"Europe/Paris\""
                       : fmt::format("no such time zone; did you mean \"{}\"?", found.front());
}

std::string check_minute(std::string_view text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() == 5 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4) &&
      text.substr(0, 2) < "24" && text.substr(3) < "60")
    return {};
  return "no time of day; write one such as \"04:10\"";
}

std::string check_api(std::string_view text) { return api_base_trouble(text); }

std::string check_key(std::string_view text) {
  const auto hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  const auto good =
      text.empty() || (text.size() == 64 && std::all_of(text.begin(), text.end(), hex));
  return good ? "" : "no public key; it is 64 hex digits, copied from the portal";
}

std::string check_prefix(std::string_view text) {
  const auto good =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  return good ? "" : "only visible ASCII characters";
}

std::string check_channel(std::string_view text) {
  const auto id = parse_id<channel_id>(text);
  return text.empty() || (id && *id) ? ""
                                     : "no channel id; write digits such as "
                                       "\"80351110224678912\"";
}

std::string check_address(std::string_view text) {
  const auto good = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' ||
           c == ':';
  });
  return good && !text.empty() ? "" : "no IP address; write one such as \"127.0.0.1\" or \"::1\"";
}

} // namespace hearth
