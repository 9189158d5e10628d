#pragma once
// Keys of the voice transport: AES-256-GCM of OpenSSL, XChaCha20-Poly1305 of libsodium.
#include "infra/dave/crypto_suite.hpp"
#include "infra/voice/transport_mode.hpp"

namespace hearth::voice {

/// @param key transport_key_size bytes, of op 4.
std::unique_ptr<dave::aead_key> make_transport_key(transport_mode mode, dave::byte_view key);

/// What a packet costs on this CPU; takes about two milliseconds. Once, at start.
transport_costs measure_transport_costs();

} // namespace hearth::voice
