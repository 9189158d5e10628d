// Answers to interactions: the callback (discord-api 3.3, 15.6).
#include "discord-sim/interaction_answers.hpp"
#include "discord-sim/post.hpp"

#include <algorithm>

namespace sim {

namespace {

/// Callback types an interaction may be answered with (discord-api 3.3); 1 only answers a ping,
/// which a gateway never carries.
std::vector<long long> allowed_callbacks(const interaction& it) {
  switch (it.type) {
  case 2:
    return {4, 5, 9};
  case 3:
    return {4, 5, 6, 7, 9};
  case 4:
    return {8};
  default:
    // A modal that a component opened may also change that component's message.
    return it.source_message != 0 ? std::vector<long long>{4, 5, 6, 7}
                                  : std::vector<long long>{4, 5};
  }
}

/// One callback on its way.
struct callback {
  activity& a;
  interaction& it;
  request_body request;
  json data = json::object();
  form_errors errors = {};
  const message* made = nullptr;

  void acknowledge(int type) {
    it.state = interaction_state::acknowledged;
    it.callback_type = type;
  }

  interaction_outcome seen(std::string state, const message* m = nullptr) {
    interaction_outcome outcome;
    outcome.state = std::move(state);
    if (m != nullptr)
      outcome.message = message_view(a, *m, it.user);
    return outcome;
  }

  void answer_message() {
    message_context context;
    context.route = message_route::callback;
    context.files = request.file_numbers();
    auto body = check_message(data, context, form_path{} / "data", errors);
    check(errors);
    auto& m = post_answer(a, it, std::move(body), request.files, answer_kind::original);
    it.ephemeral = m.ephemeral;
    finish_message(4, m, "message");
  }

  void finish_message(int type, const message& m, const char* state) {
    it.original = m.id;
    made = &m;
    acknowledge(type);
    a.desk.settle(it.id, seen(state, &m));
  }

  void defer_message() {
    const form_fields fields{data, form_path{} / "data", errors};
    const auto flags = fields.integer("flags", {0, INT64_MAX, false}).value_or(0);
    check(errors);
    message_body empty;
    empty.flags = flags & message_flag::ephemeral; // nothing else may be set here (3.3)
    auto& m = post_answer(a, it, std::move(empty), {}, answer_kind::placeholder);
    it.ephemeral = m.ephemeral;
    it.deferred = true;
    finish_message(5, m, "deferred");
  }

  void defer_update() {
    it.original = it.source_message;
    acknowledge(6);
    a.desk.settle(it.id, seen("deferred_update"));
  }

  void update_message() {
    auto* m = a.core.world.find_message(it.channel, it.source_message);
    if (m == nullptr)
      throw fail(10008);
    auto body = check_message(data, edit_context(*m, message_route::callback, request),
                              form_path{} / "data", errors);
    check(errors);
    keep_edit_flags(body);
    edit_message(a, *m, std::move(body), request.files);
    finish_message(7, *m, "update");
  }

  void answer_choices() {
    auto outcome = seen("choices");
    outcome.choices = check_choices(it, data, errors);
    check(errors);
    acknowledge(8);
    a.desk.settle(it.id, std::move(outcome));
  }

  void open_modal() {
    auto outcome = seen("modal");
    outcome.modal = check_modal(data, errors);
    check(errors);
    outcome.modal["interaction_id"] = id_text(it.id);
    acknowledge(9);
    a.desk.settle(it.id, std::move(outcome));
  }

  void run(long long type) {
    switch (type) {
    case 4:
      return answer_message();
    case 5:
      return defer_message();
    case 6:
      return defer_update();
    case 7:
      return update_message();
    case 8:
      return answer_choices();
    default:
      return open_modal();
    }
  }

  /// with_response=true (discord-api 3.3, 15.6, 16): `resource` only for 4 and 7.
  json response() const {
    json about{{"id", id_text(it.id)}, {"type", it.type}, {"channel_id", id_text(it.channel)}};
    if (it.guild != 0)
      about["guild_id"] = id_text(it.guild);
    if (made != nullptr) {
      about["response_message_id"] = id_text(made->id);
      about["response_message_loading"] = it.callback_type == 5;
      about["response_message_ephemeral"] = made->ephemeral;
    }
    json answer{{"interaction", std::move(about)}};
    if (it.callback_type == 4 || it.callback_type == 7)
      answer["resource"] = {{"type", it.callback_type}, {"message", message_view(a, *made, 0)}};
    return answer;
  }
};

} // namespace

json answer_interaction(activity& a, interaction& it, request_body request) {
  if (it.state == interaction_state::acknowledged) {
    if (a.desk.answered_knowingly(it.id))
      a.core.violations.count(violation::double_answer,
                              "interaction " + id_text(it.id) + " was answered a second time");
    throw fail(40060);
  }
  callback answer{a, it, std::move(request)};
  const form_fields fields{answer.request.payload, {}, answer.errors};
  const auto type = fields.integer("type", {INT64_MIN, INT64_MAX, true});
  const auto* data = fields.object("data");
  check(answer.errors);
  const auto allowed = allowed_callbacks(it);
  if (std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
    answer.errors.choices(form_path{} / "type", allowed);
    check(answer.errors);
  }
  // Messages, choices and modals need their data (15.6).
  const bool optional = *type == 5 || *type == 6;
  if (data == nullptr && !optional)
    throw form_error("data", "BASE_TYPE_REQUIRED", "This field is required");
  if (data != nullptr)
    answer.data = *data;
  answer.run(*type);
  return answer.response();
}

namespace {

http_response handle(activity& a, rest_call& call) {
  auto* it = a.desk.find(call.id("interaction"), call.text("token"));
  if (it == nullptr || a.desk.dead(*it))
    throw fail(10062);
  const bool wants_response = call.query_flag("with_response");
  auto response = answer_interaction(
      a, *it, it->state == interaction_state::acknowledged ? request_body{} : read_request(call));
  return wants_response ? http_response::of(200, response) : http_response::none();
}

} // namespace

void add_interaction_routes(activity& a) {
  route_options options;
  options.who = auth::optional;
  options.text = {"token"};
  options.limit.count = 0; // outside of the global limit; its own bucket is per token (2.3)
  options.limit.global = false;
  a.core.api.add(
      "POST", "/interactions/{interaction}/{token}/callback",
      [&a](rest_call& call) { return handle(a, call); }, options);
  add_follow_up_routes(a);
}

} // namespace sim
