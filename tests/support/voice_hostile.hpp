#pragma once
// Hostile input from voice servers, one byte string at a time: JSON and binary messages, RTP
// packets, answers to IP discovery. The first byte chooses which. Used by
// tests/infra/voice/hostile_test.cpp, and by a fuzzer.
#include "infra/voice/ip_discovery.hpp"
#include "infra/voice/rtp.hpp"
#include "infra/voice/voice_decode.hpp"
#include <stdexcept>

namespace hearth::voice::hostile {

/// Throws what no caller expects.
inline void must(bool holds, const char* sentence) {
  if (!holds)
    throw std::logic_error(sentence);
}

inline void packet(dave::byte_view wire) {
  const auto found = read_rtp(wire);
  if (!found)
    return;
  must(found->clear.size() + found->rest.size() == wire.size(), "every byte is clear or not");
  must(found->clear.size() >= rtp_header_size, "the header is in clear");
  if (const auto payload = rtp_payload(*found, found->rest))
    must(payload->size() <= found->rest.size(), "the payload lies inside the packet");
}

inline void address(dave::byte_view wire) {
  if (const auto found = read_discovery_answer(wire, 1))
    must(!found->address.empty() && found->address.size() < 64 && found->port != 0,
         "an address has its form");
}

/// Takes one input. Throws nothing unless something that must hold does not.
inline void take(voice_decoder& decoder, dave::byte_view input) {
  if (input.empty())
    return;
  const auto wire = std::vector<uint8_t>(input.begin() + 1, input.end()); // of exactly its size
  const auto text = std::string_view(reinterpret_cast<const char*>(wire.data()), wire.size());
  switch (input[0] % 4) {
  case 0:
    if (const auto found = decoder.text(text)) {
      if (const auto* session = std::get_if<heard::session_description>(&found->message))
        must(session->secret_key.size() == 32, "a key is a key");
    }
    break;
  case 1:
    if (const auto found = voice_decoder::binary(wire))
      must(found->seq.has_value(), "binary messages are numbered");
    break;
  case 2:
    packet(wire);
    break;
  default:
    address(wire);
  }
}

} // namespace hearth::voice::hostile
