#include "infra/inspect/x509_context.hpp"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace hearth {
namespace {

/// Beginning of validity: 2020-01-01, or a day before `now` should that be earlier.
constexpr int64_t begin_s = 1'577'836'800;
constexpr int64_t day_s = 86'400;

struct openssl_deleter {
  void operator()(BIO* which) const noexcept { BIO_free_all(which); }
  void operator()(X509_STORE* which) const noexcept { X509_STORE_free(which); }
  void operator()(X509_STORE_CTX* which) const noexcept { X509_STORE_CTX_free(which); }
  void operator()(X509_EXTENSION* which) const noexcept { X509_EXTENSION_free(which); }
  void operator()(BIGNUM* which) const noexcept { BN_free(which); }
};
template <class T> using owned = std::unique_ptr<T, openssl_deleter>;

[[noreturn]] void fail(const char* what) {
  auto text = std::array<char, 256>{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  throw x509_error{fmt::format("{}: {}", what, text.data())};
}
void must(bool worked, const char* what) {
  if (!worked)
    fail(what);
}

void extend(X509* certificate, X509* issuer, int which, const char* value) {
  auto context = X509V3_CTX{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const auto extension =
      owned<X509_EXTENSION>{X509V3_EXT_conf_nid(nullptr, &context, which, value)};
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

/// Everything but extensions and signature.
x509_certificate draft(const x509_key& key, const std::string& name, validity when) {
  auto made = x509_certificate{X509_new()};
  must(made && X509_set_version(made.get(), X509_VERSION_3) == 1, "version");
  auto serial = owned<BIGNUM>{BN_new()};
  must(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())),
       "serial number");
  const auto from = std::min(begin_s, when.from_ms / 1000 - day_s);
  must(ASN1_TIME_set(X509_getm_notBefore(made.get()), from) &&
           ASN1_TIME_set(X509_getm_notAfter(made.get()), when.until_ms / 1000),
       "validity");
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(name.data()),
                                  static_cast<int>(name.size()), -1, 0) == 1,
       "name");
  must(X509_set_pubkey(made.get(), key.get()) == 1, "public key");
  return made;
}

template <class Write> std::string pem_of(Write&& write) {
  const auto memory = owned<BIO>{BIO_new(BIO_s_mem())};
  must(memory && write(memory.get()) == 1, "PEM");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<size_t>(size)};
}

owned<BIO> memory_of(std::string_view text) {
  return owned<BIO>{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// Without a passphrase: an encrypted key must not make us wait at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

} // namespace

void x509_deleter::operator()(X509* which) const noexcept { X509_free(which); }
void x509_deleter::operator()(EVP_PKEY* which) const noexcept { EVP_PKEY_free(which); }

x509_key make_key() {
  auto key = x509_key{EVP_EC_gen("P-256")};
  must(key != nullptr, "EC key");
  return key;
}

x509_certificate self_signed(const x509_key& key, const std::string& name, validity when) {
  auto made = draft(key, name, when);
  auto* raw = made.get();
  must(X509_set_issuer_name(raw, X509_get_subject_name(raw)) == 1, "issuer");
  extend(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(raw, raw, NID_subject_key_identifier, "hash");
  must(X509_sign(raw, key.get(), EVP_sha256()) != 0, "signature");
  return made;
}

x509_certificate signed_by(const x509_certificate& authority, const x509_key& authority_key,
                           const x509_key& key, const std::string& name, validity when,
                           bool server) {
  auto made = draft(key, name, when);
  auto* raw = made.get();
  must(X509_set_issuer_name(raw, X509_get_subject_name(authority.get())) == 1, "issuer");
  extend(raw, authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(raw, authority.get(), NID_key_usage, "critical,digitalSignature");
  extend(raw, authority.get(), NID_ext_key_usage, server ? "serverAuth" : "clientAuth");
  extend(raw, authority.get(), NID_subject_key_identifier, "hash");
  extend(raw, authority.get(), NID_authority_key_identifier, "keyid:always");
  must(X509_sign(raw, authority_key.get(), EVP_sha256()) != 0, "signature");
  return made;
}

std::string to_pem(const x509_certificate& certificate) {
  return pem_of([&](BIO* into) { return PEM_write_bio_X509(into, certificate.get()); });
}
std::string to_pem(const x509_key& key) {
  return pem_of([&](BIO* into) {
    return PEM_write_bio_PKCS8PrivateKey(into, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

x509_certificate read_certificate(std::string_view pem) {
  const auto memory = memory_of(pem);
  auto found = x509_certificate{PEM_read_bio_X509(memory.get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  return found;
}
x509_key read_key(std::string_view pem) {
  const auto memory = memory_of(pem);
  auto found = x509_key{PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr)};
  ERR_clear_error();
  return found;
}

bool belongs_to(const x509_certificate& certificate, const x509_key& key) {
  const auto fits = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return fits;
}

bool valid_at(const x509_certificate& certificate, int64_t now_ms) {
  auto now = static_cast<time_t>(now_ms / 1000);
  return X509_cmp_time(X509_get0_notBefore(certificate.get()), &now) < 0 &&
         X509_cmp_time(X509_get0_notAfter(certificate.get()), &now) > 0;
}

int64_t expires_ms(const x509_certificate& certificate) {
  auto when = tm{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &when) != 1)
    return 0;
  return static_cast<int64_t>(timegm(&when)) * 1000;
}

std::string fingerprint(const x509_certificate& certificate) {
  auto digest = std::array<unsigned char, EVP_MAX_MD_SIZE>{};
  auto size = 0U;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
    return {};
  auto text = std::string{};
  for (auto i = 0U; i < size; ++i)
    text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string verify_trouble(const x509_certificate& certificate, const x509_certificate& authority,
                           bool server, int64_t now_ms) {
  const auto store = owned<X509_STORE>{X509_STORE_new()};
  const auto context = owned<X509_STORE_CTX>{X509_STORE_CTX_new()};
  if (!store || !context || X509_STORE_add_cert(store.get(), authority.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) != 1)
    return "it cannot be verified";
  X509_STORE_CTX_set_purpose(context.get(),
                             server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<time_t>(now_ms / 1000));
  const auto good = X509_verify_cert(context.get()) == 1;
  const auto why = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  return good ? std::string{} : X509_verify_cert_error_string(why);
}

} // namespace hearth
