// REST over real sockets: order of checks, errors, permissions, limits, and events of changes
// (discord-api 2 and 15).
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/server.hpp"
#include "discord-sim/voice.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/sim_client.hpp"

using namespace sim_test;
using sim::snowflake;

namespace {

constexpr snowflake guild_id = 1170000000000000001;
const std::string guild_path = "/guilds/1170000000000000001";
const std::string ua = "DiscordBot (https://example.org, 1)";

struct world_fixture {
  sim::in_process s;
  rest_client rest{s.port()};

  std::string id_of(const std::string& name) {
    return s.call([&](sim::core& c) {
      for (const auto& [id, user] : c.world.users)
        if (!user.bot && user.username == name)
          return sim::id_text(id);
      for (const auto& [id, channel] : c.world.channels)
        if (channel.name == name)
          return sim::id_text(id);
      for (const auto& [id, role] : c.world.guilds.at(guild_id).roles)
        if (role.name == name)
          return sim::id_text(id);
      throw std::runtime_error("nothing is called " + name);
    });
  }
  std::string member(const std::string& name) { return guild_path + "/members/" + id_of(name); }
  std::string channel(const std::string& name) { return "/channels/" + id_of(name); }
  std::uint64_t counted(std::string_view name) {
    return s.call([&](sim::core& c) { return c.violations.of(name); });
  }
};

} // namespace

TEST_CASE_METHOD(world_fixture, "errors before the handler, in Discord's order") {
  const auto get = [&](const std::string& path, const std::map<std::string, std::string>& headers) {
    return rest.raw("GET", path, "", headers);
  };
  const std::map<std::string, std::string> good{{"Authorization", "Bot sandbox"},
                                                {"User-Agent", ua}};
  auto a = get("/api/v10/users/@me", {});
  CHECK(a.status == 401);
  CHECK(a.body() == json({{"message", "401: Unauthorized"}, {"code", 0}}));
  CHECK(get("/api/v10/users/@me", {{"Authorization", "sandbox"}, {"User-Agent", ua}}).status ==
        401);
  CHECK(get("/api/v10/users/@me", {{"Authorization", "Bot nope"}, {"User-Agent", ua}}).status ==
        401);
  CHECK(counted(sim::violation::missing_auth) == 3);
  a = get("/api/v10/users/@me", {{"Authorization", "Bot sandbox"}, {"User-Agent", "curl"}});
  CHECK(a.status == 403);
  CHECK(a.code() == 40333);
  CHECK(get("/api/v10/gateway", {}).status == 200);
  CHECK(get("/api/v9/users/@me", good).status == 200);
  a = get("/api/v8/users/@me", good);
  CHECK(a.status == 400);
  CHECK(a.code() == 50041);
  a = get("/api/v10/nothing/here", good);
  CHECK(a.status == 404);
  CHECK(a.body() == json({{"message", "404: Not Found"}, {"code", 0}}));
  a = rest.call("PUT", "/users/@me");
  CHECK(a.status == 405);
  CHECK(a.body()["message"] == "405: Method Not Allowed");
  CHECK(counted(sim::violation::unknown_route) == 2);
  // A bad id is told before the channel is looked up; no rate limit headers without a route.
  a = rest.call("GET", "/channels/abc");
  CHECK(a.status == 400);
  CHECK(a.body()["errors"]["channel_id"]["_errors"][0]["code"] == "NUMBER_TYPE_COERCE");
  CHECK(a.body()["errors"]["channel_id"]["_errors"][0]["message"] ==
        "Value \"abc\" is not snowflake.");
  a = rest.call("GET", "/channels/9223372036854775808");
  CHECK(a.body()["errors"]["channel_id"]["_errors"][0]["code"] == "NUMBER_TYPE_MAX");
  CHECK(rest.call("GET", guild_path + "/members/@me").code() == 50035);
  CHECK(rest.call("GET", "/channels/1170000000000000999").code() == 10003);
  CHECK(rest.call("GET", "/guilds/1170000000000000999").code() == 10004);
  CHECK(rest.call("GET", "/users/1170000000000000999").code() == 10013);
}

