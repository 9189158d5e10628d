#include "discord-sim/activity.hpp"

#include "discord-sim/bounded_json.hpp"
#include "discord-sim/load.hpp"
#include "discord-sim/post.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t summary_max = 2000;

/// The path without what authorises: interaction tokens are secrets (discord-api 7.24).
std::string redacted(const http_request& request, const rest_call* call) {
  auto path = request.path;
  const auto token = call ? std::string{call->text("token")} : std::string{};
  if (const auto at = path.find(token); !token.empty() && at != std::string::npos)
    path.replace(at, token.size(), "TOKEN");
  return path;
}

/// A body as it stands in the journal: JSON as it is when small, else its size.
json summary(const std::string& body, std::string_view type) {
  if (body.empty())
    return nullptr;
  if (body.size() <= summary_max && type.substr(0, 16) == "application/json")
    if (auto value = parse_json(body))
      return std::move(*value);
  return std::to_string(body.size()) + " bytes of " + std::string{type.substr(0, type.find(';'))};
}

void record_request(activity& a, const http_request& request, const rest_call* call,
                    const http_response& answer) {
  json line{{"method", request.method},
            {"path", redacted(request, call)},
            {"status", answer.status},
            {"request", summary(request.body, request.header("Content-Type"))}};
  if (answer.reset)
    line["reset"] = true;
  if (call != nullptr && call->app != nullptr)
    line["application"] = id_text(call->app->id);
  const auto reply = json::parse(answer.body, nullptr, false);
  if (reply.is_object())
    for (const auto* key : {"id", "code", "message", "retry_after", "errors"})
      if (const auto value = reply.find(key);
          value != reply.end() && (answer.status >= 400 || std::string_view{key} == "id"))
        line[key] = *value;
  a.log.add(a.core.clock.now(), "rest", line);
}

/// op, t and s of a payload; heartbeats too, as their absence is what one looks for.
void record_payload(activity& a, std::string_view session, bool in, std::string_view payload) {
  json line{{"session", session}, {"bytes", payload.size()}};
  // Reading `d` of a flood would cost more than the flood; t, s and op stand before it.
  const auto head = payload.substr(0, payload.find("\"d\":"));
  const auto after = [head](std::string_view key) -> std::string_view {
    const auto at = head.find(key);
    if (at == std::string_view::npos)
      return {};
    const auto rest = head.substr(at + key.size());
    return rest.substr(0, rest.find_first_of(",}\""));
  };
  if (in) {
    const auto value = parse_json(payload).value_or(json{});
    if (value.is_object()) {
      line["op"] = value.value("op", json{});
      if (line["op"] == 2 || line["op"] == 6)
        return a.log.add(a.core.clock.now(), "gateway_in", line); // d holds the token
      line["d"] = value.value("d", json{});
    }
  } else {
    if (const auto type = after("\"t\":\""); !type.empty())
      line["t"] = type;
    const auto type = line.value("t", "");
    if (type == "READY" || type == "RESUMED")
      a.desk.bot_connected();
    if (const auto op = after("\"op\":"); !op.empty())
      line["op"] = op;
    if (const auto seq = after("\"s\":"); !seq.empty())
      line["s"] = seq;
  }
  a.log.add(a.core.clock.now(), in ? "gateway_in" : "gateway_out", line);
}

} // namespace

void add_activity_routes(core& c) {
  // The handlers and hooks below share it; it lives as long as they do.
  const auto a = std::make_shared<activity>(c);
  add_message_routes(*a);
  add_reaction_routes(*a);
  add_dm_routes(*a);
  add_cdn_routes(*a);
  add_command_routes(*a);
  add_interaction_routes(*a);
  add_endpoint_routes(*a);
  add_webhook_routes(*a);
  add_thread_routes(*a);
  add_control_routes(*a);
  c.hooks.before_all = [a](const http_request& request) { return a->faults.before_all(request); };
  add_load_routes(*a);
  c.hooks.before_route = [a](rest_call& call) { return a->faults.before(call); };
  c.hooks.after_route = [a](const http_request& request, rest_call* call, http_response& answer) {
    a->faults.after(call, answer);
    record_request(*a, request, call, answer);
  };
  c.hooks.on_gateway = [a](std::string_view session, bool in, std::string_view payload) {
    record_payload(*a, session, in, payload);
  };
  c.hooks.on_voice = [a](snowflake user, bool in, std::string_view message) {
    auto line = parse_json(message).value_or(json::object());
    // Heartbeats are many and say nothing.
    if (!line.is_object() || line.value("op", 0) == 3 || line.value("op", 0) == 6)
      return;
    line["user_id"] = id_or_null(user);
    a->log.add(a->core.clock.now(), in ? "voice_in" : "voice_out", line);
  };
  c.events().add_listener([a](const event& happened) { a->pages.show(happened); });
}

} // namespace sim
