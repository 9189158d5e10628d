#include "infra/voice/transport_key_context.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/voice/transport_packet.hpp"
#include <algorithm>
#include <chrono>
#include <cstring>
#include <sodium.h>
#include <stdexcept>

namespace hearth::voice {
namespace {

constexpr size_t measured_bytes = 200;
constexpr int measured_packets = 400; // in a row
constexpr int measured_rounds = 3;    // of which the best counts: others may use the CPU

class xchacha final : public dave::aead_key {
public:
  explicit xchacha(dave::byte_view key) {
    if (sodium_init() < 0 || key.size() != sizeof key_)
      throw std::runtime_error("libsodium failed");
    std::memcpy(key_, key.data(), key.size());
  }
  ~xchacha() override { sodium_memzero(key_, sizeof key_); }
  xchacha(const xchacha&) = delete;
  xchacha& operator=(const xchacha&) = delete;

  bool seal(dave::byte_view nonce, dave::byte_view aad, dave::byte_view plain, uint8_t* out,
            std::span<uint8_t> tag) override {
    return nonce.size() == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
           tag.size() == crypto_aead_xchacha20poly1305_ietf_ABYTES &&
           crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
               out, tag.data(), nullptr, plain.data(), plain.size(), aad.data(), aad.size(),
               nullptr, nonce.data(), key_) == 0;
  }

  bool open(dave::byte_view nonce, dave::byte_view aad, dave::byte_view sealed, dave::byte_view tag,
            uint8_t* out) override {
    const auto fits = nonce.size() == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
                      tag.size() == crypto_aead_xchacha20poly1305_ietf_ABYTES &&
                      crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
                          out, nullptr, sealed.data(), sealed.size(), tag.data(), aad.data(),
                          aad.size(), nonce.data(), key_) == 0;
    if (!fits && !sealed.empty())
      sodium_memzero(out, sealed.size());
    return fits;
  }

private:
  uint8_t key_[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
};

double cost_of(transport_mode mode) {
  using clock = std::chrono::steady_clock;
  const auto frame = dave::bytes(measured_bytes, 0x55);
  auto packet = dave::bytes(measured_bytes + packet_overhead);
  auto sealer =
      packet_sealer(make_transport_key(mode, dave::bytes(transport_key_size, 1)), mode, {});
  auto best = 0.0;
  for (auto round = 0; round < measured_rounds; ++round) {
    const auto from = clock::now();
    for (auto count = 0; count < measured_packets; ++count)
      sealer.seal(frame, packet);
    const auto spent = std::chrono::duration<double, std::nano>(clock::now() - from).count();
    best = round == 0 ? spent : std::min(best, spent);
  }
  return best / measured_packets;
}

} // namespace

std::unique_ptr<dave::aead_key> make_transport_key(transport_mode mode, dave::byte_view key) {
  if (key.size() != transport_key_size)
    throw std::runtime_error("transport key of the wrong size");
  if (mode == transport_mode::aes256_gcm)
    return dave::openssl_suite().aead(key);
  return std::make_unique<xchacha>(key);
}

transport_costs measure_transport_costs() {
  return {cost_of(transport_mode::aes256_gcm), cost_of(transport_mode::xchacha20)};
}

} // namespace hearth::voice