TEST_CASE_METHOD(world_fixture, "bodies: not JSON, not an object, no content type, too large") {
  const auto path = "/api/v10" + guild_path + "/roles";
  std::map<std::string, std::string> headers{
      {"Authorization", "Bot sandbox"}, {"User-Agent", ua}, {"Content-Type", "application/json"}};
  auto a = rest.raw("POST", path, "{", headers);
  CHECK(a.status == 400);
  CHECK(a.code() == 50109);
  a = rest.raw("POST", path, "[]", headers);
  CHECK(a.body()["errors"]["_errors"][0]["code"] == "MODEL_TYPE_CONVERT");
  headers["Content-Type"] = "text/plain";
  CHECK(rest.raw("POST", path, "{}", headers).code() == 50035);
  CHECK(counted(sim::violation::malformed_request) == 3);
  a = rest.raw("POST", path, std::string(27u << 20, 'x'), headers);
  CHECK(a.status == 413);
  CHECK(a.code() == 40005);
}

TEST_CASE_METHOD(world_fixture, "204 has neither body nor content type, but limit headers") {
  const auto a = rest.call("POST", channel("general") + "/typing");
  CHECK(a.status == 204);
  CHECK(a.text.empty());
  CHECK(a.headers.count("Content-Type") == 0);
  CHECK(a.headers.count("Content-Length") == 0);
  CHECK(a.headers.at("X-RateLimit-Limit") == "5");
  CHECK(a.headers.at("X-RateLimit-Remaining") == "4");
}

TEST_CASE_METHOD(world_fixture, "a used-up bucket answers 429 and counts the client that knew") {
  const auto path = channel("general") + "/typing";
  for (int i = 0; i < 5; ++i)
    CHECK(rest.call("POST", path).status == 204);
  const auto a = rest.call("POST", path);
  CHECK(a.status == 429);
  CHECK(a.headers.at("X-RateLimit-Remaining") == "0");
  CHECK(a.headers.at("X-RateLimit-Scope") == "user");
  CHECK(a.headers.count("Retry-After") == 1);
  CHECK(a.body()["retry_after"].get<double>() > 0);
  CHECK(counted(sim::violation::known_bucket_429) == 1);
  // Another channel has its own window.
  CHECK(rest.call("POST", channel("lfg") + "/typing").status == 204);
}

TEST_CASE_METHOD(world_fixture, "access: unseen channels 50001, missing rights 50013") {
  rest_client lantern(s.port(), "sandbox-2");
  CHECK(lantern.call("GET", channel("mod-only")).code() == 50001);
  CHECK(lantern.call("GET", channel("general")).status == 200);
  CHECK(lantern.call("PATCH", channel("general"), {{"topic", "x"}}).code() == 50013);
  CHECK(lantern.call("POST", guild_path + "/roles", json::object()).code() == 50013);
  CHECK(lantern.call("DELETE", member("rookie")).code() == 50013);
  // The bot sees it, but is told not to write there.
  CHECK(rest.call("POST", channel("bot-cannot-write") + "/typing").code() == 50013);
  s.call([](sim::core& c) {
    c.world.guilds.at(guild_id).members.erase(1180000000000000002);
    return 0;
  });
  CHECK(lantern.call("GET", guild_path).code() == 10004);
  CHECK(lantern.call("GET", guild_path + "/roles").code() == 50001);
  CHECK(lantern.call("GET", channel("general")).code() == 50001);
}

