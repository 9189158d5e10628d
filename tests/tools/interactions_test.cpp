#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"
#include "tests/support/interaction_bench.hpp"

// Interactions from the act of a person to what they see (discord-api 3, 15.6).
using namespace sim_test;
using std::chrono::seconds;

TEST_CASE("interactions: a slash command carries what 15.6 lists", "[sim][interactions]") {
  interaction_bench bench;
  bench.define({{"name", "ping"}, {"description", "d"}});
  const auto started = bench.start(bench.world.ann, "command", {{"name", "ping"}});
  CHECK(started["outcome"] == "pending");
  const auto d = bench.next();
  for (const auto* key :
       {"id", "application_id", "type", "token", "version", "entitlements", "app_permissions",
        "authorizing_integration_owners", "context", "attachment_size_limit", "locale", "guild_id",
        "guild", "guild_locale", "member", "channel", "channel_id", "data"})
    CHECK(d.contains(key));
  CHECK(d["id"] == started["interaction_id"]);
  CHECK(d["type"] == 2);
  CHECK(d["context"] == 0);
  CHECK(d["attachment_size_limit"] == 10485760);
  CHECK(d["member"]["permissions"].is_string());
  CHECK(d["member"]["user"]["id"] == bench.world.ann);
  CHECK(d["authorizing_integration_owners"]["0"] == bench.world.guild);
  CHECK(d["data"]["name"] == "ping");
  CHECK(d["data"]["guild_id"] == bench.world.guild);
  CHECK_FALSE(d["data"].contains("options"));
}

TEST_CASE("interactions: options of every kind arrive resolved", "[sim][interactions]") {
  interaction_bench bench;
  json options = json::array();
  for (int type = 3; type <= 11; ++type)
    options.push_back({{"type", type}, {"name", "o" + std::to_string(type)}, {"description", "d"}});
  options[0]["choices"] = json::array({json{{"name", "Red"}, {"value", "red"}}});
  options[1]["max_value"] = 10;
  bench.define({{"name", "all"}, {"description", "d"}, {"options", options}});
  const auto players = bench.world.role("Players");
  json values{{{"name", "o3"}, {"value", "red"}},
              {{"name", "o4"}, {"value", "7"}},
              {{"name", "o5"}, {"value", true}},
              {{"name", "o6"}, {"value", bench.world.bob}},
              {{"name", "o7"}, {"value", bench.world.general}},
              {{"name", "o8"}, {"value", players}},
              {{"name", "o9"}, {"value", players}},
              {{"name", "o10"}, {"value", 1.5}},
              {{"name", "o11"}, {"value", 0}}};
  json fields{{"name", "all"},
              {"options", values},
              {"files", json::array({json{{"filename", "a.txt"}, {"data_base64", "aGVsbG8="}}})}};
  bench.start(bench.world.ann, "command", fields);
  const auto data = bench.next()["data"];
  REQUIRE(data["options"].size() == 9);
  CHECK(data["options"][1]["value"] == 7);
  const auto& resolved = data["resolved"];
  CHECK(resolved["users"].contains(bench.world.bob));
  CHECK_FALSE(resolved["members"][bench.world.bob].contains("user"));
  CHECK_FALSE(resolved["members"][bench.world.bob].contains("deaf"));
  CHECK(resolved["members"][bench.world.bob]["permissions"].is_string());
  CHECK(resolved["roles"].contains(players));
  CHECK(resolved["channels"][bench.world.general]["permissions"].is_string());
  CHECK(resolved["channels"][bench.world.general]["app_permissions"].is_string());
  const auto file = data["options"][8]["value"].get<std::string>();
  CHECK(resolved["attachments"][file]["size"] == 5);
  CHECK(resolved["attachments"][file]["ephemeral"] == true);

  const auto refused = [&](std::size_t index, const json& value) {
    auto wrong = fields;
    wrong["options"][index]["value"] = value;
    return bench.world.crowd.act(bench.world.ann, "command", bench.in_general(wrong)).status;
  };
  CHECK(refused(0, "blue") == 400);
  CHECK(refused(1, 11) == 400);
  CHECK(refused(1, 1.5) == 400);
  CHECK(refused(2, "yes") == 400);
  CHECK(refused(3, "1170000000000000999") == 400);
  CHECK(refused(5, bench.world.general) == 400);
  CHECK(refused(8, 1) == 400);
}

