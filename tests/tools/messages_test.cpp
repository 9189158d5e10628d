#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"
#include "tests/support/sim_world.hpp"

// Messages over real HTTP: statuses, bodies and events of discord-api 4 and 15.
using namespace sim_test;

namespace {

std::string messages(const std::string& channel) { return "/channels/" + channel + "/messages"; }

json say(const std::string& text) { return {{"content", text}}; }

int code(const reply& r) { return r.body.is_object() ? r.body.value("code", -1) : -1; }

std::string id_of(const reply& r) { return r.body.at("id"); }

/// 1x1 pixel GIF, the smallest picture with a size.
const std::string gif("GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,", 32);

} // namespace

TEST_CASE("messages: created, got, listed, edited, deleted", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto base = messages(world.general);
  const auto made = world.robot.call("POST", base, say("  one  "));
  REQUIRE(made.status == 200);
  // Every key of 15.9 is there, the ones of the gateway are not.
  for (const auto* key :
       {"id", "channel_id", "type", "content", "author", "timestamp", "edited_timestamp", "tts",
        "mention_everyone", "mentions", "mention_roles", "attachments", "embeds", "components",
        "pinned", "flags"})
    CHECK(made.body.contains(key));
  CHECK_FALSE(made.body.contains("guild_id"));
  CHECK_FALSE(made.body.contains("member"));
  CHECK_FALSE(made.body.contains("reactions"));
  CHECK(made.body["content"] == "one");
  CHECK(made.body["author"]["id"] == world.bot_id);
  const auto event = session.wait("MESSAGE_CREATE");
  CHECK(event["guild_id"] == world.guild);
  CHECK(event["member"].contains("roles"));
  CHECK_FALSE(event["member"].contains("user"));

  const auto one = base + "/" + id_of(made);
  CHECK(world.robot.call("GET", one).body["content"] == "one");
  const auto edited = world.robot.call("PATCH", one, say("two"));
  CHECK(edited.status == 200);
  CHECK(edited.body["content"] == "two");
  CHECK(edited.body["edited_timestamp"].is_string());
  CHECK(session.wait("MESSAGE_UPDATE")["content"] == "two");
  const auto gone = world.robot.call("DELETE", one);
  CHECK(gone.status == 204);
  CHECK(gone.headers.count("content-type") == 0);
  CHECK(session.wait("MESSAGE_DELETE")["id"] == id_of(made));
  CHECK(code(world.robot.call("GET", one)) == 10008);
  CHECK(code(world.robot.call("DELETE", one)) == 10008);
}

TEST_CASE("messages: lists go around, before and after", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i)
    ids.push_back(id_of(world.robot.call("POST", base, say(std::to_string(i)))));
  const auto contents = [&](const std::string& query) {
    std::string text;
    for (const auto& m : world.robot.call("GET", base + query).body)
      text += m["content"].get<std::string>();
    return text;
  };
  CHECK(contents("") == "6543210");
  CHECK(contents("?limit=2") == "65");
  CHECK(contents("?limit=2&before=" + ids[3]) == "21");
  CHECK(contents("?limit=2&after=" + ids[3]) == "54");
  CHECK(contents("?limit=3&around=" + ids[3]) == "432");
  CHECK(first_leaf(world.robot.call("GET", base + "?limit=101").body) == "limit NUMBER_TYPE_MAX");
  CHECK(first_leaf(world.robot.call("GET", base + "?limit=0").body) == "limit NUMBER_TYPE_MIN");
  CHECK(world.robot.call("GET", base + "?before=1&after=2").status == 400);
}