TEST_CASE_METHOD(world_fixture, "roles: create, order, change, hierarchy, delete") {
  auto a = rest.call("POST", guild_path + "/roles",
                     {{"name", "Night owls"}, {"colors", {{"primary_color", 255}}}});
  REQUIRE(a.status == 200);
  const auto made = a.body();
  CHECK(made["position"] == 1);
  CHECK(made["color"] == 255);
  const auto path = guild_path + "/roles/" + made["id"].get<std::string>();
  CHECK(rest.call("PATCH", path, {{"name", "Owls"}}).body()["name"] == "Owls");
  CHECK(rest.call("PATCH", path, {{"name", std::string(101, 'x')}}).code() == 50035);
  // A right the bot lacks cannot be given away.
  CHECK(rest.call("PATCH", path, {{"permissions", "8"}}).code() == 50013);
  // Roles at or above its own are out of reach, and so is moving up there.
  CHECK(rest.call("PATCH", guild_path + "/roles/" + id_of("Admin"), {{"name", "x"}}).code() ==
        50013);
  CHECK(
      rest.call("PATCH", guild_path + "/roles", {{{"id", made["id"]}, {"position", 500}}}).code() ==
      50013);
  a = rest.call("PATCH", guild_path + "/roles", {{{"id", made["id"]}, {"position", 3}}});
  CHECK(a.status == 200);
  CHECK(a.body().is_array());
  CHECK(rest.call("DELETE", guild_path + "/roles/" + id_of("Lantern")).code() == 50028);
  const auto role = member("rookie") + "/roles/" + made["id"].get<std::string>();
  CHECK(rest.call("PUT", role).status == 204);
  CHECK(rest.call("GET", member("rookie")).body()["roles"] == json({made["id"]}));
  CHECK(
      rest.call("GET", guild_path + "/roles/member-counts").body()[made["id"].get<std::string>()] ==
      1);
  CHECK(rest.call("PUT", member("rookie") + "/roles/" + id_of("Admin")).code() == 50013);
  CHECK(rest.call("PUT", member("rookie") + "/roles/1170000000000000999").code() == 10011);
  CHECK(rest.call("DELETE", path).status == 204);
  CHECK(rest.call("GET", member("rookie")).body()["roles"].empty());
}

TEST_CASE_METHOD(world_fixture, "members: list, search, nick, time-out, voice, kick") {
  CHECK(rest.call("GET", guild_path + "/members").body().size() == 1);
  CHECK(rest.call("GET", guild_path + "/members?limit=1000").body().size() == 15);
  CHECK(rest.call("GET", guild_path + "/members?limit=1001").code() == 50035);
  CHECK(rest.call("GET", guild_path + "/members/search?query=map&limit=5").body().size() == 1);
  CHECK(rest.call("GET", guild_path + "/members/search").code() == 50035);
  CHECK(rest.call("GET", guild_path + "/members/1170000000000000999").code() == 10013);

  auto a = rest.call("PATCH", member("rookie"), {{"nick", "Rook"}});
  CHECK(a.status == 200);
  CHECK(a.body()["nick"] == "Rook");
  CHECK(rest.call("PATCH", member("rookie"), {{"nick", nullptr}}).body()["nick"].is_null());
  CHECK(rest.call("PATCH", member("rookie"), {{"nick", std::string(33, 'x')}}).code() == 50035);
  CHECK(rest.call("PATCH", member("ember"), {{"nick", "x"}}).code() == 50013);
  CHECK(rest.call("PATCH", guild_path + "/members/@me", {{"nick", "Hearth!"}}).body()["nick"] ==
        "Hearth!");

  CHECK(rest.call("PATCH", member("rookie"),
                  {{"communication_disabled_until", "2099-01-01T00:00:00Z"}})
            .code() == 50035);
  CHECK(rest.call("PATCH", member("rookie"), {{"communication_disabled_until", "soon"}}).code() ==
        50035);
}

