#include "infra/root/help_text.hpp"
#include "infra/interactions/message_builder.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
namespace {

/// Of a description of 4096, with room for the last line.
constexpr size_t text_max = 3'900;

/// "command.modchannel.set.description"
std::string description_key(const command_spec& command, const subcommand_spec* branch) {
  auto key = "command." + command.name;
  if (branch && !branch->group.empty())
    key += "." + branch->group;
  if (branch)
    key += "." + branch->name;
  return key + ".description";
}

std::string path_of(const command_spec& command, const subcommand_spec* branch) {
  if (!branch)
    return command.name;
  return command.name + (branch->group.empty() ? "" : " " + branch->group) + " " + branch->name;
}

/// Whether the viewer may. Being in voice is no condition here: it passes.
bool passes(allowed who, const help_viewer& viewer) {
  return refusal(who == allowed::in_voice ? allowed::everyone : who, viewer.member, viewer.facts)
      .empty();
}

bool contains_folded(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end() ||
         part.empty();
}

/// Calls `fn` for the command, or for each of its branches that the viewer may use: what they can
/// type.
template <class Fn>
void each_branch(const command_spec& command, const help_viewer& viewer, Fn&& fn) {
  if (command.subcommands.empty())
    fn(nullptr);
  for (const auto& branch : command.subcommands)
    if (passes(branch.who.value_or(command.who), viewer))
      fn(&branch);
}

/// One line a command: what it is for, then its branches.
std::string line_of(const command_spec& command, const help_viewer& viewer, const catalog& texts,
                    bool described) {
  if (command.type != command_kind::slash) // context menus explain themselves by their place
    return "**" + escape_markdown(command.name) + "**\n";
  auto line = std::string{};
  each_branch(command, viewer, [&](const subcommand_spec* branch) {
    line += (line.empty() ? "" : " ") + viewer.mention(path_of(command, branch));
  });
  if (!described)
    return line + "\n";
  const auto about = texts.text(viewer.locale, description_key(command, nullptr));
  return command.subcommands.empty() ? line + " — " + about + "\n" : about + ": " + line + "\n";
}

/// Where a command is listed: its feature, or whom it is for among the core ones.
std::string group_of(const command_spec& command) {
  if (command.feature != "core")
    return command.feature;
  return command.who >= allowed::moderator ? "moderation" : "core";
}

std::vector<std::string> groups_of(const std::vector<const command_spec*>& commands) {
  auto groups = std::vector<std::string>{"core"};
  for (const auto* command : commands)
    if (const auto group = group_of(*command);
        group != "moderation" && std::find(groups.begin(), groups.end(), group) == groups.end())
      groups.push_back(group);
  groups.emplace_back("moderation"); // last: most members have none of it
  return groups;
}

std::string group_text(const std::string& group, const std::vector<const command_spec*>& commands,
                       const help_viewer& viewer, const catalog& texts, bool described) {
  auto lines = std::string{};
  for (const auto moderates : {false, true}) // what all may use comes first
    for (const auto* command : commands)
      if (group_of(*command) == group && (command->who >= allowed::moderator) == moderates)
        lines += line_of(*command, viewer, texts, described);
  return lines;
}

std::string overview_text(const std::vector<const command_spec*>& commands,
                          const help_viewer& viewer, const catalog& texts, bool described) {
  auto text = std::string{};
  for (const auto& group : groups_of(commands)) {
    const auto lines = group_text(group, commands, viewer, texts, described);
    if (!lines.empty())
      text += fmt::format("**{}**\n{}\n", texts.text(viewer.locale, "feature." + group), lines);
  }
  return text;
}

std::string option_line(const command_spec& command, const subcommand_spec* branch,
                        const option_spec& option, const help_viewer& viewer,
                        const catalog& texts) {
  auto key = description_key(command, branch);
  key.resize(key.size() - std::string_view{"description"}.size());
  const auto text = texts.text(viewer.locale, key + option.name + ".description");
  const auto line = "• `" + option.name + "` — " + text;
  return option.required ? line + "\n"
                         : line + " " + texts.text(viewer.locale, "core.help.optional") + "\n";
}

help_page command_page(const command_spec& command, const help_viewer& viewer,
                       const catalog& texts) {
  const auto who = [&](allowed rank) {
    return texts.text(viewer.locale, "core.help.who." + std::to_string(static_cast<int>(rank)));
  };
  auto page = help_page{"/" + command.name, {}};
  each_branch(command, viewer, [&](const subcommand_spec* branch) {
    if (command.type == command_kind::slash)
      page.text += viewer.mention(path_of(command, branch)) + " — " +
                   texts.text(viewer.locale, description_key(command, branch)) + "\n";
    for (const auto& option : branch ? branch->options : command.options)
      page.text += option_line(command, branch, option, viewer, texts);
    if (branch && branch->who && *branch->who != command.who)
      page.text += "• *" + who(*branch->who) + "*\n";
  });
  page.text += "\n" + who(command.who);
  page.text = truncate(page.text, text_max);
  return page;
}

} // namespace

