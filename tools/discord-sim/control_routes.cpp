#include "discord-sim/access.hpp"
#include "discord-sim/bounded_json.hpp"
#include "discord-sim/control.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/voice_server.hpp"

#include <algorithm>

namespace sim {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t wait_ms_max = 20000;
constexpr std::uint16_t policy_violation = 1008;

http_response refused(const control_error& why) {
  return http_response::of(why.status, {{"ok", false}, {"error", why.sentence}});
}

/// A handler of the control interface: local callers only, errors as sentences.
using control_handler = http_response (*)(activity&, rest_call&);

void add(activity& a, const char* method, const char* path, control_handler handler) {
  route_options options;
  options.who = auth::none;
  options.limit.count = 0;
  a.core.plain.add(
      method, path,
      [&a, handler](rest_call& call) {
        if (!is_local(call.request))
          return refused({403, "The control interface answers its own page and local tools only."});
        try {
          return handler(a, call);
        } catch (const control_error& why) {
          return refused(why);
        } catch (const api_error& why) {
          // What a bot would be told as a code, a person is told as a sentence.
          auto answer = json{{"ok", false}, {"error", why.message}, {"code", why.code}};
          if (!why.errors.is_null())
            answer["errors"] = why.errors;
          return http_response::of(why.status, answer);
        }
      },
      options);
}

json parse_body(const rest_call& call) {
  if (call.request.body.empty())
    return json::object();
  auto body = parse_json(call.request.body);
  if (!body || !body->is_object())
    throw control_error{400, "The body must be a JSON object."};
  return std::move(*body);
}

snowflake known_user(activity& a, const rest_call& call) {
  const auto as = call.query("as");
  const auto id = as ? parse_id(*as) : std::nullopt;
  if (!id || a.core.world.find_user(*id) == nullptr)
    throw control_error{404,
                        "There is no user " + std::string{as.value_or("(as is missing)")} + "."};
  return *id;
}

/// A query number within bounds, `fallback` when absent.
std::size_t number(const rest_call& call, const char* key, std::size_t fallback, std::size_t max) {
  const auto text = call.query(key);
  if (!text)
    return fallback;
  const auto value = *text == "0" ? std::optional<snowflake>{0} : parse_id(*text);
  if (!value)
    throw control_error{400, std::string{key} + " must be a number."};
  return std::min<std::size_t>(*value, max);
}

http_response get_state(activity& a, rest_call& call) {
  // Nobody chosen yet: who there is to be.
  if (!call.query("as"))
    return http_response::of(200, everybody(a));
  return http_response::of(200, state_for(a, known_user(a, call)));
}

http_response get_messages(activity& a, rest_call& call) {
  const auto user = known_user(a, call);
  const auto id = parse_id(call.query("channel_id").value_or(""));
  const auto* where = id ? a.core.world.find_channel(*id) : nullptr;
  if (where == nullptr || (rights_in(a.core, *where, user) & permission::view_channel) == 0)
    throw control_error{404, "This user sees no such channel."};
  const auto before = parse_id(call.query("before").value_or("")).value_or(0);
  return http_response::of(200,
                           messages_for(a, user, *where, number(call, "limit", 50, 1000), before));
}

std::chrono::milliseconds wait_of(const json& body) {
  const auto wait = body.value("wait_ms", json(0));
  if (!wait.is_number_integer() || wait < 0 || wait > wait_ms_max)
    throw control_error{400, "wait_ms must be between 0 and 20000."};
  return std::chrono::milliseconds{wait.get<std::int64_t>()};
}

http_response wait_for(activity& a, rest_call& call, snowflake id, bool final,
                       std::chrono::milliseconds limit) {
  http_response later;
  later.later = true;
  a.desk.wait(id, final, limit,
              [answer = call.defer()](json outcome) { answer(http_response::of(200, outcome)); });
  return later;
}

http_response act(activity& a, rest_call& call) {
  const auto body = parse_body(call);
  const auto as = body.contains("as") ? parse_id(body["as"]) : std::nullopt;
  auto* who = as ? a.core.world.find_user(*as) : nullptr;
  if (who == nullptr)
    throw control_error{404, "\"as\" must be the id of a user of this world."};
  const act_call asked{a, body, *who};
  const auto type = asked.text("type");
  const auto limit = wait_of(body);
  act_handler handler = nullptr;
  for (const auto group : {message_act, interaction_act, member_act})
    if (handler == nullptr)
      handler = group(type);
  if (handler == nullptr)
    throw control_error{400, "There is no act of type \"" + type + "\"."};
  auto line = body;
  line.erase("files"); // contents do not belong into the journal
  a.log.add(a.core.clock.now(), "act", line);
  auto result = handler(asked);
  if (result.interaction != 0)
    return wait_for(a, call, result.interaction, asked.text_or("wait_for", "first") == "final",
                    limit);
  result.fields["ok"] = true;
  return http_response::of(200, result.fields);
}

http_response get_interaction(activity& a, rest_call& call) {
  const auto id = call.id("interaction");
  if (a.core.world.interactions.count(id) == 0)
    throw control_error{404, "There is no such interaction (any more)."};
  const bool final = call.query("wait_for").value_or("") == "final";
  const auto limit = number(call, "wait_ms", 0, wait_ms_max);
  return wait_for(a, call, id, final, std::chrono::milliseconds{limit});
}

json time_json(activity& a) {
  return {{"ok", true},
          {"now_ms", a.core.clock.now()},
          {"now", iso_time(a.core.clock.now())},
          {"frozen", a.core.clock.frozen()}};
}

http_response get_time(activity& a, rest_call&) { return http_response::of(200, time_json(a)); }

http_response set_time(activity& a, rest_call& call) {
  const auto body = parse_body(call);
  auto& clock = a.core.clock;
  const auto number_of = [&](const char* key) {
    if (!body[key].is_number_integer())
      throw control_error{400, std::string{key} + " must be a whole number of milliseconds."};
    return body[key].get<std::int64_t>();
  };
  if (body.contains("freeze"))
    clock.freeze(body["freeze"] == true);
  if (body.contains("set")) {
    const auto at =
        body["set"].is_string() ? parse_iso_time(body["set"].get<std::string>()) : std::nullopt;
    if (!at)
      throw control_error{400, "set must be an ISO 8601 time with an offset."};
    clock.set(*at);
  } else if (body.contains("set_ms")) {
    clock.set(number_of("set_ms"));
  } else if (body.contains("advance_ms")) {
    clock.move(std::chrono::milliseconds{number_of("advance_ms")});
  } else if (!body.contains("freeze")) {
    throw control_error{400, "Give one of advance_ms, set_ms, set, freeze."};
  }
  a.log.add(clock.now(), "time", body);
  a.desk.time_moved();
  a.pages.broadcast("TIME", {{"now_ms", clock.now()}});
  http_response later;
  later.later = true;
  a.core.announce_time([&a, answer = call.defer()](time_moved moved) {
    auto said = time_json(a);
    said["asked"] = moved.asked;
    said["acknowledged"] = moved.acknowledged == moved.asked;
    answer(http_response::of(200, said));
  });
  return later;
}

http_response set_faults(activity& a, rest_call& call) {
  if (auto wrong = a.faults.inject(parse_body(call)); !wrong.empty())
    throw control_error{400, wrong};
  return http_response::of(200, {{"ok", true}});
}

http_response clear_faults(activity& a, rest_call&) {
  a.faults.clear();
  return http_response::of(200, {{"ok", true}});
}

http_response get_endpoints(activity& a, rest_call&) {
  return http_response::of(200, {{"endpoints", endpoints_json(a)}});
}

http_response answer_later(activity& a, rest_call& call,
                           void (*work)(activity&, const json&,
                                        std::function<void(http_response)>)) {
  http_response later;
  later.later = true;
  work(a, parse_body(call), call.defer());
  return later;
}

http_response post_endpoint(activity& a, rest_call& call) {
  return answer_later(a, call, set_endpoint);
}

http_response post_probe(activity& a, rest_call& call) {
  return answer_later(a, call, probe_endpoint);
}

http_response get_violations(activity& a, rest_call&) {
  const auto& seen = a.core.violations;
  return http_response::of(
      200,
      {{"total", seen.total()}, {"kinds", json(seen.all())}, {"details", json(seen.details())}});
}

http_response reset_violations(activity& a, rest_call&) {
  a.core.violations.clear();
  return http_response::of(200, {{"ok", true}});
}

/// What a client's logs must not hold.
http_response get_secrets(activity& a, rest_call&) {
  json bots = json::array();
  for (const auto& [id, application] : a.core.world.applications)
    bots.push_back(application.token);
  json interactions = json::array();
  for (const auto& [id, known] : a.core.world.interactions)
    interactions.push_back(known.token);
  return http_response::of(200, {{"bot_tokens", bots}, {"interaction_tokens", interactions}});
}

http_response get_voice(activity& a, rest_call&) {
  return http_response::of(200, a.core.voice().state());
}

/// What clients of the voice gateway have to trust.
http_response get_voice_authority(activity& a, rest_call&) {
  return http_response::text(200, a.core.voice().authority(), "application/x-pem-file");
}

/// Writes what a person hears to a WAV, until it is stopped.
http_response record_voice(activity& a, rest_call& call) {
  const auto body = parse_body(call);
  const auto as = body.contains("as") ? parse_id(body["as"]) : std::nullopt;
  if (!as || a.core.world.find_user(*as) == nullptr)
    throw control_error{404, "\"as\" must be the id of a user of this world."};
  if (body.value("stop", json(false)) == json(true)) {
    auto numbers = a.core.voice().stop_recording(*as);
    if (!numbers)
      throw control_error{409, "Nothing is recorded for this user."};
    (*numbers)["ok"] = true;
    return http_response::of(200, *numbers);
  }
  if (!body.contains("file") || !body["file"].is_string())
    throw control_error{400, "file must name a WAV to write, or stop be true."};
  try {
    a.core.voice().record(*as, body["file"].get<std::string>());
  } catch (const std::runtime_error& wrong) {
    throw control_error{409, wrong.what()};
  }
  return http_response::of(200, {{"ok", true}});
}

http_response get_log(activity& a, rest_call& call) {
  return http_response::of(200, a.log.since(number(call, "since", 0, SIZE_MAX),
                                            call.query("kind").value_or(""),
                                            number(call, "limit", 10000, 100000)));
}

} // namespace