TEST_CASE("interactions: sub-commands nest, one at a time, required ones first",
          "[sim][interactions]") {
  interaction_bench bench;
  const json number{{"type", 4}, {"name", "n"}, {"description", "d"}, {"required", true}};
  const auto sub = [&](const char* name) {
    return json{
        {"type", 1}, {"name", name}, {"description", "d"}, {"options", json::array({number})}};
  };
  bench.define(
      {{"name", "mod"},
       {"description", "d"},
       {"options",
        {{{"type", 2}, {"name", "group"}, {"description", "d"}, {"options", {sub("a"), sub("b")}}},
         sub("c")}}});
  const json n{{"name", "n"}, {"value", 1}};
  const auto in = [](const char* name, const json& list) {
    return json{{"name", name}, {"options", list}};
  };
  const auto run = [&](const json& list) {
    return bench.world.crowd.act(bench.world.ann, "command",
                                 bench.in_general({{"name", "mod"}, {"options", list}}));
  };
  CHECK(run(json::array({in("group", json::array({in("a", json::array({n}))}))})).status == 200);
  const auto d = bench.next();
  const auto& data = d["data"];
  CHECK(data["options"][0]["type"] == 2);
  CHECK(data["options"][0]["options"][0]["name"] == "a");
  CHECK(data["options"][0]["options"][0]["options"][0]["value"] == 1);
  CHECK(bench.answer(d, {{"type", 4}, {"data", {{"content", "done"}}}}).status == 204);
  const auto answer = bench.session.wait("MESSAGE_CREATE");
  CHECK(answer["interaction"]["name"] == "mod group a"); // as clients show it
  CHECK(answer["interaction_metadata"]["name"] == "mod group a");
  CHECK(run(json::array()).status == 400);
  CHECK(run(json::array({in("c", json::array())})).status == 400);
  CHECK(run(json::array({in("nowhere", json::array())})).status == 400);
}

TEST_CASE("interactions: context menus name their target", "[sim][interactions]") {
  interaction_bench bench;
  bench.define({{"type", 2}, {"name", "Who is"}});
  bench.define({{"type", 3}, {"name", "Report"}});
  bench.start(bench.world.ann, "command", {{"name", "Who is"}, {"target_id", bench.world.bob}});
  const auto user = bench.next()["data"];
  CHECK(user["target_id"] == bench.world.bob);
  CHECK(user["resolved"]["users"].contains(bench.world.bob));
  const auto message =
      bench.world.crowd.act(bench.world.bob, "send", bench.in_general({{"content", "bad"}}));
  const auto id = message.body["message"]["id"];
  bench.start(bench.world.ann, "command", {{"name", "Report"}, {"target_id", id}});
  const auto d = bench.next();
  CHECK(d["data"]["resolved"]["messages"][id.get<std::string>()]["content"] == "bad");
  bench.answer(d, {{"type", 4}, {"data", {{"content", "noted"}}}});
  const auto original = bench.original("GET", d);
  CHECK(original.body["type"] == 23);
  CHECK(original.body["referenced_message"]["id"] == id);
}

