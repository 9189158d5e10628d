#pragma once
// What happens to an HTTP request before and after its handler: Discord's order of checks
// (discord-api 15.3 end), rate limits, violations, faults.
#include "discord-sim/core.hpp"

namespace sim {

class rest_front {
public:
  /// `page` answers GETs that no route takes (the static page).
  rest_front(core& c, std::function<http_response(const http_request&)> page);

  /// Answers now or later through `answer`.
  void handle(http_request request, respond answer);

private:
  void handle_api(std::shared_ptr<rest_call> call, std::string_view path);
  void handle_plain(std::shared_ptr<rest_call> call);
  // Who calls, 401 and 403/40333; true when the request may go on.
  bool authenticate(rest_call& call, auth who);
  bool within_limits(rest_call& call);
  void run(rest_call& call);
  // Hook, rate limit headers, counters, then the client.
  void finish(rest_call& call, http_response response, const respond& answer);

  core& core_;
  /// When an application was first told that its token is revoked.
  std::map<snowflake, steady::time_point> told_revoked_;
  std::function<http_response(const http_request&)> page_;
};

} // namespace sim
