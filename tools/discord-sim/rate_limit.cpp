#include "discord-sim/rate_limit.hpp"
#include <cmath>
#include <cstdio>

namespace sim {

namespace {

// 10,000 invalid requests in 10 minutes and address (2.3).
constexpr int invalid_count = 10000;
constexpr std::chrono::milliseconds invalid_window{600000};
// So long a request may be under way that left before the first headers of its route arrived.
constexpr std::chrono::milliseconds under_way_max{1000};

double seconds(steady::duration d) { return std::chrono::duration<double>(d).count(); }

// Three decimals, never less than the true value: a client that waits as told is let through.
std::string decimal_up(double value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3f", std::ceil(value * 1000) / 1000);
  return text;
}

} // namespace

bool names_route(const std::string& wanted, const route& r) {
  return wanted.empty() || wanted == "*" || wanted == r.pattern ||
         wanted == r.method + " " + r.pattern;
}

http_response rate_limited(double retry_after_s, std::string_view scope, int code) {
  const double rounded = std::ceil(retry_after_s * 1000) / 1000;
  const bool global = scope == "global";
  json body{{"message", code == 40062       ? "Service resource is being rate limited."
                        : scope == "shared" ? "The resource is being rate limited."
                                            : "You are being rate limited."},
            {"retry_after", rounded},
            {"global", global}};
  if (code != 0)
    body["code"] = code;
  auto answer = http_response::of(429, body);
  answer.headers.emplace_back("Retry-After",
                              std::to_string(static_cast<long>(std::ceil(retry_after_s))));
  answer.headers.emplace_back("X-RateLimit-Scope", std::string(scope));
  if (global)
    answer.headers.emplace_back("X-RateLimit-Global", "true");
  return answer;
}

bool rate_limiter::use(window& w, int count, std::chrono::milliseconds length,
                       steady::time_point now) {
  if (now >= w.ends) {
    w.ends = now + length;
    w.used = 0;
    w.unforeseen.clear();
  }
  if (w.used >= count)
    return false;
  ++w.used;
  return true;
}

limit_verdict rate_limiter::take(const route& r, snowflake app, std::string_view major,
                                 steady::time_point now, double wall_s) {
  limit_verdict verdict;
  if (!enabled_)
    return verdict;
  const auto& limit = r.options.limit;
  if (limit.global) {
    auto& w = global_[app];
    const bool ok = use(w, global_count_, global_window_, now);
    note("", ok, global_count_, global_window_, now);
    if (!ok) {
      verdict.refusal = rate_limited(seconds(w.ends - now), "global");
      verdict.global = true;
      return verdict;
    }
  }
  if (limit.count == 0)
    return verdict;
  sweep(now);
  auto shown = limit.bucket;
  auto counted = limit.bucket;
  if (auto* change = change_of(r)) {
    auto& seen = change->seen[r.method + " " + r.pattern + " " + std::string(major)];
    shown += " hash " + std::to_string(seen++ / static_cast<std::uint64_t>(change->every) %
                                       static_cast<std::uint64_t>(change->of));
    if (change->separate)
      counted = shown;
  }
  const auto key = std::to_string(app) + " " + counted + " " + std::string(major);
  auto& w = windows_[key];
  const bool ok = use(w, limit.count, limit.window, now);
  note(key, ok, limit.count, limit.window, now);
  const auto route_name = r.method + " " + r.pattern;
  const auto told = told_.try_emplace({app, route_name}, now);
  if (ok && now < told.first->second + under_way_max)
    w.unforeseen.try_emplace(route_name, 1);
  const double left_s = seconds(w.ends - now);
  verdict.headers = {{"X-RateLimit-Limit", std::to_string(limit.count)},
                     {"X-RateLimit-Remaining", std::to_string(limit.count - w.used)},
                     {"X-RateLimit-Reset", decimal_up(wall_s + left_s)},
                     {"X-RateLimit-Reset-After", decimal_up(left_s)},
                     {"X-RateLimit-Bucket", hash_of(shown)}};
  if (!ok) {
    verdict.refusal = rate_limited(left_s, "user");
    verdict.known = counted == limit.bucket && could_know(w, app, route_name, now);
    if (measuring_ && !verdict.known)
      ++usage_[key].unforeseen;
  }
  return verdict;
}

bool rate_limiter::could_know(window& w, snowflake app, const std::string& route_name,
                              steady::time_point now) {
  const auto fresh = [&](const std::string& route) {
    const auto told = told_.find({app, route});
    return told == told_.end() || now < told->second + under_way_max;
  };
  // It left when nothing was told of its route, to a window that other routes filled. Its refusal
  // tells: a second one is the client's fault.
  if (fresh(route_name) && w.unforeseen.try_emplace(route_name, 0).second)
    return false;
  // Another route took a place unforeseen, one for each window: the client knows by its answer.
  for (auto& [route, excuses] : w.unforeseen)
    if (route != route_name && excuses > 0 && fresh(route)) {
      --excuses;
      return false;
    }
  return true;
}

rate_limiter::hash_change* rate_limiter::change_of(const route& r) {
  for (auto& change : changing_)
    if (names_route(change.route, r))
      return &change;
  return nullptr;
}

void rate_limiter::change_hashes(std::string route, int of, int every, bool separate) {
  hash_change change;
  change.route = std::move(route);
  change.of = std::max(1, of);
  change.every = std::max(1, every);
  change.separate = separate;
  changing_.push_back(std::move(change));
}

void rate_limiter::forget_told(snowflake app) {
  for (auto it = told_.begin(); it != told_.end();)
    it = it->first.first == app ? told_.erase(it) : std::next(it);
  const auto prefix = std::to_string(app) + " ";
  for (auto& [key, w] :
       windows_) // what the process before it was excused is not counted against this one
    if (key.compare(0, prefix.size(), prefix) == 0)
      w.unforeseen.clear();
}

std::optional<double> rate_limiter::take_hidden(const std::string& key, int count,
                                                std::chrono::milliseconds length,
                                                steady::time_point now) {
  auto& w = windows_["hidden " + key];
  if (!enabled_ || use(w, count, length, now))
    return std::nullopt;
  return seconds(w.ends - now);
}

bool rate_limiter::count_invalid(const std::string& address, steady::time_point now) {
  auto& w = invalid_[address];
  use(w, invalid_count, invalid_window, now);
  return w.used >= invalid_count;
}

bool rate_limiter::banned(const std::string& address, steady::time_point now) {
  return enabled_ && invalid_requests(address, now) >= invalid_count;
}

int rate_limiter::invalid_requests(const std::string& address, steady::time_point now) {
  const auto it = invalid_.find(address);
  return it == invalid_.end() || now >= it->second.ends ? 0 : it->second.used;
}

std::string rate_limiter::hash_of(const std::string& bucket) const {
  const auto renamed = names_.find(bucket);
  std::uint64_t hash = 14695981039346656037ull ^ seed_;
  hash ^= renamed == names_.end() ? 0 : renamed->second * 0x9e3779b97f4a7c15ull;
  for (const char c : bucket)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash),
                static_cast<unsigned long long>(hash * 0x9e3779b97f4a7c15ull));
  return text;
}

void rate_limiter::set_global(int count, std::chrono::milliseconds window) {
  global_count_ = count;
  global_window_ = window;
}

void rate_limiter::measure() {
  measuring_ = true;
  usage_.clear();
}

void rate_limiter::note(const std::string& key, bool accepted, int count,
                        std::chrono::milliseconds length, steady::time_point now) {
  if (!measuring_)
    return;
  auto& u = usage_[key];
  u.count = count;
  u.window = length;
  if (!accepted) {
    ++u.refused;
    return;
  }
  if (u.accepted++ == 0)
    u.first = now;
  u.last = now;
}

void rate_limiter::reset() {
  windows_.clear();
  global_.clear();
  invalid_.clear();
  told_.clear();
}

void rate_limiter::sweep(steady::time_point now) {
  if (windows_.size() < sweep_at_)
    return;
  for (auto it = windows_.begin(); it != windows_.end();)
    it = now >= it->second.ends ? windows_.erase(it) : std::next(it);
  sweep_at_ = std::max<std::size_t>(4096, windows_.size() * 2);
}

} // namespace sim