TEST_CASE("interactions: who may use a command", "[sim][interactions]") {
  interaction_bench bench;
  const auto names = [&](const std::string& user) {
    const auto state = bench.world.crowd.get("/sim/state?as=" + user).body;
    std::vector<std::string> list;
    for (const auto& command : state["guilds"][0]["commands"])
      list.push_back(command["name"]);
    return list;
  };
  bench.define({{"name", "open"}, {"description", "d"}});
  bench.define({{"name", "mods"}, {"description", "d"}, {"default_member_permissions", "8192"}});
  bench.define({{"name", "admins"}, {"description", "d"}, {"default_member_permissions", "0"}});
  CHECK(names(bench.world.ann) == std::vector<std::string>{"open"});
  CHECK(names(bench.world.owner) == std::vector<std::string>{"open", "mods", "admins"});
  const auto run = [&](const std::string& who, const char* name) {
    return bench.world.crowd.act(who, "command", bench.in_general({{"name", name}})).status;
  };
  CHECK(run(bench.world.ann, "mods") == 403);
  CHECK(run(bench.world.ann, "admins") == 403);
  CHECK(run(bench.world.ann, "none") == 404);
  bench.world.crowd.act(bench.world.owner, "set_roles",
                        {{"guild_id", bench.world.guild},
                         {"user_id", bench.world.ann},
                         {"roles", json::array({bench.world.role("Mod")})}});
  CHECK(names(bench.world.ann) == std::vector<std::string>{"open", "mods"});
  CHECK(run(bench.world.ann, "mods") == 200);
}

TEST_CASE("interactions: a message answer and its metadata", "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  const auto answer = bench.answer(d, {{"type", 4}, {"data", {{"content", "pong"}}}});
  CHECK(answer.status == 204);
  const auto event = bench.session.wait("MESSAGE_CREATE");
  CHECK(event["content"] == "pong");
  CHECK(event["type"] == 20);
  CHECK(event["application_id"] == bench.application);
  CHECK(event["webhook_id"] == bench.application);
  CHECK(event["interaction_metadata"]["id"] == d["id"]);
  CHECK(event["interaction_metadata"]["type"] == 2);
  CHECK(event["interaction_metadata"]["user"]["id"] == bench.world.ann);
  CHECK(event["guild_id"] == bench.world.guild);
  const auto state = bench.state(d);
  CHECK(state["outcome"] == "message");
  CHECK(state["final"] == true);
  CHECK(state["message"]["content"] == "pong");
}

TEST_CASE("interactions: with_response says what was made", "[sim][interactions]") {
  interaction_bench bench;
  const auto message =
      bench.answer(bench.command(bench.world.ann),
                   {{"type", 4}, {"data", {{"content", "x"}, {"flags", 64}}}}, true);
  REQUIRE(message.status == 200);
  CHECK(message.body["interaction"]["response_message_ephemeral"] == true);
  CHECK(message.body["interaction"]["response_message_loading"] == false);
  CHECK(message.body["resource"]["type"] == 4);
  CHECK(message.body["resource"]["message"]["id"] ==
        message.body["interaction"]["response_message_id"]);
  const auto deferred = bench.answer(bench.command(bench.world.ann), {{"type", 5}}, true);
  CHECK(deferred.body["interaction"]["response_message_loading"] == true);
  CHECK_FALSE(deferred.body.contains("resource"));
}

TEST_CASE("interactions: deferral, edit, follow-ups", "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  CHECK(bench.original("GET", d).status == 404);
  CHECK(bench.original("GET", d).body["code"] == 10015);
  CHECK(bench.answer(d, {{"type", 5}}).status == 204);
  const auto thinking = bench.session.wait("MESSAGE_CREATE");
  CHECK(thinking["flags"] == 128);
  CHECK(thinking["content"] == "");
  CHECK(bench.state(d)["outcome"] == "deferred");
  CHECK(bench.state(d)["final"] == false);
  const auto edited = bench.original("PATCH", d, {{"content", "done"}});
  CHECK(edited.status == 200);
  CHECK(edited.body["flags"] == 0);
  CHECK(bench.session.wait("MESSAGE_UPDATE")["content"] == "done");
  CHECK(bench.state(d)["outcome"] == "message");
  const auto more = bench.webhook("POST", d, "", {{"content", "more"}, {"flags", 64}});
  CHECK(more.status == 200);
  CHECK(more.body["flags"] == 64);
  CHECK(more.body["interaction_metadata"]["original_response_message_id"] == thinking["id"]);
  const auto one = "/messages/" + more.body["id"].get<std::string>();
  CHECK(bench.webhook("GET", d, one).body["content"] == "more");
  CHECK(bench.webhook("PATCH", d, one, {{"content", "most"}}).body["content"] == "most");
  CHECK(bench.webhook("DELETE", d, one).status == 204);
  CHECK(bench.original("DELETE", d).status == 204);
  CHECK(bench.original("GET", d).body["code"] == 10008);
}