TEST_CASE("messages: refusals in their order", "[sim][messages]") {
  sim_world world;
  const auto post = [&](const std::string& channel, const json& body) {
    return world.robot.call("POST", messages(world.channel(channel)), body);
  };
  CHECK(world.robot.call("POST", messages("1170000000000000999"), say("x")).status == 404);
  CHECK(code(world.robot.call("POST", messages("1170000000000000999"), say("x"))) == 10003);
  CHECK(first_leaf(world.robot.call("POST", messages("nonsense"), say("x")).body) ==
        "channel_id NUMBER_TYPE_COERCE");
  const auto hidden = post("hidden", say("x"));
  CHECK(hidden.status == 403);
  CHECK(code(hidden) == 50001);
  const auto readonly = post("readonly", say("x"));
  CHECK(readonly.status == 403);
  CHECK(code(readonly) == 50013);
  CHECK(code(post("plain", {{"embeds", json::array({json{{"title", "t"}}})}})) == 50013);
  CHECK(code(world.robot.upload("POST", messages(world.channel("plain")), say("x"),
                                {{0, "a.txt", "text/plain", "hi"}})) == 50013);
  CHECK(code(post("general", json::object())) == 50006);
  CHECK(code(post("general", say("   "))) == 50006);
  CHECK(first_leaf(post("general", say(std::string(2001, 'x'))).body) ==
        "content BASE_TYPE_MAX_LENGTH");
  const auto port = world.server.port();
  const headers auth{{"Authorization", "Bot sandbox"},
                     {"User-Agent", "DiscordBot (https://example.invalid, 1)"}};
  auto as_json = auth;
  as_json.emplace_back("Content-Type", "application/json");
  CHECK(code(request(port, "POST", "/api/v10" + messages(world.general), "{", as_json)) == 50109);
  CHECK(code(request(port, "POST", "/api/v10" + messages(world.general), "{}", auth)) == 50035);
  CHECK(world.violations()["kinds"]["rest_malformed_request"].get<int>() > 0);
}

TEST_CASE("messages: an enforced nonce gives the first message again", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const json body{{"content", "once"}, {"nonce", "n-1"}, {"enforce_nonce", true}};
  const auto first = world.robot.call("POST", base, body);
  const auto second = world.robot.call("POST", base, body);
  CHECK(first.body["nonce"] == "n-1");
  CHECK(second.status == 200);
  CHECK(id_of(second) == id_of(first));
  CHECK(world.robot.call("GET", base).body.size() == 1);
  // Without enforcement, or in another channel, it is only echoed.
  CHECK(id_of(world.robot.call("POST", base, {{"content", "x"}, {"nonce", "n-1"}})) !=
        id_of(first));
  CHECK(id_of(world.robot.call("POST", messages(world.channel("secret")), body)) != id_of(first));
  CHECK_FALSE(world.robot.call("GET", base + "/" + id_of(first)).body.contains("nonce"));
}

TEST_CASE("messages: files arrive, are served and can be dropped", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const json payload{{"content", "files"},
                     {"attachments", {{{"id", 0}, {"description", "a picture"}}, {{"id", "3"}}}}};
  const auto made = world.robot.upload(
      "POST", base, payload,
      {{0, "a b.gif", "image/gif", gif}, {3, "SPOILER_n.txt", "text/plain", "hello"}});
  REQUIRE(made.status == 200);
  const auto& files = made.body["attachments"];
  REQUIRE(files.size() == 2);
  CHECK(files[0]["filename"] == "a_b.gif");
  CHECK(files[0]["description"] == "a picture");
  CHECK(files[0]["width"] == 2);
  CHECK(files[0]["height"] == 3);
  CHECK(files[0]["content_type"] == "image/gif");
  CHECK(files[1]["flags"] == 8);
  const auto path = [](const json& file) {
    const auto url = file["url"].get<std::string>();
    return url.substr(url.find("/cdn/"));
  };
  const auto served = request(world.server.port(), "GET", path(files[1]), "", {});
  CHECK(served.status == 200);
  CHECK(served.text == "hello");
  CHECK(served.headers.at("content-type") == "text/plain; charset=utf-8");
  CHECK(request(world.server.port(), "GET", path(files[1]) + "x", "", {}).status == 404);

  // An edit keeps what it lists and takes new files that it lists (15.10).
  const auto edited = world.robot.upload(
      "PATCH", base + "/" + id_of(made), {{"attachments", {{{"id", files[1]["id"]}}, {{"id", 5}}}}},
      {{5, "new.txt", "text/plain", "new"}, {6, "unlisted.txt", "text/plain", "no"}});
  REQUIRE(edited.status == 200);
  REQUIRE(edited.body["attachments"].size() == 2);
  CHECK(edited.body["attachments"][0]["id"] == files[1]["id"]);
  CHECK(edited.body["attachments"][1]["filename"] == "new.txt");
  const auto same = world.robot.call("PATCH", base + "/" + id_of(made), say("text only"));
  CHECK(same.body["attachments"].size() == 2);
  CHECK(first_leaf(world.robot
                       .call("POST", base,
                             {{"content", "x"}, {"attachments", json::array({json{{"id", 0}}})}})
                       .body) == "attachments.0 ATTACHMENT_NOT_FOUND");
}

