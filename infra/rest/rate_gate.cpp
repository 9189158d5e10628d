#include "infra/rest/rate_gate.hpp"
#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

namespace hearth {
namespace {

/// A route's hashes kept at once: Discord uses up to three (discord-api 2.3, message deletion).
constexpr size_t hashes_max = 4;
/// Between looks for what can be forgotten.
constexpr int64_t sweep_every_ms = 10'000;
/// Buckets and lanes of one interaction are of no use after this.
constexpr int64_t token_idle_ms_max = 10'000;
/// Held back at least this long after a refusal that names no time.
constexpr int64_t hold_ms_min = 1'000;
/// Added to a refusal's own time.
constexpr int64_t hold_margin_ms = 50;

} // namespace

std::string rate_gate::bucket_key(const std::string& hash, const std::string& major) {
  return hash + '\n' + major;
}

std::optional<uint64_t> rate_gate::head(const lane& from) {
  for (const auto& queue : from.queues)
    if (!queue.empty())
      return queue.front();
  return std::nullopt;
}

// -- queue ----------------------------------------------------------------------------------------

bool rate_gate::has_room(const lane& into, rest_priority priority) const {
  auto in_lane = size_t{0};
  for (const auto& queue : into.queues)
    in_lane += queue.size();
  if (in_lane >= limits_.lane_waiting_max)
    return false;
  // Whoever is more urgent still finds room when the others have filled theirs.
  const auto percent = priority == rest_priority::callback ? 100U
                       : priority == rest_priority::member ? 90U
                                                           : 80U;
  // Callbacks leave at once and are under way for seconds when Discord is silent: they count too.
  return uint64_t{waiting_} + callbacks_in_flight_ < uint64_t{limits_.waiting_max} * percent / 100;
}

std::optional<gate_refusal> rate_gate::offer(uint64_t id, route where, rest_priority priority,
                                             int64_t deadline_ms) {
  if (stopped_)
    return gate_refusal::unauthorized;
  const auto [found, fresh] = lanes_.try_emplace({where.key, where.major});
  auto& into = found->second;
  if (fresh) {
    into.route = std::move(where.key);
    into.major = std::move(where.major);
    into.by_token = where.by_token;
  }
  if (!has_room(into, priority))
    return gate_refusal::queue_full;
  auto& made = requests_[id];
  made.where = &into;
  ++into.members;
  made.priority = priority;
  made.order = next_order_++;
  made.deadline_ms = deadline_ms;
  made.path = where.ordered.empty() ? 0 : std::hash<std::string>{}(where.ordered) | 1;
  made.exempt = where.callback || (where.by_token && priority == rest_priority::callback);
  enqueue(id, made, false);
  return std::nullopt;
}

void rate_gate::enqueue(uint64_t id, request& what, bool at_front) {
  auto& queue = what.where->queues[static_cast<size_t>(what.priority)];
  if (at_front) {
    const auto later = std::find_if(queue.begin(), queue.end(), [&](uint64_t other) {
      return requests_.at(other).order > what.order;
    });
    queue.insert(later, id);
  } else {
    queue.push_back(id);
  }
  ++waiting_;
  deadlines_.insert({what.deadline_ms, id});
  if (!std::exchange(what.where->active, true))
    active_.push_back(what.where);
}

void rate_gate::dequeue(uint64_t id, request& what) {
  auto& queue = what.where->queues[static_cast<size_t>(what.priority)];
  queue.erase(std::find(queue.begin(), queue.end(), id));
  --waiting_;
  deadlines_.erase({what.deadline_ms, id});
}

void rate_gate::expire(gate_step& step, int64_t now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto id = deadlines_.begin()->second;
    dequeue(id, requests_.at(id));
    forget(id);
    step.expired.push_back(id);
  }
}

std::vector<uint64_t> rate_gate::stop() {
  stopped_ = true;
  auto all = std::vector<uint64_t>{};
  for (const auto& [deadline, id] : deadlines_)
    all.push_back(id);
  for (const auto id : all) {
    dequeue(id, requests_.at(id));
    forget(id);
  }
  return all;
}

void rate_gate::forget(uint64_t id) {
  const auto found = requests_.find(id);
  --found->second.where->members;
  requests_.erase(found);
}

// -- leaving --------------------------------------------------------------------------------------

