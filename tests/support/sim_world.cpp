#include "tests/support/sim_world.hpp"

#include <stdexcept>

namespace sim_test {

namespace {

const char* const toml = R"(
[[user]]
name = "owner"
[[user]]
name = "ann"
display = "Ann"
[[user]]
name = "bob"
locale = "fr"
[[user]]
name = "shy"
dms_open = false
[[user]]
name = "stranger"

[[application]]
id = "1180000000000000001"
name = "Robot"
token = "sandbox"
owner = "owner"
intents = ["presences", "members", "content"]

[[guild]]
id = "1170000000000000001"
name = "Test guild"
owner = "owner"
everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "ADD_REACTIONS",
  "READ_MESSAGE_HISTORY", "USE_APPLICATION_COMMANDS", "CONNECT", "SPEAK", "USE_VAD"]

  [[guild.role]]
  name = "Robot"
  bot = "Robot"
  permissions = ["VIEW_CHANNEL", "SEND_MESSAGES", "MANAGE_MESSAGES", "MENTION_EVERYONE",
    "PIN_MESSAGES", "MANAGE_ROLES"]
  [[guild.role]]
  name = "Mod"
  permissions = ["MANAGE_MESSAGES", "MANAGE_ROLES", "KICK_MEMBERS"]
  [[guild.role]]
  name = "Players"
  mentionable = true
  [[guild.role]]
  name = "Quiet"

  [[guild.emoji]]
  name = "flame"

  [[guild.channel]]
  name = "general"
  [[guild.channel]]
  name = "secret"
  deny = { "@everyone" = ["VIEW_CHANNEL"] }
  allow = { "Robot" = ["VIEW_CHANNEL"] }
  [[guild.channel]]
  name = "readonly"
  deny = { "@everyone" = ["SEND_MESSAGES"], "Robot" = ["SEND_MESSAGES"] }
  [[guild.channel]]
  name = "plain"
  deny = { "@everyone" = ["EMBED_LINKS", "ATTACH_FILES", "ADD_REACTIONS", "READ_MESSAGE_HISTORY"] }
  [[guild.channel]]
  name = "hidden"
  deny = { "@everyone" = ["VIEW_CHANNEL"], "Robot" = ["VIEW_CHANNEL"] }
  [[guild.channel]]
  name = "Lounge"
  type = "voice"
  [[guild.channel]]
  name = "Booth"
  type = "voice"
  user_limit = 1

  [[guild.member]]
  user = "owner"
  [[guild.member]]
  user = "ann"
  [[guild.member]]
  user = "bob"
  roles = ["Players"]
  [[guild.member]]
  user = "shy"
)";

} // namespace

sim::server_options sim_world::defaults() {
  sim::server_options options;
  options.world_text = toml;
  options.start_time = 1795000000000; // 2026-11-18, so that ids look alike in every run
  options.rate_limits = false;        // the rules under test here are others
  return options;
}

sim_world::sim_world(sim::server_options options) : server(std::move(options)) {
  owner = user("owner");
  ann = user("ann");
  bob = user("bob");
  server.call([this](sim::core& c) {
    const auto& home = c.world.guilds.begin()->second;
    guild = sim::id_text(home.id);
    bot_id = sim::id_text(c.world.applications.begin()->second.bot);
    return 0;
  });
  general = channel("general");
}

std::string sim_world::user(const std::string& name) {
  return server.call([&](sim::core& c) -> std::string {
    for (const auto& [id, who] : c.world.users)
      if (who.username == name)
        return sim::id_text(id);
    throw std::runtime_error{"no user " + name};
  });
}

std::string sim_world::channel(const std::string& name) {
  return server.call([&](sim::core& c) -> std::string {
    for (const auto& [id, where] : c.world.channels)
      if (where.name == name)
        return sim::id_text(id);
    throw std::runtime_error{"no channel " + name};
  });
}

std::string sim_world::role(const std::string& name) {
  return server.call([&](sim::core& c) -> std::string {
    for (const auto& [id, role] : c.world.guilds.begin()->second.roles)
      if (role.name == name)
        return sim::id_text(id);
    throw std::runtime_error{"no role " + name};
  });
}

json sim_world::violations() { return crowd.get("/sim/violations").body; }

void sim_world::advance(std::chrono::milliseconds by) {
  crowd.post("/sim/time", {{"advance_ms", by.count()}});
}

} // namespace sim_test
