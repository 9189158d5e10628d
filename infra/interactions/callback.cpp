#include "infra/interactions/callback.hpp"
#include "infra/interactions/json_text.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace hearth {
namespace {

using nlohmann::json;
using kind = interaction_response::kind;

constexpr int type_deferred_message = 5;
constexpr uint64_t flag_ephemeral = 64;

json parse_data(const interaction_response& answer) {
  auto data = json::parse(answer.data, nullptr, false);
  return data.is_object() ? data : json::object();
}

/// Whether it is an object to all appearances: whoever answers has printed one.
bool looks_like_object(std::string_view text) {
  return text.size() >= 2 && text.front() == '{' && text.back() == '}' &&
         simdjson::validate_utf8(text.data(), text.size());
}

std::string object_text(const interaction_response& answer) {
  return looks_like_object(answer.data) ? answer.data : json_text(parse_data(answer));
}

bool mentions(std::string_view text, std::string_view key) {
  return text.find(key) != std::string_view::npos;
}

/// The data of a message: mentions off unless asked for. Reading and printing it once more would
/// cost more than all the rest of an answer; so keys that appear nowhere in it are put in front.
std::string message_data(const interaction_response& answer, bool with_ephemeral) {
  const auto flagged = with_ephemeral && answer.ephemeral;
  const auto text = std::string_view{answer.data};
  if (looks_like_object(text) && !mentions(text, "allowed_mentions") &&
      !(flagged && mentions(text, "flags"))) {
    auto made = std::string{R"({"allowed_mentions":{"parse":[]})"};
    if (flagged)
      made += R"(,"flags":64)";
    const auto first = text.find_first_not_of(" \t\r\n", 1);
    if (text[first] != '}')
      made += ',';
    return made.append(text, first);
  }
  auto data = parse_data(answer);
  if (!data.contains("allowed_mentions"))
    data["allowed_mentions"] = {{"parse", json::array()}};
  if (with_ephemeral && answer.ephemeral) {
    const auto flags = data.find("flags");
    const auto given =
        flags != data.end() && flags->is_number_unsigned() ? flags->get<uint64_t>() : 0;
    data["flags"] = given | flag_ephemeral;
  }
  return json_text(data);
}

/// The body of a first answer.
std::string body_of(kind type, std::string_view data) {
  auto body = R"({"type":)" + std::to_string(static_cast<int>(type));
  if (!data.empty())
    body.append(R"(,"data":)").append(data);
  return body += '}';
}

kind fitting(const interaction& asked, kind wanted) {
  if (asked.kind == interaction_kind::autocomplete)
    return kind::choices;
  if (wanted == kind::choices)
    return kind::message;
  if (wanted == kind::modal && asked.kind == interaction_kind::modal_submit)
    return kind::message; // discord-api 3.3: no modal after a modal
  if ((wanted == kind::update || wanted == kind::deferred_update) && !defers_as_update(asked))
    return kind::message;
  return wanted;
}

std::string callback_path(const interaction& asked) {
  return "/interactions/" + to_string(asked.id) + "/" + asked.token + "/callback";
}
std::string webhook_path(const interaction& asked) {
  return "/webhooks/" + to_string(asked.application) + "/" + asked.token;
}

/// Milliseconds left until `limit_ms` after the arrival; at least 1, so that the deadline rules.
int64_t left_ms(const interaction& asked, int64_t now_ms, int64_t limit_ms) {
  return std::max<int64_t>(1, asked.received_ms + limit_ms - now_ms);
}

rest_request request(http_method method, std::string path, std::string body, int64_t deadline_ms) {
  auto made = rest_request{};
  made.method = method;
  made.path = std::move(path);
  made.body = std::move(body);
  made.priority = rest_priority::callback;
  made.deadline_ms = deadline_ms;
  return made;
}

rest_request first(const interaction& asked, std::string body, int64_t now_ms) {
  return request(http_method::post, callback_path(asked), std::move(body),
                 left_ms(asked, now_ms, first_answer_ms_max));
}

/// Later answers: bounded by the token's life, and by a minute since somebody looks at the screen.
int64_t later_ms(const interaction& asked, int64_t now_ms) {
  return std::min<int64_t>(60'000, left_ms(asked, now_ms, token_ms_max));
}

} // namespace

bool can_defer(const interaction& asked) { return asked.kind != interaction_kind::autocomplete; }

bool defers_as_update(const interaction& asked) {
  return asked.kind == interaction_kind::component ||
         (asked.kind == interaction_kind::modal_submit && asked.message);
}

rest_request callback_request(const interaction& asked, const interaction_response& answer,
                              int64_t now_ms) {
  const auto type = fitting(asked, answer.type);
  auto data = std::string{};
  switch (type) {
  case kind::message:
    data = message_data(answer, true);
    break;
  case kind::update:
    data = message_data(answer, false);
    break;
  case kind::choices: {
    auto choices = parse_data(answer);
    if (!choices.contains("choices") || !choices["choices"].is_array())
      choices = {{"choices", json::array()}};
    data = json_text(choices);
    break;
  }
  case kind::modal:
    data = object_text(answer);
    break;
  case kind::deferred_update:
    break;
  }
  return first(asked, body_of(type, data), now_ms);
}

rest_request defer_request(const interaction& asked, bool ephemeral, int64_t now_ms) {
  auto body = json::object();
  if (defers_as_update(asked)) {
    body["type"] = static_cast<int>(kind::deferred_update);
  } else {
    body["type"] = type_deferred_message;
    if (ephemeral)
      body["data"] = {{"flags", flag_ephemeral}};
  }
  return first(asked, json_text(body), now_ms);
}

rest_request edit_original_request(const interaction& asked, const interaction_response& answer,
                                   int64_t now_ms) {
  return request(http_method::patch, webhook_path(asked) + "/messages/@original",
                 message_data(answer, false), later_ms(asked, now_ms));
}

rest_request delete_original_request(const interaction& asked, int64_t now_ms) {
  return request(http_method::del, webhook_path(asked) + "/messages/@original", {},
                 later_ms(asked, now_ms));
}

rest_request follow_up_request(const interaction& asked, const interaction_response& answer,
                               int64_t now_ms) {
  return request(http_method::post, webhook_path(asked), message_data(answer, true),
                 later_ms(asked, now_ms));
}

interaction_response text_response(std::string_view content, bool ephemeral) {
  auto answer = interaction_response{};
  answer.ephemeral = ephemeral;
  answer.data = json_text(json{{"content", content}});
  return answer;
}

} // namespace hearth
