#pragma once
// The simulator as an HTTP client: how signed interactions reach an application (discord-api 3.2).
#include "discord-sim/event_loop.hpp"
#include "discord-sim/http.hpp"

namespace sim {

/// Where a POST goes.
struct post_target {
  std::uint16_t port = 80;
  std::string path = "/"; ///< with its query
  std::string host;       ///< "127.0.0.1:8080", for the Host header
};

/// Reads "http://127.0.0.1:PORT/path" (or localhost). Nothing for any other scheme or host: this
/// Discord talks to its own machine only.
std::optional<post_target> parse_post_url(std::string_view url);

/// Sends one POST on a connection of its own. `then` is called once, with nothing when the other
/// side cannot be reached, breaks off, answers more than 1 MiB or does not answer within `limit`.
void http_post(event_loop& loop, const post_target& target, const header_list& headers,
               std::string body, std::chrono::milliseconds limit,
               std::function<void(std::optional<http_response>)> then);

} // namespace sim