TEST_CASE("interactions: answers and edits carry files", "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  const auto path = "/interactions/" + d["id"].get<std::string>() + "/" +
                    d["token"].get<std::string>() + "/callback";
  const json payload{
      {"type", 4},
      {"data", {{"content", "file"}, {"attachments", json::array({json{{"id", 0}}})}}}};
  CHECK(
      bench.world.robot.upload("POST", path, payload, {{0, "a.txt", "text/plain", "one"}}).status ==
      204);
  CHECK(bench.original("GET", d).body["attachments"][0]["filename"] == "a.txt");
  const auto original = "/webhooks/" + bench.application + "/" + d["token"].get<std::string>() +
                        "/messages/@original";
  const auto edited =
      bench.world.robot.upload("PATCH", original, {{"attachments", json::array({json{{"id", 3}}})}},
                               {{3, "b.txt", "text/plain", "two"}});
  REQUIRE(edited.body["attachments"].size() == 1);
  CHECK(edited.body["attachments"][0]["filename"] == "b.txt");
  // A follow-up that fills a deferral brings its files, listed or not.
  const auto waiting = bench.command(bench.world.ann);
  bench.answer(waiting, {{"type", 5}, {"data", {{"flags", 64}}}});
  const auto filled = bench.world.robot.upload(
      "POST", "/webhooks/" + bench.application + "/" + waiting["token"].get<std::string>(),
      {{"content", "x"}}, {{0, "c.txt", "text/plain", "three"}});
  CHECK(filled.body["flags"] == 64);
  CHECK(filled.body["attachments"][0]["ephemeral"] == true);
}

TEST_CASE("interactions: the first follow-up fills a deferral", "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  bench.answer(d, {{"type", 5}});
  const auto thinking = bench.session.wait("MESSAGE_CREATE");
  const auto first = bench.webhook("POST", d, "", {{"content", "one"}, {"flags", 64}});
  CHECK(first.body["id"] == thinking["id"]);
  CHECK(first.body["flags"] == 0);
  CHECK(bench.webhook("POST", d, "", {{"content", "two"}}).body["id"] != thinking["id"]);
}

TEST_CASE("interactions: ephemeral answers reach one person only", "[sim][interactions]") {
  interaction_bench bench;
  web_socket hers{bench.world.server.port(), "/sim/events?as=" + bench.world.ann};
  web_socket his{bench.world.server.port(), "/sim/events?as=" + bench.world.bob};
  const auto d = bench.command(bench.world.ann);
  bench.answer(d, {{"type", 4}, {"data", {{"content", "hush"}, {"flags", 64}}}});
  const auto event = bench.session.wait("MESSAGE_CREATE");
  CHECK(event["content"] == "hush");
  CHECK_FALSE(event.contains("guild_id"));
  CHECK_FALSE(event.contains("member"));
  const auto id = event["id"].get<std::string>();
  const auto seen = [&](const std::string& who) {
    return bench.world.crowd.get("/sim/messages?as=" + who + "&channel_id=" + bench.world.general)
        .body;
  };
  REQUIRE(seen(bench.world.ann).size() == 1);
  CHECK(seen(bench.world.ann)[0]["ephemeral"] == true);
  CHECK(seen(bench.world.bob).empty());
  // Channel routes do not know it (3.3); the token's do.
  const auto plain = "/channels/" + bench.world.general + "/messages";
  CHECK(bench.world.robot.call("GET", plain + "/" + id).body["code"] == 10008);
  CHECK(bench.world.robot.call("GET", plain).body.empty());
  CHECK(bench.original("GET", d).status == 200);
  // A public message tells that his page would have seen the ephemeral one before it.
  bench.world.robot.call("POST", plain, {{"content", "all"}});
  json first;
  while (!first.is_object() || first["t"] != "MESSAGE_CREATE")
    first = his.next().value();
  CHECK(first["d"]["content"] == "all");
  CHECK(hers.next().has_value());
}

