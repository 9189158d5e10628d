#include "discord-sim/faults.hpp"

#include "discord-sim/activity.hpp"
#include "discord-sim/fault_answers.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/voice_server.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr int forever = 1 << 30;

std::optional<network_mode> mode_named(const std::string& name) {
  static const std::map<std::string, network_mode> modes{{"open", network_mode::open},
                                                         {"refuse", network_mode::refuse},
                                                         {"reset", network_mode::reset},
                                                         {"silent", network_mode::silent},
                                                         {"half", network_mode::half}};
  const auto found = modes.find(name);
  return found == modes.end() ? std::nullopt : std::optional(found->second);
}

std::uint16_t close_code(const json& value) {
  const auto code = value.is_object() ? value.value("code", json{}) : value;
  return code.is_number_integer() ? code.get<std::uint16_t>() : std::uint16_t{0};
}

} // namespace

std::string fault_box::inject(const json& body) {
  if (!body.is_object())
    return "The faults must be a JSON object.";
  a_.log.add(a_.core.clock.now(), "fault", body);
  for (const auto& [key, value] : body.items())
    if (auto wrong = one(key, value); !wrong.empty())
      return wrong;
  return {};
}

std::string fault_box::one(const std::string& key, const json& value) {
  try {
    for (const auto part : {&fault_box::of_gateway, &fault_box::of_guild, &fault_box::of_rest,
                            &fault_box::of_network, &fault_box::of_token, &fault_box::of_voice}) {
      auto wrong = (this->*part)(key, value);
      if (wrong != "?")
        return wrong;
    }
  } catch (const json::exception& wrong) {
    return "The fault " + key + " has a wrong value: " + wrong.what();
  }
  return "There is no fault " + key + ".";
}

/// "" = done, "?" = not one of these, else what is wrong. So in all of them.
std::string fault_box::of_gateway(const std::string& key, const json& value) {
  auto& gateway = a_.core.gateway();
  const auto count = [&] { return value.is_boolean() ? (value ? 1 : 0) : value.get<int>(); };
  if (key == "drop_acks")
    gateway.drop_acks("", value.get<bool>());
  else if (key == "close")
    gateway.close("", close_code(value));
  else if (key == "op7")
    gateway.reconnect("");
  else if (key == "op9")
    gateway.invalidate("", value.get<bool>());
  else if (key == "op1")
    gateway.ask_beat("");
  else if (key == "op7_before_hello")
    gateway.reconnect_before_hello(count());
  else if (key == "refuse_resume_connections")
    gateway.refuse_resume_connections(count());
  else if (key == "split_messages")
    gateway.split_next(count());
  else if (key == "garbage")
    gateway.send_garbage("");
  else if (key == "refuse_resume")
    gateway.refuse_resumes(count());
  else if (key == "duplicate_events")
    gateway.duplicate_next(count());
  else if (key == "reorder_events")
    gateway.reorder_next(count());
  else if (key == "session_starts_left")
    for (const auto& [id, application] : a_.core.world.applications)
      gateway.set_starts_left(id, count());
  else if (key == "interactions_twice")
    a_.endpoints.deliver_twice(count());
  else if (key == "expire_sessions")
    gateway.expire_sessions();
  else if (key == "send")
    return send(value);
  else
    return "?";
  return {};
}

std::string fault_box::send(const json& value) {
  const auto type = value.value("t", std::string{});
  if (value.value("op", 0) != 0 || type.empty())
    return "Only dispatches can be sent: {\"t\":..., \"d\":...}; use op7 and op9 for those ops.";
  const auto data = std::make_shared<const std::string>(value.value("d", json::object()).dump());
  for (const auto& [id, application] : a_.core.world.applications)
    a_.core.gateway().flood(id, type, data);
  return {};
}

std::string fault_box::of_guild(const std::string& key, const json& value) {
  if (key == "guilds_unavailable") {
    for (const auto& [home, unused] : a_.core.world.guilds)
      of_guild("guild_unavailable",
               {{"guild_id", id_text(home)}, {"ms", value.is_object() ? value.value("ms", 0) : 0}});
    return {};
  }
  const bool down = key == "guild_unavailable";
  if (!down && key != "guild_available")
    return "?";
  const auto id = parse_id(value.is_object() ? value.at("guild_id") : value);
  if (!id || a_.core.world.find_guild(*id) == nullptr)
    return "There is no such guild.";
  a_.core.gateway().set_unavailable(*id, down);
  const auto ms = value.is_object() ? value.value("ms", 0) : 0;
  if (down && ms > 0)
    a_.core.after(std::chrono::milliseconds{ms},
                  [this, id] { a_.core.gateway().set_unavailable(*id, false); });
  return {};
}

