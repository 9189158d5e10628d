#pragma once
// Checks Discord's signatures, by libsodium. Source: RFC 8032, discord-api 3.2.
#include <array>
#include <optional>
#include <string_view>

namespace hearth {

/// The public key of an application (its `verify_key`).
class ed25519_key {
public:
  /// Reads 64 hex digits; nothing for anything else.
  static std::optional<ed25519_key> from_hex(std::string_view hex);

  /// Whether `signature_hex`, 128 hex digits and nothing else, is the key owner's signature over
  /// timestamp and body as one text. Takes the same time whatever the signature's bytes are: its
  /// digits are decoded without branches, and libsodium compares in constant time.
  bool verifies(std::string_view signature_hex, std::string_view timestamp,
                std::string_view body) const;

private:
  std::array<unsigned char, 32> bytes_{};
};

} // namespace hearth
