#include "infra/interactions/command_table.hpp"
#include "infra/people/people_commands.hpp"
#include "infra/root/core_commands.hpp"
#include "infra/schedule/schedule_commands.hpp"
#include "infra/voice/ambience_commands.hpp"
#include <algorithm>
#include <array>
#include <utility>

namespace hearth {
namespace {

/// Every area's declarations; add yours here.
std::vector<const std::vector<command_spec>*> areas() {
  return {&core_commands(), &people_commands(), &schedule_commands(), &ambience_commands()};
}

} // namespace

const std::vector<command_spec>& all_commands() {
  static const auto all = [] {
    auto commands = std::vector<command_spec>{};
    for (const auto* area : areas())
      commands.insert(commands.end(), area->begin(), area->end());
    return commands;
  }();
  return all;
}

const command_spec* find_command(std::string_view name, command_kind type) {
  for (const auto& command : all_commands())
    if (command.type == type && command.name == name)
      return &command;
  return nullptr;
}

std::vector<std::string> command_features() {
  auto features = std::vector<std::string>{};
  for (const auto& command : all_commands())
    if (command.feature != "core" &&
        std::find(features.begin(), features.end(), command.feature) == features.end())
      features.push_back(command.feature);
  return features;
}

allowed who_may(const command_spec& command, std::string_view subcommand) {
  for (const auto& branch : command.subcommands) {
    const auto path = branch.group.empty() ? branch.name : branch.group + " " + branch.name;
    if (path == subcommand)
      return branch.who.value_or(command.who);
  }
  return command.who;
}

std::string_view legacy_equivalent(std::string_view name) {
  static constexpr auto table = std::array<std::pair<std::string_view, std::string_view>, 27>{{
      {"about", "/about"},
      {"create", "/create"},
      {"deregister", "/orchestrator remove"},
      {"excludethis", "/excludethis"},
      {"fetch", "/fetch"},
      {"get", "/server"},
      {"getall", "/list"},
      {"help", "/help"},
      {"import", "/orchestrator import"},
      {"include", "/include"},
      {"list", "/list"},
      {"listchannels", "/listchannels"},
      {"mail", "/mail"},
      {"peon", "/peon"},
      {"plan", "/list"},
      {"plans", "/list"},
      {"poke", "/debug"},
      {"refresh", "/orchestrator refreshplans"},
      {"register", "/orchestrator register"},
      {"report", "/report"},
      {"restart", "/server"},
      {"resume", "/resume"},
      {"server", "/server"},
      {"start", "/server"},
      {"stop", "/server"},
      {"update", "/server"},
      {"usage", "/help"},
  }};
  for (const auto& [legacy, slash] : table)
    if (legacy == name)
      return slash;
  return {};
}

} // namespace hearth
