#pragma once
// What one run of the daemon is given: configuration file, environment, credentials, data folder.
#include "infra/settings/options.hpp"
#include "infra/settings/secret.hpp"
#include <map>
#include <string>
#include <vector>

namespace hearth {

/// The variables that we look at: HEARTH_* and those systemd and the shell set.
std::map<std::string, std::string> read_environment();

struct startup {
  parsed_settings settings;          ///< With all problems found, those of files included.
  std::vector<std::string> warnings; ///< Worth a line, no reason to stop.
  std::string file;                  ///< The configuration file; empty: none, defaults only.
  std::string data_folder;           ///< Of this profile: "<data folder>/<profile>".
  secret token;                      ///< Empty when there is none.
  std::string token_source;          ///< "HEARTH_DISCORD_TOKEN" or the credential's path.
  secret alert_webhook; ///< Where alerts are posted to; its path is a password. Empty: nowhere.
  secret uptime_push;   ///< Uptime Kuma's push URL, likewise.
};

/// Reads all of it. `config`: the path given on the command line, or empty. Then HEARTH_CONFIG
/// counts, then ./hearth.toml and /etc/hearth/hearth.toml if they exist. The token is
/// HEARTH_DISCORD_TOKEN, else the credential discord_token_<profile>, else discord_token
/// ($CREDENTIALS_DIRECTORY; systemd.exec(5), LoadCredential=). The URLs likewise:
/// HEARTH_ALERT_WEBHOOK or alert_webhook, HEARTH_UPTIME_PUSH or uptime_push. Does not throw;
/// changes nothing.
startup read_startup(const std::string& config,
                     const std::map<std::string, std::string>& environment);

/// Makes the folder, for its owner alone. Empty when it can be written to, else why not.
std::string prepare_data_folder(const std::string& folder);

/// What to do without a token: five lines.
std::string token_help(const std::string& profile);

} // namespace hearth
