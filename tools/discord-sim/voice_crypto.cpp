#include "discord-sim/voice_crypto.hpp"
#include "discord-sim/mls_codec.hpp"
#include <sodium.h>

namespace sim {

namespace {

constexpr std::size_t tag_size = 16;
constexpr std::size_t nonce_size = 4;
constexpr char opus_type = 0x78;

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

constexpr std::string_view mode_names[] = {
    "aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize", "xsalsa20_poly1305_lite"};

std::string padded_nonce(voice_mode mode, std::string_view nonce) {
  std::string whole(nonce);
  whole.resize(mode == voice_mode::aes256_gcm ? 12 : 24, '\0');
  return whole;
}

std::optional<std::string> open(voice_mode mode, std::string_view key, std::string_view nonce,
                                std::string_view head, std::string_view sealed) {
  const auto whole = padded_nonce(mode, nonce);
  if (mode == voice_mode::aes256_gcm)
    return aes_gcm_open(key, whole, head, sealed, tag_size);
  std::string plain(sealed.size() - tag_size, '\0');
  if (mode == voice_mode::xsalsa20_lite)
    return crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()), in(sealed),
                                      sealed.size(), in(whole), in(key)) == 0
               ? std::optional(plain)
               : std::nullopt;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()),
                                                 nullptr, nullptr, in(sealed), sealed.size(),
                                                 in(head), head.size(), in(whole), in(key)) != 0)
    return std::nullopt;
  return plain;
}

std::string seal(voice_mode mode, std::string_view key, std::string_view nonce,
                 std::string_view head, std::string_view plain) {
  const auto whole = padded_nonce(mode, nonce);
  if (mode == voice_mode::aes256_gcm)
    return aes_gcm_seal(key, whole, head, plain, tag_size);
  std::string sealed(plain.size() + tag_size, '\0');
  if (mode == voice_mode::xsalsa20_lite) {
    crypto_secretbox_easy(reinterpret_cast<unsigned char*>(sealed.data()), in(plain), plain.size(),
                          in(whole), in(key));
    return sealed;
  }
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()),
                                             nullptr, in(plain), plain.size(), in(head),
                                             head.size(), nullptr, in(whole), in(key));
  return sealed;
}

} // namespace

std::string_view name_of(voice_mode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<voice_mode> voice_mode_named(std::string_view name) {
  for (const auto mode :
       {voice_mode::aes256_gcm, voice_mode::xchacha20_poly1305, voice_mode::xsalsa20_lite})
    if (name == name_of(mode))
      return mode;
  return std::nullopt;
}

std::optional<rtp_head> read_rtp_head(std::string_view packet) {
  if (packet.size() < 12)
    return std::nullopt;
  mls_reader from(packet);
  const auto first = from.u8();
  if (first >> 6 != 2 || (from.u8() & 0x7f) != opus_type)
    return std::nullopt;
  rtp_head head;
  head.sequence = from.u16();
  head.timestamp = from.u32();
  head.ssrc = from.u32();
  head.extended = (first & 0x10) != 0;
  head.padded = (first & 0x20) != 0;
  head.size = 12 + 4u * (first & 0x0f) + (head.extended ? 4 : 0);
  if (packet.size() < head.size + tag_size + nonce_size)
    return std::nullopt;
  return head;
}

std::optional<rtp_packet> open_rtp(voice_mode mode, std::string_view key, std::string_view packet) {
  const auto head = read_rtp_head(packet);
  if (!head)
    return std::nullopt;
  const auto nonce = packet.substr(packet.size() - nonce_size);
  const auto sealed = packet.substr(head->size, packet.size() - head->size - nonce_size);
  auto plain = open(mode, key, nonce, packet.substr(0, head->size), sealed);
  if (!plain)
    return std::nullopt;
  std::size_t skip = 0;
  if (head->extended) {
    mls_reader words(packet.substr(head->size - 2, 2));
    skip = 4u * words.u16();
  }
  std::size_t padding = 0;
  if (head->padded && !plain->empty())
    padding = static_cast<unsigned char>(plain->back());
  if (skip + padding > plain->size())
    return std::nullopt;
  rtp_packet out;
  out.sequence = head->sequence;
  out.timestamp = head->timestamp;
  out.ssrc = head->ssrc;
  out.nonce = mls_reader(nonce).u32();
  out.payload = plain->substr(skip, plain->size() - skip - padding);
  return out;
}

std::string seal_rtp(voice_mode mode, std::string_view key, const rtp_packet& packet,
                     bool extension) {
  mls_writer head;
  head.u8(extension ? 0x90 : 0x80);
  head.u8(opus_type);
  head.u16(packet.sequence);
  head.u32(packet.timestamp);
  head.u32(packet.ssrc);
  std::string plain;
  if (extension) {
    head.u16(0xbede);
    head.u16(1);
    plain.assign({'\x10', '\x7f', '\0', '\0'});
  }
  plain += packet.payload;
  mls_writer nonce;
  nonce.u32(packet.nonce);
  auto bytes = head.take();
  const auto counter = nonce.take();
  bytes += seal(mode, key, counter, bytes, plain);
  return bytes + counter;
}

} // namespace sim
