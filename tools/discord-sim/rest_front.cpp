#include "discord-sim/rest_front.hpp"
#include "discord-sim/no_snowflake.hpp"
#include "discord-sim/rate_limit.hpp"
#include <algorithm>
#include <cstdio>

namespace sim {

namespace {

// "/api/v10/users" -> "/users"; which versions live: 0 and 14.
struct api_path {
  std::string_view path;
  bool versioned = false;
  bool dead_version = false;
};

api_path split_version(std::string_view path) {
  path.remove_prefix(4); // "/api"
  api_path result{path, false, false};
  if (path.size() < 3 || path.substr(0, 2) != "/v")
    return result;
  const auto end = std::min(path.find('/', 1), path.size());
  const auto version = path.substr(2, end - 2);
  if (version.empty() || version.find_first_not_of("0123456789") != std::string_view::npos)
    return result;
  result.path = path.substr(end);
  result.versioned = true;
  result.dead_version = version != "9" && version != "10";
  return result;
}

std::string address_of(const http_request& request) {
  return request.remote.substr(0, request.remote.rfind(':'));
}

// First of channel, guild and webhook, the latter with its token (2.3).
std::string major_of(const rest_call& call) {
  for (const auto& [name, value] : call.params) {
    if (name == "channel" || name == "guild")
      return value;
    if (name == "webhook" || name == "interaction")
      return value + "/" + std::string(call.text("token"));
  }
  return {};
}

// A path parameter that is no snowflake: 400 (15.2 NUMBER_TYPE_COERCE, at the parameter's name).
void check_ids(const rest_call& call) {
  const auto& texts = call.route->options.text;
  for (const auto& [name, value] : call.params) {
    if (std::find(texts.begin(), texts.end(), name) != texts.end())
      continue;
    if (parse_id(std::string_view(value)))
      continue;
    const auto leaf = no_snowflake(value);
    throw form_error(name + "_id", leaf.code, leaf.text);
  }
}

// "Malformed": what a correct client never sends, whatever the world's state is.
bool is_malformed(const http_response& r) {
  if (r.status == 413)
    return true;
  if (r.status != 400)
    return false;
  for (const char* code : {"\"code\":50035", "\"code\":50109", "\"code\":50006"})
    if (r.body.find(code) != std::string::npos)
      return true;
  return false;
}

// "POST /channels/{channel}/messages -> 400 {...}", for the list of violations.
std::string told(const rest_call& call, const http_response& r) {
  const auto path = call.route ? call.route->pattern : call.request.path;
  return call.request.method + " " + path + " -> " + std::to_string(r.status) + " " +
         r.body.substr(0, 300);
}

bool is_shared(const http_response& r) {
  return std::any_of(r.headers.begin(), r.headers.end(), [](const auto& h) {
    return h.first == "X-RateLimit-Scope" && h.second == "shared";
  });
}

// Requests that were on their way when a token was revoked.
constexpr std::chrono::milliseconds revoked_grace{3000};

// What Cloudflare sends to a banned address: no JSON, no rate limit headers (2.3, 15.1).
http_response cloudflare_ban() {
  return http_response::text(429, "error code: 1015", "text/plain; charset=UTF-8");
}

} // namespace

rest_front::rest_front(core& c, std::function<http_response(const http_request&)> page)
    : core_(c), page_(std::move(page)) {}

void rest_front::handle(http_request request, respond answer) {
  auto call =
      std::make_shared<rest_call>(core_, std::make_shared<http_request>(std::move(request)));
  const std::string_view path = call->request.path;
  if (path.substr(0, 5) != "/api/") {
    call->answer = std::move(answer);
    handle_plain(std::move(call));
    return;
  }
  if (core_.hooks.before_all)
    if (auto instead = core_.hooks.before_all(call->request)) {
      if (core_.hooks.after_route)
        core_.hooks.after_route(call->request, nullptr, *instead);
      answer(std::move(*instead));
      return;
    }
  if (core_.limits().banned(address_of(call->request), steady::now())) {
    answer(cloudflare_ban());
    return;
  }
  // The raw pointer is safe: whoever calls `answer` holds the call.
  call->answer = [this, raw = call.get(), answer = std::move(answer)](http_response r) {
    finish(*raw, std::move(r), answer);
  };
  const auto version = split_version(path);
  if (!version.versioned || version.dead_version)
    core_.violations.count(violation::bad_api_version);
  if (version.dead_version)
    call->answer(fail(50041).to_response());
  else
    handle_api(std::move(call), version.path);
}

void rest_front::finish(rest_call& call, http_response response, const respond& answer) {
  if (!response.bare)
    response.headers.insert(response.headers.end(), call.limit_headers.begin(),
                            call.limit_headers.end());
  if (core_.hooks.after_route)
    core_.hooks.after_route(call.request, call.route ? &call : nullptr, response);
  if (is_malformed(response))
    core_.violations.count(violation::malformed_request, told(call, response));
  const bool own = !response.bare && (response.status == 401 || response.status == 403 ||
                                      (response.status == 429 && !is_shared(response)));
  if (own)
    core_.limits().count_invalid(address_of(call.request), steady::now());
  answer(std::move(response));
}

void rest_front::handle_api(std::shared_ptr<rest_call> call, std::string_view path) {
  auto match = core_.api.find(call->request.method, path);
  if (!authenticate(*call, match.found ? match.found->options.who : auth::bot))
    return;
  if (!match.found) {
    core_.violations.count(violation::unknown_route,
                           call->request.method + " " + std::string(path));
    const int status = match.path_known ? 405 : 404;
    const char* text = match.path_known ? "405: Method Not Allowed" : "404: Not Found";
    call->answer(http_response::of(status, {{"message", text}, {"code", 0}}));
    return;
  }
  call->route = match.found;
  call->params = std::move(match.params);
  if (!within_limits(*call))
    return;
  if (core_.hooks.before_route)
    if (auto instead = core_.hooks.before_route(*call)) {
      call->answer(std::move(*instead));
      return;
    }
  run(*call);
}

bool rest_front::authenticate(rest_call& call, auth who) {
  const auto token = call.request.header("Authorization");
  if (who != auth::none && token.substr(0, 4) == "Bot ")
    call.app = core_.world.application_by_token(token.substr(4));
  const auto* revoked =
      token.substr(0, 4) == "Bot " ? core_.world.application_of_revoked(token.substr(4)) : nullptr;
  if (who != auth::none && revoked) {
    // What was under way when the first 401 came is forgiven; more is not (discord-api 7.9).
    const auto now = steady::now();
    const auto [told, first] = told_revoked_.try_emplace(revoked->id, now);
    if (!first && now - told->second > revoked_grace)
      core_.violations.count(violation::revoked_token,
                             call.request.method + " " + call.request.path);
    call.answer(http_response::of(401, {{"message", "401: Unauthorized"}, {"code", 0}}));
    return false;
  }
  if (call.app)
    told_revoked_.erase(call.app->id); // it works again
  if (!call.app && (who == auth::bot || (who == auth::optional && !token.empty()))) {
    core_.violations.count(violation::missing_auth);
    call.answer(http_response::of(401, {{"message", "401: Unauthorized"}, {"code", 0}}));
    return false;
  }
  // The shape of User-Agent is mandatory; Cloudflare refuses others (2.1). Text assumed. On webhook
  // routes discord.py 2.2.2 has always sent another one [X source].
  const bool of_webhook = call.request.path.find("/webhooks/") != std::string::npos;
  if (call.app && !of_webhook &&
      call.request.header("User-Agent").substr(0, 12) != "DiscordBot (") {
    core_.violations.count(violation::bad_user_agent);
    call.answer(http_response::of(403, {{"message", "internal network error"}, {"code", 40333}}));
    return false;
  }
  return true;
}

bool rest_front::within_limits(rest_call& call) {
  try {
    check_ids(call);
  } catch (const api_error& e) {
    call.answer(e.to_response());
    return false;
  }
  auto verdict = core_.limits().take(*call.route, call.app ? call.app->id : 0, major_of(call),
                                     steady::now(), static_cast<double>(core_.clock.now()) / 1000);
  call.limit_headers = std::move(verdict.headers);
  if (!verdict.refusal)
    return true;
  if (verdict.global)
    core_.violations.count(violation::global_429, told(call, *verdict.refusal));
  else if (verdict.known)
    core_.violations.count(violation::known_bucket_429, told(call, *verdict.refusal));
  call.answer(std::move(*verdict.refusal));
  return false;
}

void rest_front::run(rest_call& call) {
  http_response response;
  try {
    response = call.route->handler(call);
  } catch (const api_error& e) {
    response = e.to_response();
  } catch (const std::exception& e) {
    // A mistake of the simulator; its text goes to the operator, not to the client (15.1).
    std::fprintf(stderr, "discord-sim: %s %s: %s\n", call.request.method.c_str(),
                 call.route->pattern.c_str(), e.what());
    response = api_error{500, 0, "500: Internal Server Error"}.to_response();
  }
  if (!response.later)
    call.answer(std::move(response));
}

void rest_front::handle_plain(std::shared_ptr<rest_call> call) {
  auto match = core_.plain.find(call->request.method, call->request.path);
  if (!match.found) {
    call->answer(match.path_known ? http_response::text(405, "method not allowed\n", "text/plain")
                                  : page_(call->request));
    return;
  }
  call->route = match.found;
  call->params = std::move(match.params);
  try {
    check_ids(*call);
  } catch (const api_error& e) {
    call->answer(e.to_response());
    return;
  }
  run(*call);
}

} // namespace sim
