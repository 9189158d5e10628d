#pragma once
// From a method and a path to what Discord limits together. Pure. Source: discord-api 2.3.
#include "messages/rest.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

/// What the limits of a request depend on.
struct route {
  /// Method and path with ids replaced: "POST /channels/{}/messages". Deletions of messages carry
  /// the message's age class as well, since Discord limits them apart.
  std::string key;
  /// The id that has a bucket of its own: channel, guild, webhook, or webhook id and token; else
  /// empty.
  std::string major;
  bool callback = false; ///< POST /interactions/{}/{}/callback.
  bool by_token = false; ///< The token in the path authorises, the bot's is not sent.
  /// Writes to the same thing keep their order: the path without query, empty for GET.
  std::string ordered;
};

/// @param path Below /api/v10, with or without query.
/// @param unix_ms Now, to tell the age of a message that is deleted; 0 when unknown.
route describe_route(http_method method, std::string_view path, int64_t unix_ms);

/// The path as it may be logged: interaction and webhook tokens become "***", no query.
std::string redacted_path(std::string_view path);

/// "GET", "POST", "PUT", "PATCH" or "DELETE".
const char* to_string(http_method method) noexcept;

} // namespace hearth
