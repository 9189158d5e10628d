#include "hearthctl/place.hpp"
#include "infra/root/lock_owner_process.hpp"
#include "infra/settings/startup_session.hpp"
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <thread>

namespace hearth::ctl {
namespace {

std::string first_line(const std::string& path) {
  auto file = std::ifstream{path};
  auto line = std::string{};
  std::getline(file, line);
  return line;
}

uint16_t parse_port(std::string_view text) {
  auto port = uint16_t{0};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && stop == text.data() + text.size() ? port : uint16_t{0};
}

std::string how_to_name() {
  return "Name its profile (--profile or HEARTH_PROFILE), data folder (--data or HEARTH_DATA_DIR) "
         "or configuration (--config or HEARTH_CONFIG).";
}

} // namespace

std::pair<std::string, uint16_t> parse_address(const std::string& text) {
  const auto cut = text.find_last_of(" :");
  const auto port = cut == std::string::npos ? uint16_t{0} : parse_port(text.substr(cut + 1));
  if (port == 0 || cut == 0)
    throw trouble{exit_usage,
                  fmt::format("\"{}\" is no address; write one such as 10.0.0.5:7480", text)};
  auto host = text.substr(0, cut);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "0.0.0.0") // listens everywhere: then here as well
    host = "127.0.0.1";
  if (host == "::")
    host = "::1";
  return {host, port};
}

daemon_place find_daemon(const given_place& given,
                         const std::map<std::string, std::string>& environment) {
  auto told = environment;
  if (!given.data.empty())
    told["HEARTH_DATA_DIR"] = given.data;
  if (!given.profile.empty())
    told["HEARTH_PROFILE"] = given.profile;
  const auto start = read_startup(given.config, told);
  for (const auto& problem : start.settings.problems)
    if (problem.where == "HEARTH_PROFILE" || problem.where == given.config)
      throw trouble{exit_usage, fmt::format("{}: {}", problem.where, problem.what)};
  auto place = daemon_place{};
  place.profile = start.settings.value.profile;
  place.data_folder = start.data_folder;
  place.certificates =
      given.certificates.empty() ? start.data_folder + "/inspect" : given.certificates;
  if (!given.connect.empty())
    std::tie(place.address, place.port) = parse_address(given.connect);
  return place;
}

std::pair<std::string, uint16_t> find_port(const daemon_place& place, inspect_right right,
                                           int64_t patience_ms) {
  if (place.port != 0)
    return {place.address, place.port};
  const auto file = place.certificates + "/" + to_string(right) + ".address";
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  for (;;) {
    auto ignored = std::error_code{};
    if (!std::filesystem::exists(place.data_folder, ignored))
      throw trouble{exit_unreachable,
                    fmt::format("There is no hearthd with the profile {} here: {} does not "
                                "exist.\n{}",
                                place.profile, place.data_folder, how_to_name())};
    if (lock_owner(place.data_folder) == 0)
      throw trouble{exit_unreachable,
                    fmt::format("hearthd does not run with the profile {} (data folder {}).\n"
                                "Start it: systemctl start hearth, or run hearthd. Is it another "
                                "one? {}",
                                place.profile, place.data_folder, how_to_name())};
    if (const auto line = first_line(file); !line.empty())
      return parse_address(line);
    if (std::chrono::steady_clock::now() >= end)
      throw trouble{exit_unreachable,
                    fmt::format("hearthd runs (profile {}), but nobody can {}: {} is not there.\n"
                                "Is {}.port 0 in its configuration? Else its log says why: "
                                "journalctl -u hearth | grep inspect",
                                place.profile, to_string(right), file, to_string(right))};
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

} // namespace hearth::ctl
