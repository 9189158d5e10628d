#include "hearthctl/commands.hpp"
#include "hearthctl/text_table.hpp"
#include <charconv>
#include <fmt/format.h>
#include <iostream>
#include <optional>

namespace hearth::ctl {
namespace {

constexpr const char* group_titles[] = {"Look", "Steer", "Data and certificates"};

void show_menu() {
  auto number = 0;
  auto group = std::optional<command_group>{};
  for (const auto& one : commands()) {
    if (group != one.group) {
      group = one.group;
      std::cout << fmt::format("\n  {}\n", group_titles[static_cast<size_t>(one.group)]);
    }
    std::cout << fmt::format("  {:>3}  {} {}\n", ++number, left(one.name, 13), one.help);
  }
  std::cout << "\n    q  end\n";
}

std::optional<std::string> ask(const std::string& question) {
  std::cout << question << std::flush;
  auto line = std::string{};
  if (!std::getline(std::cin, line))
    return std::nullopt;
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos)
    return std::string{};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

const command* chosen(const std::string& typed) {
  auto number = size_t{0};
  const auto [stop, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error == std::errc{} && stop == typed.data() + typed.size())
    return number >= 1 && number <= commands().size() ? &commands()[number - 1] : nullptr;
  for (const auto& one : commands())
    if (one.name == typed)
      return &one;
  return nullptr;
}

std::vector<std::string> words_of(const command& which) {
  auto words = std::vector<std::string>{};
  for (auto at = size_t{0}; at <= which.name.size();) {
    const auto end = std::min(which.name.find(' ', at), which.name.size());
    words.push_back(which.name.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// The line to run; nothing when the operator thought better of it.
std::optional<std::vector<std::string>> complete(const command& which) {
  auto line = words_of(which);
  for (const auto& argument : which.arguments) {
    const auto value = ask(fmt::format("  {} ({}{}): ", argument.name, argument.help,
                                       argument.needed ? "" : "; empty for none"));
    if (!value || (value->empty() && argument.needed))
      return std::nullopt;
    if (!value->empty())
      line.push_back(*value);
  }
  for (const auto& option : which.options) {
    const auto name = option.name.substr(0, option.name.find(','));
    const auto value = ask(fmt::format("  {}: {}? {}: ", name, option.help,
                                       option.is_flag ? "(y/N)" : "(empty for none)"));
    if (!value)
      return std::nullopt;
    if (value->empty() || (option.is_flag && *value != "y" && *value != "yes"))
      continue;
    line.push_back(name);
    if (!option.is_flag)
      line.push_back(*value);
  }
  return line;
}

} // namespace

const std::vector<command>& commands() {
  static const auto all = [] {
    auto joined = std::vector<command>{};
    for (const auto* part : {&look_commands(), &steer_commands(), &offline_commands()})
      joined.insert(joined.end(), part->begin(), part->end());
    return joined;
  }();
  return all;
}

void run_menu(int (*run_line)(const std::vector<std::string>&, void*), void* context) {
  for (;;) {
    show_menu();
    const auto typed = ask("\nNumber or name: ");
    if (!typed || *typed == "q" || *typed == "quit")
      return;
    if (typed->empty())
      continue;
    const auto* which = chosen(*typed);
    if (!which) {
      std::cout << fmt::format("There is no \"{}\" in the menu.\n", harmless(*typed));
      continue;
    }
    if (const auto line = complete(*which))
      run_line(*line, context);
    else
      std::cout << "Nothing was done.\n";
  }
}

} // namespace hearth::ctl