TEST_CASE("interactions: an ephemeral answer needs the DIRECT_MESSAGES intent",
          "[sim][interactions]") {
  // All intents but bit 12 (15.6): the next event after the answer is the public message.
  interaction_bench bench{all_intents & ~(1u << 12)};
  bench.answer(bench.command(bench.world.ann),
               {{"type", 4}, {"data", {{"content", "hush"}, {"flags", 64}}}});
  bench.world.robot.call("POST", "/channels/" + bench.world.general + "/messages",
                         {{"content", "all"}});
  CHECK(bench.session.wait("MESSAGE_CREATE")["content"] == "all");
}

TEST_CASE("interactions: late, double and wrong answers", "[sim][interactions]") {
  interaction_bench bench;
  auto d = bench.command(bench.world.ann);
  auto wrong = d;
  wrong["token"] = "nonsense";
  const json pong{{"type", 4}, {"data", {{"content", "x"}}}};
  CHECK(bench.answer(wrong, pong).status == 404);
  CHECK(bench.answer(wrong, pong).body["code"] == 10062);
  // An invalid body leaves the interaction open (15.6).
  const auto invalid =
      bench.answer(d, {{"type", 4}, {"data", {{"content", std::string(2001, 'x')}}}});
  CHECK(first_leaf(invalid.body) == "data.content BASE_TYPE_MAX_LENGTH");
  CHECK(bench.answer(d, {{"type", 4}, {"data", json::object()}}).body["code"] == 50006);
  CHECK(bench.answer(d, pong).status == 204);
  CHECK(bench.world.violations()["kinds"].count("interaction_answered_twice") == 0);
  const auto again = bench.answer(d, pong);
  CHECK(again.status == 400);
  CHECK(again.body["code"] == 40060);
  CHECK(bench.world.violations()["kinds"]["interaction_answered_twice"] == 1);
  // 2999 ms are in time, 3000 ms are not.
  bench.freeze();
  d = bench.command(bench.world.ann);
  bench.world.advance(std::chrono::milliseconds{2999});
  CHECK(bench.answer(d, pong).status == 204);
  d = bench.command(bench.world.ann);
  bench.world.advance(std::chrono::milliseconds{3000});
  CHECK(bench.answer(d, pong).body["code"] == 10062);
  CHECK(bench.state(d)["outcome"] == "failed");
  CHECK(bench.original("PATCH", d, {{"content", "x"}}).body["code"] == 10015);
}

TEST_CASE("interactions: a client that was restarted may answer again", "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  const json pong{{"type", 4}, {"data", {{"content", "x"}}}};
  bench.answer(d, pong);
  web_socket anew{bench.world.server.port(), "/gateway/?v=10&encoding=json"};
  REQUIRE(anew.next()->at("op") == 10);
  anew.send(
      {{"op", 6},
       {"d",
        {{"token", "sandbox"}, {"session_id", bench.session.ready()["session_id"]}, {"seq", 1}}}});
  json message;
  while (!message.is_object() || message["t"] != "RESUMED")
    message = anew.next().value();
  CHECK(bench.answer(d, pong).body["code"] == 40060);
  CHECK(bench.world.violations()["total"] == 0);
}

TEST_CASE("interactions: tokens live fifteen minutes", "[sim][interactions]") {
  interaction_bench bench;
  bench.freeze();
  const auto d = bench.command(bench.world.ann);
  bench.answer(d, {{"type", 4}, {"data", {{"content", "x"}}}});
  bench.world.advance(std::chrono::minutes{15} - std::chrono::milliseconds{1});
  CHECK(bench.original("PATCH", d, {{"content", "y"}}).status == 200);
  bench.world.advance(std::chrono::milliseconds{1});
  const auto late = bench.original("PATCH", d, {{"content", "z"}});
  CHECK(late.status == 401);
  CHECK(late.body["code"] == 50027);
}

