#include "tests/support/whole_daemon.hpp"
#include <fstream>
#include <thread>

namespace test {

namespace {

/// Long and odd enough to be looked for in logs.
constexpr auto token = "MTE4MDAwMDAwMDAwMDAwMDAwMQ.GhEaRt.whole-daemon-test-token-0123456789";

/// Discord's five seconds between two IDENTIFYs would make every test of a lost session that long.
constexpr auto identify_gap = std::chrono::milliseconds{300};

sim::server_options prepared(sim::server_options server) {
  server.gateway.identify_interval = identify_gap;
  auto& world = server.world_text;
  const auto plain = std::string{"token = \"sandbox\""};
  if (const auto at = world.find(plain); at != std::string::npos)
    world.replace(at, plain.size(), std::string{"token = \""} + token + '"');
  return server;
}

} // namespace

whole_daemon::whole_daemon(sim::server_options server) : discord(prepared(std::move(server))) {
  discord.robot = sim_test::bot{discord.server.port(), token};
  auto& says = options.settings.value;
  says.profile = "sandbox";
  says.discord.api = discord.server.api_base();
  options.token = hearth::secret{token};
  options.data_folder = folder.path();
  hooks.shard = [](hearth::gateway_shard_options& shard) {
    shard.timing.first_wait_ms_max = 1;
    shard.timing.backoff_ms_min = 1;
    shard.timing.backoff_ms_max = 20;
    shard.timing.identify_gap_ms = identify_gap.count() + 30; // the real one's margin is 5 %
    shard.timing.invalid_ms_min = 10;
    shard.timing.invalid_ms_max = 50;
  };
}

whole_daemon::~whole_daemon() {
  stop();
  auto file =
      std::ofstream{output_folder() + "/secrets-" + test_file_name() + ".json", std::ios::app};
  file << discord.crowd.get("/sim/secrets").text << '\n';
}

void whole_daemon::start() {
  REQUIRE_FALSE(daemon_);
  ended_ = std::make_unique<std::promise<void>>();
  auto all = hooks;
  all.ended = [ended = ended_.get()] { ended->set_value(); };
  daemon_ = std::make_unique<hearth::daemon>(options, "", std::move(all));
  daemon_->start();
}

void whole_daemon::start_online() {
  start();
  wait_online();
}

void whole_daemon::wait_online() {
  until("the daemon to be online", [this] {
    if (!connected())
      return false;
    const auto state = discord.crowd.get("/sim/state?as=" + discord.owner).body;
    for (const auto& home : state.value("guilds", json::array()))
      for (const auto& known : home.value("commands", json::array()))
        if (known.value("name", "") == "addschedule")
          return true;
    return false;
  });
}

int whole_daemon::wait_end() {
  REQUIRE(daemon_);
  REQUIRE(ended_->get_future().wait_for(std::chrono::seconds{60}) == std::future_status::ready);
  const auto code = daemon_->finish();
  daemon_.reset();
  return code;
}

int whole_daemon::stop() {
  if (!daemon_)
    return -1;
  daemon_->stop();
  return wait_end();
}

json whole_daemon::command(const std::string& user, const std::string& name, json given,
                           const std::string& wait_for) {
  return discord.crowd
      .act(user, "command",
           {{"channel_id", discord.general},
            {"name", name},
            {"options", std::move(given)},
            {"wait_ms", 20'000},
            {"wait_for", wait_for}})
      .body;
}

std::string whole_daemon::ask(const std::string& user, const std::string& name, json given) {
  return discord.crowd
      .act(user, "command",
           {{"channel_id", discord.general}, {"name", name}, {"options", std::move(given)}})
      .body.value("interaction_id", "");
}

json whole_daemon::outcome(const std::string& interaction, const std::string& wait_for) {
  return discord.crowd
      .get("/sim/interactions/" + interaction + "?wait_ms=20000&wait_for=" + wait_for)
      .body;
}

json whole_daemon::click(const std::string& user, const std::string& message,
                         const std::string& custom_id, const std::string& wait_for) {
  return discord.crowd
      .act(user, "click",
           {{"channel_id", discord.general},
            {"message_id", message},
            {"custom_id", custom_id},
            {"wait_ms", 20'000},
            {"wait_for", wait_for}})
      .body;
}

void whole_daemon::choose_channel() {
  const auto said = command(discord.owner, "modtextschedulechannel",
                            json::array({{{"name", "channel"}, {"value", discord.general}}}));
  INFO(said.dump());
  REQUIRE(said.value("outcome", "") == "message");
}

json whole_daemon::messages() {
  return discord.crowd
      .get("/sim/messages?as=" + discord.bob + "&channel_id=" + discord.general + "&limit=1000")
      .body;
}

std::vector<std::string> whole_daemon::buttons(const json& message) {
  auto found = std::vector<std::string>{};
  for (const auto& row : message.value("components", json::array()))
    for (const auto& part : row.value("components", json::array()))
      if (part.value("type", 0) == 2 && part.contains("custom_id"))
        found.push_back(part["custom_id"]);
  return found;
}

std::vector<json> whole_daemon::evenings() {
  auto found = std::vector<json>{};
  for (const auto& message : messages())
    if (buttons(message).size() > 5)
      found.push_back(message);
  return found;
}

sim::session_info whole_daemon::session() {
  return discord.server.call([](sim::core& core) {
    for (const auto& each : core.gateway().sessions())
      if (each.connected)
        return each;
    return sim::session_info{};
  });
}

bool whole_daemon::connected() { return session().connected; }

size_t whole_daemon::received_ops(int op) {
  const auto log = discord.crowd.get("/sim/log?since=0&kind=gateway_in&limit=100000").body;
  auto count = size_t{0};
  for (const auto& entry : log.at("entries"))
    count += entry.value("op", -1) == op ? 1 : 0;
  return count;
}

void whole_daemon::check_no_violation() {
  const auto found = discord.violations();
  INFO(found.dump());
  CHECK(found.value("total", -1) == 0);
}

} // namespace test
