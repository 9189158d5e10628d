// One interaction is played with plain calls; each step says which request leaves, if any.
#include "infra/interactions/open_interaction.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;
using kind = interaction_response::kind;

namespace {
constexpr int64_t arrival = 10'000;

open_interaction opened(interaction_kind what = interaction_kind::command, bool ephemeral = false,
                        bool may_defer = true) {
  auto made = std::make_shared<interaction>();
  made->id = interaction_id{100000000000000001};
  made->token = "token";
  made->application = application_id{200000000000000002};
  made->kind = what;
  made->received_ms = arrival;
  return {made, ephemeral, may_defer, "sorry"};
}
rest_response http(uint16_t status, int32_t code = 0, uint8_t attempts = 1) {
  auto response = rest_response{};
  response.status = status;
  response.code = code;
  response.attempts = attempts;
  return response;
}
interaction_response said(const char* text, bool ephemeral = false, kind type = kind::message) {
  return {type, ephemeral, json{{"content", text}}.dump()};
}
/// "POST 4 text", "PATCH text", "POST follow text", "DELETE" or "-".
std::string shown(const std::optional<rest_request>& request) {
  if (!request)
    return "-";
  if (request->method == http_method::del)
    return "DELETE";
  const auto body = json::parse(request->body);
  if (request->path.find("/callback") != std::string::npos) {
    auto text = "POST " + std::to_string(body["type"].get<int>());
    if (body.contains("data") && body["data"].contains("content"))
      text += " " + body["data"]["content"].get<std::string>();
    return text;
  }
  const auto verb = request->method == http_method::patch ? "PATCH " : "POST follow ";
  return verb + body["content"].get<std::string>();
}
} // namespace

