#include "infra/root/help_text.hpp"
#include "infra/interactions/message_builder.hpp"
#include <algorithm>

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

/// Calls `fn` for the command, or for each of its branches: what members can type.
template <class Fn> void each_branch(const command_spec& command, Fn&& fn) {
  if (command.subcommands.empty())
    fn(nullptr);
  for (const auto& branch : command.subcommands)
    fn(&branch);
}

std::string lines_of(const command_spec& command, const help_viewer& viewer, const catalog& texts,
                     bool described) {
  auto lines = std::string{};
  each_branch(command, [&](const subcommand_spec* branch) {
    if (command.type != command_kind::slash) { // context menus explain themselves by their place
      lines += "**" + escape_markdown(command.name) + "**";
    } else {
      lines += viewer.mention(path_of(command, branch));
      if (described)
        lines += " — " + texts.text(viewer.locale, description_key(command, branch));
    }
    lines += described ? "\n" : " ";
  });
  return lines;
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
  for (const auto* command : commands)
    if (group_of(*command) == group)
      lines += lines_of(*command, viewer, texts, described);
  if (!lines.empty() && !described)
    lines.back() = '\n';
  return lines;
}

std::string overview_text(const std::vector<const command_spec*>& commands,
                          const help_viewer& viewer, const catalog& texts, bool described) {
  auto text = std::string{};
  for (const auto& group : groups_of(commands)) {
    const auto lines = group_text(group, commands, viewer, texts, described);
    if (!lines.empty())
      text += "**" + texts.text(viewer.locale, "feature." + group) + "**\n" + lines + "\n";
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
  auto page = help_page{"/" + command.name, {}};
  each_branch(command, [&](const subcommand_spec* branch) {
    if (command.type == command_kind::slash)
      page.text += viewer.mention(path_of(command, branch)) + " — " +
                   texts.text(viewer.locale, description_key(command, branch)) + "\n";
    for (const auto& option : branch ? branch->options : command.options)
      page.text += option_line(command, branch, option, viewer, texts);
  });
  const auto who = static_cast<int>(command.who);
  page.text += "\n" + texts.text(viewer.locale, "core.help.who." + std::to_string(who));
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
    const auto who = command.who == allowed::in_voice ? allowed::everyone : command.who;
    if (on && refusal(who, viewer.member, viewer.facts).empty())
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
    if (group != topic)
      continue;
    auto page = help_page{texts.text(viewer.locale, "feature." + group), {}};
    page.text = truncate(group_text(group, usable, viewer, texts, true), text_max);
    if (!page.text.empty())
      return page;
  }
  return {};
}

std::vector<std::string> help_topics(const std::vector<command_spec>& commands,
                                     const help_viewer& viewer, std::string_view typed) {
  constexpr auto choices_max = size_t{25};
  if (!typed.empty() && typed.front() == '/')
    typed.remove_prefix(1);
  const auto usable = usable_commands(commands, viewer);
  auto topics = std::vector<std::string>{};
  const auto offer = [&](const std::string& topic) {
    const auto known = std::find(topics.begin(), topics.end(), topic) != topics.end();
    if (!known && topics.size() < choices_max && topic.find(typed) != std::string::npos)
      topics.push_back(topic);
  };
  for (const auto* command : usable)
    offer(group_of(*command));
  for (const auto* command : usable)
    offer(command->name);
  return topics;
}

} // namespace hearth