TEST_CASE("messages: a file inside an embed and inside components", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const auto embedded = world.robot.upload(
      "POST", base, {{"embeds", json::array({json{{"image", {{"url", "attachment://p.gif"}}}}})}},
      {{0, "p.gif", "image/gif", gif}});
  REQUIRE(embedded.status == 200);
  const auto& embed = embedded.body["embeds"][0];
  CHECK(embed["type"] == "rich");
  CHECK(embed["image"]["url"].get<std::string>().find("/cdn/attachments/") != std::string::npos);
  CHECK(embed["image"]["width"] == 2);
  const json gallery{{"type", 12},
                     {"items", json::array({json{{"media", {{"url", "attachment://p.gif"}}}}})}};
  const auto shown =
      world.robot.upload("POST", base, {{"flags", 32768}, {"components", json::array({gallery})}},
                         {{0, "p.gif", "image/gif", gif}});
  REQUIRE(shown.status == 200);
  CHECK(shown.body["components"][0]["items"][0]["media"]["width"] == 2);
  const auto missing =
      world.robot.call("POST", base, {{"flags", 32768}, {"components", json::array({gallery})}});
  CHECK(first_leaf(missing.body) ==
        "components UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND");
}

TEST_CASE("messages: too big, too many", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const std::string big(10u * 1024 * 1024 + 1, 'x');
  const auto heavy = world.robot.upload("POST", base, say("x"), {{0, "b.bin", "x/y", big}});
  CHECK(heavy.status == 413);
  CHECK(code(heavy) == 40005);
  std::vector<bot::file> eleven;
  for (int i = 0; i < 11; ++i)
    eleven.push_back({i, "f.txt", "text/plain", "x"});
  CHECK(code(world.robot.upload("POST", base, say("x"), eleven)) == 30015);
}

TEST_CASE("messages: hostile bytes stay text", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto base = messages(world.general);
  const auto made = world.robot.upload("POST", base, json::object(),
                                       {{0, "\xff/..\\x\xc0.txt", "text/plain", "x"}});
  REQUIRE(made.status == 200);
  CHECK(session.wait("MESSAGE_CREATE")["attachments"][0]["filename"] ==
        made.body["attachments"][0]["filename"]);
  const auto reaction = "/" + id_of(made) + "/reactions/%FF%C0:123/@me";
  CHECK(code(world.robot.call("PUT", base + reaction)) == 10014);
  const headers extra{{"Authorization", "Bot sandbox"},
                      {"User-Agent", "DiscordBot (https://example.invalid, 1)"},
                      {"Content-Type", "application/json"}};
  const auto deep = request(world.server.port(), "POST", "/api/v10" + base,
                            R"({"content":)" + std::string(1 << 20, '['), extra);
  CHECK(code(deep) == 50109);
}

