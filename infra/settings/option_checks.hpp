#pragma once
// What the texts of the configuration file must look like: each check gives "" or why not, for the
// operator. Pure.
#include <string>
#include <string_view>

namespace hearth {

/// An IANA time zone; names the nearest one.
std::string check_zone(std::string_view text);
/// A time of day, "04:10".
std::string check_minute(std::string_view text);
/// The API's address.
std::string check_api(std::string_view text);
/// An Ed25519 public key: 64 hex digits, or nothing.
std::string check_key(std::string_view text);
/// Visible ASCII characters only.
std::string check_prefix(std::string_view text);
/// A channel's id, or nothing.
std::string check_channel(std::string_view text);
/// Only its shape: whether this machine has the address shows when it is listened on.
std::string check_address(std::string_view text);

} // namespace hearth