std::string fault_box::of_rest(const std::string& key, const json& value) {
  rest_fault fault;
  if (value.is_object()) {
    fault.route = value.value("route", "");
    fault.left = value.value("count", 1);
  }
  if (key == "delay") {
    fault.kind = rest_fault::slow;
    fault.delay = std::chrono::milliseconds{value.at("ms").get<int>()};
    fault.left = value.value("count", forever);
    // Without a route the events are held back too: a slow link.
    if (fault.route.empty())
      a_.core.gateway().delay_dispatches(fault.delay);
  } else if (key == "rest_429") {
    fault.answer = injected_429(value.value("scope", "user"), value.value("retry_after", 1.0),
                                value.value("code", 0));
  } else if (key == "rest_status") {
    fault.answer = injected_error(value.at("status").get<int>(), value);
  } else if (key == "cloudflare") {
    fault.answer = injected_cloudflare(value);
    if (fault.route.empty()) { // before Discord: every request meets it, whatever it asks
      edge_.push_back(std::move(fault));
      return {};
    }
  } else if (key == "bucket_hashes") {
    a_.core.limits().change_hashes(fault.route, value.value("of", 2), value.value("every", 1),
                                   value.value("separate", false));
    return {};
  } else if (key == "reset_after_accept") {
    fault.kind = rest_fault::reset;
  } else {
    return "?";
  }
  rest_.push_back(std::move(fault));
  return {};
}

std::string fault_box::of_network(const std::string& key, const json& value) {
  return key == "network" ? set_network(value) : "?";
}

std::string fault_box::set_network(const json& value) {
  const auto mode = mode_named(value.value("mode", ""));
  if (!mode)
    return "network needs a mode: open, refuse, reset, silent or half.";
  const auto ms = value.value("ms", 0);
  const auto count = value.value("count", 0);
  // Cut after the answer to this request is on its way.
  const auto change = ++network_changes_;
  a_.core.set_network(*mode, count, value.value("cut", *mode != network_mode::open));
  if (ms > 0)
    a_.core.after(std::chrono::milliseconds{ms}, [this, change] {
      if (change == network_changes_)
        a_.core.set_network(network_mode::open, 0, false);
    });
  return {};
}

std::string fault_box::of_token(const std::string& key, const json& value) {
  const bool revoke = key == "revoke_token";
  if (!revoke && key != "restore_token")
    return "?";
  const auto wanted = value.is_object() && value.contains("application_id")
                          ? parse_id(value["application_id"])
                          : std::nullopt;
  const auto work = [this, revoke, wanted] {
    for (auto& [id, application] : a_.core.world.applications) {
      if (wanted && *wanted != id)
        continue;
      application.revoked = revoke;
      // A token that is reset ends its sessions (discord-api 1.5, 1.8: 4004).
      if (revoke)
        a_.core.gateway().end_sessions(id, 4004);
    }
  };
  const auto ms = value.is_object() ? value.value("after_ms", 0) : 0;
  if (ms > 0)
    a_.core.after(std::chrono::milliseconds{ms}, work);
  else
    work();
  return {};
}

void fault_box::clear() {
  rest_.clear();
  edge_.clear();
  ++network_changes_;
  a_.core.set_network(network_mode::open, 0, false);
  a_.core.limits().keep_hashes();
  a_.endpoints.deliver_twice(0);
  for (auto& [id, application] : a_.core.world.applications)
    application.revoked = false;
  a_.core.voice().clear_faults();
  auto& gateway = a_.core.gateway();
  gateway.drop_acks("", false);
  gateway.refuse_resumes(0);
  gateway.reconnect_before_hello(0);
  gateway.refuse_resume_connections(0);
  gateway.split_next(0);
  gateway.duplicate_next(0);
  gateway.reorder_next(0);
  gateway.delay_dispatches(std::chrono::milliseconds{0});
  for (auto& [id, home] : a_.core.world.guilds)
    if (home.unavailable)
      gateway.set_unavailable(id, false);
}

std::optional<http_response> fault_box::before_all(const http_request&) {
  if (edge_.empty())
    return std::nullopt;
  auto answer = edge_.front().answer;
  if (--edge_.front().left <= 0)
    edge_.erase(edge_.begin());
  return answer;
}

std::optional<http_response> fault_box::before(rest_call& call) {
  for (auto it = rest_.begin(); it != rest_.end(); ++it) {
    if (it->kind != rest_fault::instead || call.route == nullptr ||
        !names_route(it->route, *call.route))
      continue;
    auto answer = it->answer;
    if (--it->left <= 0)
      rest_.erase(it);
    return answer;
  }
  return std::nullopt;
}

void fault_box::after(rest_call* call, http_response& answer) {
  if (call == nullptr || call->route == nullptr)
    return;
  for (auto& fault : rest_) {
    if (fault.kind == rest_fault::instead || fault.left <= 0 ||
        !names_route(fault.route, *call->route))
      continue;
    if (fault.kind == rest_fault::slow)
      answer.delay = fault.delay;
    else if (answer.status < 400)
      answer.reset = true;
    else
      continue; // nothing was taken: the fault waits for a request that is
    // The client cannot know that its answer arrived: trying again is right (discord-api 7.8).
    if (const auto id = call->id("interaction"); id != 0)
      a_.desk.outcome(id).excused = true;
    --fault.left;
  }
  rest_.erase(std::remove_if(rest_.begin(), rest_.end(),
                             [](const rest_fault& fault) { return fault.left <= 0; }),
              rest_.end());
}

} // namespace sim