std::vector<const command_spec*> usable_commands(const std::vector<command_spec>& commands,
                                                 const help_viewer& viewer) {
  auto usable = std::vector<const command_spec*>{};
  for (const auto& command : commands) {
    const auto on = command.feature == "core" ||
                    std::find(viewer.features.begin(), viewer.features.end(), command.feature) !=
                        viewer.features.end();
    if (on && passes(command.who, viewer))
      usable.push_back(&command);
  }
  return usable;
}

help_page help_overview(const std::vector<command_spec>& commands, const help_viewer& viewer,
                        const catalog& texts) {
  const auto usable = usable_commands(commands, viewer);
  auto page = help_page{texts.text(viewer.locale, "core.help.title"), {}};
  page.text = overview_text(usable, viewer, texts, true);
  if (text_length(page.text) > text_max)
    page.text = overview_text(usable, viewer, texts, false);
  page.text = truncate(page.text, text_max);
  page.text += "\n" + texts.text(viewer.locale, "core.help.more");
  return page;
}

help_page help_topic(const std::vector<command_spec>& commands, const help_viewer& viewer,
                     const catalog& texts, std::string_view topic) {
  if (!topic.empty() && topic.front() == '/')
    topic.remove_prefix(1);
  const auto usable = usable_commands(commands, viewer);
  for (const auto* command : usable)
    if (command->name == topic)
      return command_page(*command, viewer, texts);
  for (const auto& group : groups_of(usable)) {
    auto page = help_page{texts.text(viewer.locale, "feature." + group), {}};
    if (group != topic && page.title != topic)
      continue;
    page.text = truncate(group_text(group, usable, viewer, texts, true), text_max);
    if (!page.text.empty())
      return page;
  }
  return {};
}

std::vector<help_topic_offer> help_topics(const std::vector<command_spec>& commands,
                                          const help_viewer& viewer, const catalog& texts,
                                          std::string_view typed) {
  constexpr auto choices_max = size_t{25}, name_max = size_t{100};
  if (!typed.empty() && typed.front() == '/')
    typed.remove_prefix(1);
  auto topics = std::vector<help_topic_offer>{};
  const auto offer = [&](const std::string& id, const std::string& name) {
    const auto fits = contains_folded(id, typed) || contains_folded(name, typed);
    if (fits && topics.size() < choices_max)
      topics.push_back({id, truncate(name, name_max)});
  };
  const auto usable = usable_commands(commands, viewer);
  for (const auto& group : groups_of(usable))
    if (std::any_of(usable.begin(), usable.end(),
                    [&](const auto* command) { return group_of(*command) == group; }))
      offer(group, texts.text(viewer.locale, "feature." + group));
  for (const auto* command : usable)
    offer(command->name, command->type == command_kind::slash
                             ? "/" + command->name + " — " +
                                   texts.text(viewer.locale, description_key(*command, nullptr))
                             : command->name);
  return topics;
}

} // namespace hearth