gate_step rate_gate::advance(int64_t now) {
  auto step = gate_step{};
  expire(step, now);
  if (now >= sweep_at_)
    sweep(now);
  // (priority, order, lane), the smallest first.
  using candidate = std::tuple<rest_priority, uint64_t, lane*>;
  auto candidates = std::priority_queue<candidate, std::vector<candidate>, std::greater<>>{};
  const auto nominate = [&](lane* from) {
    if (const auto id = head(*from)) {
      const auto& what = requests_.at(*id);
      candidates.emplace(what.priority, what.order, from);
    }
  };
  active_.erase(std::remove_if(active_.begin(), active_.end(),
                               [](lane* each) {
                                 each->active = head(*each).has_value();
                                 return !each->active;
                               }),
                active_.end());
  for (auto* each : active_)
    nominate(each);
  auto wake = when_answered;
  while (!candidates.empty()) {
    auto* from = std::get<lane*>(candidates.top());
    candidates.pop();
    const auto id = *head(*from);
    auto& what = requests_.at(id);
    const auto at = may_leave_at(*from, what, now);
    if (at > now) {
      wake = std::min(wake, at);
      continue;
    }
    leave(id, what, now);
    step.send.push_back(id);
    nominate(from);
  }
  if (!deadlines_.empty())
    wake = std::min(wake, deadlines_.begin()->first);
  if (wake != when_answered)
    step.wake_ms = wake;
  return step;
}

int64_t rate_gate::may_leave_at(lane& from, const request& what, int64_t now) {
  const auto callback = what.priority == rest_priority::callback;
  auto at = std::max(freezes_end(what, now), from.held_until);
  if (at > now)
    return at;
  if (what.path != 0 && std::find(from.busy.begin(), from.busy.end(), what.path) != from.busy.end())
    return when_answered;
  if (!callback && in_flight_ >= limits_.in_flight_max)
    return when_answered;
  if (!what.exempt)
    at = global_allows_at(now);
  return at > now ? at : std::max(at, buckets_allow_at(from, now));
}

int64_t rate_gate::freezes_end(const request& what, int64_t now) {
  auto end = frozen_until_;
  if (!what.exempt)
    end = std::max(end, global_until_);
  const auto callback = what.priority == rest_priority::callback;
  if (invalid(now) >= (callback ? limits_.invalid_callback_max : limits_.invalid_max))
    end = std::max(end, invalid_log_.front().first + limits_.invalid_window_ms);
  return end;
}

int64_t rate_gate::global_allows_at(int64_t now) {
  const auto keep = limits_.global_window_ms + limits_.global_margin_ms;
  while (!global_log_.empty() && global_log_.front() + keep <= now)
    global_log_.pop_front();
  if (global_in_flight_ + global_log_.size() < limits_.global_max)
    return 0;
  return global_log_.empty() ? when_answered : global_log_.front() + keep;
}

int64_t rate_gate::buckets_allow_at(lane& from, int64_t now) {
  const auto found = routes_.find(from.route);
  if (found == routes_.end() || (found->second.hashes.empty() && !found->second.unlimited))
    return from.in_flight == 0 ? 0 : when_answered; // unknown: one at a time
  const auto& facts = found->second;
  if (facts.hashes.empty())
    return from.in_flight < limits_.unlimited_in_flight_max ? 0 : when_answered;
  // Which of its hashes a request will count in, Discord tells only afterwards; all must allow it.
  const auto known_sibling = std::any_of(facts.hashes.begin(), facts.hashes.end(), [&](auto& each) {
    const auto bucket = buckets_.find(bucket_key(each.first, from.major));
    return bucket != buckets_.end() && bucket->second.known;
  });
  auto at = int64_t{0};
  for (const auto& [hash, seen] : facts.hashes)
    at = std::max(at, take_at(bucket_of(from, hash, known_sibling), now));
  return at;
}

rate_gate::held_bucket& rate_gate::bucket_of(const lane& from, const std::string& hash,
                                             bool has_known_sibling) {
  const auto [found, fresh] = buckets_.try_emplace(bucket_key(hash, from.major));
  auto& bucket = found->second;
  if (fresh)
    bucket.by_token = from.by_token;
  if (!bucket.known && has_known_sibling && bucket.in_flight == 0) {
    // The route's usual bucket is known here: do not go one by one for the sake of another one
    // that may never be hit; its limit is known from elsewhere.
    bucket.known = true;
    bucket.limit = bucket.remaining = names_.limit_of(hash);
  }
  return bucket;
}

void rate_gate::leave(uint64_t id, request& what, int64_t now) {
  dequeue(id, what);
  auto& from = *what.where;
  what.sent = true;
  what.sent_at = now;
  ++from.in_flight;
  from.used_at = now;
  if (what.path != 0)
    from.busy.push_back(what.path);
  ++(what.priority == rest_priority::callback ? callbacks_in_flight_ : in_flight_);
  global_in_flight_ += what.exempt ? 0 : 1;
  const auto facts = routes_.find(from.route);
  if (facts == routes_.end())
    return;
  facts->second.used_at = now;
  for (const auto& [hash, seen] : facts->second.hashes) {
    auto key = bucket_key(hash, from.major);
    const auto generation = take(buckets_[key], now);
    what.taken.emplace_back(std::move(key), generation);
  }
}

