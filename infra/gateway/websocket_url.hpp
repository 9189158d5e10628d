#pragma once
// Where a websocket leads, and whether it may be used. Pure.
#include "infra/gateway/transport.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

struct websocket_address {
  bool tls = true;
  std::string host;   ///< Without brackets.
  std::string port;   ///< Digits.
  std::string target; ///< Path and query, at least "/".
};

/// Takes "wss://host[:port][/path][?query]", and "ws://" for loopback hosts only: a token never
/// travels in the clear. Nothing for all else, for user information, and for characters that have
/// no place in a request line.
std::optional<websocket_address> parse_websocket_url(std::string_view url);

/// Whether this host is the machine itself: "localhost", 127.0.0.0/8 or ::1.
bool is_loopback_host(std::string_view host) noexcept;

/// The same for the host of any URL, such as "http://127.0.0.1:8787/api".
bool is_loopback_url(std::string_view url) noexcept;

/// The address to connect to: `base` (of /gateway/bot or READY) with the query that every
/// connection needs. A query that it already has is replaced. Source: discord-api 1.1.
/// @param sim_time Adds the simulator's extension.
std::string gateway_url(std::string_view base, compression mode, bool sim_time);

} // namespace hearth
