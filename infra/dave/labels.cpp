#include "infra/dave/labels.hpp"
#include "infra/dave/codec.hpp"
#include "infra/dave/failure.hpp"
#include <string>

namespace hearth::dave {
namespace {

/// ("MLS 1.0 " + label)<V> || content<V>: SignContent and EncryptContext.
bytes labelled(std::string_view label, byte_view content) {
  const auto name = "MLS 1.0 " + std::string(label);
  return writer{}.vector(bytes_of(name)).vector(content).take();
}

} // namespace

bytes hkdf_expand(const crypto_suite& crypto, byte_view key, byte_view info, size_t size) {
  auto out = bytes{};
  out.reserve(size + hash_size);
  auto block = bytes{};
  for (auto counter = uint8_t{1}; out.size() < size; ++counter) {
    const auto count = std::array{counter};
    block = crypto.hmac(key, join({block, info, count}));
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(size);
  return out;
}

bytes expand_with_label(const crypto_suite& crypto, byte_view secret, std::string_view label,
                        byte_view context, size_t size) {
  auto info = writer{};
  info.u16(static_cast<uint16_t>(size)).raw(labelled(label, context));
  return hkdf_expand(crypto, secret, info.view(), size);
}

bytes derive_secret(const crypto_suite& crypto, byte_view secret, std::string_view label) {
  return expand_with_label(crypto, secret, label, {}, hash_size);
}

bytes derive_tree_secret(const crypto_suite& crypto, byte_view secret, std::string_view label,
                         uint32_t generation, size_t size) {
  return expand_with_label(crypto, secret, label, writer{}.u32(generation).view(), size);
}

bytes ref_hash(const crypto_suite& crypto, std::string_view label, byte_view value) {
  return crypto.sha256(writer{}.vector(bytes_of(label)).vector(value).view());
}

bytes exported_secret(const crypto_suite& crypto, byte_view exporter, byte_view label,
                      byte_view context, size_t size) {
  const auto name = std::string_view(reinterpret_cast<const char*>(label.data()), label.size());
  return expand_with_label(crypto, derive_secret(crypto, exporter, name), "exported",
                           crypto.sha256(context), size);
}

bytes sign_with_label(const crypto_suite& crypto, byte_view scalar, std::string_view label,
                      byte_view content) {
  return crypto.sign(scalar, labelled(label, content));
}

bool verify_with_label(const crypto_suite& crypto, byte_view key, std::string_view label,
                       byte_view content, byte_view signature) {
  return crypto.verify(key, labelled(label, content), signature);
}

hpke_ciphertext encrypt_with_label(const crypto_suite& crypto, byte_view public_key,
                                   std::string_view label, byte_view context, byte_view plain) {
  return hpke_seal(crypto, public_key, labelled(label, context), {}, plain,
                   random_key_pair(crypto));
}

bytes decrypt_with_label(const crypto_suite& crypto, byte_view secret_key, std::string_view label,
                         byte_view context, const hpke_ciphertext& sealed) {
  return hpke_open(crypto, secret_key, labelled(label, context), {}, sealed);
}

bytes aead_seal(const crypto_suite& crypto, byte_view key, byte_view nonce, byte_view aad,
                byte_view plain) {
  auto out = bytes(plain.size() + aead_tag_size);
  const auto tag = std::span(out).last(aead_tag_size);
  require(crypto.aead(key)->seal(nonce, aad, plain, out.data(), tag), "encryption failed");
  return out;
}

bytes aead_open(const crypto_suite& crypto, byte_view key, byte_view nonce, byte_view aad,
                byte_view sealed) {
  require(sealed.size() >= aead_tag_size, "ciphertext shorter than its tag");
  const auto body = sealed.first(sealed.size() - aead_tag_size);
  auto out = bytes(body.size());
  require(crypto.aead(key)->open(nonce, aad, body, sealed.last(aead_tag_size), out.data()),
          "ciphertext does not open");
  return out;
}

} // namespace hearth::dave
