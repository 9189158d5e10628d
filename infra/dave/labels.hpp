#pragma once
// MLS's labelled cryptography: every derivation, signature and encryption names its purpose. Pure.
// Source: RFC 9420 5.1.2, 5.1.3, 5.2, 8, 8.5, 9; RFC 9180 (HPKE, base mode); dave 5.2, 5.3.
#include "infra/dave/crypto_suite.hpp"
#include <string_view>

namespace hearth::dave {

/// HKDF-Expand of RFC 5869. @param size At most 255 * 32.
bytes hkdf_expand(const crypto_suite& crypto, byte_view key, byte_view info, size_t size);
bytes expand_with_label(const crypto_suite& crypto, byte_view secret, std::string_view label,
                        byte_view context, size_t size);
bytes derive_secret(const crypto_suite& crypto, byte_view secret, std::string_view label);
bytes derive_tree_secret(const crypto_suite& crypto, byte_view secret, std::string_view label,
                         uint32_t generation, size_t size);
/// RefHash. @param label In full: "MLS 1.0 KeyPackage Reference".
bytes ref_hash(const crypto_suite& crypto, std::string_view label, byte_view value);
/// MLS-Exporter.
bytes exported_secret(const crypto_suite& crypto, byte_view exporter, byte_view label,
                      byte_view context, size_t size);

bytes sign_with_label(const crypto_suite& crypto, byte_view scalar, std::string_view label,
                      byte_view content);
bool verify_with_label(const crypto_suite& crypto, byte_view key, std::string_view label,
                       byte_view content, byte_view signature);

/// A key pair of HPKE: scalar and uncompressed point.
struct hpke_key_pair {
  bytes secret_key;
  bytes public_key;
};
/// DeriveKeyPair of DHKEM(P-256). Source: RFC 9180 7.1.3.
hpke_key_pair derive_key_pair(const crypto_suite& crypto, byte_view material);
hpke_key_pair random_key_pair(const crypto_suite& crypto);

/// HPKECiphertext.
struct hpke_ciphertext {
  bytes kem_output;
  bytes ciphertext;
};
/// One-shot Seal and Open of RFC 9180 6.1, base mode, sequence number 0.
/// @param ephemeral Fresh for each message; given only by tests.
hpke_ciphertext hpke_seal(const crypto_suite& crypto, byte_view public_key, byte_view info,
                          byte_view aad, byte_view plain, const hpke_key_pair& ephemeral);
/// @throws failure when it does not open.
bytes hpke_open(const crypto_suite& crypto, byte_view secret_key, byte_view info, byte_view aad,
                const hpke_ciphertext& sealed);

hpke_ciphertext encrypt_with_label(const crypto_suite& crypto, byte_view public_key,
                                   std::string_view label, byte_view context, byte_view plain);
/// @throws failure when it does not open.
bytes decrypt_with_label(const crypto_suite& crypto, byte_view secret_key, std::string_view label,
                         byte_view context, const hpke_ciphertext& sealed);

/// AES-128-GCM with the 16-byte tag behind, as HPKE and the Welcome have it.
bytes aead_seal(const crypto_suite& crypto, byte_view key, byte_view nonce, byte_view aad,
                byte_view plain);
/// @throws failure when it does not open.
bytes aead_open(const crypto_suite& crypto, byte_view key, byte_view nonce, byte_view aad,
                byte_view sealed);

} // namespace hearth::dave
