#pragma once
// The one table of hearthctl's commands: command line, menu and completion all come from it.
#include "hearthctl/place.hpp"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hearth::ctl {

/// What is given after the command's name.
struct command_argument {
  std::string name; ///< "GUILD"
  std::string help;
  bool needed = true;
  std::vector<std::string> choices = {}; ///< For completion; empty: anything.
};
struct command_option {
  std::string name; ///< "--lines"
  std::string help;
  bool is_flag = true;
};

struct given_command {
  std::map<std::string, std::string> arguments; ///< By name; absent ones are not there.
  std::map<std::string, std::string> options;   ///< By name; "" for a flag.
  bool has(const std::string& name) const {
    return arguments.count(name) != 0 || options.count(name) != 0;
  }
  std::string at(const std::string& name) const {
    const auto argument = arguments.find(name);
    if (argument != arguments.end())
      return argument->second;
    const auto option = options.find(name);
    return option == options.end() ? std::string{} : option->second;
  }
};

/// Where and how a command works.
struct session {
  daemon_place place;
  bool json = false;
};

enum class command_group : uint8_t { look, steer, offline };

struct command {
  std::string name; ///< "job run": words separated by one blank.
  command_group group = command_group::look;
  std::string help;
  std::vector<command_argument> arguments = {};
  std::vector<command_option> options = {};
  /// Prints to standard output; throws trouble.
  void (*run)(const session&, const given_command&) = nullptr;
};

/// All of them, in the order of help and menu.
const std::vector<command>& commands();
const std::vector<command>& look_commands();
const std::vector<command>& steer_commands();
const std::vector<command>& offline_commands();

/// The script for `hearthctl completion bash`. Pure.
std::string bash_completion();

/// Reads lines from standard input until its end or "q": shows all commands, asks for their
/// arguments and runs them. `run_line`: as the command line would, with the global options.
void run_menu(int (*run_line)(const std::vector<std::string>&, void*), void* context);

} // namespace hearth::ctl
