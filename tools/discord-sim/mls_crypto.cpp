#include "discord-sim/mls_crypto.hpp"
#include "discord-sim/mls_codec.hpp"
#include <array>
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

namespace sim {

namespace {

template <auto Free> struct freed {
  template <class T> void operator()(T* p) const { Free(p); }
};
using pkey = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using pkey_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, freed<EVP_CIPHER_CTX_free>>;
using number = std::unique_ptr<BIGNUM, freed<BN_clear_free>>;

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* out(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void must(bool good, const char* what) {
  if (!good)
    throw mls_error(what);
}

const EC_GROUP* curve() {
  static const std::unique_ptr<EC_GROUP, freed<EC_GROUP_free>> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  return group.get();
}

// The point of a scalar; "" when it is none (0 or above the order).
std::string point_of(std::string_view scalar) {
  const number k(BN_bin2bn(in(scalar), static_cast<int>(scalar.size()), nullptr));
  if (BN_is_zero(k.get()) || BN_cmp(k.get(), EC_GROUP_get0_order(curve())) >= 0)
    return {};
  const std::unique_ptr<EC_POINT, freed<EC_POINT_free>> point(EC_POINT_new(curve()));
  must(EC_POINT_mul(curve(), point.get(), k.get(), nullptr, nullptr, nullptr) == 1, "point");
  std::string octets(65, '\0');
  must(EC_POINT_point2oct(curve(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out(octets), 65,
                          nullptr) == 65,
       "point");
  return octets;
}

pkey import_key(std::string_view point, std::string_view scalar) {
  const std::unique_ptr<OSSL_PARAM_BLD, freed<OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  number k;
  if (!scalar.empty()) {
    k.reset(BN_bin2bn(in(scalar), static_cast<int>(scalar.size()), nullptr));
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, k.get());
  }
  const std::unique_ptr<OSSL_PARAM, freed<OSSL_PARAM_free>> params(
      OSSL_PARAM_BLD_to_param(build.get()));
  const pkey_context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key,
                        scalar.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params.get()) != 1)
    return nullptr;
  pkey owned(key);
  const pkey_context check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return EVP_PKEY_public_check(check.get()) == 1 ? std::move(owned) : nullptr;
}

std::string labelled(std::string_view label, std::string_view content) {
  mls_writer w;
  w.vec("MLS 1.0 " + std::string(label));
  w.vec(content);
  return w.take();
}

constexpr std::string_view kem_suite{"KEM\x00\x10", 5};
constexpr std::string_view hpke_suite{"HPKE\x00\x10\x00\x01\x00\x01", 10};

std::string labeled_extract(std::string_view suite, std::string_view salt, std::string_view label,
                            std::string_view secret) {
  return hmac_sha256(salt, std::string("HPKE-v1").append(suite).append(label).append(secret));
}

std::string labeled_expand(std::string_view suite, std::string_view secret, std::string_view label,
                           std::string_view info, std::size_t size) {
  mls_writer w;
  w.u16(static_cast<std::uint16_t>(size));
  w.raw("HPKE-v1");
  w.raw(suite);
  w.raw(label);
  w.raw(info);
  return hkdf_expand(secret, w.take(), size);
}

std::string agree(const p256_key& own, std::string_view other) {
  const auto mine = import_key(own.point, own.scalar);
  const auto theirs = other.size() == 65 ? import_key(other, {}) : nullptr;
  must(mine && theirs, "no point of the curve");
  const pkey_context context(EVP_PKEY_CTX_new_from_pkey(nullptr, mine.get(), nullptr));
  std::string shared(32, '\0');
  std::size_t size = shared.size();
  must(EVP_PKEY_derive_init(context.get()) == 1 &&
           EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1 &&
           EVP_PKEY_derive(context.get(), out(shared), &size) == 1 && size == 32,
       "key agreement");
  return shared;
}

struct hpke_key {
  std::string key;
  std::string nonce;
};

// Shared secret and key schedule (dave 5.3).
hpke_key schedule(std::string_view dh, std::string_view kem_output, std::string_view receiver,
                  std::string_view info) {
  const auto eae = labeled_extract(kem_suite, {}, "eae_prk", dh);
  const auto shared =
      labeled_expand(kem_suite, eae, "shared_secret", std::string(kem_output).append(receiver), 32);
  const auto context = std::string(1, '\0') + labeled_extract(hpke_suite, {}, "psk_id_hash", {}) +
                       labeled_extract(hpke_suite, {}, "info_hash", info);
  const auto secret = labeled_extract(hpke_suite, shared, "secret", {});
  return {labeled_expand(hpke_suite, secret, "key", context, 16),
          labeled_expand(hpke_suite, secret, "base_nonce", context, 12)};
}

const EVP_CIPHER* gcm_of(std::size_t key_size) {
  return key_size == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
}

} // namespace

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  must(RAND_bytes(out(bytes), static_cast<int>(size)) == 1, "no randomness");
  return bytes;
}

std::string sha256(std::string_view data) {
  std::string hash(32, '\0');
  must(EVP_Digest(data.data(), data.size(), out(hash), nullptr, EVP_sha256(), nullptr) == 1,
       "hash");
  return hash;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::string mac(32, '\0');
  const char none = 0; // OpenSSL wants a pointer even for no bytes
  must(HMAC(EVP_sha256(), key.empty() ? &none : key.data(), static_cast<int>(key.size()), in(data),
            data.size(), out(mac), nullptr) != nullptr,
       "hmac");
  return mac;
}

