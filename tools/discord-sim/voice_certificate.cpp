#include "discord-sim/voice_certificate.hpp"
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace sim {

namespace {

template <auto Free> struct freed {
  template <class T> void operator()(T* p) const { Free(p); }
};
using pkey = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using x509 = std::unique_ptr<X509, freed<X509_free>>;
using bio = std::unique_ptr<BIO, freed<BIO_free>>;

constexpr long day_s = 24L * 3600;
constexpr long valid_s = 365 * day_s;

void must(bool good) {
  if (!good)
    throw std::runtime_error("the voice server's certificate could not be made");
}

void extend(X509* of, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, of, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  must(extension && X509_add_ext(of, extension.get(), -1) == 1);
}

x509 make(const char* name, EVP_PKEY* subject) {
  x509 made(X509_new());
  std::uint64_t serial = 0;
  must(made && RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  X509_set_version(made.get(), 2); // X.509 v3
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -day_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), valid_s);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  must(X509_set_pubkey(made.get(), subject) == 1);
  return made;
}

template <class Write> std::string text_of(Write write) {
  const bio memory(BIO_new(BIO_s_mem()));
  must(memory && write(memory.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

voice_certificate make_voice_certificate() {
  const pkey authority_key(EVP_EC_gen("P-256"));
  const pkey key(EVP_EC_gen("P-256"));
  must(authority_key && key);
  const auto authority = make("discord-sim voice authority", authority_key.get());
  X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
  extend(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign");
  extend(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
  must(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);
  const auto leaf = make("discord-sim voice server", key.get());
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority.get()));
  extend(leaf.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), authority.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  extend(leaf.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  must(X509_sign(leaf.get(), authority_key.get(), EVP_sha256()) > 0);
  return {text_of([&](BIO* to) { return PEM_write_bio_X509(to, authority.get()); }),
          text_of([&](BIO* to) { return PEM_write_bio_X509(to, leaf.get()); }),
          text_of([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

} // namespace sim
