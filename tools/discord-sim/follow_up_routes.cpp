// Webhook routes of interaction tokens: follow-ups and @original (discord-api 3.3, 15.6).
#include "discord-sim/interaction_answers.hpp"
#include "discord-sim/webhook_help.hpp"

namespace sim {

namespace {

/// The interaction of /webhooks/{webhook}/{token}. Throws 10015 or 50027 (15.6).
interaction& acknowledged(activity& a, rest_call& call) {
  auto* it = a.desk.find_token(call.text("token"));
  if (it == nullptr || it->application != call.id("webhook") || a.desk.expired(*it))
    throw fail(50027);
  if (it->state == interaction_state::fresh)
    throw fail(10015);
  return *it;
}

/// @original or a message of this interaction. Throws 10008.
message& answer_message(activity& a, rest_call& call, const interaction& it, bool original) {
  const auto id = original ? it.original : call.id("message");
  auto* m = id == 0 ? nullptr : a.core.world.find_message(it.channel, id);
  if (m == nullptr || (m->id != it.original && m->interaction != it.id))
    throw fail(10008);
  return *m;
}

/// The first edit of a deferral turns the placeholder into the answer.
void edit_answer(activity& a, interaction& it, message& m, message_body body,
                 const std::vector<upload>& files) {
  const bool loading = (m.data["flags"].get<long long>() & message_flag::loading) != 0;
  edit_message(a, m, std::move(body), files, !loading);
  if (m.id != it.original)
    return;
  it.deferred = false;
  interaction_outcome outcome;
  outcome.state = it.original == it.source_message ? "update" : "message";
  outcome.message = message_view(a, m, it.user);
  a.desk.settle(it.id, std::move(outcome));
}

http_response edit(activity& a, rest_call& call, bool original) {
  auto& it = acknowledged(a, call);
  auto& m = answer_message(a, call, it, original);
  const auto request = read_request(call);
  form_errors errors;
  auto body = check_message(request.payload, edit_context(m, message_route::edit_webhook, request),
                            {}, errors);
  check(errors);
  edit_answer(a, it, m, std::move(body), request.files);
  return http_response::of(200, message_view(a, m, 0));
}

http_response get(activity& a, rest_call& call, bool original) {
  auto& it = acknowledged(a, call);
  return http_response::of(200, message_view(a, answer_message(a, call, it, original), 0));
}

http_response follow_up(activity& a, rest_call& call) {
  auto& it = acknowledged(a, call);
  auto request = read_request(call);
  form_errors errors;
  message_context context;
  context.route = message_route::follow_up;
  context.files = request.file_numbers();
  auto* original = a.core.world.find_message(it.channel, it.original);
  auto body = check_message(request.payload, context, {}, errors);
  check(errors);
  if (it.deferred && original != nullptr) {
    // The first one after a deferral fills the placeholder; its flag 64 is ignored (15.6). As a
    // new file list replaces none, all files belong to it.
    if (!body.attachments && !request.files.empty()) {
      body.attachments.emplace();
      for (const auto& file : request.files) {
        attachment_entry entry;
        entry.id = file.n;
        entry.is_new = true;
        body.attachments->push_back(std::move(entry));
      }
    }
    keep_edit_flags(body);
    edit_answer(a, it, *original, std::move(body), request.files);
    return http_response::of(200, message_view(a, *original, 0));
  }
  const auto& m =
      post_answer(a, it, std::move(body), std::move(request.files), answer_kind::follow_up);
  ++it.follow_ups;
  return http_response::of(200, message_view(a, m, 0));
}

http_response remove(activity& a, rest_call& call, bool original) {
  auto& it = acknowledged(a, call);
  const auto& m = answer_message(a, call, it, original);
  const auto id = m.id;
  delete_message(a, it.channel, id);
  return http_response::none();
}

} // namespace

void add_follow_up_routes(activity& a) {
  auto& api = a.core.api;
  route_options options;
  options.who = auth::optional;
  options.text = {"token"};
  // Webhook-style bucket per token, outside of the global limit (2.3; figures folklore [I]).
  options.limit = {"interaction-webhook", 5, std::chrono::milliseconds{2000}, false};
  const std::string base = "/webhooks/{webhook}/{token}";
  api.add(
      "POST", base,
      [&a](rest_call& call) {
        return is_interaction_token(a, call) ? follow_up(a, call) : execute_webhook(a, call);
      },
      options);
  using handler = http_response (*)(activity&, rest_call&, bool);
  const std::pair<const char*, handler> handlers[] = {
      {"GET", get}, {"PATCH", edit}, {"DELETE", remove}};
  for (const bool original : {true, false}) {
    const auto one = base + (original ? "/messages/@original" : "/messages/{message}");
    for (const auto& [method, handle] : handlers)
      api.add(
          method, one,
          [&a, original, handle = handle](rest_call& call) {
            // A webhook's token opens routes that look the same, but for @original.
            return original || is_interaction_token(a, call) ? handle(a, call, original)
                                                             : webhook_message(a, call);
          },
          options);
  }
}

} // namespace sim
