#pragma once
// The curve P-256 on OpenSSL 3: keys as octets, nothing of the library outside. Source: dave 9.
#include "infra/dave/bytes.hpp"

namespace hearth::dave {

/// 65 bytes, uncompressed; empty unless 0 < scalar < order of the curve.
bytes p256_public(byte_view scalar);
/// Whether the octets (33 or 65) are a point of the curve other than infinity.
bool p256_is_point(byte_view key);
/// 32 bytes of X, left padded; empty when a key is not valid.
bytes p256_agree(byte_view scalar, byte_view peer);
/// ECDSA over SHA-256, DER; empty when the scalar is not valid.
bytes p256_sign(byte_view scalar, byte_view content);
bool p256_verify(byte_view key, byte_view content, byte_view signature);

} // namespace hearth::dave
