// Goal: whatever the traffic and the delays, the gate never provokes a 429 on a bucket it knows,
// and uses at least 95 % of what the limits allow. Method: a model of Discord's limits and a
// network with random delays, both on virtual milliseconds; everything follows from one seed.
#include "infra/rest/rate_gate.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <random>
#include <set>

using namespace hearth;

namespace {

/// Fixed windows that begin with their first request, per bucket and major, and a global one.
struct model_server {
  struct window {
    int64_t ends = 0;
    uint32_t used = 0;
    uint32_t unforeseen = 0; ///< Of those, sent before any answer told what their route counts in.
    bool take(uint32_t limit, int64_t length, int64_t now, bool foreseen = true) {
      if (now >= ends) {
        ends = now + length;
        used = unforeseen = 0;
      }
      if (used >= limit)
        return false;
      ++used;
      unforeseen += foreseen ? 0 : 1;
      return true;
    }
  };
  struct rule {
    std::string hash;
    uint32_t limit;
    int64_t length_ms;
  };
  std::map<std::string, std::vector<rule>> rules; ///< By route; several: one at random.
  std::map<std::string, std::string> renamed;     ///< By hash: what it is called now.
  std::map<std::string, window> windows;
  std::map<std::string, uint32_t> hits; ///< Accepted, by window key.
  window global;
  uint32_t global_max = 50;
  uint32_t served = 0, global_429 = 0;
  std::map<std::string, uint32_t> bucket_429; ///< By window key.
  /// Of those, the ones that somebody who forgets nothing would have avoided: neither was the
  /// request itself sent before its route was told, nor did one like that take its place.
  uint32_t avoidable_429 = 0;

  /// `foreseen`: when it was sent, an answer had told which bucket its route counts in.
  std::pair<uint16_t, limit_report> serve(const route& where, bool exempt, bool foreseen,
                                          int64_t now, std::minstd_rand& random) {
    auto report = limit_report{};
    if (!exempt && !global.take(global_max, 1'000, now)) {
      ++global_429;
      report.refusal = rate_refusal::global;
      report.retry_after_ms = global.ends - now;
      return {429, report};
    }
    const auto found = rules.find(where.key);
    if (found == rules.end()) {
      ++served;
      return {200, report};
    }
    const auto& rule = found->second[random() % found->second.size()];
    const auto key = rule.hash + " " + where.major;
    auto& bucket = windows[key];
    const auto accepted = bucket.take(rule.limit, rule.length_ms, now, foreseen);
    report.has_bucket = true;
    const auto name = renamed.find(rule.hash);
    report.bucket = name == renamed.end() ? rule.hash : name->second;
    report.limit = rule.limit;
    report.remaining = rule.limit - bucket.used;
    report.reset_after_ms = bucket.ends - now;
    report.reset_ms = 1'700'000'000'000 + bucket.ends;
    if (accepted) {
      ++served;
      ++hits[key];
      return {200, report};
    }
    ++bucket_429[key];
    if (foreseen && bucket.unforeseen == 0)
      ++avoidable_429;
    bucket.unforeseen -= bucket.unforeseen > 0 ? 1 : 0; // one place, one excuse
    report.refusal = rate_refusal::user;
    report.retry_after_ms = report.reset_after_ms;
    return {429, report};
  }
};

/// Plays requests through the gate, a network with delays, and the server.
struct simulation {
  explicit simulation(uint32_t seed, gate_limits limits = {}) : random(seed), gate(limits) {}

  std::minstd_rand random;
  rate_gate gate;
  model_server server;
  int64_t now = 1'000;
  int64_t delay_min = 1, delay_max = 15; ///< One way, milliseconds.
  uint32_t lost_per_mille = 0;           ///< Requests that the server counts but never answers.
  uint32_t answered = 0, expired = 0;