void add_control_routes(activity& a) {
  add(a, "GET", "/sim/state", get_state);
  add(a, "GET", "/sim/messages", get_messages);
  add(a, "POST", "/sim/act", act);
  add(a, "GET", "/sim/interactions/{interaction}", get_interaction);
  add(a, "GET", "/sim/time", get_time);
  add(a, "POST", "/sim/time", set_time);
  add(a, "POST", "/sim/faults", set_faults);
  add(a, "DELETE", "/sim/faults", clear_faults);
  add(a, "GET", "/sim/endpoints", get_endpoints);
  add(a, "POST", "/sim/endpoint", post_endpoint);
  add(a, "POST", "/sim/endpoint/probe", post_probe);
  add(a, "GET", "/sim/violations", get_violations);
  add(a, "POST", "/sim/violations/reset", reset_violations);
  add(a, "GET", "/sim/log", get_log);
  add(a, "GET", "/sim/secrets", get_secrets);
  add(a, "GET", "/sim/voice", get_voice);
  add(a, "GET", "/sim/voice/ca.pem", get_voice_authority);
  add(a, "POST", "/sim/voice/record", record_voice);
  a.core.on_websocket("/sim/voice/listen",
                      [&a](std::shared_ptr<websocket> socket, const http_request& request) {
                        const auto user = parse_id(request.query_value("as").value_or(""));
                        if (is_local(request) && user && a.core.world.find_user(*user))
                          a.core.voice().listen(*user, std::move(socket));
                        else
                          socket->close(policy_violation, "unknown user or foreign origin");
                      });
  a.core.on_websocket("/sim/events",
                      [&a](std::shared_ptr<websocket> socket, const http_request& request) {
                        a.pages.accept(std::move(socket), request);
                      });
}

} // namespace sim
