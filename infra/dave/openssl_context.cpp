#include "infra/dave/openssl_context.hpp"
#include "infra/dave/p256_context.hpp"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace hearth::dave {
namespace {

constexpr uint64_t scrypt_cost = 16384;
constexpr uint64_t scrypt_block = 8;
constexpr uint64_t scrypt_bytes_max = uint64_t{32} << 20;
const uint8_t nothing = 0; // OpenSSL wants a pointer even to no bytes

const uint8_t* data_of(byte_view view) { return view.empty() ? &nothing : view.data(); }

void must(bool worked) {
  if (!worked)
    throw std::runtime_error("OpenSSL failed");
}

class gcm final : public aead_key {
public:
  explicit gcm(byte_view key) : context_(EVP_CIPHER_CTX_new()) {
    const auto* cipher = key.size() == aead_key_size ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    must(context_ != nullptr &&
         key.size() == static_cast<size_t>(EVP_CIPHER_get_key_length(cipher)));
    must(EVP_CipherInit_ex(context_, cipher, nullptr, key.data(), nullptr, 1) == 1);
  }
  ~gcm() override { EVP_CIPHER_CTX_free(context_); } // which cleanses the key schedule
  gcm(const gcm&) = delete;
  gcm& operator=(const gcm&) = delete;

  bool seal(byte_view nonce, byte_view aad, byte_view plain, uint8_t* out,
            std::span<uint8_t> tag) override {
    return begin(nonce, aad, 1) && run(plain, out) &&
           EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                               tag.data()) == 1;
  }

  bool open(byte_view nonce, byte_view aad, byte_view sealed, byte_view tag,
            uint8_t* out) override {
    const auto fits =
        begin(nonce, aad, 0) &&
        EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                            const_cast<uint8_t*>(tag.data())) == 1 && // only read
        run(sealed, out);
    if (!fits && !sealed.empty())
      OPENSSL_cleanse(out, sealed.size());
    return fits;
  }

private:
  bool begin(byte_view nonce, byte_view aad, int sealing) {
    auto length = 0;
    return nonce.size() == aead_nonce_size &&
           EVP_CipherInit_ex(context_, nullptr, nullptr, nullptr, nonce.data(), sealing) == 1 &&
           (aad.empty() || EVP_CipherUpdate(context_, nullptr, &length, aad.data(),
                                            static_cast<int>(aad.size())) == 1);
  }
  bool run(byte_view in, uint8_t* out) {
    auto length = 0;
    if (!in.empty() &&
        EVP_CipherUpdate(context_, out, &length, in.data(), static_cast<int>(in.size())) != 1)
      return false;
    auto rest = std::array<uint8_t, 16>{};
    return EVP_CipherFinal_ex(context_, rest.data(), &length) == 1;
  }

  EVP_CIPHER_CTX* context_;
};

class openssl final : public crypto_suite {
public:
  bytes sha256(byte_view data) const override {
    auto out = bytes(hash_size);
    must(EVP_Digest(data_of(data), data.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1);
    return out;
  }
  bytes hmac(byte_view key, byte_view data) const override {
    auto out = bytes(hash_size);
    must(HMAC(EVP_sha256(), data_of(key), static_cast<int>(key.size()), data_of(data), data.size(),
              out.data(), nullptr) != nullptr);
    return out;
  }
  bytes random(size_t count) const override {
    auto out = bytes(count);
    must(RAND_bytes(out.data(), static_cast<int>(count)) == 1);
    return out;
  }
  bool same(byte_view a, byte_view b) const override {
    return a.size() == b.size() && CRYPTO_memcmp(data_of(a), data_of(b), a.size()) == 0;
  }
  bytes public_key(byte_view scalar) const override { return p256_public(scalar); }
  bool is_point(byte_view key) const override {
    return key.size() == point_size && p256_is_point(key);
  }
  bytes agree(byte_view scalar, byte_view peer) const override {
    return peer.size() == point_size ? p256_agree(scalar, peer) : bytes{};
  }
  bytes sign(byte_view scalar, byte_view content) const override {
    auto signature = p256_sign(scalar, content);
    must(!signature.empty());
    return signature;
  }
  bool verify(byte_view key, byte_view content, byte_view signature) const override {
    return p256_verify(key, content, signature);
  }
  std::unique_ptr<aead_key> aead(byte_view key) const override {
    return std::make_unique<gcm>(key);
  }
  bytes scrypt(byte_view password, byte_view salt, uint32_t p, size_t size) const override {
    auto out = bytes(size);
    must(EVP_PBE_scrypt(reinterpret_cast<const char*>(data_of(password)), password.size(),
                        data_of(salt), salt.size(), scrypt_cost, scrypt_block, p, scrypt_bytes_max,
                        out.data(), out.size()) == 1);
    return out;
  }
};

} // namespace

const crypto_suite& openssl_suite() {
  static const auto suite = openssl{};
  return suite;
}

} // namespace hearth::dave