  /// Queues a request now.
  void offer(http_method method, const std::string& path, rest_priority priority,
             int64_t deadline_in_ms = 10'000'000) {
    const auto id = next_id_++;
    auto where = describe_route(method, path, 0);
    requests_[id] = {where, where.callback, false};
    if (gate.offer(id, std::move(where), priority, now + deadline_in_ms))
      requests_.erase(id);
    changed_ = true;
  }
  uint32_t waiting() const { return gate.waiting(); }
  /// Of those, and of those under way, the ones to this route and channel.
  size_t open(const std::string& path) const {
    const auto where = describe_route(http_method::get, path, 0);
    return static_cast<size_t>(std::count_if(requests_.begin(), requests_.end(), [&](auto& each) {
      return each.second.where.key == where.key && each.second.where.major == where.major;
    }));
  }

  /// Runs until `end`; `each_ms` may offer more. The gate is asked when something happened or when
  /// it said so, as the REST client does.
  void run(int64_t end, const std::function<void()>& each_ms) {
    for (; now < end; ++now) {
      each_ms();
      while (!events_.empty() && events_.top().at <= now) {
        const auto event = events_.top();
        events_.pop();
        event.what();
        changed_ = true;
      }
      if (!changed_ && now < wake_ms_)
        continue;
      const auto step = gate.advance(now);
      changed_ = false;
      wake_ms_ = step.wake_ms.value_or(end);
      expired += static_cast<uint32_t>(step.expired.size());
      for (const auto id : step.expired)
        requests_.erase(id);
      for (const auto id : step.send) {
        auto& sent = requests_.at(id);
        sent.foreseen = told_.count(sent.where.key) != 0;
        later(delay(), [this, id] { arrive(id); });
      }
    }
  }

private:
  struct event {
    int64_t at;
    uint64_t order;
    std::function<void()> what;
    bool operator<(const event& other) const {
      return std::pair{at, order} > std::pair{other.at, other.order}; // earliest on top
    }
  };
  struct sent_request {
    route where;
    bool exempt = false;
    bool foreseen = false;
  };

