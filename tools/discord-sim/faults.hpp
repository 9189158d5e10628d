#pragma once
// Faults that tests inject: POST /sim/faults. Simulator's own extension.
#include "discord-sim/core.hpp"

namespace sim {

struct activity;

/// Faults on REST routes; those of the gateway are passed on to it at once.
class fault_box {
public:
  explicit fault_box(activity& a) : a_(a) {}

  /// Takes a POST /sim/faults body. Returns "" or the sentence that says what is wrong with it;
  /// keys before the wrong one have been applied.
  std::string inject(const json& body);
  /// Ends all that last.
  void clear();

  /// Hook before everything: what Cloudflare says instead of Discord.
  std::optional<http_response> before_all(const http_request& request);
  /// Hook before a route's handler: an answer to send instead, if one is due.
  std::optional<http_response> before(rest_call& call);
  /// Hook on the way out: delay or reset.
  void after(rest_call* call, http_response& answer);

private:
  /// One fault of a route; `left` requests will still meet it.
  struct rest_fault {
    std::string route; ///< "METHOD /pattern", "/pattern", or "" for every route
    int left = 1;
    http_response answer;
    std::chrono::milliseconds delay{0};
    enum { instead, slow, reset } kind = instead;
  };

  std::string one(const std::string& key, const json& value);
  std::string of_gateway(const std::string& key, const json& value);
  std::string of_guild(const std::string& key, const json& value);
  std::string of_rest(const std::string& key, const json& value);
  std::string of_network(const std::string& key, const json& value);
  std::string of_token(const std::string& key, const json& value);
  std::string of_voice(const std::string& key, const json& value); ///< voice_faults.cpp
  std::string set_network(const json& value);
  std::string send(const json& value);

  activity& a_;
  std::vector<rest_fault> rest_;
  std::vector<rest_fault> edge_;      ///< before Discord: every request meets the first
  std::uint64_t network_changes_ = 0; ///< an older timer must not end a newer state
};

} // namespace sim
