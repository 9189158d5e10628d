#include "discord-sim/http.hpp"
#include <algorithm>

namespace sim {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

std::string_view http_request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name))
      return value;
  return {};
}

std::optional<std::string_view> http_request::query_value(std::string_view key) const {
  for (const auto& [name, value] : query)
    if (name == key)
      return value;
  return std::nullopt;
}

http_response http_response::of(int status, const json& body) {
  // Names may hold any bytes that a hostile client sent: replace what is not UTF-8.
  return text(status, body.dump(-1, ' ', false, json::error_handler_t::replace),
              "application/json");
}

http_response http_response::text(int status, std::string body, std::string content_type) {
  http_response answer;
  answer.status = status;
  answer.headers.emplace_back("Content-Type", std::move(content_type));
  answer.body = std::move(body);
  return answer;
}

http_response http_response::none() {
  http_response answer;
  answer.status = 204;
  return answer;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

} // namespace sim