TEST_CASE_METHOD(world_fixture, "members in voice are moved and muted, others are not") {
  const auto lounge = id_of("Lounge");
  const auto basil = member("basil");
  CHECK(rest.call("PATCH", member("rookie"), {{"mute", true}}).code() == 40032);
  CHECK(rest.call("PATCH", member("rookie"), {{"channel_id", lounge}}).code() == 40032);
  CHECK(rest.call("PATCH", basil, {{"mute", true}}).body()["mute"] == true);
  CHECK(rest.call("PATCH", basil, {{"channel_id", id_of("general")}}).code() == 10003);
  CHECK(rest.call("PATCH", basil, {{"channel_id", id_of("Ranked 1")}}).status == 200);
  const auto voice = guild_path + "/voice-states/";
  auto a = rest.call("GET", voice + id_of("basil"));
  CHECK(a.body()["channel_id"] == id_of("Ranked 1"));
  CHECK(a.body()["mute"] == true);
  CHECK(rest.call("PATCH", voice + id_of("basil"), {{"suppress", true}}).code() == 50024);
  CHECK(rest.call("PATCH", basil, {{"channel_id", nullptr}}).status == 200);
  CHECK(rest.call("GET", voice + id_of("basil")).code() == 10065);
}

TEST_CASE_METHOD(world_fixture, "kick and ban, with events, reasons and the audit log") {
  gateway_client c(s.port());
  c.identify();
  c.until("GUILD_CREATE");
  const auto drifter = id_of("drifter");
  CHECK(rest.call("DELETE", member("ember")).code() == 50013);
  const auto a = rest.raw("DELETE", "/api/v10" + member("drifter"), "",
                          {{"Authorization", "Bot sandbox"},
                           {"User-Agent", ua},
                           {"X-Audit-Log-Reason", "too%20loud%20%F0%9F%94%A5"}});
  CHECK(a.status == 204);
  CHECK(c.until("GUILD_MEMBER_REMOVE")["user"]["id"] == drifter);
  const auto entry = c.until("GUILD_AUDIT_LOG_ENTRY_CREATE");
  CHECK(entry["action_type"] == 20);
  CHECK(entry["target_id"] == drifter);
  CHECK(entry["reason"] == "too loud \xF0\x9F\x94\xA5");
  CHECK(rest.call("GET", guild_path + "/members/" + drifter).code() == 10007);
  const auto log = rest.call("GET", guild_path + "/audit-logs?limit=1").body();
  CHECK(log["audit_log_entries"][0]["id"] == entry["id"]);

  const auto ban = guild_path + "/bans/" + id_of("rookie");
  CHECK(rest.call("GET", ban).code() == 10026);
  CHECK(rest.call("PUT", ban, {{"delete_message_seconds", 604801}}).code() == 50035);
  CHECK(rest.call("PUT", ban, json::object()).status == 204);
  CHECK(c.until("GUILD_BAN_ADD")["user"]["id"] == id_of("rookie"));
  CHECK(rest.call("GET", ban).status == 200);
  CHECK(rest.call("DELETE", ban).status == 204);
}

TEST_CASE_METHOD(world_fixture, "channels: create, change, overwrites, delete, with events") {
  gateway_client c(s.port());
  c.identify(1);
  c.until("GUILD_CREATE");
  auto a = rest.call("POST", guild_path + "/channels",
                     {{"name", "Game Night"}, {"parent_id", id_of("Staff")}});
  REQUIRE(a.status == 201);
  CHECK(a.body()["name"] == "game-night");
  // Copied from its category.
  CHECK(a.body()["permission_overwrites"].size() == 3);
  CHECK(c.until("CHANNEL_CREATE")["id"] == a.body()["id"]);
  const auto path = "/channels/" + a.body()["id"].get<std::string>();
  CHECK(rest.call("PATCH", path, {{"rate_limit_per_user", 21601}}).code() == 50035);
  CHECK(rest.call("PATCH", path, {{"rate_limit_per_user", 5}}).body()["rate_limit_per_user"] == 5);
  CHECK(c.until("CHANNEL_UPDATE")["rate_limit_per_user"] == 5);

  const auto rule = path + "/permissions/" + id_of("Players");
  CHECK(rest.call("PUT", rule, {{"type", 0}, {"allow", "1024"}}).status == 204);
  CHECK(rest.call("PUT", rule, {{"type", 0}, {"allow", "abc"}}).code() == 50035);
  // MANAGE_ROLES in an overwrite is for administrators.
  CHECK(rest.call("PUT", rule, {{"type", 0}, {"allow", "268435456"}}).code() == 50013);
  CHECK(rest.call("DELETE", rule).status == 204);
  CHECK(rest.call("DELETE", rule).code() == 10009);

  const auto gone = rest.call("DELETE", path);
  CHECK(gone.status == 200);
  CHECK(gone.body()["id"] == a.body()["id"]);
  c.until("CHANNEL_DELETE");
  CHECK(rest.call("GET", path).code() == 10003);
}

