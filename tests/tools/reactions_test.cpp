#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"

// Reactions in all forms (discord-api 1.12, 4, 15.13).
using namespace sim_test;

namespace {

/// A world with one message of Ann's.
struct fixture {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  std::string base;

  fixture() {
    const auto sent =
        world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", "hi"}});
    base =
        "/channels/" + world.general + "/messages/" + sent.body["message"]["id"].get<std::string>();
  }
  reply call(const std::string& method, const std::string& rest) {
    return world.robot.call(method, base + "/reactions" + rest);
  }
  reply act(const std::string& who, const std::string& type, const std::string& emoji) {
    return world.crowd.act(who, type,
                           {{"channel_id", world.general},
                            {"message_id", base.substr(base.rfind('/') + 1)},
                            {"emoji", emoji}});
  }
  json shown() { return world.robot.call("GET", base).body.value("reactions", json::array()); }
  int code(const reply& r) { return r.body.is_object() ? r.body.value("code", -1) : -1; }
};

const std::string fire = "%F0%9F%94%A5";

} // namespace

TEST_CASE("reactions: own, others', all of one, all", "[sim][reactions]") {
  fixture f;
  CHECK(f.call("PUT", "/" + fire + "/@me").status == 204);
  const auto added = f.session.wait("MESSAGE_REACTION_ADD");
  CHECK(added["user_id"] == f.world.bot_id);
  CHECK(added["emoji"]["name"] == "🔥");
  CHECK(added["member"].contains("user"));
  CHECK(added["message_author_id"] == f.world.ann);
  CHECK(added["burst"] == false);
  CHECK(f.act(f.world.ann, "react", "🔥").status == 200);
  CHECK(f.act(f.world.bob, "react", "⭐").status == 200);
  auto shown = f.shown();
  REQUIRE(shown.size() == 2);
  CHECK(shown[0]["count"] == 2);
  CHECK(shown[0]["me"] == true);
  CHECK(shown[1]["me"] == false);
  CHECK(f.call("GET", "/" + fire).body.size() == 2);
  CHECK(f.call("GET", "/" + fire + "?limit=1").body.size() == 1);
  // Adding again changes nothing and sends nothing.
  CHECK(f.call("PUT", "/" + fire + "/@me").status == 204);
  CHECK(f.shown()[0]["count"] == 2);
  CHECK(f.call("DELETE", "/" + fire + "/" + f.world.ann).status == 204);
  CHECK(f.session.wait("MESSAGE_REACTION_REMOVE")["user_id"] == f.world.ann);
  CHECK(f.call("DELETE", "/" + fire + "/@me").status == 204);
  CHECK(f.call("DELETE", "/%E2%AD%90").status == 204);
  CHECK(f.session.wait("MESSAGE_REACTION_REMOVE_EMOJI")["emoji"]["name"] == "⭐");
  f.act(f.world.ann, "react", "⭐");
  CHECK(f.call("DELETE", "").status == 204);
  f.session.wait("MESSAGE_REACTION_REMOVE_ALL");
  CHECK(f.shown().empty());
}

TEST_CASE("reactions: custom emoji", "[sim][reactions]") {
  fixture f;
  const auto id = f.world.server.call([](sim::core& c) {
    return sim::id_text(c.world.guilds.begin()->second.emojis.begin()->first);
  });
  CHECK(f.call("PUT", "/anything%3A" + id + "/@me").status == 204);
  const auto event = f.session.wait("MESSAGE_REACTION_ADD");
  CHECK(event["emoji"]["id"] == id);
  CHECK(event["emoji"]["name"] == "flame");
  CHECK(f.code(f.call("PUT", "/flame:1170000000000000999/@me")) == 10014);
}

TEST_CASE("reactions: refusals", "[sim][reactions]") {
  fixture f;
  CHECK(f.code(f.call("PUT", "/fire/@me")) == 10014);
  CHECK(f.call("PUT", "/fire/@me").status == 400);
  CHECK(f.code(f.call("DELETE", "/" + fire + "/@me")) == 10014);
  const auto other = "/channels/" + f.world.general + "/messages/1170000000000000999/reactions/";
  CHECK(f.code(f.world.robot.call("PUT", other + fire + "/@me")) == 10008);
  // 21st distinct emoji: 30010, status 403 (15.3).
  for (int i = 0; i < 20; ++i) {
    std::string letter = "%F0%9F%87%";
    letter += "0123456789ABCDEF"[(0xa6 + i) >> 4];
    letter += "0123456789ABCDEF"[(0xa6 + i) & 15];
    REQUIRE(f.call("PUT", "/" + letter + "/@me").status == 204);
  }
  const auto more = f.call("PUT", "/" + fire + "/@me");
  CHECK(more.status == 403);
  CHECK(f.code(more) == 30010);
}

TEST_CASE("reactions: one that is there needs no right to add", "[sim][reactions]") {
  fixture f;
  const auto plain = f.world.channel("plain");
  const auto sent =
      f.world.robot.call("POST", "/channels/" + plain + "/messages", {{"content", "x"}});
  const auto path = "/channels/" + plain + "/messages/" + sent.body["id"].get<std::string>() +
                    "/reactions/" + fire + "/@me";
  CHECK(f.code(f.world.robot.call("PUT", path)) == 50013);
  CHECK(f.world.crowd
            .act(f.world.bob, "react",
                 {{"channel_id", plain}, {"message_id", sent.body["id"]}, {"emoji", "🔥"}})
            .status == 403);
}
