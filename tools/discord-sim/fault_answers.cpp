#include "discord-sim/fault_answers.hpp"
#include "discord-sim/rate_limit.hpp"

namespace sim {

http_response injected_429(const std::string& scope, double retry_after, int code) {
  const bool sublimit = scope == "sublimit";
  auto answer = rate_limited(retry_after, sublimit ? "user" : scope, code);
  answer.bare = true; // these headers instead of the window's
  if (scope == "global")
    return answer;
  const bool left = sublimit || scope == "shared";
  answer.headers.emplace_back("X-RateLimit-Limit", "5");
  answer.headers.emplace_back("X-RateLimit-Remaining", left ? "4" : "0");
  answer.headers.emplace_back("X-RateLimit-Reset-After",
                              left ? "1.000" : std::to_string(retry_after));
  answer.headers.emplace_back("X-RateLimit-Bucket", "injected");
  return answer;
}

http_response injected_error(int status, const json& value) {
  if (value.contains("body") && value["body"].is_string())
    return http_response::text(status, value["body"].get<std::string>(), "text/html");
  if (value.contains("body"))
    return http_response::of(status, value["body"]);
  const auto kind = value.value("kind", status >= 500 ? "html" : "json");
  if (kind == "overloaded")
    return http_response::of(
        status, {{"message", "API resource is currently overloaded. Try again a little later"},
                 {"code", 130000}});
  if (kind == "json")
    return http_response::of(status, {{"message", std::to_string(status)}, {"code", 0}});
  auto answer = http_response::text(
      status, kind == "empty" ? "" : "<html><body>upstream</body></html>", "text/html");
  answer.bare = true; // a proxy knows of no limits
  return answer;
}

http_response injected_cloudflare(const json& value) {
  const auto kind = value.value("kind", "1015");
  const auto status = value.value("status", kind == "1010" ? 403 : 429);
  http_response answer;
  if (kind == "json")
    answer = http_response::of(
        status, {{"code", 0},
                 {"message", "You are being blocked from accessing our API temporarily due to "
                             "exceeding our rate limits frequently."}});
  else if (kind == "html")
    answer = http_response::text(
        status,
        "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict "
        "access</title></head><body><h1>Error 1015</h1></body></html>",
        "text/html; charset=UTF-8");
  else
    answer = http_response::text(status, "error code: " + kind, "text/plain; charset=UTF-8");
  if (value.contains("retry_after"))
    answer.headers.emplace_back("Retry-After", std::to_string(value["retry_after"].get<int>()));
  answer.headers.emplace_back("Server", "cloudflare");
  answer.bare = true;
  return answer;
}

} // namespace sim
