#pragma once
// Which daemon is meant, and where its certificates and ports are.
#include "infra/inspect/certificates_context.hpp"
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

namespace hearth::ctl {

/// What went wrong, for the operator: what, where, how to fix it.
class trouble : public std::runtime_error {
public:
  trouble(int exit_code, const std::string& text)
      : std::runtime_error(text), exit_code_(exit_code) {}
  int exit_code() const noexcept { return exit_code_; }

private:
  int exit_code_;
};
constexpr int exit_refused = 1;     ///< The daemon did not carry it out.
constexpr int exit_unreachable = 2; ///< No daemon, or it does not listen.
constexpr int exit_certificate = 3; ///< Wrong, missing or ended.
constexpr int exit_usage = 64;

/// The options that every command has.
struct given_place {
  std::string config, data, profile; ///< As hearthd's; empty: as hearthd finds them.
  std::string connect;               ///< "HOST:PORT" of a daemon elsewhere; empty: this machine's.
  std::string certificates;          ///< Their folder; empty: in the data folder.
};

struct daemon_place {
  std::string profile;
  std::string data_folder;  ///< Of the profile.
  std::string certificates; ///< Folder.
  std::string address;      ///< Given by --connect; else empty.
  uint16_t port = 0;
};

/// Finds it as hearthd does: --config, HEARTH_CONFIG, the usual files, HEARTH_PROFILE,
/// HEARTH_DATA_DIR. Throws trouble.
daemon_place find_daemon(const given_place& given,
                         const std::map<std::string, std::string>& environment);

/// Where the running daemon listens for that right. Waits up to `patience_ms` for one that is just
/// starting. Throws trouble when it does not run or does not listen.
std::pair<std::string, uint16_t> find_port(const daemon_place& place, inspect_right right,
                                           int64_t patience_ms);

/// "127.0.0.1 7480"; throws trouble when it is something else.
std::pair<std::string, uint16_t> parse_address(const std::string& text);

} // namespace hearth::ctl
