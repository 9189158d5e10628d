#include "infra/rest/request_rules.hpp"
#include "infra/gateway/websocket_url.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace hearth {
namespace {

// discord-api 2.5: files of one request.
constexpr size_t files_max = 10;
constexpr size_t bytes_max = 25UL * 1024 * 1024;
constexpr size_t reason_max = 512;
constexpr uint32_t attempts_max = 5;

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Whether a double of this POST changes nothing (discord-api 2.4, 15.5).
bool is_repeatable_post(std::string_view path) {
  return (starts_with(path, "/interactions/") &&
          path.find("/callback") != std::string_view::npos) ||
         path == "/users/@me/channels" || ends_with(path, "/typing") ||
         ends_with(path, "/messages/bulk-delete");
}

bool has_enforced_nonce(const std::string& text) {
  if (text.find("\"enforce_nonce\"") == std::string::npos)
    return false;
  const auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object())
    return false;
  const auto nonce = body.find("nonce");
  const auto enforce = body.find("enforce_nonce");
  return nonce != body.end() && (nonce->is_string() || nonce->is_number()) &&
         enforce != body.end() && *enforce == true;
}

bool is_server_trouble(uint16_t status, int32_t code) {
  constexpr int32_t code_overloaded = 130000;
  return status == 500 || status == 502 || status == 503 || status == 504 ||
         (status >= 520 && status <= 524) || code == code_overloaded;
}

} // namespace

std::string api_base_trouble(std::string_view base) {
  const auto secure = starts_with(base, "https://");
  if (!secure && !starts_with(base, "http://"))
    return "must start with https:// (or http:// for this machine)";
  const auto rest = base.substr(secure ? 8 : 7);
  if (rest.find_first_of("@?#\\ ") != std::string_view::npos ||
      std::any_of(rest.begin(), rest.end(),
                  [](char letter) { return letter <= ' ' || letter > '~'; }))
    return "must be host, port and path only";
  const auto authority = rest.substr(0, rest.find('/'));
  const auto port = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  const auto has_port =
      port != std::string_view::npos && (bracket == std::string_view::npos || port > bracket);
  const auto host = has_port ? authority.substr(0, port) : authority;
  if (host.empty())
    return "has no host";
  if (!secure && !is_loopback_url(base))
    return "plain http is allowed to this machine only (127.0.0.1, [::1], localhost)";
  if (ends_with(base, "/"))
    return "must not end with /";
  return {};
}

std::string request_trouble(const rest_request& request) {
  const auto& path = request.path;
  if (path.empty() || path.front() != '/' || path.size() > 2'000)
    return "path must start with / and be at most 2000 bytes";
  if (std::any_of(path.begin(), path.end(),
                  [](char letter) { return letter <= ' ' || letter > '~' || letter == '#'; }))
    return "path must be percent-encoded";
  const auto bare = std::string_view{path}.substr(0, path.find('?'));
  if (bare.find("/..") != std::string_view::npos || bare.find("//") != std::string_view::npos ||
      bare.find("/./") != std::string_view::npos)
    return "path must be normal";
  if (request.files.size() > files_max)
    return "at most 10 files";
  auto bytes = request.body.size();
  for (const auto& file : request.files) {
    if (file.name.empty() || file.name.size() > 255)
      return "a file needs a name of at most 255 bytes";
    bytes += file.bytes.size();
  }
  if (bytes > bytes_max)
    return "at most 25 MiB";
  if (request.method == http_method::get && (!request.body.empty() || !request.files.empty()))
    return "GET has no body";
  return {};
}

std::string audit_reason(std::string_view reason) {
  static constexpr auto hex = std::string_view{"0123456789ABCDEF"};
  auto out = std::string{};
  auto characters = size_t{0};
  for (const auto letter : reason) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xC0) != 0x80 && ++characters > reason_max)
      break;
    const auto plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' || byte == '.' ||
                       byte == '~';
    if (plain) {
      out.push_back(letter);
    } else {
      out.push_back('%');
      out.push_back(hex[byte >> 4]);
      out.push_back(hex[byte & 15]);
    }
  }
  return out;
}

bool may_repeat(const rest_request& request) {
  if (request.method != http_method::post)
    return true;
  const auto path = std::string_view{request.path}.substr(0, request.path.find('?'));
  return is_repeatable_post(path) || has_enforced_nonce(request.body);
}

next_step after_try(const rest_request& request, const try_result& result, uint32_t attempts) {
  if (attempts >= attempts_max)
    return next_step::answer;
  if (!result.http)
    return !result.maybe_sent || may_repeat(request) ? next_step::retry : next_step::answer;
  return is_server_trouble(result.status, result.code) && may_repeat(request) ? next_step::retry
                                                                              : next_step::answer;
}

int64_t retry_wait_ms(rest_priority priority, uint32_t attempts, uint32_t random) {
  const auto callback = priority == rest_priority::callback;
  const auto first = callback ? int64_t{50} : int64_t{500};
  const auto last = callback ? int64_t{400} : int64_t{10'000};
  const auto doublings = std::min<uint32_t>(attempts == 0 ? 0 : attempts - 1, 10);
  const auto wait = std::min(last, first << doublings);
  return wait / 2 + static_cast<int64_t>(random % static_cast<uint32_t>(wait / 2 + 1));
}

} // namespace hearth
