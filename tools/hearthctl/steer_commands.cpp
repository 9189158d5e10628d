// The commands that change something.
#include "hearthctl/commands.hpp"
#include "hearthctl/json_text.hpp"
#include "hearthctl/link.hpp"
#include "hearthctl/render.hpp"
#include "hearthctl/terminal.hpp"
#include "hearthctl/text_table.hpp"
#include "infra/root/lock_owner_process.hpp"
#include "messages/ids.hpp"
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>

namespace hearth::ctl {
namespace {

constexpr auto long_order = std::chrono::minutes{10};

void print(const session& at, const order_done& done) {
  if (at.json) {
    std::cout << to_json(done).dump(2) << '\n';
    return;
  }
  std::cout << harmless(done.text) << '\n';
  for (const auto& line : done.details)
    std::cout << "  " << harmless(line) << '\n';
}

template <class Order>
void give(const session& at, Order order, std::chrono::milliseconds patience = long_order) {
  order.by = myself();
  steer_link to{at.place};
  print(at, to.ask<order_done>(order, patience));
}

uint64_t guild_of(const given_command& given) {
  if (!given.has("GUILD"))
    return 0;
  const auto id = parse_id<guild_id>(given.at("GUILD"));
  if (!id)
    throw trouble{exit_usage, fmt::format("\"{}\" is no guild's id", given.at("GUILD"))};
  return id->value;
}

void run_job(const session& at, const given_command& given) {
  auto order = order_job{};
  order.job = given.at("NAME");
  order.everywhere = given.has("--everywhere");
  order.guild = guild_of(given);
  if (order.everywhere && order.guild != 0)
    throw trouble{exit_usage, "either a guild or --everywhere"};
  give(at, order);
}

void restart(const session& at, const given_command& given) {
  auto order = order_restart{};
  order.actor = given.at("ACTOR");
  order.guild = guild_of(given);
  if (const auto slash = order.actor.find('/'); slash != std::string::npos) {
    const auto id = parse_id<guild_id>(order.actor.substr(slash + 1));
    if (!id)
      throw trouble{exit_usage, fmt::format("\"{}\" is no guild's id", order.actor)};
    order.guild = id->value;
    order.actor.resize(slash);
  } else if (!order.actor.empty() &&
             order.actor.find_first_not_of("0123456789") == std::string::npos) {
    auto why = std::string{};
    inspect_link to{at.place};
    const auto actor = find_actor(to.ask<actor_list>(ask_actors{}), order.actor, why);
    if (!actor)
      throw trouble{exit_refused, why};
    order.actor = actor->name;
    order.guild = actor->guild;
  }
  give(at, order);
}

void switch_feature(const session& at, const given_command& given) {
  auto order = order_feature{};
  order.on = given.at("STATE") == "on";
  if (!order.on && given.at("STATE") != "off")
    throw trouble{exit_usage, "write on or off, then the feature's name and the guild's id"};
  order.feature = given.at("NAME");
  order.guild = guild_of(given);
  give(at, order);
}

void back_up(const session& at, const given_command& given) {
  auto order = order_backup{};
  auto error = std::error_code{};
  order.file = std::filesystem::absolute(given.at("FILE"), error).string();
  give(at, order);
}

void drain(const session& at, const given_command& given) {
  auto order = order_drain{};
  order.on = !given.has("--off");
  if (given.has("--seconds")) {
    const auto text = given.at("--seconds");
    auto seconds = int64_t{0};
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || stop != text.data() + text.size() || seconds < 0 || seconds > 600)
      throw trouble{exit_usage, "--seconds takes a number from 0 to 600"};
    order.wait_ms_max = seconds * 1'000;
  }
  give(at, order);
}

/// The daemon closes its ports before it stops, so the end of the connection is good news too; the
/// lock tells when it has ended.
void stop_daemon(const session& at, const given_command&) {
  auto done = order_done{};
  {
    auto order = order_stop{};
    order.by = myself();
    steer_link to{at.place};
    try {
      done = to.ask<order_done>(order);
    } catch (const trouble& error) {
      if (error.exit_code() != exit_unreachable)
        throw;
      done.text = "stopping in order";
    }
  }
  if (at.place.port != 0) // elsewhere: its lock is not here
    return print(at, done);
  for (auto waited = 0; waited < 60'000; waited += 50) {
    if (lock_owner(at.place.data_folder) == 0) {
      done.text = "stopped in order";
      return print(at, done);
    }
    nap(50);
  }
  throw trouble{exit_refused, "it was told to stop, and still runs after a minute"};
}

} // namespace

const std::vector<command>& steer_commands() {
  static const auto all = std::vector<command>{
      {"reload",
       command_group::steer,
       "Read the configuration again",
       {},
       {},
       [](const session& at, const given_command&) { give(at, order_reload{}); }},
      {"job run",
       command_group::steer,
       "Run a job now",
       {{"NAME", "Its name; see jobs"},
        {"GUILD", "Where; without one, the daemon's own job", false}},
       {{"--everywhere", "In every guild that has it"}},
       run_job},
      {"restart",
       command_group::steer,
       "Stop an actor in order; it is started again",
       {{"ACTOR", "gateway_shard, guild or a feature; or an id, or NAME/GUILD"},
        {"GUILD", "Of a guild or feature", false}},
       {},
       restart},
      {"feature",
       command_group::steer,
       "Switch a feature of a guild",
       {{"STATE", "on or off", true, {"on", "off"}},
        {"NAME", "The feature"},
        {"GUILD", "The guild's id"}},
       {},
       switch_feature},
      {"loglevel",
       command_group::steer,
       "Log more or less, until the next restart",
       {{"LEVEL",
         "trace, debug, info, warn, error or critical",
         true,
         {"trace", "debug", "info", "warn", "error", "critical"}}},
       {},
       [](const session& at, const given_command& given) {
         auto order = order_log_level{};
         order.level = given.at("LEVEL");
         give(at, order);
       }},
      {"backup",
       command_group::steer,
       "Copy the database while it is in use, verified",
       {{"FILE", "A new file, in a folder that the daemon may write to"}},
       {},
       back_up},
      {"drain",
       command_group::steer,
       "Take nothing new, and wait until all has ended",
       {},
       {{"--off", "Work again"}, {"--seconds", "Wait at most so long (30)", false}},
       drain},
      {"stop", command_group::steer, "Stop the daemon in order", {}, {}, stop_daemon}};
  return all;
}

} // namespace hearth::ctl
