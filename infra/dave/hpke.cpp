// HPKE base mode for KEM 0x0010, KDF 0x0001, AEAD 0x0001. Source: RFC 9180 4.1, 5.1, 6.1, 7.1.3.
#include "infra/dave/codec.hpp"
#include "infra/dave/failure.hpp"
#include "infra/dave/labels.hpp"

namespace hearth::dave {
namespace {

constexpr auto kem_suite = std::string_view("KEM\x00\x10", 5);
constexpr auto hpke_suite = std::string_view("HPKE\x00\x10\x00\x01\x00\x01", 10);
constexpr auto version = std::string_view("HPKE-v1");

bytes labelled_extract(const crypto_suite& crypto, std::string_view suite, byte_view salt,
                       std::string_view label, byte_view material) {
  return crypto.hmac(salt, join({bytes_of(version), bytes_of(suite), bytes_of(label), material}));
}

bytes labelled_expand(const crypto_suite& crypto, std::string_view suite, byte_view key,
                      std::string_view label, byte_view info, size_t size) {
  auto full = writer{};
  full.u16(static_cast<uint16_t>(size)).raw(bytes_of(version)).raw(bytes_of(suite));
  full.raw(bytes_of(label)).raw(info);
  return hkdf_expand(crypto, key, full.view(), size);
}

/// ExtractAndExpand of DHKEM. @param receiver pkR.
bytes shared_secret(const crypto_suite& crypto, byte_view agreed, byte_view kem_output,
                    byte_view receiver) {
  const auto extracted = labelled_extract(crypto, kem_suite, {}, "eae_prk", agreed);
  return labelled_expand(crypto, kem_suite, extracted, "shared_secret",
                         join({kem_output, receiver}), hash_size);
}

struct key_and_nonce {
  bytes key;
  bytes nonce;
};
/// KeySchedule with mode_base.
key_and_nonce schedule(const crypto_suite& crypto, byte_view shared, byte_view info) {
  const auto id_hash = labelled_extract(crypto, hpke_suite, {}, "psk_id_hash", {});
  const auto info_hash = labelled_extract(crypto, hpke_suite, {}, "info_hash", info);
  const auto mode = std::array<uint8_t, 1>{0};
  const auto context = join({mode, id_hash, info_hash});
  const auto secret = labelled_extract(crypto, hpke_suite, shared, "secret", {});
  return {labelled_expand(crypto, hpke_suite, secret, "key", context, aead_key_size),
          labelled_expand(crypto, hpke_suite, secret, "base_nonce", context, aead_nonce_size)};
}

} // namespace

hpke_key_pair derive_key_pair(const crypto_suite& crypto, byte_view material) {
  const auto key = labelled_extract(crypto, kem_suite, {}, "dkp_prk", material);
  for (auto counter = 0; counter < 256; ++counter) {
    const auto count = std::array{static_cast<uint8_t>(counter)};
    auto scalar = labelled_expand(crypto, kem_suite, key, "candidate", count, scalar_size);
    auto point = crypto.public_key(scalar); // the bitmask of P-256 changes nothing
    if (!point.empty())
      return {std::move(scalar), std::move(point)};
  }
  throw failure("no key pair can be derived"); // once in 2^8192
}

hpke_key_pair random_key_pair(const crypto_suite& crypto) {
  return derive_key_pair(crypto, crypto.random(hash_size));
}

hpke_ciphertext hpke_seal(const crypto_suite& crypto, byte_view public_key, byte_view info,
                          byte_view aad, byte_view plain, const hpke_key_pair& ephemeral) {
  const auto agreed = crypto.agree(ephemeral.secret_key, public_key);
  require(!agreed.empty(), "not a public key");
  const auto shared = shared_secret(crypto, agreed, ephemeral.public_key, public_key);
  const auto keys = schedule(crypto, shared, info);
  return {ephemeral.public_key, aead_seal(crypto, keys.key, keys.nonce, aad, plain)};
}

bytes hpke_open(const crypto_suite& crypto, byte_view secret_key, byte_view info, byte_view aad,
                const hpke_ciphertext& sealed) {
  const auto agreed = crypto.agree(secret_key, sealed.kem_output);
  require(!agreed.empty(), "not a public key");
  const auto shared =
      shared_secret(crypto, agreed, sealed.kem_output, crypto.public_key(secret_key));
  const auto keys = schedule(crypto, shared, info);
  return aead_open(crypto, keys.key, keys.nonce, aad, sealed.ciphertext);
}

} // namespace hearth::dave