TEST_CASE_METHOD(world_fixture, "the third rename in ten minutes meets the hidden limit") {
  const auto path = channel("general");
  CHECK(rest.call("PATCH", path, {{"name", "one"}}).status == 200);
  CHECK(rest.call("PATCH", path, {{"name", "two"}}).status == 200);
  const auto a = rest.call("PATCH", path, {{"name", "three"}});
  CHECK(a.status == 429);
  CHECK(a.body()["retry_after"].get<double>() > 500);
  CHECK(std::stoi(a.headers.at("Retry-After")) > 500);
  // The headers of the bucket itself still show room, so it is no violation.
  CHECK(a.headers.at("X-RateLimit-Remaining") != "0");
  CHECK(counted(sim::violation::known_bucket_429) == 0);
  CHECK(rest.call("PATCH", path, {{"nsfw", false}}).status == 200);
}

TEST_CASE_METHOD(world_fixture, "the page is served at the root, nothing outside it") {
  auto a = rest.raw("GET", "/", "", {});
  CHECK(a.status == 200);
  CHECK(a.headers.at("Content-Type") == "text/html; charset=utf-8");
  CHECK(a.text.find("<html") != std::string::npos);
  CHECK(rest.raw("GET", "/index.html?x=1", "", {}).text == a.text);
  CHECK(rest.raw("GET", "/no/such.js", "", {}).status == 404);
  CHECK(rest.raw("DELETE", "/", "", {}).status == 405);

  sim::server_options options;
  options.page_dir = std::string(SOURCE_DIR) + "/tools/discord-sim/page";
  sim::in_process from_disk(options);
  rest_client other(from_disk.port());
  CHECK(other.raw("GET", "/", "", {}).text == a.text);
  CHECK(other.raw("GET", "/../core.hpp", "", {}).status == 404);
  CHECK(other.raw("GET", "/%2e%2e/core.hpp", "", {}).status == 404);
}

TEST_CASE_METHOD(world_fixture, "an address with too many invalid requests is banned") {
  s.call([](sim::core& c) {
    for (int i = 0; i < 9999; ++i)
      c.limits().count_invalid("127.0.0.1", sim::steady::now());
    return 0;
  });
  CHECK(rest.call("GET", "/users/@me").status == 200);
  CHECK(rest.call("DELETE", member("ember")).status == 403);
  const auto a = rest.call("GET", "/users/@me");
  CHECK(a.status == 429);
  CHECK(a.text == "error code: 1015");
  CHECK(a.headers.count("X-RateLimit-Limit") == 0);
  CHECK(a.headers.count("Retry-After") == 0);
}

TEST_CASE_METHOD(world_fixture, "hooks can answer instead, delay, and reset the connection") {
  s.call([](sim::core& c) {
    c.hooks.before_route = [](sim::rest_call& call) -> std::optional<sim::http_response> {
      if (call.route->pattern == "/users/@me")
        return sim::rate_limited(2, "shared");
      return std::nullopt;
    };
    c.hooks.after_route = [](const sim::http_request& request, sim::rest_call*,
                             sim::http_response& response) {
      response.reset = request.path == "/api/v10/applications/@me";
    };
    return 0;
  });
  const auto a = rest.call("GET", "/users/@me");
  CHECK(a.status == 429);
  CHECK(a.headers.at("X-RateLimit-Scope") == "shared");
  CHECK(a.headers.at("X-RateLimit-Remaining") != "0");
  CHECK(rest.call("GET", "/gateway/bot").status == 200);
  CHECK_THROWS(rest.call("GET", "/applications/@me"));
}
