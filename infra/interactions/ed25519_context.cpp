#include "infra/interactions/ed25519_context.hpp"
#include <sodium.h>
#include <string>

namespace hearth {
namespace {

/// Decodes exactly N bytes; false for any other length or digit.
template <size_t N> bool decode(std::string_view hex, std::array<unsigned char, N>& out) {
  if (hex.size() != 2 * N)
    return false;
  auto written = size_t{0};
  const char* end = nullptr;
  return sodium_hex2bin(out.data(), out.size(), hex.data(), hex.size(), nullptr, &written, &end) ==
             0 &&
         written == N && end == hex.data() + hex.size();
}

} // namespace

std::optional<ed25519_key> ed25519_key::from_hex(std::string_view hex) {
  static_assert(std::tuple_size_v<decltype(bytes_)> == crypto_sign_PUBLICKEYBYTES);
  auto key = ed25519_key{};
  if (!decode(hex, key.bytes_))
    return std::nullopt;
  return key;
}

bool ed25519_key::verifies(std::string_view signature_hex, std::string_view timestamp,
                           std::string_view body) const {
  auto signature = std::array<unsigned char, crypto_sign_BYTES>{};
  if (!decode(signature_hex, signature))
    return false;
  auto text = std::string{};
  text.reserve(timestamp.size() + body.size());
  text.append(timestamp).append(body);
  return crypto_sign_verify_detached(signature.data(),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size(), bytes_.data()) == 0;
}

} // namespace hearth