TEST_CASE("interactions: callback types by interaction type", "[sim][interactions]") {
  interaction_bench bench;
  const auto refuses = [&](const json& d, int type) {
    return first_leaf(bench.answer(d, {{"type", type}, {"data", json::object()}}).body) ==
           "type BASE_TYPE_CHOICES";
  };
  const auto command = bench.command(bench.world.ann);
  for (const int type : {0, 1, 2, 3, 6, 7, 8, 13})
    CHECK(refuses(command, type));
  const auto click = bench.click(bench.world.ann);
  for (const int type : {1, 8})
    CHECK(refuses(click, type));
  CHECK(first_leaf(bench.answer(command, {{"type", 4}}).body) == "data BASE_TYPE_REQUIRED");
}

TEST_CASE("interactions: a button updates, defers, then changes its message",
          "[sim][interactions]") {
  interaction_bench bench;
  const auto d = bench.click(bench.world.ann);
  CHECK(d["type"] == 3);
  CHECK(d["data"]["component_type"] == 2);
  CHECK(d["data"]["id"].is_number());
  CHECK_FALSE(d["data"].contains("values"));
  CHECK(bench.answer(d, {{"type", 6}}).status == 204);
  CHECK(bench.state(d)["outcome"] == "deferred_update");
  CHECK(bench.original("PATCH", d, {{"content", "later"}}).body["id"] == d["message"]["id"]);
  CHECK(bench.state(d)["outcome"] == "update");
  const auto other = bench.click(bench.world.bob);
  CHECK(bench.answer(other, {{"type", 4}, {"data", {{"content", "new"}}}}).status == 204);
  const auto answer = bench.original("GET", other).body;
  CHECK(answer["message_reference"]["message_id"] == d["message"]["id"]);
  CHECK(answer["interaction_metadata"]["interacted_message_id"] == d["message"]["id"]);
}

TEST_CASE("interactions: selects check their values", "[sim][interactions]") {
  interaction_bench bench;
  const json strings{
      {"type", 3},
      {"custom_id", "s"},
      {"max_values", 2},
      {"options", {{{"label", "A"}, {"value", "a"}}, {{"label", "B"}, {"value", "b"}}}}};
  const json people{{"type", 5}, {"custom_id", "u"}};
  const json roles{{"type", 6}, {"custom_id", "r"}};
  const json either{{"type", 7}, {"custom_id", "m"}};
  const json channels{{"type", 8}, {"custom_id", "c"}, {"channel_types", json::array({2})}};
  json rows = json::array();
  for (const auto& one : {strings, people, roles, either, channels})
    rows.push_back({{"type", 1}, {"components", json::array({one})}});
  const auto message = bench.post({{"content", "choose"}, {"components", rows}});
  const auto choose = [&](const char* id, const json& values) {
    return bench.world.crowd.act(
        bench.world.ann, "select",
        bench.in_general({{"message_id", message}, {"custom_id", id}, {"values", values}}));
  };
  CHECK(choose("s", {"a", "b"}).status == 200);
  CHECK(bench.next()["data"]["values"] == json({"a", "b"}));
  CHECK(choose("s", json::array({"c"})).status == 400);
  CHECK(choose("s", json::array()).status == 400);
  CHECK(choose("s", {"a", "a"}).status == 400);
  CHECK(choose("u", json::array({bench.world.bob})).status == 200);
  CHECK(bench.next()["data"]["resolved"]["users"].contains(bench.world.bob));
  CHECK(choose("r", json::array({bench.world.role("Players")})).status == 200);
  CHECK(choose("m", json::array({bench.world.role("Players")})).status == 200);
  CHECK(choose("c", json::array({bench.world.channel("Lounge")})).status == 200);
  CHECK(choose("c", json::array({bench.world.general})).status == 400);
  CHECK(choose("nothing", json::array()).status == 404);
}

