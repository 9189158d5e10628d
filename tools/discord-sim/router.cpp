#include "discord-sim/router.hpp"
#include "discord-sim/bounded_json.hpp"
#include "discord-sim/no_snowflake.hpp"
#include <algorithm>

namespace sim {

namespace {

// Decoded one by one: `%40original` is the literal "@original", and %2F separates nothing.
std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    if (path.front() == '/')
      path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    parts.push_back(percent_decode(path.substr(0, end)));
    path.remove_prefix(end);
  }
  return parts;
}

bool is_param(const std::string& segment) { return segment.size() > 2 && segment.front() == '{'; }

// Number of literal segments when the path fits, -1 when it does not.
int fit(const route& r, const std::vector<std::string>& parts) {
  if (r.segments.size() != parts.size())
    return -1;
  int literals = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_param(r.segments[i])) {
      if (parts[i].empty())
        return -1;
    } else if (r.segments[i] != parts[i]) {
      return -1;
    } else {
      ++literals;
    }
  }
  return literals;
}

} // namespace

void router::add(std::string method, std::string pattern, rest_handler handler,
                 route_options options) {
  auto made = std::make_unique<route>();
  made->method = std::move(method);
  made->pattern = std::move(pattern);
  for (const auto& part : split(made->pattern))
    made->segments.emplace_back(part);
  made->options = std::move(options);
  if (made->options.limit.bucket.empty())
    made->options.limit.bucket = made->method + " " + made->pattern;
  made->handler = std::move(handler);
  by_length_[made->segments.size()].push_back(made.get());
  routes_.push_back(std::move(made));
}

router::match router::find(std::string_view method, std::string_view path) const {
  match result;
  const auto parts = split(path);
  const auto candidates = by_length_.find(parts.size());
  if (candidates == by_length_.end())
    return result;
  int best = -1;
  int best_any = -1;
  for (const route* r : candidates->second) {
    const int literals = fit(*r, parts);
    best_any = std::max(best_any, literals);
    if (literals > best && r->method == method) {
      best = literals;
      result.found = r;
    }
  }
  result.path_known = best_any >= 0;
  if (result.found)
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (const auto& segment = result.found->segments[i]; is_param(segment))
        result.params.emplace_back(segment.substr(1, segment.size() - 2), parts[i]);
  return result;
}

snowflake rest_call::id(std::string_view name) const { return parse_id(text(name)).value_or(0); }

std::string_view rest_call::text(std::string_view name) const {
  for (const auto& [key, value] : params)
    if (key == name)
      return value;
  return {};
}

std::optional<std::string_view> rest_call::query(std::string_view key) const {
  return request.query_value(key);
}

std::int64_t rest_call::query_int(std::string_view key, std::int64_t fallback, std::int64_t low,
                                  std::int64_t high) const {
  const auto value = query(key);
  if (!value)
    return fallback;
  const bool negative = !value->empty() && value->front() == '-';
  const auto magnitude = parse_id(negative ? value->substr(1) : *value);
  if (!magnitude)
    throw form_error(key, "NUMBER_TYPE_COERCE",
                     "Value \"" + std::string(*value) + "\" is not int.");
  const auto number = static_cast<std::int64_t>(*magnitude) * (negative ? -1 : 1);
  if (number > high)
    throw form_error(key, "NUMBER_TYPE_MAX",
                     "int value should be less than or equal to " + std::to_string(high) + ".");
  if (number < low)
    throw form_error(key, "NUMBER_TYPE_MIN",
                     "int value should be greater than or equal to " + std::to_string(low) + ".");
  return number;
}

snowflake rest_call::query_id(std::string_view key) const {
  const auto value = query(key);
  if (!value)
    return 0;
  const auto id = parse_id(*value);
  if (!id) {
    const auto leaf = no_snowflake(*value);
    throw form_error(key, leaf.code, leaf.text);
  }
  return *id;
}

bool rest_call::query_flag(std::string_view key) const {
  const auto value = query(key);
  return value && (*value == "true" || *value == "True" || *value == "1");
}

const json& rest_call::body() {
  if (body_)
    return *body_;
  if (request.body.empty())
    return body_.emplace(json::object());
  const auto type = request.header("Content-Type");
  if (type.substr(0, 16) != "application/json")
    throw form_error("", "CONTENT_TYPE_INVALID",
                     "Expected \"Content-Type\" header to be one of {'application/json', "
                     "'application/x-www-form-urlencoded', 'multipart/form-data'}.");
  auto parsed = parse_json(request.body);
  if (!parsed)
    throw fail(50109);
  return body_.emplace(std::move(*parsed));
}

const json& rest_call::object() {
  const auto& value = body();
  if (!value.is_object())
    throw form_error("", "MODEL_TYPE_CONVERT", "Expected an object/dictionary.");
  return value;
}

std::string rest_call::reason() const {
  return percent_decode(request.header("X-Audit-Log-Reason"));
}

} // namespace sim