std::string hkdf_expand(std::string_view secret, std::string_view info, std::size_t size) {
  std::string result;
  std::string block;
  for (char i = 1; result.size() < size; ++i) {
    block = hmac_sha256(secret, block.append(info) + i);
    result += block;
  }
  result.resize(size);
  return result;
}

std::string expand_with_label(std::string_view secret, std::string_view label,
                              std::string_view context, std::size_t size) {
  mls_writer w;
  w.u16(static_cast<std::uint16_t>(size));
  w.raw(labelled(label, context));
  return hkdf_expand(secret, w.take(), size);
}

std::string derive_secret(std::string_view secret, std::string_view label) {
  return expand_with_label(secret, label, {}, 32);
}

std::string derive_tree_secret(std::string_view secret, std::string_view label,
                               std::uint32_t generation, std::size_t size) {
  mls_writer w;
  w.u32(generation);
  return expand_with_label(secret, label, w.take(), size);
}

std::string ref_hash(std::string_view label, std::string_view value) {
  mls_writer w;
  w.vec("MLS 1.0 " + std::string(label) + " Reference");
  w.vec(value);
  return sha256(w.take());
}

p256_key make_p256() { return derive_p256(random_bytes(32)); }

p256_key derive_p256(std::string_view secret) {
  const auto prk = labeled_extract(kem_suite, {}, "dkp_prk", secret);
  for (int counter = 0; counter < 256; ++counter) {
    auto scalar =
        labeled_expand(kem_suite, prk, "candidate", std::string(1, static_cast<char>(counter)), 32);
    if (auto point = point_of(scalar); !point.empty())
      return {std::move(scalar), std::move(point)};
  }
  throw mls_error("no key pair");
}

bool is_p256_point(std::string_view point) {
  return point.size() == 65 && import_key(point, {}) != nullptr;
}

std::string sign_with_label(const p256_key& key, std::string_view label, std::string_view content) {
  const auto own = import_key(key.point, key.scalar);
  const digest_context context(EVP_MD_CTX_new());
  const auto text = labelled(label, content);
  std::string signature(80, '\0');
  std::size_t size = signature.size();
  must(own && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, own.get()) == 1 &&
           EVP_DigestSign(context.get(), out(signature), &size, in(text), text.size()) == 1,
       "signature");
  signature.resize(size);
  return signature;
}

bool verify_with_label(std::string_view point, std::string_view label, std::string_view content,
                       std::string_view signature) {
  const auto key = import_key(point, {});
  const digest_context context(EVP_MD_CTX_new());
  const auto text = labelled(label, content);
  return key &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), in(signature), signature.size(), in(text), text.size()) ==
             1;
}

std::string open_with_label(const p256_key& key, std::string_view label, std::string_view context,
                            std::string_view kem_output, std::string_view ciphertext) {
  const auto made =
      schedule(agree(key, kem_output), kem_output, key.point, labelled(label, context));
  auto plain = aes_gcm_open(made.key, made.nonce, {}, ciphertext);
  if (!plain)
    throw mls_error("a ciphertext does not open");
  return std::move(*plain);
}

std::string aes_gcm_seal(std::string_view key, std::string_view nonce, std::string_view extra,
                         std::string_view plaintext, std::size_t tag_size) {
  const cipher_context context(EVP_CIPHER_CTX_new());
  std::string sealed(plaintext.size() + tag_size, '\0');
  int size = 0;
  const auto text_size = static_cast<int>(plaintext.size());
  must(EVP_EncryptInit_ex(context.get(), gcm_of(key.size()), nullptr, in(key), in(nonce)) == 1 &&
           EVP_EncryptUpdate(context.get(), nullptr, &size, in(extra),
                             static_cast<int>(extra.size())) == 1 &&
           EVP_EncryptUpdate(context.get(), out(sealed), &size, in(plaintext), text_size) == 1 &&
           EVP_EncryptFinal_ex(context.get(), out(sealed) + size, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                               out(sealed) + plaintext.size()) == 1,
       "encryption");
  return sealed;
}

std::optional<std::string> aes_gcm_open(std::string_view key, std::string_view nonce,
                                        std::string_view extra, std::string_view sealed,
                                        std::size_t tag_size) {
  if (sealed.size() < tag_size)
    return std::nullopt;
  const auto text = sealed.substr(0, sealed.size() - tag_size);
  std::string tag(sealed.substr(text.size()));
  std::string plain(text.size() + 1, '\0'); // a pointer even when it is empty
  const cipher_context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool good =
      EVP_DecryptInit_ex(context.get(), gcm_of(key.size()), nullptr, in(key), in(nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, in(extra), static_cast<int>(extra.size())) ==
          1 &&
      EVP_DecryptUpdate(context.get(), out(plain), &size, in(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size),
                          out(tag)) == 1 &&
      EVP_DecryptFinal_ex(context.get(), out(plain) + size, &size) == 1;
  if (!good)
    return std::nullopt;
  plain.resize(text.size());
  return plain;
}

} // namespace sim