TEST_CASE("interactions: disabled components stay silent", "[sim][interactions]") {
  interaction_bench bench;
  auto button = interaction_bench::button("b");
  button["disabled"] = true;
  const auto message = bench.post(
      {{"content", "x"},
       {"components", json::array({json{{"type", 1}, {"components", json::array({button})}}})}});
  CHECK(bench.world.crowd
            .act(bench.world.ann, "click",
                 bench.in_general({{"message_id", message}, {"custom_id", "b"}}))
            .status == 409);
}

TEST_CASE("interactions: autocomplete", "[sim][interactions]") {
  interaction_bench bench;
  bench.define({{"name", "zone"},
                {"description", "d"},
                {"options",
                 {{{"type", 3},
                   {"name", "city"},
                   {"description", "d"},
                   {"required", true},
                   {"autocomplete", true}},
                  {{"type", 4}, {"name", "n"}, {"description", "d"}}}}});
  const auto ask = [&](const json& fields) {
    return bench.world.crowd.act(bench.world.ann, "autocomplete", bench.in_general(fields));
  };
  REQUIRE(ask({{"name", "zone"},
               {"focused", "city"},
               {"options", json::array({json{{"name", "city"}, {"value", "Mon"}}})}})
              .status == 200);
  const auto d = bench.next();
  CHECK(d["type"] == 4);
  CHECK(d["data"]["options"][0]["focused"] == true);
  CHECK(d["data"]["options"][0]["value"] == "Mon");
  json choices = json::array();
  for (int i = 0; i < 26; ++i)
    choices.push_back({{"name", "n"}, {"value", "v"}});
  CHECK(first_leaf(bench.answer(d, {{"type", 8}, {"data", {{"choices", choices}}}}).body) ==
        "data.choices BASE_TYPE_MAX_LENGTH");
  CHECK(first_leaf(bench
                       .answer(d, {{"type", 8},
                                   {"data", {{"choices", json::array({json{{"name", "x"}}})}}}})
                       .body) == "data.choices.0.value BASE_TYPE_REQUIRED");
  choices.erase(25);
  CHECK(bench.answer(d, {{"type", 8}, {"data", {{"choices", choices}}}}).status == 204);
  CHECK(bench.state(d)["outcome"] == "choices");
  CHECK(bench.state(d)["choices"].size() == 25);
  CHECK(ask({{"name", "zone"}, {"focused", "n"}}).status == 400);
  CHECK(ask({{"name", "zone"}}).status == 400);
  // The option may be marked instead of named.
  const json marked{{"name", "city"}, {"value", "Par"}, {"focused", true}};
  CHECK(ask({{"name", "zone"}, {"options", json::array({marked})}}).status == 200);
}

