#pragma once
// OpenSSL's certificates and keys as values: made, signed, read, verified. Source: RFC 5280;
// OpenSSL 3 man pages.
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hearth {

/// OpenSSL refused; the text is its own.
struct x509_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct x509_deleter {
  void operator()(X509* which) const noexcept;
  void operator()(EVP_PKEY* which) const noexcept;
};
using x509_certificate = std::unique_ptr<X509, x509_deleter>;
using x509_key = std::unique_ptr<EVP_PKEY, x509_deleter>;

/// Unix milliseconds. Beginnings lie in the past by years: a Raspberry Pi has no clock at boot.
struct validity {
  int64_t from_ms = 0, until_ms = 0;
};

/// A new EC key on P-256. Throws x509_error; likewise what makes below.
x509_key make_key();
/// An authority that signs end certificates only (path length 0).
x509_certificate self_signed(const x509_key& key, const std::string& name, validity when);
/// `server`: for the end that listens, else for the end that connects (extended key usage).
x509_certificate signed_by(const x509_certificate& authority, const x509_key& authority_key,
                           const x509_key& key, const std::string& name, validity when,
                           bool server);

/// PEM, the key unencrypted (PKCS 8).
std::string to_pem(const x509_certificate& certificate);
std::string to_pem(const x509_key& key);
/// Null when the text holds none.
x509_certificate read_certificate(std::string_view pem);
x509_key read_key(std::string_view pem);

bool belongs_to(const x509_certificate& certificate, const x509_key& key);
bool valid_at(const x509_certificate& certificate, int64_t now_ms);
/// Unix milliseconds.
int64_t expires_ms(const x509_certificate& certificate);
/// SHA-256, hexadecimal.
std::string fingerprint(const x509_certificate& certificate);
/// Empty when the authority vouches for it at that time and for that end; else OpenSSL's reason.
std::string verify_trouble(const x509_certificate& certificate, const x509_certificate& authority,
                           bool server, int64_t now_ms);

} // namespace hearth
