// The whole daemon on a network that fails: hours without any, connections that are reset, silent
// or cut in the middle of an answer, names and certificates that lead nowhere.
#include "tests/support/whole_daemon.hpp"

using namespace hearth;
using test::json;
using test::until;
using test::whole_daemon;

namespace {

/// The control interface has a port of its own, which no fault reaches.
struct traveller : whole_daemon {
  static sim::server_options with_control() {
    auto made = sim_test::sim_world::defaults();
    made.control_port = 0;
    return made;
  }
  traveller() : whole_daemon(with_control()) {
    hooks.shard = [usual = hooks.shard](gateway_shard_options& shard) {
      usual(shard);
      shard.socket.connect_ms_max = 500;
      shard.rest_ms_max = 500;
    };
  }
  sim_test::people control{discord.server.control_port()};

  void network(json what) {
    REQUIRE(control.post("/sim/faults", {{"network", std::move(what)}}).status == 200);
  }
  std::string vote(const std::string& user, size_t button) {
    const auto message = evenings().back();
    return click(user, message["id"], buttons(message).at(button)).value("outcome", "");
  }
  /// For how many hours of that evening Ann is the first.
  static size_t hours_of_ann(const json& evening) {
    const auto shown = evening.at("embeds").dump();
    const auto first = std::string{":t>  Ann"};
    auto times = size_t{0};
    for (auto at = shown.find(first); at != std::string::npos; at = shown.find(first, at + 1))
      ++times;
    return times;
  }
  void post_evening() {
    choose_channel();
    until("the daily message", [this] { return !evenings().empty(); });
  }
};

} // namespace

TEST_CASE("network: a day without one, and the evening is posted once when it is back",
          "[sim][network]") {
  auto world = traveller{};
  world.start_online();
  world.post_evening();
  CHECK(world.vote(world.discord.ann, 0) == "update");
  world.network({{"mode", "refuse"}});
  until("the loss to be noticed", [&] { return !world.connected(); });
  world.control.post("/sim/faults", {{"expire_sessions", true}});
  world.control.post("/sim/time", {{"advance_ms", 24 * 3'600'000}});
  until("tries to come back", [&] { return world.log.count("cannot ask Discord") >= 2; });
  world.network({{"mode", "open"}});
  until("the next evening", [&] { return world.evenings().size() == 2; });
  CHECK(world.vote(world.discord.ann, 1) == "update");
  CHECK(world.vote(world.discord.bob, 1) == "update");
  CHECK(world.evenings().size() == 2);
  CHECK(traveller::hours_of_ann(world.evenings().front()) == 1);
  CHECK(traveller::hours_of_ann(world.evenings().back()) == 1);
  CHECK(world.received_ops(2) == 2);
  CHECK(world.stop() == 0);
  world.check_no_violation();
}

TEST_CASE("network: reset, silent and half connections are left behind", "[sim][network]") {
  const auto mode = std::string(GENERATE("reset", "silent", "half"));
  INFO(mode);
  auto world = traveller{};
  world.start_online();
  world.post_evening();
  const auto message = world.evenings().back();
  for (auto round = size_t{0}; round < 3; ++round) {
    world.network({{"mode", mode}, {"ms", 200}});
    // Whether anybody hears of this one is up to the network; the next ones are answered.
    const auto lost = world.control.act(world.discord.bob, "click",
                                        {{"channel_id", world.discord.general},
                                         {"message_id", message["id"]},
                                         {"custom_id", whole_daemon::buttons(message).at(9)}});
    CHECK(lost.status == 200);
    until("a new session", [&] { return world.connected(); });
    CHECK(world.vote(world.discord.ann, round) == "update");
  }
  CHECK(traveller::hours_of_ann(world.evenings().back()) == 3);
  CHECK(world.evenings().size() == 1);
  CHECK(world.stop() == 0);
  world.check_no_violation();
}

TEST_CASE("network: a name that does not exist and a peer without TLS are told, and tried again",
          "[sim][network]") {
  auto world = traveller{};
  const auto port = std::to_string(world.discord.server.port());
  // No name has a part of 64 letters, so that nobody need be asked.
  const auto api = GENERATE_COPY(as<std::string>(), "https://" + std::string(64, 'a') + ".test/api",
                                 "https://127.0.0.1:" + port + "/api");
  INFO(api);
  world.options.settings.value.discord.api = api;
  world.start();
  until("two tries", [&] { return world.log.count("cannot ask Discord") >= 2; });
  CHECK(world.stop() == 0);
}
