#pragma once
// The cryptography that MLS ciphersuite 2 (MLS_128_DHKEMP256_AES128GCM_SHA256_P256) and DAVE's
// media frames are made of, as a narrow interface: the rules of this folder know no library. Pure.
// Source: RFC 9420 17.1, dave 5.
#include "infra/dave/bytes.hpp"
#include <memory>

namespace hearth::dave {

constexpr size_t hash_size = 32;       ///< Nh: SHA-256, HMAC, every MLS secret.
constexpr size_t scalar_size = 32;     ///< P-256 private key, big endian, left padded.
constexpr size_t point_size = 65;      ///< P-256 public key, uncompressed.
constexpr size_t aead_key_size = 16;   ///< Nk: AES-128-GCM.
constexpr size_t aead_nonce_size = 12; ///< Nn.
constexpr size_t aead_tag_size = 16;

/// AES-GCM under one key, for many messages. Not for two threads at once.
class aead_key {
public:
  virtual ~aead_key() = default;
  /// @param nonce 12 bytes. @param out Room for as many bytes as `plain`; may be `plain` itself.
  /// @param tag Filled with the first bytes of the tag: 8 or 16.
  /// @return Whether it worked (it does, unless memory is gone).
  virtual bool seal(byte_view nonce, byte_view aad, byte_view plain, uint8_t* out,
                    std::span<uint8_t> tag) = 0;
  /// @param out Room for as many bytes as `sealed`; zeroed when the tag does not fit.
  /// @return Whether the tag fits.
  virtual bool open(byte_view nonce, byte_view aad, byte_view sealed, byte_view tag,
                    uint8_t* out) = 0;
};

/// Stateless apart from the random source; may be shared.
class crypto_suite {
public:
  virtual ~crypto_suite() = default;
  virtual bytes sha256(byte_view data) const = 0;
  /// HMAC-SHA256; also HKDF-Extract(salt = key, data). Both may be empty.
  virtual bytes hmac(byte_view key, byte_view data) const = 0;
  /// Cryptographically strong.
  virtual bytes random(size_t count) const = 0;
  /// Compares in constant time (of equal lengths).
  virtual bool same(byte_view a, byte_view b) const = 0;

  /// 65 bytes of the scalar's public point; empty unless 0 < scalar < order.
  virtual bytes public_key(byte_view scalar) const = 0;
  /// Whether it is an uncompressed point on the curve.
  virtual bool is_point(byte_view key) const = 0;
  /// ECDH: 32 bytes of X. Empty unless the peer's key is an uncompressed point on the curve.
  virtual bytes agree(byte_view scalar, byte_view peer) const = 0;
  /// ECDSA with SHA-256, DER.
  virtual bytes sign(byte_view scalar, byte_view content) const = 0;
  /// @param key 65 bytes, or 33 (compressed). False for everything that is not right.
  virtual bool verify(byte_view key, byte_view content, byte_view signature) const = 0;

  /// @param key 16 bytes (AES-128) or 32 (AES-256).
  virtual std::unique_ptr<aead_key> aead(byte_view key) const = 0;
  /// scrypt with N = 16384, r = 8; about 100 ms of CPU and 16 MiB for p = 2.
  virtual bytes scrypt(byte_view password, byte_view salt, uint32_t p, size_t size) const = 0;
};

} // namespace hearth::dave
