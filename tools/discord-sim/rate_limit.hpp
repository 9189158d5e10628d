#pragma once
// Rate limits as Discord enforces them (discord-api 2.3, 15.4). Windows are steady time.
#include "discord-sim/clock.hpp"
#include "discord-sim/router.hpp"
#include <set>

namespace sim {

/// What the limiter says about one request.
struct limit_verdict {
  /// Set: send this 429 instead of handling the request.
  std::optional<http_response> refusal;
  /// X-RateLimit-* for the answer; also on errors and 204. Empty: no route limit.
  header_list headers;
  /// With a refusal: the client could have known. Not so when it had not seen this route's headers
  /// yet, nor when a request of such a route took the place of this one: that two routes share a
  /// bucket is learnt from each one's own headers only (2.3).
  bool known = false;
  /// With a refusal: it was the global limit.
  bool global = false;
};

/// What one bucket let through since measuring began.
struct bucket_usage {
  std::uint64_t accepted = 0, refused = 0;
  std::uint64_t unforeseen = 0;       ///< Of the refused ones, those the client could not know of.
  steady::time_point first{}, last{}; ///< First and last accepted request.
  int count = 0;
  std::chrono::milliseconds window{0};
  /// Least time between first and last with which so many requests can be accepted.
  std::chrono::milliseconds shortest() const {
    return accepted == 0 ? window * 0 : window * ((static_cast<long>(accepted) - 1) / count);
  }
};

class rate_limiter {
public:
  /// `seed` makes the bucket hashes.
  explicit rate_limiter(std::uint64_t seed = 1) : seed_(seed) {}

  /// Counts one request of an application (0: by address) on a route with its major parameter
  /// ("" = none). `wall_s` is only for X-RateLimit-Reset.
  limit_verdict take(const route& r, snowflake app, std::string_view major, steady::time_point now,
                     double wall_s);

  /// A hidden sub-limit such as "channel name: 2 per 10 min" (2.3): seconds to wait when used up.
  std::optional<double> take_hidden(const std::string& key, int count,
                                    std::chrono::milliseconds window, steady::time_point now);

  /// Counts an answer of 401, 403 or 429 that is not shared; true when the address is banned
  /// (10,000 in 10 minutes, 2.3).
  bool count_invalid(const std::string& address, steady::time_point now);
  bool banned(const std::string& address, steady::time_point now);
  /// Answers counted against an address in the present 10 minutes.
  int invalid_requests(const std::string& address, steady::time_point now);

  /// Fault: from now on the route's bucket hash changes after every `every` requests, going round
  /// `of` hashes (2.3: "one route can yield different hashes"). `route` as faults name it.
  /// `separate`: each hash has a window of its own, which a client cannot foresee.
  void change_hashes(std::string route, int of, int every, bool separate);
  void keep_hashes() { changing_.clear(); }

  /// The application identified anew: it may be a new process, which knows no bucket yet.
  void forget_told(snowflake app);

  /// Opaque text for a bucket name, the same for all majors.
  std::string hash_of(const std::string& bucket) const;

  /// Another hash for a bucket from now on, as when Discord changes its limits; what was used of
  /// its windows stays used (2.3).
  void change_hash(const std::string& bucket) { ++names_[bucket]; }
  /// Other figures than Discord's 50 a second, for tests that must not take minutes.
  void set_global(int count, std::chrono::milliseconds window);
  /// Begins to count by bucket (tests of throughput); `usage` tells, "" is the global limit.
  void measure();
  const std::map<std::string, bucket_usage>& usage() const { return usage_; }

  /// Forgets all windows (tests); `enabled` false never refuses and sends no headers.
  void reset();
  void enable(bool on) { enabled_ = on; }

private:
  struct window {
    steady::time_point ends{};
    int used = 0;
    // Accepted from routes whose headers the client had not seen when it sent them, by route.
    std::map<std::string, int> unforeseen;
  };
  // Opens a new window when the old one is over; false when it is full.
  static bool use(window& w, int count, std::chrono::milliseconds length, steady::time_point now);
  void sweep(steady::time_point now);
  void note(const std::string& key, bool accepted, int count, std::chrono::milliseconds length,
            steady::time_point now);
  bool could_know(window& w, snowflake app, const std::string& route_name, steady::time_point now);

  struct hash_change {
    std::string route;
    int of = 2;
    int every = 1;
    bool separate = false;
    std::map<std::string, std::uint64_t> seen; ///< requests by route and major
  };
  hash_change* change_of(const route& r);

  std::uint64_t seed_;
  std::vector<hash_change> changing_;
  std::map<std::string, unsigned> names_; // changes of hash, by bucket
  int global_count_ = 50;                 // requests a second and application (2.3)
  std::chrono::milliseconds global_window_{1000};
  bool measuring_ = false;
  std::map<std::string, bucket_usage> usage_;
  bool enabled_ = true;
  std::map<std::string, window> windows_; // by application, bucket and major
  std::map<snowflake, window> global_;
  std::map<std::string, window> invalid_; // by address
  /// Routes whose headers an application was sent, and when first. By route, since that two routes
  /// share a bucket is learnt from each one's own headers (2.3).
  std::map<std::pair<snowflake, std::string>, steady::time_point> told_;
  std::size_t sweep_at_ = 4096;
};

/// Whether `wanted` names the route: "METHOD /pattern", "/pattern", "*" or "" for every one.
bool names_route(const std::string& wanted, const route& r);

/// A 429 with its body and headers (15.4). `scope`: user, global, shared. `retry_after_s` is
/// rounded up in Retry-After. `code` 0: key absent.
http_response rate_limited(double retry_after_s, std::string_view scope, int code = 0);

} // namespace sim
