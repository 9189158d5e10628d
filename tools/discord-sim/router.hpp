#pragma once
// Routes: method and path template to handler, with Discord's order of checks (discord-api 15.3
// end): auth 401, route 404/405, path ids 50035, rate limit 429, then the handler.
#include "discord-sim/api_error.hpp"
#include "discord-sim/world.hpp"

namespace sim {

class core;

/// Who may call a route.
enum class auth {
  bot,      ///< `Authorization: Bot TOKEN` of a known application, else 401
  optional, ///< known application, or none (interaction and webhook-token routes)
  none      ///< not looked at
};

/// A route's rate limit. Routes that name the same bucket share it (per major parameter).
struct route_limit {
  std::string bucket; ///< "" = one of its own, named by method and template
  int count = 10;     ///< requests per window; 0 = no limit and no headers
  std::chrono::milliseconds window{10000};
  bool global = true; ///< counts in the 50/s; false for callback and webhook-token routes (2.3)
};

struct rest_call;
using rest_handler = std::function<http_response(rest_call&)>;

struct route_options {
  auth who = auth::bot;
  route_limit limit = {};
  /// Path parameters that are not ids but free text, e.g. {token}, {emoji}.
  std::vector<std::string> text = {};
};

struct route {
  std::string method;
  std::string pattern;
  std::vector<std::string> segments; ///< "{name}" or literal
  route_options options;
  rest_handler handler;
};

/// One request on its way through a handler. Lives on the heap, so that answers may come later.
struct rest_call : std::enable_shared_from_this<rest_call> {
  rest_call(sim::core& c, std::shared_ptr<const http_request> r)
      : core(c), owned(std::move(r)), request(*owned) {}

  sim::core& core;
  std::shared_ptr<const http_request> owned;
  const http_request& request;
  const sim::route* route = nullptr;
  application* app = nullptr; ///< caller; nullptr when the route does not need one
  std::vector<std::pair<std::string, std::string>> params; ///< decoded
  header_list limit_headers;                               ///< X-RateLimit-* of the answer
  respond answer; ///< set by the server; handlers use defer()

  /// A path id; the router has checked it. 0 when the template has no such name.
  snowflake id(std::string_view name) const;
  /// A path parameter as text.
  std::string_view text(std::string_view name) const;
  /// Query value.
  std::optional<std::string_view> query(std::string_view key) const;
  /// Query integer within bounds; `fallback` when absent; throws 50035 (NUMBER_TYPE_*).
  std::int64_t query_int(std::string_view key, std::int64_t fallback, std::int64_t low,
                         std::int64_t high) const;
  /// Query id, 0 when absent; throws 50035.
  snowflake query_id(std::string_view key) const;
  /// true/false/1/0 (2.1).
  bool query_flag(std::string_view key) const;
  /// The JSON body, parsed once. Throws 50109, or 50035 for a wrong Content-Type. Empty = {}.
  const json& body();
  /// The same, but throws 50035 MODEL_TYPE_CONVERT unless it is an object.
  const json& object();
  /// The bot's user id; 0 without an application.
  snowflake self() const { return app ? app->bot : 0; }
  /// Percent-decoded X-Audit-Log-Reason, "" when absent.
  std::string reason() const;
  /// To answer after returning: call this, return `http_response{.later = true}`, and call the
  /// function once. Valid after the rest_call is gone.
  respond defer() {
    return [self = shared_from_this()](http_response r) { self->answer(std::move(r)); };
  }

private:
  std::optional<json> body_;
};

/// Finds the route of a method and path. No checks, no I/O.
class router {
public:
  /// `pattern` such as "/channels/{channel}/messages/{message}". Parameters are ids unless named
  /// in options.text. The first of channel, guild, webhook (+token) is the major parameter (2.3).
  void add(std::string method, std::string pattern, rest_handler handler,
           route_options options = {});

  struct match {
    const route* found = nullptr;
    bool path_known = false; ///< some route has this path: 405 rather than 404
    std::vector<std::pair<std::string, std::string>> params;
  };
  /// Literal segments win over parameters.
  match find(std::string_view method, std::string_view path) const;

private:
  std::vector<std::unique_ptr<route>> routes_;
  std::map<std::size_t, std::vector<const route*>> by_length_; // by number of segments
};

} // namespace sim
