#pragma once
// Interactions by signed HTTP instead of the gateway (discord-api 3.2): delivering them, taking
// what the endpoint answers, and testing it with forgeries as Discord does.
#include "discord-sim/http.hpp"
#include "discord-sim/world.hpp"

namespace sim {

struct activity;

/// What is wrong with a forged request; a good endpoint answers 401 to all of them.
enum class forgery {
  none,       ///< nothing: a good request
  other_key,  ///< signed by somebody else
  other_time, ///< the timestamp is not the signed one
  other_body, ///< white space was added to the signed body
  truncated,  ///< the signature lacks its last digit
  no_hex,     ///< the signature holds a letter that is no digit
  no_header,  ///< there is no signature
  twice       ///< two signatures, one of them good
};
/// By name, as the control interface has it; nothing for others.
std::optional<forgery> forgery_named(std::string_view name);

/// Of one application's endpoint.
struct endpoint_record {
  std::uint64_t delivered = 0; ///< interactions sent
  std::uint64_t answered = 0;  ///< of these, answered in the HTTP response
  std::uint64_t left = 0;      ///< of these, left to the REST callback (202)
  std::uint64_t failed = 0;    ///< of these, answered with anything else or not at all
  std::uint64_t probes = 0;    ///< forgeries sent
  std::string trouble;         ///< the last failure, a sentence
  int probe_one_in = 4; ///< one in so many interactions has a forgery beside it; 0: never. Assumed.
};

class endpoint_courier {
public:
  explicit endpoint_courier(activity& a) : a_(a) {}

  /// Sends the interaction to its application's endpoint and takes the answer.
  void deliver(snowflake interaction);
  /// Fault: the next `count` interactions are delivered twice.
  void deliver_twice(int count) { twice_ = count; }

  /// Tests an address as Discord does when it is saved: a PING must be answered by 200 and type 1,
  /// a forged one by 401. Calls `then` with "" or with a sentence.
  void validate(const application& app, const std::string& url,
                std::function<void(std::string)> then);
  /// Sends a PING of this kind to the application's endpoint; `then` gets the status, 0 = none.
  void probe(snowflake application, forgery kind, std::function<void(int)> then);

  endpoint_record& of(snowflake application) { return records_[application]; }

private:
  void send(const application& app, const std::string& url, std::string body, forgery kind,
            std::function<void(std::optional<http_response>)> then);
  std::string ping_of(const application& app);
  void send_probe(snowflake application);
  void post_interaction(snowflake interaction);
  void take(snowflake interaction, const std::optional<http_response>& answer);
  void failed(snowflake application, std::string sentence);

  activity& a_;
  std::map<snowflake, endpoint_record> records_;
  int twice_ = 0;
};

/// PATCH /applications/@me.
void add_endpoint_routes(activity& a);

} // namespace sim
