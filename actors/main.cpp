// hearthd: the command line, and what can be said without starting.
#include "actors/root/daemon.hpp"
#include "actors/root/online_check.hpp"
#include "config/version.hpp"
#include "infra/root/instance_lock_process.hpp"
#include "infra/root/logging_session.hpp"
#include "infra/sound/render_context.hpp"
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <spdlog/spdlog.h>

namespace {

constexpr auto ex_usage = 64;  // sysexits.h
constexpr auto ex_config = 78; // the service does not start us again

constexpr auto version_text =
    "hearthd " HEARTH_VERSION "\n"
    "Copyright (c) 2026 The Hearth authors. MIT licence; binaries that "
    "link GPL libraries are under the GPL as a "
    "whole (this one links none; its modules for speech and own files do).";

int check(const hearth::startup& start, bool online) {
  std::cout << hearth::explain(start.settings);
  for (const auto& warning : start.warnings)
    std::cout << "warning: " << warning << '\n';
  if (!start.settings.problems.empty()) {
    std::cout << "\nThe configuration has mistakes:\n"
              << hearth::problems_text(start.settings.problems);
    return ex_config;
  }
  std::cout << "\nThe configuration is good"
            << (start.file.empty() ? " (no file: defaults and environment)"
                                   : " (" + start.file + ")")
            << ".\n";
  if (start.token.empty())
    std::cout << "There is no token yet.\n" << hearth::token_help(start.settings.value.profile);
  else
    std::cout << "The token comes from " << start.token_source << ".\n";
  return online ? hearth::check_online(start) : 0;
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::string{};
  auto want_check = false;
  auto want_online = false;
  auto want_invite = false;
  auto render = std::vector<std::string>{};
  CLI::App app{
      "The daemon of a Discord community: who plays tonight, cosy sounds, and more.\n"
      "The token comes from HEARTH_DISCORD_TOKEN or a systemd credential; every option of the\n"
      "configuration file is explained in config/README.md."};
  app.name("hearthd");
  app.footer(
      "Without an option it runs, in the foreground, until SIGTERM or Ctrl-C; hearthctl looks "
      "into it.\nExit codes: 0 ended in order, 64 wrong usage, 69 Discord unreachable, "
      "70 internal failure,\n78 configuration, token or data need a person.");
  app.set_version_flag("--version", version_text);
  app.set_help_flag("-h,--help", "Print this help, and end");
  app.get_option("--version")->description("Print version and licence, and end");
  app.add_option(
         "--config", config,
         "Configuration file (default: HEARTH_CONFIG, ./hearth.toml, /etc/hearth/hearth.toml)")
      ->type_name("FILE");
  auto* check_flag =
      app.add_flag("--check", want_check, "Explain the configuration, name mistakes, and end");
  app.add_flag("--online", want_online, "With --check: try the token, name missing intents")
      ->needs(check_flag);
  app.add_option("--render", render,
                 "Write a soundscape to a WAV file, and end: --render rain:2 60s rain.wav")
      ->expected(3)
      ->type_name("SOUND DURATION FILE");
  app.add_flag("--invite", want_invite, "Print the link that adds the bot to a server, and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : ex_usage;
  }

  if (!render.empty()) {
    const auto trouble = hearth::sound::render_to_file(render[0], render[1], render[2]);
    if (!trouble.empty())
      std::cerr << "hearthd: " << trouble << '\n';
    return trouble.empty() ? 0 : 1;
  }

  auto start = hearth::read_startup(config, hearth::read_environment());
  if (want_check)
    return check(start, want_online);
  if (!start.settings.problems.empty()) {
    std::cerr << "hearthd: the configuration has mistakes:\n"
              << hearth::problems_text(start.settings.problems);
    return ex_config;
  }
  if (start.token.empty()) {
    std::cerr << hearth::token_help(start.settings.value.profile);
    return ex_config;
  }
  if (want_invite)
    return hearth::print_invite(start);

  auto log = hearth::start_logging(start.settings.value.log.level,
                                   {start.token, start.alert_webhook, start.uptime_push});
  for (const auto& warning : start.warnings)
    spdlog::warn("{}", warning);
  if (const auto trouble = hearth::prepare_data_folder(start.data_folder); !trouble.empty()) {
    spdlog::critical("{}", trouble);
    return ex_config;
  }
  auto lock = hearth::instance_lock::take(start.data_folder, start.settings.value.profile);
  if (const auto* trouble = std::get_if<std::string>(&lock)) {
    spdlog::critical("{}", *trouble);
    return ex_config;
  }
  return hearth::run_daemon(std::move(start), config, std::move(log));
}
