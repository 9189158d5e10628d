// The shard, the REST client and the endpoint against the local Discord: an interaction that comes
// by signed HTTP reaches its guild after what the gateway said before, once, and its callback
// works.
#include "actors/gateway/gateway_shard.hpp"
#include "actors/interactions/interaction_endpoint.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/system_config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <mutex>

using namespace hearth;

namespace {

constexpr int64_t sim_start_ms = 1'795'000'000'000;

/// What the guild was told: "available", "interaction NAME"; in order.
class record {
public:
  void note(const guild_batch& batch) {
    const auto lock = std::lock_guard{mutex_};
    for (const auto& event : batch.events)
      if (std::holds_alternative<guild_available>(event)) {
        told_.emplace_back("available");
      } else if (const auto* asked = std::get_if<interaction_ptr>(&event)) {
        told_.push_back("interaction " + (*asked)->command);
        interactions_.push_back(*asked);
      }
    moved_.notify_all();
  }
  std::vector<interaction_ptr> wait(size_t count) {
    auto lock = std::unique_lock{mutex_};
    REQUIRE(moved_.wait_for(lock, std::chrono::seconds{20},
                            [&] { return interactions_.size() >= count; }));
    return interactions_;
  }
  std::vector<std::string> told() {
    const auto lock = std::lock_guard{mutex_};
    return told_;
  }

private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::vector<std::string> told_;
  std::vector<interaction_ptr> interactions_;
};

guild_actor::behavior_type recording_guild(guild_actor::pointer, record* told) {
  return {
      [told](const guild_batch& batch) { told->note(batch); },
      [](const job_due&) { return job_done{}; },
      [](const woken&) {},
      [](stop_guild) { return stopped{}; },
      [](get_guild_view) { return guild_view_ptr{}; },
      [](const switch_feature&) { return stopped{}; },
      [](const restart_feature&) { return stopped{}; },
      [](drain_guild) { return draining{}; },
  };
}

guild_supervisor_actor::behavior_type supervisor(guild_supervisor_actor::pointer,
                                                 guild_actor guild) {
  return {
      [guild](want_guild) { return guild; },
      [](const bot_identity&) {},
      [](const guild_wants&) {},
      [](const fatal&) {},
  };
}

class world {
public:
  sim_test::sim_world discord;
  record told;

  world() {
    auto rest = rest_options{};
    rest.api = discord.server.api_base();
    rest.token = secret{"sandbox"};
    rest.user_agent = "DiscordBot (https://example.org, 1.0)";
    rest_ = keep(rest_actor{system_.spawn<rest_client>(std::ref(rest_io_), rest, nullptr)});
    const auto guild = keep(guild_actor{system_.spawn(recording_guild, &told)});
    const auto over = keep(guild_supervisor_actor{system_.spawn(supervisor, guild)});
    auto options = gateway_shard_options{};
    options.token = rest.token;
    options.api = rest.api;
    options.socket.user_agent = rest.user_agent;
    options.now_ms = [] { return sim_start_ms; };
    const auto shard =
        keep(spawn_gateway_shard(system_, io_, std::move(options), {rest_, over, {}}));
    auto http = interaction_endpoint_options{};
    http.now_ms = [this] {
      return discord.server.call([](sim::core& c) { return c.clock.now(); });
    };
    endpoint_ = keep(interaction_endpoint_actor{
        system_.spawn<interaction_endpoint>(std::ref(io_), std::move(http), rest_, nullptr)});
    caf::anon_send(endpoint_, use_shard{shard});
    const auto port = wait_port();
    // Whether the gateway is there already or not: the guild must hear of itself first.
    discord.crowd.post("/sim/endpoint", {{"probe_one_in", 1}});
    const auto saved = discord.robot.call(
        "PATCH", "/applications/@me",
        {{"interactions_endpoint_url", "http://127.0.0.1:" + std::to_string(port) + "/x"}});
    REQUIRE(saved.status == 200);
    const auto made = discord.robot.call(
        "POST", "/applications/1180000000000000001/guilds/" + discord.guild + "/commands",
        {{"name", "help"}, {"description", "d"}});
    REQUIRE(made.status == 201);
  }
  ~world() {
    for (const auto& each : all_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    all_.clear();
    rest_ = nullptr;
    endpoint_ = nullptr;
    system_.await_all_actors_done();
  }

  endpoint_status status() {
    auto got = endpoint_status{};
    auto self = caf::scoped_actor{system_};
    self->request(endpoint_, std::chrono::seconds{20}, get_endpoint_status{})
        .receive([&](const endpoint_status& status) { got = status; },
                 [](const caf::error& error) { FAIL(describe(error)); });
    return got;
  }
  sim_test::json help() {
    return discord.crowd
        .act(discord.ann, "command", {{"channel_id", discord.general}, {"name", "help"}})
        .body;
  }
  /// The first answer, as a guild gives it.
  uint16_t answer(const interaction& asked) {
    auto request = rest_request{};
    request.method = http_method::post;
    request.path = "/interactions/" + to_string(asked.id) + "/" + asked.token + "/callback";
    request.body = R"({"type":4,"data":{"content":"by the callback"}})";
    request.priority = rest_priority::callback;
    auto status = uint16_t{0};
    auto self = caf::scoped_actor{system_};
    self->request(rest_, std::chrono::seconds{20}, std::move(request))
        .receive([&](const rest_response& response) { status = response.status; },
                 [](const caf::error& error) { FAIL(describe(error)); });
    return status;
  }

private:
  template <class Handle> Handle keep(Handle which) {
    all_.push_back(caf::actor_cast<caf::strong_actor_ptr>(which));
    return which;
  }
  uint16_t wait_port() {
    for (;;)
      if (const auto port = status().port; port != 0)
        return port;
  }

  system_config config_;
  caf::actor_system system_{config_};
  asio_context rest_io_{system_, "rest"};
  asio_context io_{system_, "gateway"};
  std::vector<caf::strong_actor_ptr> all_;
  rest_actor rest_;
  interaction_endpoint_actor endpoint_;
};

} // namespace

TEST_CASE("http interactions: to the guild, and answered by the callback", "[interactions][sim]") {
  auto w = world{};
  const auto started = w.help();
  const auto asked = w.told.wait(1);
  CHECK(asked[0]->command == "help");
  CHECK(to_string(asked[0]->guild) == w.discord.guild);
  CHECK(to_string(asked[0]->member.user) == w.discord.ann);
  CHECK(w.answer(*asked[0]) == 204);
  const auto seen =
      w.discord.crowd.get("/sim/interactions/" + started["interaction_id"].get<std::string>());
  CHECK(seen.body["message"]["content"] == "by the callback");
  // The guild heard what it is like before it heard of the click.
  CHECK(w.told.told().front() == "available");
  // Forgeries beside it went nowhere.
  CHECK(w.status().interactions == 1);
  CHECK(w.discord.violations()["total"] == 0);
}

TEST_CASE("http interactions: each delivery is passed on, one of them is answered",
          "[interactions][sim]") {
  auto w = world{};
  w.discord.crowd.post("/sim/faults", {{"interactions_twice", 1}});
  w.help();
  const auto asked = w.told.wait(2);
  CHECK(asked[0]->id == asked[1]->id); // the guild's memory of ids sorts them out
  CHECK(w.answer(*asked[0]) == 204);
}
