#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"
#include "tests/support/sim_world.hpp"

// Registration of application commands over HTTP (discord-api 3.4, 15.5, 15.12).
using namespace sim_test;

namespace {

struct fixture {
  sim_world world;
  std::string global = "/applications/1180000000000000001/commands";
  std::string guild = "/applications/1180000000000000001/guilds/" + world.guild + "/commands";

  reply call(const std::string& method, const std::string& path, const json& body = nullptr) {
    return world.robot.call(method, path, body);
  }
};

json command(const std::string& name) { return {{"name", name}, {"description", "d"}}; }
int code(const reply& r) { return r.body.is_object() ? r.body.value("code", -1) : -1; }

} // namespace

TEST_CASE("commands: created, replaced, changed, listed, deleted", "[sim][commands]") {
  fixture f;
  for (const auto& base : {f.global, f.guild}) {
    const auto made = f.call("POST", base, command("add"));
    CHECK(made.status == 201);
    CHECK(made.body["application_id"] == "1180000000000000001");
    CHECK(made.body.contains("guild_id") == (base == f.guild));
    CHECK(made.body["version"].is_string());
    // The same name and type replaces: 200, same id, same version as nothing changed.
    const auto again = f.call("POST", base, command("add"));
    CHECK(again.status == 200);
    CHECK(again.body["id"] == made.body["id"]);
    CHECK(again.body["version"] == made.body["version"]);
    const auto one = base + "/" + made.body["id"].get<std::string>();
    const auto changed = f.call("PATCH", one, {{"description", "other"}});
    CHECK(changed.status == 200);
    CHECK(changed.body["description"] == "other");
    CHECK(changed.body["version"] != made.body["version"]);
    CHECK(f.call("GET", one).body["description"] == "other");
    CHECK(f.call("GET", base).body.size() == 1);
    CHECK(f.call("DELETE", one).status == 204);
    CHECK(code(f.call("GET", one)) == 10063);
    CHECK(code(f.call("PATCH", one, command("x"))) == 10063);
    CHECK(code(f.call("DELETE", one)) == 10063);
  }
}

TEST_CASE("commands: bulk replaces everything", "[sim][commands]") {
  fixture f;
  f.call("POST", f.guild, command("old"));
  const auto kept = f.call("POST", f.guild, command("kept"));
  const auto put = f.call("PUT", f.guild, {command("kept"), json{{"type", 3}, {"name", "Report"}}});
  REQUIRE(put.status == 200);
  REQUIRE(put.body.size() == 2);
  CHECK(put.body[0]["id"] == kept.body["id"]);
  CHECK(put.body[1]["description"] == "");
  CHECK(f.call("GET", f.guild).body.size() == 2);
  const auto twice = f.call("PUT", f.guild, {command("a"), command("b"), command("a")});
  CHECK(twice.status == 400);
  CHECK(first_leaf(twice.body) == "2 APPLICATION_COMMANDS_DUPLICATE_NAME");
  CHECK(f.call("GET", f.guild).body.size() == 2);
  CHECK(first_leaf(f.call("PUT", f.guild, json::array({command("Bad Name")})).body) ==
        "0.name STRING_TYPE_REGEX");
  CHECK(f.call("PUT", f.guild, json::array()).body.empty());
  CHECK(f.call("GET", f.guild).body.empty());
}

TEST_CASE("commands: a hundred fit, one more does not", "[sim][commands]") {
  fixture f;
  json list = json::array();
  for (int i = 0; i < 100; ++i)
    list.push_back(command("c" + std::to_string(i)));
  REQUIRE(f.call("PUT", f.global, list).status == 200);
  const auto more = f.call("POST", f.global, command("more"));
  CHECK(more.status == 400);
  CHECK(code(more) == 30032);
  CHECK(f.call("POST", f.global, command("c5")).status == 200);
  list.push_back(command("more"));
  CHECK(code(f.call("PUT", f.global, list)) == 30032);
  // Each scope has a hundred of its own (issue 2 relies on it).
  CHECK(f.call("POST", f.guild, command("more")).status == 201);
}

TEST_CASE("commands: two hundred creates a day", "[sim][commands]") {
  fixture f;
  json list = json::array();
  for (int i = 0; i < 100; ++i)
    list.push_back(command("c" + std::to_string(i)));
  REQUIRE(f.call("PUT", f.guild, list).status == 200);
  // The same list again creates nothing.
  REQUIRE(f.call("PUT", f.guild, list).status == 200);
  for (auto& item : list)
    item["name"] = "d" + item["name"].get<std::string>();
  REQUIRE(f.call("PUT", f.guild, list).status == 200);
  f.call("PUT", f.guild, json::array());
  const auto late = f.call("POST", f.guild, command("late"));
  CHECK(late.status == 400);
  CHECK(code(late) == 30034);
  f.world.advance(std::chrono::hours{24});
  CHECK(f.call("POST", f.guild, command("late")).status == 201);
}

TEST_CASE("commands: translations", "[sim][commands]") {
  fixture f;
  auto body = command("add");
  body["name_localizations"] = {{"fr", "ajout"}};
  CHECK(f.call("POST", f.guild, body).body["name_localizations"]["fr"] == "ajout");
  const auto plain = f.call("GET", f.guild).body[0];
  CHECK_FALSE(plain.contains("name_localizations"));
  CHECK(f.call("GET", f.guild + "?with_localizations=true").body[0]["name_localizations"]["fr"] ==
        "ajout");
}

TEST_CASE("commands: other applications and guilds", "[sim][commands]") {
  fixture f;
  CHECK(f.call("GET", "/applications/1180000000000000009/commands").status == 403);
  const auto nowhere = "/applications/1180000000000000001/guilds/1170000000000000999/commands";
  CHECK(code(f.call("GET", nowhere)) == 50001);
  CHECK(f.call("GET", f.guild + "/permissions").body == json::array());
}
