// What an operator sees of the limits.
#include "infra/rest/rate_gate.hpp"
#include <algorithm>

namespace hearth {
namespace {

constexpr size_t gates_max = 500;

int64_t until(int64_t at, int64_t now) { return std::max<int64_t>(at - now, 0); }

void describe_bucket(gate_line& line, const rate_bucket& bucket, int64_t now) {
  if (!bucket.known)
    return;
  const auto over = bucket.reset_at != 0 && bucket.reset_at <= now;
  line.limit = bucket.limit;
  line.remaining = over ? bucket.limit : bucket.remaining;
  line.resets_in_ms = bucket.reset_at == 0 ? -1 : until(bucket.reset_at, now);
}

} // namespace

gate_list rate_gate::look(int64_t now) const {
  auto all = gate_list{};
  const auto keep = limits_.global_window_ms + limits_.global_margin_ms;
  all.global_max = limits_.global_max;
  all.global_used = global_in_flight_;
  for (const auto at : global_log_)
    all.global_used += at + keep > now ? 1 : 0;
  all.global_held_ms = until(global_until_, now);
  all.frozen_ms = until(frozen_until_, now);
  all.invalid_max = limits_.invalid_max;
  for (const auto& [second, count] : invalid_log_)
    all.invalid += second + limits_.invalid_window_ms > now ? count : 0;
  all.waiting = waiting();
  all.in_flight = in_flight();

  const auto line_of = [&](const std::string& route, const std::string& major, bool by_token) {
    auto line = gate_line{};
    line.route = route;
    line.major = by_token ? "***" : major;
    return line;
  };
  auto shown = std::set<std::string>{}; // keys of buckets
  for (const auto& [key, from] : lanes_) {
    auto lane_line = line_of(from.route, from.major, from.by_token);
    for (const auto& queue : from.queues)
      lane_line.waiting += static_cast<uint32_t>(queue.size());
    lane_line.in_flight = from.in_flight;
    const auto facts = routes_.find(from.route);
    auto found = false;
    static const auto none = route_facts{};
    for (const auto& [hash, seen] : (facts == routes_.end() ? none : facts->second).hashes) {
      const auto bucket = buckets_.find(bucket_key(hash, from.major));
      if (bucket == buckets_.end())
        continue;
      found = true;
      shown.insert(bucket->first);
      auto line = lane_line;
      line.bucket = hash;
      describe_bucket(line, bucket->second, now);
      if (line.waiting > 0) {
        auto at = std::max({from.held_until, frozen_until_, global_until_, now});
        if (bucket->second.known && line.remaining == 0)
          at = std::max(at, bucket->second.reset_at);
        line.next_in_ms = line.remaining == 0 && bucket->second.reset_at == 0 ? -1 : at - now;
      }
      all.gates.push_back(std::move(line));
    }
    if (!found && (lane_line.waiting > 0 || lane_line.in_flight > 0 || from.held_until > now)) {
      if (lane_line.waiting > 0 && lane_line.in_flight == 0)
        lane_line.next_in_ms =
            until(std::max({from.held_until, frozen_until_, global_until_}), now);
      all.gates.push_back(std::move(lane_line));
    }
  }
  // Buckets that nothing waits for: any of the routes that count in them gives the name.
  auto routes = std::map<std::string, std::string>{}; // by hash
  for (const auto& [route, facts] : routes_)
    for (const auto& [hash, seen] : facts.hashes)
      routes.emplace(hash, route);
  for (const auto& [key, bucket] : buckets_) {
    if (shown.count(key))
      continue;
    const auto cut = key.find('\n');
    auto hash = key.substr(0, cut);
    auto line = line_of(routes[hash], key.substr(cut + 1), bucket.by_token);
    line.bucket = std::move(hash);
    line.in_flight = bucket.in_flight;
    describe_bucket(line, bucket, now);
    all.gates.push_back(std::move(line));
  }
  std::stable_sort(all.gates.begin(), all.gates.end(), [](const auto& a, const auto& b) {
    return std::pair{a.waiting, a.in_flight} > std::pair{b.waiting, b.in_flight};
  });
  if (all.gates.size() > gates_max) {
    all.left_out = static_cast<uint32_t>(all.gates.size() - gates_max);
    all.gates.resize(gates_max);
  }
  return all;
}

} // namespace hearth