TEST_CASE("messages: mentions follow text, wishes and rights", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const auto players = world.role("Players");
  const auto quiet = world.role("Quiet");
  const auto text = "<@" + world.ann + "> <@&" + players + "> <@&" + quiet + "> @everyone";
  const auto ids = [](const json& list) {
    std::vector<std::string> out;
    for (const auto& item : list)
      out.push_back(item.is_object() ? item["id"] : item);
    return out;
  };
  // The robot holds MENTION_EVERYONE: everything named pings.
  const auto all = world.robot.call("POST", base, say(text)).body;
  CHECK(ids(all["mentions"]) == std::vector<std::string>{world.ann});
  CHECK(ids(all["mention_roles"]) == std::vector<std::string>{players, quiet});
  CHECK(all["mention_everyone"] == true);
  const auto none =
      world.robot
          .call("POST", base, {{"content", text}, {"allowed_mentions", {{"parse", json::array()}}}})
          .body;
  CHECK(none["mentions"].empty());
  CHECK(none["mention_roles"].empty());
  CHECK(none["mention_everyone"] == false);
  // Ann lacks it: only the mentionable role.
  const auto hers =
      world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", text}});
  CHECK(ids(hers.body["message"]["mention_roles"]) == std::vector<std::string>{players});
  CHECK(hers.body["message"]["mention_everyone"] == false);
  // An edit computes them anew, with defaults (15.11).
  const auto edited =
      world.robot.call("PATCH", base + "/" + none["id"].get<std::string>(), say(text));
  CHECK(edited.body["mention_everyone"] == true);
}

TEST_CASE("messages: replies", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const auto sent =
      world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", "q"}});
  const auto question = sent.body["message"]["id"];
  const auto answer = world.robot.call(
      "POST", base, {{"content", "a"}, {"message_reference", {{"message_id", question}}}});
  REQUIRE(answer.status == 200);
  CHECK(answer.body["type"] == 19);
  CHECK(answer.body["message_reference"]["guild_id"] == world.guild);
  CHECK(answer.body["referenced_message"]["id"] == question);
  CHECK(answer.body["mentions"][0]["id"] == world.ann);
  world.crowd.act(world.ann, "delete", {{"channel_id", world.general}, {"message_id", question}});
  const auto later = world.robot.call("GET", base + "/" + id_of(answer)).body;
  CHECK(later.contains("referenced_message"));
  CHECK(later["referenced_message"].is_null());
  json late{{"content", "a"}, {"message_reference", {{"message_id", question}}}};
  CHECK(first_leaf(world.robot.call("POST", base, late).body) ==
        "message_reference REPLIES_UNKNOWN_MESSAGE");
  late["message_reference"]["fail_if_not_exists"] = false;
  const auto plain = world.robot.call("POST", base, late);
  CHECK(plain.status == 200);
  CHECK(plain.body["type"] == 0);
  CHECK(code(world.robot.call("POST", messages(world.channel("plain")),
                              {{"content", "a"}, {"message_reference", {{"message_id", "1"}}}})) ==
        160002);
}

TEST_CASE("messages: others' messages", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.general);
  const auto sent =
      world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", "hers"}});
  const auto one = base + "/" + sent.body["message"]["id"].get<std::string>();
  const auto refused = world.robot.call("PATCH", one, say("mine now"));
  CHECK(refused.status == 403);
  CHECK(code(refused) == 50005);
  CHECK(world.robot.call("PATCH", one, {{"flags", 4}}).body["flags"] == 4);
  CHECK(world.robot.call("DELETE", one).status == 204);
}

TEST_CASE("messages: bulk delete", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto base = messages(world.general);
  const auto old = id_of(world.robot.call("POST", base, say("old")));
  world.advance(std::chrono::hours{24 * 14 + 1});
  const auto a = id_of(world.robot.call("POST", base, say("a")));
  const auto b = id_of(world.robot.call("POST", base, say("b")));
  const auto bulk = [&](const json& ids) {
    return world.robot.call("POST", base + "/bulk-delete", {{"messages", ids}});
  };
  CHECK(first_leaf(bulk(json::array({a})).body) == "messages BASE_TYPE_BAD_LENGTH");
  CHECK(first_leaf(bulk({a, a}).body) == "messages.1 SET_TYPE_ALREADY_CONTAINS_VALUE");
  CHECK(code(bulk({a, old})) == 50034);
  CHECK(bulk({a, b}).status == 204);
  CHECK(session.wait("MESSAGE_DELETE_BULK")["ids"].size() == 2);
  CHECK(world.robot.call("GET", base).body.size() == 1);
}