  int64_t delay() { return std::uniform_int_distribution<int64_t>{delay_min, delay_max}(random); }
  void later(int64_t ms, std::function<void()> what) {
    events_.push({now + ms, next_event_++, std::move(what)});
  }
  void arrive(uint64_t id) {
    const auto& request = requests_.at(id);
    const auto [status, report] =
        server.serve(request.where, request.exempt, request.foreseen, now, random);
    if (random() % 1'000 < lost_per_mille)
      later(delay() + 500, [this, id = id] {
        gate.lost(id, now);
        gate.finish(id);
        requests_.erase(id);
      });
    else
      later(delay(), [this, id = id, status = status, report = report] {
        told_.insert(requests_.at(id).where.key);
        gate.answered(id, status, report, now);
        if (status == 429) {
          gate.again(id, now);
          return;
        }
        ++answered;
        gate.finish(id);
        requests_.erase(id);
      });
  }

  std::unordered_map<uint64_t, sent_request> requests_;
  std::set<std::string> told_; ///< Routes that an answer has reached us of.
  std::priority_queue<event> events_;
  uint64_t next_id_ = 1, next_event_ = 1;
  int64_t wake_ms_ = 0;
  bool changed_ = true;
};

std::string channel(uint32_t number) { return "/channels/" + std::to_string(number); }

uint32_t sum(const std::map<std::string, uint32_t>& counts) {
  auto total = uint32_t{0};
  for (const auto& [key, count] : counts)
    total += count;
  return total;
}

} // namespace

TEST_CASE("rate gate simulation: random traffic never meets a 429", "[rest]") {
  const auto seed = GENERATE(range(1U, 8U));
  INFO("seed " << seed);
  auto s = simulation{seed};
  s.delay_max = 1 + static_cast<int64_t>(seed) * 30; // up to 210 ms one way
  s.lost_per_mille = seed % 3 == 0 ? 20 : 0;
  s.server.rules["GET /channels/{}/messages"] = {{"read", 5, 1'000}};
  s.server.rules["POST /channels/{}/messages"] = {{"send", 5, 5'000}};
  s.server.rules["PATCH /channels/{}/messages/{}"] = {{"send", 5, 5'000}}; // a shared bucket
  s.server.rules["PUT /channels/{}/messages/{}/reactions/{}/@me"] = {{"react", 1, 250}};
  s.server.rules["GET /guilds/{}/members"] = {{"members", 10, 10'000}};
  s.server.rules["POST /interactions/{}/{}/callback"] = {{"callback", 5, 2'000}};
  auto tokens = 0U;
  s.run(60'000, [&] {
    const auto dice = s.random() % 100; // about 80 requests a second: more than is allowed
    const auto place = channel(static_cast<uint32_t>(s.random() % 8 + 1));
    const auto priority = s.random() % 2 == 0 ? rest_priority::member : rest_priority::background;
    if (s.waiting() > 400)
      return;
    if (dice < 2)
      s.offer(http_method::get, place + "/messages", priority);
    else if (dice < 4)
      s.offer(http_method::post, place + "/messages", priority);
    else if (dice < 5)
      s.offer(http_method::patch, place + "/messages/7", priority);
    else if (dice < 6)
      s.offer(http_method::put, place + "/messages/7/reactions/x/@me", priority);
    else if (dice < 7)
      s.offer(http_method::get, "/guilds/5/members?limit=1000", priority);
    else if (dice < 8)
      s.offer(http_method::post, "/interactions/9/t" + std::to_string(++tokens) + "/callback",
              rest_priority::callback, 2'800);
  });
  CHECK(s.server.global_429 == 0);
  CHECK(sum(s.server.bucket_429) == 0);
  CHECK(s.answered > 1'200);
  CHECK(s.gate.waiting() <= 500);
}

TEST_CASE("rate gate simulation: a saturated bucket is used to 95 %", "[rest]") {
  struct row {
    uint32_t limit;
    int64_t length_ms, delay_max;
  };
  const auto row = GENERATE(values<struct row>({{5, 5'000, 40},
                                                {1, 250, 1},
                                                {3, 333, 1},
                                                {5, 1'000, 5},
                                                {10, 10'000, 100},
                                                {30, 4'000, 20}}));
  INFO(row.limit << " per " << row.length_ms << " ms");
  auto s = simulation{7};
  s.delay_max = row.delay_max;
  s.server.rules["GET /channels/{}"] = {{"x", row.limit, row.length_ms}};
  constexpr int64_t length = 120'000;
  s.run(1'000 + length, [&] {
    while (s.waiting() < 50)
      s.offer(http_method::get, channel(1), rest_priority::member);
  });
  const auto allowed = static_cast<double>(length) / static_cast<double>(row.length_ms) *
                       static_cast<double>(row.limit);
  CHECK(s.server.served >= 0.95 * allowed);
  CHECK(s.server.served <= allowed + row.limit);
  CHECK(sum(s.server.bucket_429) == 0);
}

TEST_CASE("rate gate simulation: the global limit is used to 95 %, never exceeded", "[rest]") {
  auto s = simulation{3, gate_limits{.in_flight_max = 200}};
  s.server.rules["GET /channels/{}"] = {{"x", 5, 1'000}};
  s.run(61'000, [&] {
    while (s.waiting() < 300)
      s.offer(http_method::get, channel(static_cast<uint32_t>(s.random() % 100 + 1)),
              rest_priority::member);
  });
  CHECK(s.server.served >= 0.95 * 60 * 50);
  CHECK(s.server.global_429 == 0);
  CHECK(sum(s.server.bucket_429) == 0);
}

TEST_CASE("rate gate simulation: alternating hashes cost one 429 each at most", "[rest]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  auto s = simulation{seed};
  s.server.rules["PATCH /channels/{}"] = {{"big", 5, 1'000}, {"small", 2, 3'000}};
  s.run(121'000, [&] {
    while (s.waiting() < 20)
      s.offer(http_method::patch, channel(static_cast<uint32_t>(s.random() % 4 + 1)),
              rest_priority::member);
  });
  CHECK(sum(s.server.bucket_429) <= 1);
  CHECK(s.server.served > 4 * 120 * 2 / 3 * 0.95); // the small bucket alone, in each channel
}

TEST_CASE("rate gate simulation: a change of Discord's numbers is followed", "[rest]") {
  auto s = simulation{11};
  s.server.rules["GET /channels/{}"] = {{"x", 10, 1'000}};
  const auto busy = [&] {
    while (s.waiting() < 20)
      s.offer(http_method::get, channel(1), rest_priority::member);
  };
  s.run(20'000, busy);
  CHECK(sum(s.server.bucket_429) == 0);
  s.server.rules["GET /channels/{}"] = {{"y", 2, 1'000}}; // a deploy: new hash, lower limit
  const auto before = s.server.served;
  s.run(80'000, busy);
  CHECK(sum(s.server.bucket_429) <= 10); // at most what was under way under the old numbers
  CHECK(s.server.served - before >= 0.95 * 60 * 2);
}

TEST_CASE("rate gate simulation: hashes that change amid their windows cost nothing", "[rest]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  auto s = simulation{seed, gate_limits{.global_max = 1'000}};
  s.delay_max = 1 + 5 * seed;
  // Two routes of one bucket, and one of its own; each in four channels.
  s.server.rules["GET /channels/{}"] = {{"x", 10, 2'000}};
  s.server.rules["GET /channels/{}/messages"] = {{"x", 10, 2'000}};
  s.server.rules["GET /channels/{}/pins"] = {{"y", 5, 1'000}};
  auto changes = 0;
  const auto busy = [&] {
    if (s.now > 10'000 && s.now % 350 == 0) {
      ++changes;
      s.server.renamed[changes % 2 == 0 ? "x" : "y"] = "hash " + std::to_string(changes);
    }
    const auto place = channel(static_cast<uint32_t>(s.random() % 4 + 1));
    for (const auto* tail : {"", "/messages", "/pins"})
      if (s.now % 10 == 0 && s.open(place + tail) < 30)
        for (auto i = 0; i < 10; ++i)
          s.offer(http_method::get, place + tail, rest_priority::member);
  };
  s.run(10'000, busy); // until all is known
  const auto before = s.server.served;
  const auto unknown = sum(s.server.bucket_429);
  CHECK(unknown <= 4); // one in each channel: that two routes share a bucket is learnt by it
  s.run(110'000, busy);
  CHECK(changes > 250);
  CHECK(sum(s.server.bucket_429) == unknown);
  CHECK(s.server.served - before >= 0.95 * 4 * 100 * (10 / 2 + 5));
}

TEST_CASE("rate gate simulation: a start on many unknown routes provokes no avoidable 429",
          "[rest]") {
  const auto seed = GENERATE(range(31U, 43U));
  INFO("seed " << seed);
  auto s = simulation{seed, gate_limits{.global_max = 1'000, .in_flight_max = 100}};
  s.server.global_max = 1'000;
  s.delay_max = 1 + seed % 7 * 10;
  // Twelve routes in five channels, some of one request a window; each third shares its bucket
  // with the one before, which only its own answers tell.
  auto tails = std::vector<std::string>{};
  auto rule = model_server::rule{};
  auto allowed = 0.0;
  for (auto i = 0; i < 12; ++i) {
    tails.push_back("/soak-" + std::to_string(i));
    if (i % 3 != 2) {
      rule = {"bucket " + std::to_string(i), std::vector<uint32_t>{1, 1, 2, 3, 5}[s.random() % 5],
              1'000 + static_cast<int64_t>(s.random() % 2) * 1'000};
      allowed += 5 * 10'000.0 / static_cast<double>(rule.length_ms) * rule.limit;
    }
    s.server.rules["GET /channels/{}" + tails.back()] = {rule};
  }
  auto changes = 0;
  s.run(11'000, [&] {
    if (s.now % 50 == 0) // the hash of a bucket in use changes all the time
      s.server.renamed["bucket " + std::to_string(s.random() % 12)] = std::to_string(++changes);
    for (auto place = 1U; s.now % 10 == 0 && place <= 5; ++place)
      for (const auto& tail : tails)
        if (s.open(channel(place) + tail) < 10)
          s.offer(http_method::get, channel(place) + tail, rest_priority::member);
  });
  CHECK(changes >= 200);
  CHECK(s.server.served >= 0.85 * allowed); // the first window is spent on learning
  CHECK(s.server.avoidable_429 == 0);
  CHECK(sum(s.server.bucket_429) <= 4 * 5); // routes that share, times channels
}
