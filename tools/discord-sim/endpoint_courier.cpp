#include "discord-sim/endpoint_courier.hpp"

#include "discord-sim/activity.hpp"
#include "discord-sim/interaction_answers.hpp"
#include "discord-sim/signing.hpp"

namespace sim {

namespace {

/// As long as an interaction lives without an answer (discord-api 3.3), in real time.
constexpr std::chrono::milliseconds answer_limit{answer_within_ms};

/// Forgeries that Discord may send by itself.
constexpr forgery routine[] = {forgery::other_key, forgery::other_time, forgery::other_body,
                               forgery::truncated, forgery::no_hex,     forgery::no_header};

std::string content_type_of(const http_response& answer) {
  http_request lookup; // whose header names compare without case
  lookup.headers = answer.headers;
  return std::string(lookup.header("Content-Type"));
}

bool is_json(const http_response& answer) {
  return content_type_of(answer).rfind("application/json", 0) == 0;
}

} // namespace

std::optional<forgery> forgery_named(std::string_view name) {
  static const std::map<std::string_view, forgery> names{{"none", forgery::none},
                                                         {"other_key", forgery::other_key},
                                                         {"other_time", forgery::other_time},
                                                         {"other_body", forgery::other_body},
                                                         {"truncated", forgery::truncated},
                                                         {"no_hex", forgery::no_hex},
                                                         {"no_header", forgery::no_header},
                                                         {"twice", forgery::twice}};
  const auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

void endpoint_courier::send(const application& app, const std::string& url, std::string body,
                            forgery kind, std::function<void(std::optional<http_response>)> then) {
  const auto seconds = a_.core.clock.now() / 1000;
  auto time = std::to_string(seconds);
  const auto seed =
      kind == forgery::other_key ? signing_seed_of("somebody else") : app.signing_seed;
  auto signature = sign_hex(seed, time + body);
  switch (kind) {
  case forgery::other_time:
    time = std::to_string(seconds + 1);
    break;
  case forgery::other_body:
    body.insert(1, " ");
    break;
  case forgery::truncated:
    signature.pop_back();
    break;
  case forgery::no_hex:
    signature[7] = 'g';
    break;
  default:
    break;
  }
  header_list headers{{"Content-Type", "application/json"}, {"X-Signature-Timestamp", time}};
  if (kind == forgery::twice)
    headers.emplace_back("X-Signature-Ed25519", sign_hex(signing_seed_of("somebody else"), body));
  if (kind != forgery::no_header)
    headers.emplace_back("X-Signature-Ed25519", signature);
  a_.core.post(url, std::move(headers), std::move(body), answer_limit, std::move(then));
}

/// A PING is an interaction without data (discord-api 3.1, 3.2).
std::string endpoint_courier::ping_of(const application& app) {
  return json{{"id", id_text(a_.core.new_id())},
              {"application_id", id_text(app.id)},
              {"type", 1},
              {"token", "cGluZw" + a_.core.random_hex(16)},
              {"version", 1},
              {"entitlements", json::array()},
              {"authorizing_integration_owners", json::object()},
              {"user", nullptr}}
      .dump();
}

void endpoint_courier::probe(snowflake application, forgery kind, std::function<void(int)> then) {
  const auto* app = a_.core.world.find_application(application);
  if (app == nullptr || app->interactions_url.empty())
    return then(0);
  send(*app, app->interactions_url, ping_of(*app), kind,
       [then = std::move(then)](const std::optional<http_response>& answer) {
         then(answer ? answer->status : 0);
       });
}

void endpoint_courier::validate(const application& app, const std::string& url,
                                std::function<void(std::string)> then) {
  const auto id = app.id;
  send(app, url, ping_of(app), forgery::none,
       [this, id, url, then](const std::optional<http_response>& answer) {
         if (!answer)
           return then("The endpoint did not answer a PING.");
         const auto body = json::parse(answer->body, nullptr, false);
         if (answer->status != 200 || !is_json(*answer) || !body.is_object() ||
             body.value("type", json()) != 1)
           return then("The endpoint did not answer a PING by 200 and {\"type\":1}.");
         const auto* known = a_.core.world.find_application(id);
         if (known == nullptr)
           return then("The application is gone.");
         send(*known, url, ping_of(*known), forgery::other_key,
              [then](const std::optional<http_response>& forged) {
                then(forged && forged->status == 401
                         ? ""
                         : "The endpoint did not answer a forged request by 401.");
              });
       });
}

void endpoint_courier::failed(snowflake application, std::string sentence) {
  auto& record = records_[application];
  ++record.failed;
  a_.log.add(a_.core.clock.now(), "endpoint",
             {{"application", id_text(application)}, {"trouble", sentence}});
  record.trouble = std::move(sentence);
}

/// A forgery now and then; an endpoint that takes one is removed (discord-api 3.2).
void endpoint_courier::send_probe(snowflake application) {
  const auto kind = routine[a_.core.random() % std::size(routine)];
  ++records_[application].probes;
  probe(application, kind, [this, application](int status) {
    auto* app = a_.core.world.find_application(application);
    if (app == nullptr || status == 401 || status == 0 || app->interactions_url.empty())
      return; // not answering at all is no proof of carelessness (assumed)
    a_.core.violations.count(violation::bad_endpoint,
                             "a forged interaction was answered by " + std::to_string(status));
    failed(application, "A forgery was taken: the endpoint was removed.");
    app->interactions_url.clear();
  });
}

void endpoint_courier::deliver(snowflake interaction) {
  const auto& it = a_.core.world.interactions.at(interaction);
  const auto application = it.application;
  auto& record = records_[application];
  if (record.probe_one_in > 0 && a_.core.random() % static_cast<unsigned>(record.probe_one_in) == 0)
    send_probe(application);
  ++record.delivered;
  post_interaction(interaction);
  if (twice_ > 0) {
    --twice_;
    post_interaction(interaction);
  }
}

void endpoint_courier::post_interaction(snowflake interaction) {
  const auto& it = a_.core.world.interactions.at(interaction);
  const auto* app = a_.core.world.find_application(it.application);
  if (app == nullptr)
    return;
  send(*app, app->interactions_url, it.data.dump(-1, ' ', false, json::error_handler_t::replace),
       forgery::none, [this, interaction](const std::optional<http_response>& answer) {
         take(interaction, answer);
       });
}

void endpoint_courier::take(snowflake interaction, const std::optional<http_response>& answer) {
  const auto found = a_.core.world.interactions.find(interaction);
  if (found == a_.core.world.interactions.end())
    return;
  auto& it = found->second;
  auto& record = records_[it.application];
  if (!answer)
    return failed(it.application, "The endpoint did not answer.");
  if (answer->status == 202) {
    ++record.left;
    return;
  }
  if (answer->status != 200)
    return failed(it.application, "The endpoint answered " + std::to_string(answer->status) + ".");
  if (it.state == interaction_state::acknowledged) // delivered twice, or answered by REST as well
    return failed(it.application, "The interaction had been answered already.");
  if (a_.desk.dead(it))
    return failed(it.application, "The endpoint answered too late.");
  try {
    answer_interaction(a_, it, read_answer(content_type_of(*answer), answer->body));
    ++record.answered;
  } catch (const api_error& wrong) {
    // The interaction stays unanswered (assumed); what is wrong with it is the client's mistake.
    if (wrong.code != 40060)
      a_.core.violations.count(violation::malformed_request,
                               "answer to a signed interaction: " + wrong.to_response().body);
    failed(it.application, "The endpoint's answer is not valid: " + wrong.message);
  }
}

} // namespace sim
