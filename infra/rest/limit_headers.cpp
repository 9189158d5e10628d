#include "infra/rest/limit_headers.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace hearth {
namespace {

using nlohmann::json;

constexpr size_t header_max = 256;
constexpr size_t error_body_max = 256UL * 1024; // an error body; larger ones are not looked at
constexpr double seconds_max = 86'400;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool same_letters(std::string_view given, std::string_view lower_case) {
  return given.size() == lower_case.size() &&
         std::equal(given.begin(), given.end(), lower_case.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

std::optional<double> number(std::string_view text) {
  auto value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0)
    return std::nullopt;
  return value;
}

std::optional<uint32_t> count(std::string_view text) {
  auto value = uint32_t{0};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// Seconds to milliseconds, rounded up, at most a day. The small slack undoes binary fractions:
/// 0.1 s is 100 ms.
int64_t to_ms(double seconds) {
  return static_cast<int64_t>(std::ceil(std::min(seconds, seconds_max) * 1'000 - 1e-6));
}

void read_bucket(limit_report& report, const answer_headers& headers) {
  const auto limit = count(headers.limit);
  const auto remaining = count(headers.remaining);
  const auto reset_after = number(headers.reset_after);
  if (!limit || *limit == 0 || !remaining || !reset_after || headers.bucket.empty())
    return;
  report.has_bucket = true;
  report.bucket = headers.bucket;
  report.limit = *limit;
  report.remaining = std::min(*remaining, *limit);
  report.reset_after_ms = to_ms(*reset_after);
  if (const auto reset = number(headers.reset); reset && *reset < 1e11)
    report.reset_ms = static_cast<int64_t>(std::llround(*reset * 1'000));
}

/// The refusal of a status 429 (or of a Cloudflare 403), from scope, body and their absence.
void read_refusal(limit_report& report, uint16_t status, const answer_headers& headers,
                  const json& body) {
  const auto retry = body.is_object() ? body.find("retry_after") : body.end();
  const auto told_by_body = body.is_object() && retry != body.end() && retry->is_number();
  // Discord's own 429 always says when to come back; Cloudflare's answers are HTML, plain text or
  // a fixed JSON without (discord-api 15.1).
  const auto by_discord = told_by_body || report.has_bucket || !headers.scope.empty();
  if (status == 429 && !by_discord) {
    report.refusal = rate_refusal::cloudflare;
  } else if (status == 429) {
    const auto global = same_letters(headers.global, "true") ||
                        same_letters(headers.scope, "global") ||
                        (body.is_object() && body.value("global", json(false)) == json(true));
    constexpr int32_t code_service_limited = 40062;
    if (global)
      report.refusal = rate_refusal::global;
    else if (same_letters(headers.scope, "shared") || report.code == code_service_limited)
      report.refusal = rate_refusal::shared;
    else
      report.refusal = rate_refusal::user;
  } else {
    return;
  }
  if (told_by_body) {
    const auto seconds = retry->get<double>();
    if (std::isfinite(seconds) && seconds >= 0)
      report.retry_after_ms = to_ms(seconds);
  }
  if (report.retry_after_ms == 0)
    if (const auto seconds = number(headers.retry_after))
      report.retry_after_ms = to_ms(*seconds);
}

} // namespace

void note_header(answer_headers& headers, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return;
  const auto name = trim(line.substr(0, colon));
  const auto value = trim(line.substr(colon + 1));
  if (value.size() > header_max)
    return;
  const auto take = [&](std::string_view wanted, std::string& where) {
    if (same_letters(name, wanted))
      where = value;
  };
  if (name.size() > 11 && (name[0] == 'x' || name[0] == 'X')) {
    take("x-ratelimit-limit", headers.limit);
    take("x-ratelimit-remaining", headers.remaining);
    take("x-ratelimit-reset", headers.reset);
    take("x-ratelimit-reset-after", headers.reset_after);
    take("x-ratelimit-bucket", headers.bucket);
    take("x-ratelimit-scope", headers.scope);
    take("x-ratelimit-global", headers.global);
    return;
  }
  take("retry-after", headers.retry_after);
  take("content-type", headers.content_type);
}

limit_report read_limits(uint16_t status, const answer_headers& headers, std::string_view body) {
  auto report = limit_report{};
  read_bucket(report, headers);
  if (status < 400)
    return report;
  auto parsed = json{};
  if (!body.empty() && body.size() <= error_body_max && trim(body).substr(0, 1) == "{")
    parsed = json::parse(body, nullptr, false);
  if (parsed.is_object()) {
    const auto code = parsed.find("code");
    if (code != parsed.end() && code->is_number_integer()) {
      const auto value = code->get<int64_t>();
      if (value >= 0 && value <= std::numeric_limits<int32_t>::max())
        report.code = static_cast<int32_t>(value);
    }
  }
  read_refusal(report, status, headers, parsed);
  // 403 of Cloudflare: not JSON at all. "error code: 1015" is looked for in such bodies only, since
  // a JSON body may hold that number (discord-api 7, lesson 10).
  constexpr int32_t code_blocked = 40333;
  if (status == 403 && (!parsed.is_object() || report.code == code_blocked)) {
    report.refusal = rate_refusal::cloudflare;
    if (const auto seconds = number(headers.retry_after))
      report.retry_after_ms = to_ms(*seconds);
  }
  return report;
}

} // namespace hearth
