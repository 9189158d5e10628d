#include "infra/settings/startup_session.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

extern char** environ;

namespace hearth {
namespace {

namespace fs = std::filesystem;
using variables = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 7> our_variables = {
    "HEARTH_ALERT_WEBHOOK", "HEARTH_CONFIG",  "HEARTH_DATA_DIR",   "HEARTH_DISCORD_API",
    "HEARTH_DISCORD_TOKEN", "HEARTH_PROFILE", "HEARTH_UPTIME_PUSH"};
constexpr std::array<std::string_view, 4> others = {"CREDENTIALS_DIRECTORY", "STATE_DIRECTORY",
                                                    "XDG_DATA_HOME", "HOME"};
/// A configuration or credential of more is a mistake (a device, a log).
constexpr size_t file_bytes_max = 1024 * 1024;

std::string get(const variables& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string{} : found->second;
}

/// The file's text; nothing and a reason when it cannot be read.
std::optional<std::string> read_file(const std::string& path, std::string& why) {
  errno = 0;
  auto file = std::ifstream{path, std::ios::binary};
  auto text = std::string(file_bytes_max + 1, '\0');
  if (fs::is_directory(path))
    errno = EISDIR;
  else if (file.read(text.data(), static_cast<std::streamsize>(text.size())) || file.eof())
    text.resize(static_cast<size_t>(file.gcount()));
  if (errno != 0 || !file.eof()) {
    why = errno != 0 ? std::strerror(errno) : "longer than 1 MB";
    return std::nullopt;
  }
  return text;
}

std::string config_path(const std::string& given, const variables& environment) {
  if (!given.empty())
    return given;
  if (const auto named = get(environment, "HEARTH_CONFIG"); !named.empty())
    return named;
  auto ignored = std::error_code{};
  for (const auto* usual : {"hearth.toml", "/etc/hearth/hearth.toml"})
    if (fs::is_regular_file(usual, ignored))
      return usual;
  return {};
}

std::string data_root(const settings& given, const variables& environment) {
  if (!given.data.folder.empty())
    return given.data.folder;
  // systemd may name several, separated by colons.
  if (const auto state = get(environment, "STATE_DIRECTORY"); !state.empty())
    return state.substr(0, state.find(':'));
  if (const auto data = get(environment, "XDG_DATA_HOME"); !data.empty())
    return data + "/hearth";
  if (const auto home = get(environment, "HOME"); !home.empty())
    return home + "/.local/share/hearth";
  return "/var/lib/hearth";
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos
             ? std::string{}
             : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_one_word(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// The variable's text, else the credential's of this profile, else the general one. `source` says
/// where it is from, or would have been last.
std::string read_secret(startup& into, const variables& environment, const char* variable,
                        const std::string& credential, std::string& source) {
  source = variable;
  if (auto given = trimmed(get(environment, variable)); !given.empty())
    return given;
  const auto folder = get(environment, "CREDENTIALS_DIRECTORY");
  if (folder.empty())
    return {};
  for (const auto& name : {credential + "_" + into.settings.value.profile, credential}) {
    source = folder + "/" + name;
    auto ignored = std::error_code{};
    if (!fs::exists(source, ignored))
      continue;
    auto why = std::string{};
    if (const auto text = read_file(source, why))
      return trimmed(*text);
    into.settings.problems.push_back({source, why});
    return {};
  }
  return {};
}

void read_token(startup& into, const variables& environment) {
  auto token =
      read_secret(into, environment, "HEARTH_DISCORD_TOKEN", "discord_token", into.token_source);
  // Some write "Bot <token>", as the header has it.
  if (token.rfind("Bot ", 0) == 0)
    token = trimmed(token.substr(4));
  if (!is_one_word(token)) {
    into.settings.problems.push_back(
        {into.token_source, "the token has spaces or line breaks in it; copy it again"});
    token.clear();
  }
  if (token.empty())
    into.token_source.clear();
  into.token = secret{token};
}

/// A URL whose path is a password.
secret read_url(startup& into, const variables& environment, const char* variable,
                const std::string& credential) {
  auto source = std::string{};
  auto url = read_secret(into, environment, variable, credential, source);
  const auto web = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
  if (url.empty() || (web && is_one_word(url) && url.size() <= 2'000))
    return secret{std::move(url)};
  into.settings.problems.push_back({source, "no URL; it begins with https://"});
  return {};
}

void warn_of_slips(startup& into, const variables& environment) {
  for (const auto& [name, value] : environment)
    if (name.rfind("HEARTH_", 0) == 0 &&
        std::find(our_variables.begin(), our_variables.end(), name) == our_variables.end())
      into.warnings.push_back(fmt::format("{} is no variable of hearthd; it knows {}", name,
                                          fmt::join(our_variables, ", ")));
}

bool is_own_address(const std::string& address) {
  return address.rfind("127.", 0) == 0 || address == "::1";
}

void warn_of_open_ports(startup& into) {
  const auto look = [&](const char* key, const remote_settings& where) {
    if (where.port != 0 && !is_own_address(where.address))
      into.warnings.push_back(fmt::format(
          "{}.address is {}: other machines reach that port. Only holders of its certificates get "
          "in, but a firewall should let nobody else try",
          key, where.address));
  };
  look("inspect", into.settings.value.inspect);
  look("steer", into.settings.value.steer);
}

} // namespace

std::map<std::string, std::string> read_environment() {
  auto found = variables{};
  for (auto** entry = environ; entry && *entry; ++entry) {
    const auto line = std::string_view{*entry};
    const auto name = line.substr(0, line.find('='));
    if (name.size() < line.size() &&
        (name.rfind("HEARTH_", 0) == 0 ||
         std::find(others.begin(), others.end(), name) != others.end()))
      found.emplace(name, line.substr(name.size() + 1));
  }
  return found;
}

startup read_startup(const std::string& config, const variables& environment) {
  auto result = startup{};
  result.file = config_path(config, environment);
  auto text = std::string{};
  auto trouble = std::string{};
  if (!result.file.empty()) {
    if (auto found = read_file(result.file, trouble))
      text = std::move(*found);
    else
      trouble = "cannot be read: " + trouble;
  }
  result.settings = parse_settings(text, result.file, environment);
  if (!trouble.empty())
    result.settings.problems.push_back({result.file, trouble});
  result.data_folder =
      data_root(result.settings.value, environment) + "/" + result.settings.value.profile;
  read_token(result, environment);
  result.alert_webhook = read_url(result, environment, "HEARTH_ALERT_WEBHOOK", "alert_webhook");
  result.uptime_push = read_url(result, environment, "HEARTH_UPTIME_PUSH", "uptime_push");
  warn_of_slips(result, environment);
  warn_of_open_ports(result);
  return result;
}

std::string prepare_data_folder(const std::string& folder) {
  auto error = std::error_code{};
  const auto was_there = fs::is_directory(folder, error);
  if (!was_there) {
    fs::create_directories(folder, error);
    if (error)
      return fmt::format("the data folder {} cannot be made: {}", folder, error.message());
    fs::permissions(folder, fs::perms::owner_all, error); // members' data
  }
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    return fmt::format("the data folder {} cannot be written to: {}", folder, std::strerror(errno));
  return {};
}

std::string token_help(const std::string& profile) {
  return fmt::format(
      "hearthd has no Discord token (profile {}).\n"
      "1. On https://discord.com/developers/applications make an application; its page Bot shows "
      "the token once.\n"
      "2. HEARTH_DISCORD_TOKEN=... hearthd --check --online   says whether all is well.\n"
      "3. HEARTH_DISCORD_TOKEN=... hearthd --invite   prints the link that adds the bot to your "
      "server.\n"
      "No account? tools/demo.sh runs everything on a local Discord.\n",
      profile);
}

} // namespace hearth
