// The rate gate as it looks from outside.
#include "infra/rest/rate_gate.hpp"
#include <algorithm>

namespace hearth {

gate_list rate_gate::lanes(size_t count_max, int64_t now) const {
  auto list = gate_list{};
  list.all = lanes_.size();
  for (const auto& [key, from] : lanes_) {
    auto& one = list.gates.emplace_back();
    one.route = from.route;
    one.major = from.by_token ? "***" : from.major;
    for (const auto& queue : from.queues)
      one.waiting += static_cast<uint32_t>(queue.size());
    one.in_flight = from.in_flight;
    one.held_for_ms = std::max<int64_t>(from.held_until - now, 0);
    const auto facts = routes_.find(from.route);
    if (facts == routes_.end())
      continue;
    for (const auto& [hash, seen] : facts->second.hashes) {
      const auto found = buckets_.find(bucket_key(hash, from.major));
      if (found == buckets_.end() || !found->second.known)
        continue;
      const auto& bucket = found->second;
      const auto over = bucket.reset_at != 0 && bucket.reset_at <= now; // refilled when next asked
      const auto left = over ? bucket.limit : bucket.remaining;
      if (one.remaining && *one.remaining <= left)
        continue;
      one.remaining = left;
      one.limit = bucket.limit;
      one.resets_in_ms = std::max<int64_t>(bucket.reset_at - now, 0);
    }
  }
  const auto busier = [](const gate_figures& a, const gate_figures& b) {
    return std::pair{a.waiting, a.in_flight} > std::pair{b.waiting, b.in_flight};
  };
  std::stable_sort(list.gates.begin(), list.gates.end(), busier);
  if (list.gates.size() > count_max)
    list.gates.resize(count_max);
  return list;
}

} // namespace hearth
