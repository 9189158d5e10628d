// PATCH /applications/@me, by which an application says where its interactions go
// (discord-api 3.2), and the control interface's view of endpoints.
#include "discord-sim/control.hpp"
#include "discord-sim/form_fields.hpp"
#include "discord-sim/http_post.hpp"
#include "discord-sim/objects.hpp"

namespace sim {

namespace {

/// Code and text as Discord's portal shows them [A].
api_error unverified(const std::string& why) {
  return form_error("interactions_endpoint_url", "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
                    "The specified interactions endpoint url could not be verified. " + why);
}

/// Checks and saves; `done` gets "" or what is wrong.
void save_url(activity& a, snowflake application, const std::string& url,
              std::function<void(std::string)> done) {
  auto& app = *a.core.world.find_application(application);
  if (url.empty()) {
    app.interactions_url.clear();
    return done("");
  }
  if (!parse_post_url(url))
    return done("This Discord takes http://127.0.0.1:PORT/path only.");
  a.endpoints.validate(app, url, [&a, application, url, done](std::string wrong) {
    auto* known = a.core.world.find_application(application);
    if (wrong.empty() && known != nullptr)
      known->interactions_url = url;
    a.log.add(a.core.clock.now(), "endpoint",
              {{"application", id_text(application)}, {"url", url}, {"trouble", wrong}});
    done(std::move(wrong));
  });
}

http_response change_application(activity& a, rest_call& call) {
  form_errors errors;
  const auto& body = call.object();
  const form_fields fields{body, {}, errors};
  const auto description = fields.text("description", {0, 400, false});
  const auto url = fields.url("interactions_endpoint_url", false);
  check(errors);
  if (description)
    call.app->description = *description;
  if (!body.contains("interactions_endpoint_url"))
    return http_response::of(200, application_json(a.core.world, *call.app));
  http_response later;
  later.later = true;
  save_url(a, call.app->id, url.value_or(""),
           [&a, id = call.app->id, answer = call.defer()](const std::string& wrong) {
             if (wrong.empty())
               answer(http_response::of(
                   200, application_json(a.core.world, *a.core.world.find_application(id))));
             else
               answer(unverified(wrong).to_response());
           });
  return later;
}

} // namespace

json endpoints_json(activity& a) {
  auto list = json::array();
  for (const auto& [id, app] : a.core.world.applications) {
    const auto& record = a.endpoints.of(id);
    list.push_back({{"application_id", id_text(id)},
                    {"url", app.interactions_url.empty() ? json{} : json(app.interactions_url)},
                    {"verify_key", app.verify_key},
                    {"delivered", record.delivered},
                    {"answered", record.answered},
                    {"left", record.left},
                    {"failed", record.failed},
                    {"probes", record.probes},
                    {"probe_one_in", record.probe_one_in},
                    {"trouble", record.trouble}});
  }
  return list;
}

snowflake endpoint_application(activity& a, const json& body) {
  const auto id = body.contains("application_id") ? parse_id(body["application_id"]) : std::nullopt;
  if (!body.contains("application_id") && !a.core.world.applications.empty())
    return a.core.world.applications.begin()->first;
  if (!id || a.core.world.find_application(*id) == nullptr)
    throw control_error{404, "There is no such application."};
  return *id;
}

void set_endpoint(activity& a, const json& body, std::function<void(http_response)> answer) {
  const auto id = endpoint_application(a, body);
  if (body.contains("probe_one_in")) {
    if (!body["probe_one_in"].is_number_unsigned())
      throw control_error{400, "probe_one_in must be a number, 0 for never."};
    a.endpoints.of(id).probe_one_in = body["probe_one_in"].get<int>();
  }
  const auto finish = [&a, answer](const std::string& wrong) {
    if (wrong.empty())
      answer(http_response::of(200, {{"ok", true}, {"endpoints", endpoints_json(a)}}));
    else
      answer(http_response::of(409, {{"ok", false}, {"error", wrong}}));
  };
  if (!body.contains("url"))
    return finish("");
  if (!body["url"].is_null() && !body["url"].is_string())
    throw control_error{400, "url must be a text or null."};
  save_url(a, id, body["url"].is_string() ? body["url"].get<std::string>() : "", finish);
}

void probe_endpoint(activity& a, const json& body, std::function<void(http_response)> answer) {
  const auto id = endpoint_application(a, body);
  const auto kind = forgery_named(body.value("kind", "other_key"));
  if (!kind)
    throw control_error{400, "kind must be none, other_key, other_time, other_body, truncated, "
                             "no_hex, no_header or twice."};
  a.endpoints.probe(id, *kind, [answer](int status) {
    answer(http_response::of(200, {{"ok", true}, {"status", status}}));
  });
}

void add_endpoint_routes(activity& a) {
  for (const auto* path : {"/applications/@me", "/oauth2/applications/@me"})
    a.core.api.add("PATCH", path, [&a](rest_call& call) { return change_application(a, call); });
}

} // namespace sim
