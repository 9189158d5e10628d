// The commands that work on the data folder: while no daemon runs, or whether or not one does.
#include "config/embedded.hpp"
#include "hearthctl/commands.hpp"
#include "hearthctl/json_text.hpp"
#include "hearthctl/link.hpp"
#include "hearthctl/text_table.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/root/instance_lock_process.hpp"
#include "infra/root/lock_owner_process.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/restore_db.hpp"
#include "infra/store/sqlite_db.hpp"
#include <filesystem>
#include <fmt/format.h>
#include <iostream>

namespace hearth::ctl {
namespace {

void print(const session& at, const order_done& done) {
  if (at.json) {
    std::cout << to_json(done).dump(2) << '\n';
    return;
  }
  std::cout << done.text << '\n';
  for (const auto& line : done.details)
    std::cout << "  " << line << '\n';
}

/// Nobody else uses the folder while it lives.
instance_lock take_lock(const session& at, const char* for_what) {
  auto ignored = std::error_code{};
  if (at.place.port != 0 || !std::filesystem::is_directory(at.place.data_folder, ignored))
    throw trouble{exit_usage, fmt::format("{} needs the daemon's data folder; {} is none", for_what,
                                          at.place.data_folder)};
  auto lock = instance_lock::take(at.place.data_folder, at.place.profile);
  if (const auto* why = std::get_if<std::string>(&lock))
    throw trouble{exit_refused,
                  fmt::format("{} is only possible while hearthd is stopped. {}", for_what, *why)};
  return std::move(std::get<instance_lock>(lock));
}

void restore(const session& at, const given_command& given) {
  const auto lock = take_lock(at, "A restore");
  const auto path = at.place.data_folder + "/hearth.db";
  auto error = std::error_code{};
  const auto copy = std::filesystem::absolute(given.at("FILE"), error).string();
  try {
    const auto report = restore_database(path, copy, at.place.data_folder + "/backups",
                                         embedded_migrations(), system_ms());
    auto done = order_done{fmt::format("{} is the database now (schema {})", copy, report.number)};
    if (!report.kept.empty())
      done.details.push_back("what was there before is kept in " + report.kept);
    for (const auto& file : report.missing)
      done.details.push_back("the next start brings it to " + file);
    print(at, done);
  } catch (const std::runtime_error& why) { // sqlite_error, migrate_error
    throw trouble{exit_refused, fmt::format("nothing was changed: {}", why.what())};
  }
}

void renew(const session& at, const given_command& given) {
  const auto authorities = given.has("--authorities");
  auto done = order_done{};
  if (at.place.port != 0 || lock_owner(at.place.data_folder) != 0) {
    auto order = order_renew{};
    order.authorities = authorities;
    order.by = myself();
    steer_link to{at.place};
    done = to.ask<order_done>(order);
  } else {
    const auto lock = take_lock(at, "A renewal without the daemon");
    const auto made = renew_certificates(at.place.certificates, system_ms(), authorities);
    if (!made.trouble.empty())
      throw trouble{exit_certificate, made.trouble};
    done.text = "certificates made anew; the daemon uses them from its next start";
    for (const auto& one : list_certificates(at.place.certificates))
      if (std::find(made.made.begin(), made.made.end(), one.name) != made.made.end())
        done.details.push_back(
            fmt::format("{} until {}", one.name, time_text(one.expires_ms).substr(0, 10)));
  }
  print(at, done);
}

void show_certificates(const session& at, const given_command&) {
  const auto all = list_certificates(at.place.certificates);
  if (all.empty())
    throw trouble{exit_certificate,
                  fmt::format("there are no certificates in {}; the daemon makes them at its start",
                              at.place.certificates)};
  auto rows = std::vector<std::vector<std::string>>{};
  auto json = nlohmann::ordered_json::array();
  for (const auto& one : all) {
    const auto days = (one.expires_ms - system_ms()) / 86'400'000;
    rows.push_back({one.name, time_text(one.expires_ms).substr(0, 10), std::to_string(days),
                    one.fingerprint.substr(0, 16)});
    json.push_back({{"name", one.name},
                    {"expires_ms", one.expires_ms},
                    {"days_left", days},
                    {"fingerprint", one.fingerprint}});
  }
  if (at.json)
    std::cout << json.dump(2) << '\n';
  else
    std::cout << table({{"CERTIFICATE"}, {"ENDS"}, {"DAYS", true}, {"SHA-256"}}, rows);
}

} // namespace

const std::vector<command>& offline_commands() {
  static const auto all =
      std::vector<command>{{"restore",
                            command_group::offline,
                            "Go back to a copy of the database (daemon stopped)",
                            {{"FILE", "A copy made by backup, or a daily one"}},
                            {},
                            restore},
                           {"certificates",
                            command_group::offline,
                            "The certificates and their ends",
                            {},
                            {},
                            show_certificates},
                           {"renew",
                            command_group::offline,
                            "Make the certificates anew",
                            {},
                            {{"--authorities", "The CAs as well: copies elsewhere become void"}},
                            renew},
                           {"completion",
                            command_group::offline,
                            "Print the completion script of a shell",
                            {{"SHELL", "bash", true, {"bash"}}},
                            {},
                            [](const session&, const given_command& given) {
                              if (given.at("SHELL") != "bash")
                                throw trouble{exit_usage, "there is only bash"};
                              std::cout << bash_completion();
                            }}};
  return all;
}

} // namespace hearth::ctl
