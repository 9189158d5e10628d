#include "infra/dave/p256_context.hpp"
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace hearth::dave {
namespace {

constexpr size_t field_size = 32;
constexpr size_t uncompressed_size = 65;
constexpr size_t compressed_size = 33;

template <auto Free> struct freed_by {
  template <class T> void operator()(T* thing) const { Free(thing); }
};
using pkey = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using pkey_context = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using group = std::unique_ptr<EC_GROUP, freed_by<EC_GROUP_free>>;
using point = std::unique_ptr<EC_POINT, freed_by<EC_POINT_free>>;
using number = std::unique_ptr<BIGNUM, freed_by<BN_clear_free>>;
using builder = std::unique_ptr<OSSL_PARAM_BLD, freed_by<OSSL_PARAM_BLD_free>>;
using params = std::unique_ptr<OSSL_PARAM, freed_by<OSSL_PARAM_free>>;

const EC_GROUP* curve() {
  static const auto made = group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  return made.get();
}

/// In secure memory; null unless 0 < scalar < order.
number scalar_number(byte_view scalar) {
  auto value = number(BN_secure_new());
  if (!value || scalar.size() != field_size ||
      BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), value.get()) == nullptr)
    return nullptr;
  BN_set_flags(value.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(value.get()) || BN_cmp(value.get(), EC_GROUP_get0_order(curve())) >= 0)
    return nullptr;
  return value;
}

/// @param scalar Null for a public key alone. Null unless the library took both.
pkey import_key(byte_view octets, const BIGNUM* scalar) {
  const auto build = builder(OSSL_PARAM_BLD_new());
  if (!build ||
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, octets.data(),
                                       octets.size()) != 1 ||
      (scalar != nullptr &&
       OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1))
    return nullptr;
  const auto list = params(OSSL_PARAM_BLD_to_param(build.get()));
  const auto context = pkey_context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (!list || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made,
                        scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        list.get()) != 1)
    return nullptr;
  return pkey(made);
}

/// A stranger's key: on the curve and not infinity, or null.
pkey import_public(byte_view octets) {
  if (octets.size() != uncompressed_size && octets.size() != compressed_size)
    return nullptr;
  auto key = import_key(octets, nullptr);
  if (!key)
    return nullptr;
  const auto check = pkey_context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? std::move(key) : nullptr;
}

pkey import_private(byte_view scalar) {
  const auto value = scalar_number(scalar);
  const auto octets = p256_public(scalar);
  return value && !octets.empty() ? import_key(octets, value.get()) : nullptr;
}

} // namespace

bytes p256_public(byte_view scalar) {
  const auto value = scalar_number(scalar);
  const auto product = point(EC_POINT_new(curve()));
  if (!value || !product ||
      EC_POINT_mul(curve(), product.get(), value.get(), nullptr, nullptr, nullptr) != 1)
    return {};
  auto out = bytes(uncompressed_size);
  const auto size = EC_POINT_point2oct(curve(), product.get(), POINT_CONVERSION_UNCOMPRESSED,
                                       out.data(), out.size(), nullptr);
  return size == out.size() ? out : bytes{};
}

bool p256_is_point(byte_view key) { return import_public(key) != nullptr; }

bytes p256_agree(byte_view scalar, byte_view peer) {
  const auto own = import_private(scalar);
  const auto other = import_public(peer);
  if (!own || !other)
    return {};
  const auto context = pkey_context(EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr));
  auto out = bytes(field_size);
  auto size = out.size();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1 ||
      EVP_PKEY_derive(context.get(), out.data(), &size) != 1 || size != out.size())
    return {};
  return out;
}

bytes p256_sign(byte_view scalar, byte_view content) {
  const auto key = import_private(scalar);
  const auto context = digest_context(EVP_MD_CTX_new());
  auto size = size_t{0};
  if (!key || !context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, content.data(), content.size()) != 1)
    return {};
  auto out = bytes(size); // the most that DER may need
  if (EVP_DigestSign(context.get(), out.data(), &size, content.data(), content.size()) != 1)
    return {};
  out.resize(size);
  return out;
}

bool p256_verify(byte_view key, byte_view content, byte_view signature) {
  const auto imported = import_public(key);
  const auto context = digest_context(EVP_MD_CTX_new());
  return imported && context && !signature.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, imported.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), content.data(),
                          content.size()) == 1;
}

} // namespace hearth::dave
