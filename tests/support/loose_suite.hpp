#pragma once
// Cryptography that believes everything: signatures and tags always fit, encryption changes
// nothing. With it hostile input gets behind the checks that no mutated message would ever pass.
#include "infra/dave/crypto_suite.hpp"
#include <algorithm>

namespace hearth::test {

class loose_key final : public dave::aead_key {
public:
  bool seal(dave::byte_view /*nonce*/, dave::byte_view /*aad*/, dave::byte_view plain, uint8_t* out,
            std::span<uint8_t> tag) override {
    std::copy(plain.begin(), plain.end(), out);
    std::fill(tag.begin(), tag.end(), uint8_t{0});
    return true;
  }
  bool open(dave::byte_view /*nonce*/, dave::byte_view /*aad*/, dave::byte_view sealed,
            dave::byte_view /*tag*/, uint8_t* out) override {
    std::copy(sealed.begin(), sealed.end(), out);
    return true;
  }
};

class loose_suite final : public dave::crypto_suite {
public:
  /// Not cryptographic, but different for different bytes.
  dave::bytes sha256(dave::byte_view data) const override {
    auto out = dave::bytes{};
    auto state = uint64_t{14695981039346656037U} ^ data.size();
    for (const auto byte : data)
      state = (state ^ byte) * 1099511628211U;
    for (auto at = 0; at < 32; ++at) {
      state = (state ^ static_cast<uint64_t>(at + 1)) * 1099511628211U;
      out.push_back(static_cast<uint8_t>(state >> 56));
    }
    return out;
  }
  dave::bytes hmac(dave::byte_view key, dave::byte_view data) const override {
    return sha256(dave::join({key, data}));
  }
  dave::bytes random(size_t count) const override {
    auto out = dave::bytes{};
    while (out.size() < count)
      out.push_back(static_cast<uint8_t>((counter_ = counter_ * 6364136223846793005U + 1) >> 56));
    return out;
  }
  bool same(dave::byte_view a, dave::byte_view b) const override { return a.size() == b.size(); }
  dave::bytes public_key(dave::byte_view scalar) const override {
    const auto half = sha256(scalar);
    const auto head = std::array<uint8_t, 1>{4};
    return dave::join({head, half, half});
  }
  bool is_point(dave::byte_view key) const override { return key.size() == dave::point_size; }
  dave::bytes agree(dave::byte_view scalar, dave::byte_view peer) const override {
    return is_point(peer) ? sha256(scalar) : dave::bytes{};
  }
  dave::bytes sign(dave::byte_view /*scalar*/, dave::byte_view content) const override {
    return sha256(content);
  }
  bool verify(dave::byte_view /*key*/, dave::byte_view /*content*/,
              dave::byte_view signature) const override {
    return !signature.empty();
  }
  std::unique_ptr<dave::aead_key> aead(dave::byte_view /*key*/) const override {
    return std::make_unique<loose_key>();
  }
  dave::bytes scrypt(dave::byte_view password, dave::byte_view salt, uint32_t /*p*/,
                     size_t size) const override {
    auto out = hmac(password, salt);
    out.resize(size);
    return out;
  }

private:
  mutable uint64_t counter_ = 1;
};

} // namespace hearth::test
