// hearthctl: looks into a running hearthd, and steers it.
#include "config/version.hpp"
#include "hearthctl/commands.hpp"
#include "infra/settings/startup_session.hpp"
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

namespace {

using namespace hearth::ctl;

constexpr auto footer =
    "Without a command: a menu of them.\n"
    "Exit codes: 0 done, 1 refused, 2 no daemon there, 3 certificates, 64 wrong usage.";
constexpr auto command_footer = "`hearthctl --help` has the options of every command: --json, "
                                "--profile, --data and others.";

/// What CLI11 writes into for one command.
struct parsed_command {
  CLI::App* app = nullptr;
  std::map<std::string, std::string> values; ///< Arguments and options with a value.
  std::map<std::string, bool> flags;
};

/// "--follow,-f" is known as "--follow".
std::string key_of(const command_option& option) {
  return option.name.substr(0, option.name.find(','));
}

CLI::App* declare(CLI::App& root, const command& one, std::map<std::string, CLI::App*>& groups) {
  auto* at = &root;
  for (auto start = size_t{0}; start <= one.name.size();) {
    const auto end = std::min(one.name.find(' ', start), one.name.size());
    const auto word = one.name.substr(start, end - start);
    start = end + 1;
    const auto last = start > one.name.size();
    auto*& known = groups[one.name.substr(0, end)];
    if (!known)
      known = at->add_subcommand(word, last ? one.help : one.help + " (" + one.name + ")");
    at = known;
    at->fallthrough();
    if (!last)
      at->require_subcommand(1);
  }
  return at;
}

void declare_all(CLI::App& app, std::vector<parsed_command>& parsed) {
  parsed.resize(commands().size());
  auto groups = std::map<std::string, CLI::App*>{};
  for (auto i = size_t{0}; i < commands().size(); ++i) {
    const auto& one = commands()[i];
    auto& into = parsed[i];
    into.app = declare(app, one, groups);
    for (const auto& argument : one.arguments) {
      auto* option = into.app->add_option(argument.name, into.values[argument.name], argument.help);
      if (argument.needed)
        option->required();
      if (!argument.choices.empty())
        option->check(CLI::IsMember(argument.choices));
    }
    for (const auto& option : one.options) {
      auto names = key_of(option);
      if (names.size() < option.name.size())
        names = option.name.substr(names.size() + 1) + "," + names;
      if (option.is_flag)
        into.app->add_flag(names, into.flags[key_of(option)], option.help);
      else
        into.app->add_option(names, into.values[key_of(option)], option.help);
    }
  }
}

/// What was typed is none of the commands; the first that begins like it may be meant.
std::string no_such_command(const std::vector<std::string>& typed) {
  const auto word = typed.empty() ? std::string{} : typed.front();
  auto text = "there is no command " + word;
  for (auto length = word.size(); length >= 2; --length)
    for (const auto& one : commands())
      if (one.name.compare(0, length, word, 0, length) == 0)
        return text + "; did you mean " + one.name + "?";
  return text + "; hearthctl --help lists them";
}

given_command given_to(const command& one, const parsed_command& parsed) {
  auto given = given_command{};
  for (const auto& argument : one.arguments)
    if (const auto& value = parsed.values.at(argument.name); !value.empty())
      given.arguments[argument.name] = value;
  for (const auto& option : one.options) {
    const auto key = key_of(option);
    if (option.is_flag && parsed.flags.at(key))
      given.options[key] = "";
    else if (!option.is_flag && !parsed.values.at(key).empty())
      given.options[key] = parsed.values.at(key);
  }
  return given;
}

int run(std::vector<std::string> line, const std::vector<std::string>& globals);

struct menu_context {
  std::vector<std::string> globals;
};

int run_from_menu(const std::vector<std::string>& line, void* context) {
  return run(line, static_cast<menu_context*>(context)->globals);
}

int run(std::vector<std::string> line, const std::vector<std::string>& globals) {
  CLI::App app{"Looks into a running hearthd, and steers it."};
  app.name("hearthctl");
  app.footer(command_footer); // commands take it over
  app.set_version_flag("--version", "hearthctl " HEARTH_VERSION);
  auto place = given_place{};
  auto json = false;
  app.set_help_flag("-h,--help", "Print this help, and end");
  app.get_option("--version")->description("Print the version, and end");
  const auto takes = [&app](const char* name, std::string& into, const char* what,
                            const char* help) {
    app.add_option(name, into, help)->type_name(what);
  };
  takes("--config", place.config, "FILE", "hearthd's configuration file (as hearthd finds it)");
  takes("--data", place.data, "FOLDER", "hearthd's data folder (HEARTH_DATA_DIR)");
  takes("--profile", place.profile, "NAME", "prod, preprod or sandbox (HEARTH_PROFILE)");
  takes("--connect", place.connect, "HOST:PORT", "A daemon elsewhere");
  takes("--certificates", place.certificates, "FOLDER",
        "Where they are (inspect in the data folder)");
  app.add_flag("--json", json, "Answers as JSON");
  auto parsed = std::vector<parsed_command>{};
  declare_all(app, parsed);
  app.footer(footer);

  line.insert(line.begin(), globals.begin(), globals.end());
  auto reversed = std::vector<std::string>{line.rbegin(), line.rend()}; // as CLI11 takes them
  try {
    app.parse(reversed);
  } catch (const CLI::ExtrasError& error) {
    if (!app.get_subcommands().empty())
      return app.exit(error), exit_usage;
    std::cerr << "hearthctl: " << no_such_command(app.remaining()) << '\n';
    return exit_usage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  try {
    for (auto i = size_t{0}; i < commands().size(); ++i)
      if (parsed[i].app->parsed()) {
        const auto at = session{find_daemon(place, hearth::read_environment()), json};
        commands()[i].run(at, given_to(commands()[i], parsed[i]));
        return 0;
      }
    if (!globals.empty() || line.empty() || app.get_subcommands().empty()) {
      auto context = menu_context{line};
      run_menu(run_from_menu, &context);
    }
    return 0;
  } catch (const trouble& error) {
    std::cerr << "hearthctl: " << error.what() << '\n';
    return error.exit_code();
  } catch (const std::exception& error) {
    std::cerr << "hearthctl: " << error.what() << '\n';
    return exit_refused;
  }
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN); // `hearthctl log -f | head` ends by itself
  return run({argv + 1, argv + argc}, {});
}