// -- answers --------------------------------------------------------------------------------------

void rate_gate::landed(request& what, int64_t now) {
  auto& from = *what.where;
  what.sent = false;
  --from.in_flight;
  from.used_at = now;
  if (const auto busy = std::find(from.busy.begin(), from.busy.end(), what.path);
      busy != from.busy.end())
    from.busy.erase(busy);
  --(what.priority == rest_priority::callback ? callbacks_in_flight_ : in_flight_);
  if (!what.exempt) {
    --global_in_flight_;
    // Discord counted it somewhere between leaving and now: now is the safe end.
    global_log_.push_back(now);
  }
}

int64_t rate_gate::answered(uint64_t id, uint16_t status, const limit_report& report, int64_t now) {
  const auto found = requests_.find(id);
  if (found == requests_.end() || !found->second.sent)
    return 0;
  auto& what = found->second;
  landed(what, now);
  auto& facts = routes_[what.where->route];
  facts.used_at = now;
  auto hash = std::string{};
  if (report.has_bucket) {
    auto sent_under = std::vector<std::string>{};
    for (const auto& [key, generation] : what.taken)
      sent_under.push_back(key.substr(0, key.find('\n')));
    hash = names_.kept_name(report.bucket, report.limit, what.sent_at, sent_under, now);
    learn(what.where->route, hash, now);
  }
  if (!report.has_bucket && status < 300 && facts.hashes.empty())
    facts.unlimited = true;
  settle_buckets(what, report, hash, now);
  const auto counts = status == 401 || status == 403 || status == 429;
  if (counts && report.refusal != rate_refusal::shared) {
    if (invalid_log_.empty() || now - invalid_log_.back().first >= 1'000)
      invalid_log_.emplace_back(now, 0);
    ++invalid_log_.back().second;
    ++invalid_;
  }
  if (report.refusal != rate_refusal::none)
    return hold_after_refusal(what, report, now);
  note_forbidden(*what.where, status, now);
  return 0;
}

/// A missing right answers 403 until somebody grants it: the more in a row, the rarer the tries
/// (1 s doubling), so that no feature nears the ban for invalid requests (discord-api 2.3).
void rate_gate::note_forbidden(lane& where, uint16_t status, int64_t now) {
  if (status != 403) {
    where.forbidden = status < 300 ? 0 : where.forbidden;
    return;
  }
  ++where.forbidden;
  if (where.by_token || where.forbidden <= limits_.forbidden_free)
    return;
  const auto doublings = std::min(where.forbidden - limits_.forbidden_free - 1, 10U);
  const auto pause = std::min(hold_ms_min << doublings, limits_.forbidden_ms_max);
  where.held_until = std::max(where.held_until, now + pause);
}

void rate_gate::lost(uint64_t id, int64_t now) {
  const auto found = requests_.find(id);
  if (found == requests_.end() || !found->second.sent)
    return;
  landed(found->second, now);
  settle_buckets(found->second, {}, {}, now);
}

void rate_gate::learn(const std::string& route, const std::string& hash, int64_t now) {
  auto& facts = routes_.at(route);
  facts.unlimited = false;
  auto& hashes = facts.hashes;
  const auto known =
      std::find_if(hashes.begin(), hashes.end(), [&](auto& each) { return each.first == hash; });
  if (known != hashes.end()) {
    known->second = now;
    return;
  }
  // A new hash beside others: a sub-limit by body or age, or a change on Discord's side. The old
  // ones stay until they have not been seen for long; no flipping (discord-api 2.3).
  hashes.insert(hashes.begin(), {hash, now});
  if (hashes.size() > hashes_max)
    hashes.pop_back();
  count_in(route, hash, now);
}

/// Requests under way, in other channels too, left before this bucket of their route was known:
/// they may count in it, beside those of other routes that share it.
void rate_gate::count_in(const std::string& route, const std::string& hash, int64_t now) {
  for (auto& [id, what] : requests_) {
    if (!what.sent || what.where->route != route)
      continue;
    auto key = bucket_key(hash, what.where->major);
    auto& bucket = buckets_[key];
    bucket.by_token = what.where->by_token;
    const auto generation = take(bucket, now);
    what.taken.emplace_back(std::move(key), generation);
  }
}

void rate_gate::settle_buckets(request& what, const limit_report& report, const std::string& hash,
                               int64_t now) {
  auto mine = report.has_bucket ? bucket_key(hash, what.where->major) : std::string{};
  auto told = false;
  for (const auto& [key, generation] : what.taken) {
    const auto found = buckets_.find(key);
    if (found == buckets_.end())
      continue;
    if (!report.has_bucket) {
      note_silence(found->second, now);
    } else if (key == mine) {
      note_answer(found->second, report, generation, now);
      told = true;
    } else {
      give_back(found->second);
    }
  }
  what.taken.clear();
  if (!report.has_bucket)
    return;
  if (told)
    return;
  auto& bucket = buckets_[mine]; // its hash was not known when the request left
  bucket.by_token = what.where->by_token;
  ++bucket.in_flight;
  note_answer(bucket, report, bucket.generation, now);
}

int64_t rate_gate::hold_after_refusal(request& what, const limit_report& report, int64_t now) {
  auto wait = report.retry_after_ms;
  if (wait == 0 && report.refusal == rate_refusal::cloudflare)
    wait = limits_.cloudflare_ms_min;
  wait = (wait == 0 ? std::max(hold_ms_min, report.reset_after_ms) : wait) + hold_margin_ms;
  const auto until = now + wait;
  switch (report.refusal) {
  case rate_refusal::none:
    return 0;
  case rate_refusal::cloudflare:
    frozen_until_ = std::max(frozen_until_, until);
    break;
  case rate_refusal::global:
    global_until_ = std::max(global_until_, until);
    break;
  case rate_refusal::user:
    if (report.has_bucket && report.remaining == 0) {
      auto& bucket = buckets_[bucket_key(names_.known(report.bucket), what.where->major)];
      bucket.remaining = 0;
      bucket.reset_at = std::max(bucket.reset_at, until);
      break;
    }
    [[fallthrough]]; // it contradicts its own counters: a sub-limit of this route
  case rate_refusal::shared:
    what.where->held_until = std::max(what.where->held_until, until);
    break;
  }
  return wait;
}

void rate_gate::finish(uint64_t id) {
  const auto found = requests_.find(id);
  if (found == requests_.end())
    return;
  if (!found->second.sent && deadlines_.count({found->second.deadline_ms, id}) != 0)
    dequeue(id, found->second);
  forget(id);
}

void rate_gate::again(uint64_t id, int64_t not_before_ms) {
  const auto found = requests_.find(id);
  if (found == requests_.end() || found->second.sent)
    return;
  auto& what = found->second;
  what.where->held_until = std::max(what.where->held_until, not_before_ms);
  enqueue(id, what, true);
}

// -- forgetting -----------------------------------------------------------------------------------

uint32_t rate_gate::invalid(int64_t now) {
  while (!invalid_log_.empty() && invalid_log_.front().first + limits_.invalid_window_ms <= now) {
    invalid_ -= invalid_log_.front().second;
    invalid_log_.pop_front();
  }
  return invalid_;
}

void rate_gate::sweep(int64_t now) {
  sweep_at_ = now + sweep_every_ms;
  for (auto each = buckets_.begin(); each != buckets_.end();) {
    const auto& bucket = each->second;
    const auto idle_ms = bucket.by_token ? token_idle_ms_max : limits_.bucket_idle_ms_max;
    const auto over =
        bucket.in_flight == 0 && now > bucket.reset_at + idle_ms && now > bucket.used_at + idle_ms;
    each = over ? buckets_.erase(each) : std::next(each);
  }
  for (auto each = lanes_.begin(); each != lanes_.end();) {
    const auto& lane = each->second;
    const auto idle_ms =
        lane.forbidden > 0 && !lane.by_token ? limits_.invalid_window_ms : token_idle_ms_max;
    const auto over =
        !lane.active && lane.members == 0 && lane.held_until <= now && now > lane.used_at + idle_ms;
    each = over ? lanes_.erase(each) : std::next(each);
  }
  for (auto each = routes_.begin(); each != routes_.end();) {
    auto& hashes = each->second.hashes;
    while (hashes.size() > 1) {
      const auto oldest = std::min_element(hashes.begin(), hashes.end(),
                                           [](auto& a, auto& b) { return a.second < b.second; });
      if (now <= oldest->second + limits_.hash_idle_ms_max)
        break;
      hashes.erase(oldest);
    }
    const auto over = now > each->second.used_at + limits_.route_idle_ms_max;
    each = over ? routes_.erase(each) : std::next(each);
  }
  names_.sweep(4 * (routes_.size() + 256)); // old hashes; they are learnt again
}

} // namespace hearth
