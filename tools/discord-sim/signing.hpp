#pragma once
// Ed25519 signatures of HTTP interactions (RFC 8032; discord-api 3.2), by OpenSSL.
#include <string>
#include <string_view>

namespace sim {

/// 32 bytes that follow from `from`, for keys that are the same in every run.
std::string signing_seed_of(std::string_view from);
/// The public key of a seed of 32 bytes, as 64 hex digits: `verify_key` of the application.
std::string public_key_hex(const std::string& seed);
/// The signature over `text`, as 128 hex digits.
std::string sign_hex(const std::string& seed, std::string_view text);

} // namespace sim
