#include "discord-sim/signing.hpp"
#include <array>
#include <memory>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace sim {

namespace {

constexpr std::size_t seed_bytes = 32;
constexpr std::size_t signature_bytes = 64;

struct free_key {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct free_context {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void must(bool done) {
  if (!done)
    throw std::runtime_error("OpenSSL cannot do Ed25519");
}

key_ptr key_of(const std::string& seed) {
  key_ptr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(seed), seed.size()));
  must(key != nullptr);
  return key;
}

template <std::size_t N> std::string hex(const std::array<unsigned char, N>& data) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (const auto byte : data) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace

std::string signing_seed_of(std::string_view from) {
  std::array<unsigned char, seed_bytes> digest{};
  SHA256(bytes(from), from.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string public_key_hex(const std::string& seed) {
  std::array<unsigned char, seed_bytes> key{};
  auto size = key.size();
  must(EVP_PKEY_get_raw_public_key(key_of(seed).get(), key.data(), &size) == 1);
  return hex(key);
}

std::string sign_hex(const std::string& seed, std::string_view text) {
  std::array<unsigned char, signature_bytes> signature{};
  auto size = signature.size();
  const std::unique_ptr<EVP_MD_CTX, free_context> context(EVP_MD_CTX_new());
  const auto key = key_of(seed);
  must(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
       EVP_DigestSign(context.get(), signature.data(), &size, bytes(text), text.size()) == 1);
  return hex(signature);
}

} // namespace sim
