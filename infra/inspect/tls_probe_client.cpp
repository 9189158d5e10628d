#include "infra/inspect/tls_probe_client.hpp"
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth {
namespace {

class plain_socket {
public:
  ~plain_socket() {
    if (file >= 0)
      ::close(file);
  }
  int file = -1;
};

/// Empty when connected.
std::string connect_to(plain_socket& socket, const std::string& address, uint16_t port,
                       std::chrono::milliseconds patience) {
  auto hints = addrinfo{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const auto code =
          ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
      code != 0)
    return ::gai_strerror(code);
  const auto all = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>{found, ::freeaddrinfo};
  socket.file = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto ms = patience.count();
  const auto limit = timeval{ms / 1000, static_cast<suseconds_t>(ms % 1000 * 1000)};
  ::setsockopt(socket.file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.file, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket.file, found->ai_addr, found->ai_addrlen) != 0)
    return std::strerror(errno);
  return {};
}

std::string last_error(const char* otherwise) {
  const auto code = ERR_peek_last_error();
  const auto* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  auto text = std::string{reason ? reason : otherwise};
  ERR_clear_error();
  return text;
}

} // namespace

probe_report probe_tls(const std::string& address, uint16_t port, const certificate_files& files,
                       std::chrono::milliseconds patience) {
  auto socket = plain_socket{};
  if (auto trouble = connect_to(socket, address, port, patience); !trouble.empty())
    return {probe_result::unreachable, std::move(trouble)};
  const auto context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>{
      SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_load_verify_locations(context.get(), files.authority.c_str(), nullptr) != 1)
    return {probe_result::refused, last_error("the certificate files cannot be used")};
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const auto session = std::unique_ptr<SSL, decltype(&SSL_free)>{SSL_new(context.get()), SSL_free};
  SSL_set_fd(session.get(), socket.file);
  if (SSL_connect(session.get()) != 1) {
    const auto verified = SSL_get_verify_result(session.get());
    if (verified != X509_V_OK) {
      ERR_clear_error();
      return {probe_result::refused,
              fmt::format("the daemon's certificate: {}", X509_verify_cert_error_string(verified))};
    }
    return {probe_result::refused, last_error("it does not speak TLS")};
  }
  // With TLS 1.3 our own certificate is judged only now; CAF's greeting says that it was accepted.
  auto first = char{};
  if (SSL_read(session.get(), &first, 1) == 1)
    return {};
  return {probe_result::refused,
          fmt::format("our certificate: {}", last_error("the daemon closed the connection"))};
}

} // namespace hearth
