#pragma once
// The cryptography of MLS suite 2 and DAVE's frames (dave 5, 9) over OpenSSL: a second, independent
// writing of it, so that hearthd's mistakes do not hide here. Bytes are std::string.
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sim {

/// Whatever is wrong with a stranger's MLS message; the sentence says what.
struct mls_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string random_bytes(std::size_t size);
std::string sha256(std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);
/// HKDF-Expand with SHA-256, up to 255 blocks.
std::string hkdf_expand(std::string_view secret, std::string_view info, std::size_t size);

/// dave 5.2.
std::string expand_with_label(std::string_view secret, std::string_view label,
                              std::string_view context, std::size_t size);
std::string derive_secret(std::string_view secret, std::string_view label);
std::string derive_tree_secret(std::string_view secret, std::string_view label,
                               std::uint32_t generation, std::size_t size);
std::string ref_hash(std::string_view label, std::string_view value);

/// P-256: the private scalar (32 bytes) and the uncompressed point (65).
struct p256_key {
  std::string scalar;
  std::string point;
};
p256_key make_p256();
/// HPKE's DeriveKeyPair (dave 5.3).
p256_key derive_p256(std::string_view secret);
/// True for a point on the curve, 65 bytes.
bool is_p256_point(std::string_view point);

/// ECDSA over the labelled content (5.2), DER.
std::string sign_with_label(const p256_key& key, std::string_view label, std::string_view content);
bool verify_with_label(std::string_view point, std::string_view label, std::string_view content,
                       std::string_view signature);

/// HPKE base mode, one shot. Throws mls_error when it does not open.
std::string open_with_label(const p256_key& key, std::string_view label, std::string_view context,
                            std::string_view kem_output, std::string_view ciphertext);

/// AES-GCM by the size of the key (16 or 32); the tag is `tag_size` bytes after the ciphertext.
std::string aes_gcm_seal(std::string_view key, std::string_view nonce, std::string_view extra,
                         std::string_view plaintext, std::size_t tag_size = 16);
std::optional<std::string> aes_gcm_open(std::string_view key, std::string_view nonce,
                                        std::string_view extra, std::string_view sealed,
                                        std::size_t tag_size = 16);

} // namespace sim