TEST_CASE("messages: pins in both forms", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto base = messages(world.general);
  const auto id = id_of(world.robot.call("POST", base, say("pin me")));
  CHECK(world.robot.call("PUT", base + "/pins/" + id).status == 204);
  CHECK(session.wait("CHANNEL_PINS_UPDATE")["channel_id"] == world.general);
  const auto pins = world.robot.call("GET", base + "/pins").body;
  REQUIRE(pins["items"].size() == 1);
  CHECK(pins["items"][0]["message"]["id"] == id);
  CHECK(pins["items"][0]["message"]["pinned"] == true);
  CHECK(pins["has_more"] == false);
  CHECK(world.robot.call("GET", "/channels/" + world.general + "/pins").body[0]["id"] == id);
  CHECK(world.robot.call("GET", base).body[0]["type"] == 6);
  CHECK(world.robot.call("DELETE", base + "/pins/" + id).status == 204);
  CHECK(world.robot.call("GET", base + "/pins").body["items"].empty());
}

TEST_CASE("messages: without history a channel looks empty", "[sim][messages]") {
  sim_world world;
  const auto base = messages(world.channel("plain"));
  const auto made = world.robot.call("POST", base, say("x"));
  REQUIRE(made.status == 200);
  const auto list = world.robot.call("GET", base);
  CHECK(list.status == 200);
  CHECK(list.body.empty());
  CHECK(code(world.robot.call("GET", base + "/" + id_of(made))) == 50013);
}

TEST_CASE("messages: direct ones", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto open = [&](const std::string& user) {
    return world.robot.call("POST", "/users/@me/channels", {{"recipient_id", user}});
  };
  const auto dm = open(world.ann);
  REQUIRE(dm.status == 200);
  CHECK(dm.body["type"] == 1);
  CHECK(dm.body["recipients"][0]["id"] == world.ann);
  CHECK(id_of(open(world.ann)) == id_of(dm));
  CHECK(world.robot.call("POST", messages(id_of(dm)), say("hi")).status == 200);
  const auto event = session.wait("MESSAGE_CREATE");
  CHECK_FALSE(event.contains("guild_id"));
  CHECK(event["channel_type"] == 1);
  const auto closed = world.robot.call("POST", messages(id_of(open(world.user("shy")))), say("hi"));
  CHECK(closed.status == 403);
  CHECK(code(closed) == 50007);
  CHECK(code(world.robot.call("POST", messages(id_of(open(world.user("stranger")))), say("hi"))) ==
        50278);
  CHECK(code(open("1170000000000000999")) == 10013);
  // What the member writes there reaches the bot, content included.
  const auto hers =
      world.crowd.act(world.ann, "send", {{"channel_id", id_of(dm)}, {"content", "yo"}});
  CHECK(hers.status == 200);
  CHECK(session.wait("MESSAGE_CREATE")["content"] == "yo");
  // The member closes and opens the door.
  world.crowd.act(world.ann, "set_dm_open", {{"open", false}});
  CHECK(code(world.robot.call("POST", messages(id_of(dm)), say("hi"))) == 50007);
  world.crowd.act(world.ann, "set_dm_open", {{"open", true}});
  CHECK(world.robot.call("POST", messages(id_of(dm)), say("hi")).status == 200);
}

TEST_CASE("messages: typing", "[sim][messages]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  CHECK(world.robot.call("POST", "/channels/" + world.general + "/typing").status == 204);
  const auto event = session.wait("TYPING_START");
  CHECK(event["user_id"] == world.bot_id);
  CHECK(event["timestamp"].get<std::int64_t>() < 10000000000);
}