TEST_CASE("interactions: modals are opened, filled and answered", "[sim][interactions]") {
  interaction_bench bench;
  const auto clicked = bench.click(bench.world.ann);
  const auto label = [](const char* text, const json& component) {
    return json{{"type", 18}, {"label", text}, {"component", component}};
  };
  const json modal{
      {"custom_id", "form"},
      {"title", "Tell us"},
      {"components",
       {{{"type", 10}, {"content", "Please"}},
        label("Why", {{"type", 4}, {"style", 1}, {"custom_id", "why"}, {"min_length", 3}}),
        label("More", {{"type", 4}, {"style", 2}, {"custom_id", "more"}, {"required", false}}),
        label("Who", {{"type", 5}, {"custom_id", "who"}, {"required", false}, {"min_values", 0}}),
        {{"type", 1},
         {"components", json::array({json{{"type", 4},
                                          {"style", 1},
                                          {"custom_id", "old"},
                                          {"label", "Old"},
                                          {"value", "was"}}})}}}}};
  auto too_long = modal;
  too_long["title"] = std::string(46, 't');
  CHECK(first_leaf(bench.answer(clicked, {{"type", 9}, {"data", too_long}}).body) ==
        "data.title BASE_TYPE_BAD_LENGTH");
  CHECK(bench.answer(clicked, {{"type", 9}, {"data", modal}}).status == 204);
  const auto state = bench.state(clicked);
  CHECK(state["outcome"] == "modal");
  CHECK(state["modal"]["title"] == "Tell us");
  CHECK(bench.original("GET", clicked).body["code"] == 10008);
  const auto submit = [&](const json& values, const std::string& who) {
    return bench.world.crowd.act(who, "modal_submit",
                                 {{"interaction_id", clicked["id"]}, {"values", values}});
  };
  CHECK(submit({{"why", "no"}}, bench.world.ann).status == 400);
  CHECK(submit({{"nothing", "x"}}, bench.world.ann).status == 404);
  CHECK(submit({{"why", "yes"}}, bench.world.bob).status == 404);
  REQUIRE(
      submit({{"why", "yes"}, {"who", json::array({bench.world.bob})}}, bench.world.ann).status ==
      200);
  const auto d = bench.next();
  CHECK(d["type"] == 5);
  CHECK(d["message"]["id"] == clicked["message"]["id"]);
  const auto& components = d["data"]["components"];
  REQUIRE(components.size() == 5);
  CHECK(components[0]["type"] == 10);
  CHECK(components[1]["component"]["value"] == "yes");
  CHECK(components[2]["component"]["value"] == "");
  CHECK(components[3]["component"]["values"] == json::array({bench.world.bob}));
  CHECK(components[4]["components"][0]["value"] == "was");
  CHECK(d["data"]["resolved"]["users"].contains(bench.world.bob));
  // It may change the message of the button that opened it, and open no further modal.
  CHECK(first_leaf(bench.answer(d, {{"type", 9}, {"data", modal}}).body) ==
        "type BASE_TYPE_CHOICES");
  CHECK(bench.answer(d, {{"type", 7}, {"data", {{"content", "thanks"}}}}).status == 204);
  CHECK(bench.state(d)["message"]["content"] == "thanks");
}

TEST_CASE("interactions: nobody answers, and the person is told", "[sim][interactions]") {
  interaction_bench bench;
  bench.freeze();
  web_socket page{bench.world.server.port(), "/sim/events?as=" + bench.world.ann};
  const auto d = bench.command(bench.world.ann);
  bench.world.advance(seconds{3});
  json event;
  while (!event.is_object() || event["t"] != "INTERACTION_STATE")
    event = page.next().value();
  CHECK(event["d"]["interaction_id"] == d["id"]);
  CHECK(event["d"]["state"] == "failed");
  CHECK(event["d"]["reason"].is_string());
}

TEST_CASE("interactions: in direct messages", "[sim][interactions]") {
  interaction_bench bench;
  bench.world.robot.call("POST", "/applications/" + bench.application + "/commands",
                         {{"name", "help"}, {"description", "d"}});
  bench.world.robot.call("POST", "/applications/" + bench.application + "/commands",
                         {{"name", "here"}, {"description", "d"}, {"contexts", json::array({0})}});
  const auto dm =
      bench.world.crowd.act(bench.world.ann, "open_dm", {{"user_id", bench.world.bot_id}})
          .body["channel_id"];
  CHECK(bench.world.crowd.act(bench.world.ann, "command", {{"channel_id", dm}, {"name", "here"}})
            .status == 403);
  REQUIRE(bench.world.crowd.act(bench.world.ann, "command", {{"channel_id", dm}, {"name", "help"}})
              .status == 200);
  const auto d = bench.next();
  CHECK(d["user"]["id"] == bench.world.ann);
  CHECK_FALSE(d.contains("member"));
  CHECK_FALSE(d.contains("guild_id"));
  CHECK(d["context"] == 1);
  CHECK(bench.answer(d, {{"type", 4}, {"data", {{"content", "x"}}}}).status == 204);
}
