#include "infra/interactions/callback.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;
using kind = interaction_response::kind;

namespace {
interaction asked(interaction_kind what) {
  auto made = interaction{};
  made.id = interaction_id{100000000000000001};
  made.token = "tok-en";
  made.kind = what;
  made.application = application_id{200000000000000002};
  made.received_ms = 1'000;
  return made;
}
interaction_response answer(kind type, std::string data, bool ephemeral = false) {
  return {type, ephemeral, std::move(data)};
}
const auto nobody = json{{"parse", json::array()}};
} // namespace

TEST_CASE("callback: a message mentions nobody unless asked and carries flag 64",
          "[interactions]") {
  const auto request = callback_request(asked(interaction_kind::command),
                                        answer(kind::message, R"({"content":"hi"})"), 1'500);
  CHECK(request.method == http_method::post);
  CHECK(request.path == "/interactions/100000000000000001/tok-en/callback");
  CHECK(request.priority == rest_priority::callback);
  CHECK(request.deadline_ms == first_answer_ms_max - 500);
  auto body = json::parse(request.body);
  CHECK(body == json{{"type", 4}, {"data", {{"content", "hi"}, {"allowed_mentions", nobody}}}});

  body = json::parse(
      callback_request(
          asked(interaction_kind::command),
          answer(kind::message, R"({"flags":4,"allowed_mentions":{"users":["1"]}})", true), 1'000)
          .body);
  CHECK(body["data"]["flags"] == 68);
  CHECK(body["data"]["allowed_mentions"] == json{{"users", {"1"}}});
}

TEST_CASE("callback: what does not fit the interaction is replaced", "[interactions]") {
  auto from_component = asked(interaction_kind::modal_submit);
  from_component.message = message_id{5};
  struct row {
    interaction what;
    kind given;
    int sent;
  };
  const auto rows = std::vector<row>{
      {asked(interaction_kind::command), kind::message, 4},
      {asked(interaction_kind::command), kind::update, 4},
      {asked(interaction_kind::command), kind::choices, 4},
      {asked(interaction_kind::command), kind::modal, 9},
      {asked(interaction_kind::component), kind::message, 4},
      {asked(interaction_kind::component), kind::update, 7},
      {asked(interaction_kind::component), kind::deferred_update, 6},
      {asked(interaction_kind::component), kind::modal, 9},
      {asked(interaction_kind::modal_submit), kind::modal, 4},
      {asked(interaction_kind::modal_submit), kind::update, 4},
      {from_component, kind::update, 7},
      {from_component, kind::deferred_update, 6},
      {asked(interaction_kind::autocomplete), kind::choices, 8},
      {asked(interaction_kind::autocomplete), kind::message, 8},
      {asked(interaction_kind::autocomplete), kind::modal, 8},
  };
  for (const auto& [what, given, sent] : rows) {
    const auto body =
        json::parse(callback_request(what, answer(given, R"({"content":"x"})"), 1'000).body);
    INFO("kind " << int(what.kind) << " answer " << int(given));
    CHECK(body["type"] == sent);
    if (sent == 8)
      CHECK(body["data"] == json{{"choices", json::array()}});
    if (sent == 6)
      CHECK_FALSE(body.contains("data"));
  }
}

TEST_CASE("callback: a deferral thinks for commands and is unseen for components",
          "[interactions]") {
  const auto body = [](const rest_request& request) { return json::parse(request.body); };
  CHECK(body(defer_request(asked(interaction_kind::command), true, 1'000)) ==
        json{{"type", 5}, {"data", {{"flags", 64}}}});
  CHECK(body(defer_request(asked(interaction_kind::command), false, 1'000)) == json{{"type", 5}});
  CHECK(body(defer_request(asked(interaction_kind::component), true, 1'000)) == json{{"type", 6}});
  CHECK(body(defer_request(asked(interaction_kind::modal_submit), false, 1'000)) ==
        json{{"type", 5}});
  CHECK_FALSE(can_defer(asked(interaction_kind::autocomplete)));
}

TEST_CASE("callback: later answers use the token's own routes", "[interactions]") {
  const auto what = asked(interaction_kind::command);
  const auto text = answer(kind::message, R"({"content":"x"})", true);
  const auto edit = edit_original_request(what, text, 5'000);
  CHECK(edit.method == http_method::patch);
  CHECK(edit.path == "/webhooks/200000000000000002/tok-en/messages/@original");
  CHECK_FALSE(json::parse(edit.body).contains("flags")); // fixed by the first answer
  const auto follow = follow_up_request(what, text, 5'000);
  CHECK(follow.method == http_method::post);
  CHECK(follow.path == "/webhooks/200000000000000002/tok-en");
  CHECK(json::parse(follow.body)["flags"] == 64);
  CHECK(delete_original_request(what, 5'000).method == http_method::del);
  CHECK(edit.deadline_ms == 60'000);
  CHECK(edit_original_request(what, text, what.received_ms + token_ms_max - 10).deadline_ms == 10);
}

TEST_CASE("callback: data that is no object or no UTF-8 does no harm", "[interactions]") {
  const auto broken = answer(kind::message, "[1,2");
  CHECK(json::parse(callback_request(asked(interaction_kind::command), broken, 1'000).body)["data"]
            .is_object());
  CHECK_NOTHROW(callback_request(asked(interaction_kind::command), text_response("a\xff"), 1'000));
}