TEST_CASE("open interaction: an answer in time is the one callback", "[interactions]") {
  auto it = opened();
  CHECK(it.next_tick() == arrival + 1'800);
  CHECK(shown(it.answer(said("done"), arrival + 5)) == "POST 4 done");
  CHECK_FALSE(it.next_tick());
  CHECK(shown(it.answer(said("again"), arrival + 6)) == "-");
  CHECK(shown(it.fail(arrival + 6)) == "-");
  CHECK(shown(it.delivered(http(204), arrival + 50)) == "-");
  CHECK(it.outcome() == interaction_outcome::answered);
}

TEST_CASE("open interaction: silence is deferred at 1.8 s and edited later", "[interactions]") {
  auto it = opened();
  CHECK(shown(it.tick(arrival + 1'799)) == "-");
  CHECK(shown(it.tick(arrival + 1'800)) == "POST 5");
  CHECK(shown(it.tick(arrival + 1'801)) == "-"); // once
  SECTION("the answer comes after the deferral was taken") {
    CHECK(shown(it.delivered(http(204), arrival + 1'850)) == "-");
    CHECK(shown(it.answer(said("done"), arrival + 9'000)) == "PATCH done");
  }
  SECTION("the answer comes while the deferral is under way") {
    CHECK(shown(it.answer(said("done"), arrival + 1'810)) == "-");
    CHECK(shown(it.delivered(http(204), arrival + 1'850)) == "PATCH done");
  }
  CHECK(shown(it.delivered(http(200), arrival + 9'050)) == "-");
  CHECK(it.outcome() == interaction_outcome::answered);
}

TEST_CASE("open interaction: failure and silence end in an apology, once", "[interactions]") {
  auto it = opened();
  CHECK(shown(it.fail(arrival + 10)) == "POST 4 sorry");
  CHECK(shown(it.answer(said("too late"), arrival + 11)) == "-");
  it.delivered(http(204), arrival + 20);
  CHECK(it.outcome() == interaction_outcome::apologised);

  auto deferred = opened();
  deferred.tick(arrival + 1'800);
  deferred.delivered(http(204), arrival + 1'850);
  CHECK(shown(deferred.fail(arrival + 5'000)) == "PATCH sorry");
  deferred.delivered(http(200), arrival + 5'050);
  CHECK(deferred.outcome() == interaction_outcome::apologised);
}

TEST_CASE("open interaction: an answer that Discord refuses becomes an apology", "[interactions]") {
  auto it = opened();
  it.answer(said("x"), arrival + 5);
  CHECK(shown(it.delivered(http(400, 50035), arrival + 60)) == "POST 4 sorry");
  CHECK(it.trouble() == "400 50035");
  SECTION("which arrives") {
    it.delivered(http(204), arrival + 90);
    CHECK(it.outcome() == interaction_outcome::apologised);
  }
  SECTION("which is refused as well") {
    CHECK(shown(it.delivered(http(400, 50035), arrival + 90)) == "-");
    CHECK(it.outcome() == interaction_outcome::undelivered);
  }
}

TEST_CASE("open interaction: 40060 after our own retry is success, else another's",
          "[interactions]") {
  auto retried = opened();
  retried.answer(said("x"), arrival);
  retried.delivered(http(400, 40060, 2), arrival + 900);
  CHECK(retried.outcome() == interaction_outcome::answered);

  auto foreign = opened();
  foreign.answer(said("x"), arrival);
  CHECK(shown(foreign.delivered(http(400, 40060, 1), arrival + 30)) == "-");
  CHECK(foreign.outcome() == interaction_outcome::taken);

  auto deferred = opened();
  deferred.tick(arrival + 1'800);
  CHECK(shown(deferred.answer(said("x"), arrival + 1'900)) == "-");
  CHECK(shown(deferred.delivered(http(400, 40060, 2), arrival + 2'000)) == "PATCH x");
}

TEST_CASE("open interaction: late is dropped, never sent", "[interactions]") {
  auto unknown = opened();
  unknown.answer(said("x"), arrival);
  CHECK(shown(unknown.delivered(http(404, 10062), arrival + 3'100)) == "-");
  CHECK(unknown.outcome() == interaction_outcome::late);

  auto slow = opened(interaction_kind::command, false, false);
  CHECK_FALSE(slow.next_tick());
  CHECK(shown(slow.answer(said("x"), arrival + 2'801)) == "-");
  CHECK(slow.outcome() == interaction_outcome::late);
  auto edge = opened(interaction_kind::command, false, false);
  CHECK(shown(edge.answer(said("x"), arrival + 2'800)) == "POST 4 x");

  auto stale = opened(); // its first tick comes when it is over
  CHECK(shown(stale.tick(arrival + 2'801)) == "-");
  CHECK(stale.outcome() == interaction_outcome::late);
}

TEST_CASE("open interaction: autocomplete is never deferred nor apologised in words",
          "[interactions]") {
  auto it = opened(interaction_kind::autocomplete);
  CHECK_FALSE(it.next_tick());
  CHECK(shown(it.tick(arrival + 2'000)) == "-");
  const auto request = it.fail(arrival + 2'100);
  REQUIRE(request);
  CHECK(json::parse(request->body) == json{{"type", 8}, {"data", {{"choices", json::array()}}}});
}

TEST_CASE("open interaction: a component's answer after deferral", "[interactions]") {
  auto it = opened(interaction_kind::component);
  CHECK(shown(it.tick(arrival + 1'800)) == "POST 6");
  it.delivered(http(204), arrival + 1'850);
  SECTION("update edits the message") {
    CHECK(shown(it.answer(said("x", false, kind::update), arrival + 3'000)) == "PATCH x");
  }
  SECTION("a message is one of its own") {
    CHECK(shown(it.answer(said("x", true), arrival + 3'000)) == "POST follow x");
  }
  SECTION("nothing more to say") {
    CHECK(shown(it.answer({kind::deferred_update, false, ""}, arrival + 3'000)) == "-");
    CHECK(it.outcome() == interaction_outcome::answered);
  }
  SECTION("a modal is impossible now") {
    CHECK(shown(it.answer(said("x", false, kind::modal), arrival + 3'000)) == "POST follow sorry");
  }
}

TEST_CASE("open interaction: a private answer never fills a public placeholder", "[interactions]") {
  auto it = opened(interaction_kind::command, false);
  it.tick(arrival + 1'800);
  it.delivered(http(204), arrival + 1'850);
  CHECK(shown(it.answer(said("secret", true), arrival + 3'000)) == "DELETE");
  SECTION("removed") {
    CHECK(shown(it.delivered(http(204), arrival + 3'050)) == "POST follow secret");
    it.delivered(http(200), arrival + 3'100);
    CHECK(it.outcome() == interaction_outcome::answered);
  }
  SECTION("the removal fails: nothing private is said") {
    CHECK(shown(it.delivered(http(500), arrival + 3'050)) == "PATCH sorry");
  }
}

TEST_CASE("open interaction: a lost deferral leaves a doubt that the answer settles",
          "[interactions]") {
  auto it = opened();
  it.tick(arrival + 1'800);
  CHECK(shown(it.undelivered(lost_request::unreachable, arrival + 2'400)) == "-");
  SECTION("it had arrived") {
    CHECK(shown(it.answer(said("x"), arrival + 2'500)) == "POST 4 x");
    CHECK(shown(it.delivered(http(400, 40060), arrival + 2'600)) == "PATCH x");
  }
  SECTION("it had not") {
    CHECK(shown(it.answer(said("x"), arrival + 2'500)) == "POST 4 x");
    it.delivered(http(204), arrival + 2'600);
    CHECK(it.outcome() == interaction_outcome::answered);
  }
  SECTION("too late for a callback: the edit tells") {
    CHECK(shown(it.answer(said("x"), arrival + 4'000)) == "PATCH x");
    it.delivered(http(404, 10015), arrival + 4'100);
    CHECK(it.outcome() == interaction_outcome::late);
  }
}

TEST_CASE("open interaction: no HTTP answer at all", "[interactions]") {
  auto it = opened();
  it.answer(said("x"), arrival);
  CHECK(shown(it.undelivered(lost_request::stopping, arrival + 100)) == "-");
  CHECK(it.outcome() == interaction_outcome::undelivered);
  auto late = opened();
  late.answer(said("x"), arrival);
  late.undelivered(lost_request::deadline, arrival + 2'800);
  CHECK(late.outcome() == interaction_outcome::late);
}

TEST_CASE("open interaction: a removed placeholder is replaced by a follow-up", "[interactions]") {
  auto it = opened();
  it.tick(arrival + 1'800);
  it.delivered(http(204), arrival + 1'850);
  it.answer(said("x"), arrival + 3'000);
  CHECK(shown(it.delivered(http(404, 10008), arrival + 3'050)) == "POST follow x");
}
