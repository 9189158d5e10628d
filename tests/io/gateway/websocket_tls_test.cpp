// The websocket client over TLS: a certificate of a known authority for the right name is accepted,
// anything else is not. The certificate is made here; OpenSSL's own variable names the authority.
#include <utility> // Asio 1.74 needs it first in C++20

#include "infra/gateway/websocket_client.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace hearth;
namespace net = boost::asio;
namespace ws = boost::beast::websocket;

namespace {

struct identity {
  std::string certificate, key; ///< PEM.
};

std::string drain(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  auto text = std::string(data, static_cast<size_t>(size));
  BIO_free(memory);
  return text;
}

/// A self-signed certificate for "localhost".
identity make_identity() {
  auto* key = EVP_EC_gen("P-256");
  auto* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());
  auto* certificate_pem = BIO_new(BIO_s_mem());
  auto* key_pem = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_pem, certificate);
  PEM_write_bio_PrivateKey(key_pem, key, nullptr, nullptr, 0, nullptr, nullptr);
  auto made = identity{drain(certificate_pem), drain(key_pem)};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

/// Sets OpenSSL's variable for a file of trusted authorities, for one test.
class trusted {
public:
  explicit trusted(const std::string& pem)
      : path_(std::filesystem::temp_directory_path() /
              ("hearth-ca-" + std::to_string(::getpid()) + ".pem")) {
    auto* file = std::fopen(path_.c_str(), "w");
    REQUIRE(file != nullptr);
    std::fwrite(pem.data(), 1, pem.size(), file);
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~trusted() {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }
  trusted(const trusted&) = delete;
  trusted& operator=(const trusted&) = delete;

private:
  std::filesystem::path path_;
};

/// Connects to `host`, serves one TLS connection with `id` and returns the client's first event.
std::string try_connect(const identity& id, const std::string& host, std::string* sni = nullptr) {
  auto server_io = net::io_context{};
  auto context = net::ssl::context{net::ssl::context::tls_server};
  context.use_certificate_chain(net::buffer(id.certificate));
  context.use_private_key(net::buffer(id.key), net::ssl::context::pem);
  auto acceptor = net::ip::tcp::acceptor{server_io, {net::ip::make_address("127.0.0.1"), 0}};
  const auto port = acceptor.local_endpoint().port();

  auto io = net::io_context{1};
  auto work = net::make_work_guard(io);
  auto first = std::promise<std::string>{};
  auto told = false;
  const auto tell = [&](std::string event) {
    if (!std::exchange(told, true))
      first.set_value(std::move(event));
  };
  auto client = std::make_unique<websocket_client>(
      io, websocket_options{"DiscordBot (test, 1)"},
      websocket_events{[&] { tell("opened"); }, [](padded_text, bool) {}, [] {},
                       [&](uint16_t, const std::string&) {
                         tell("closed");
                         ::shutdown(acceptor.native_handle(), SHUT_RD); // it may never have come
                       }});
  auto thread = std::thread{[&] { io.run(); }};
  net::post(io, [&] { client->connect("wss://" + host + ":" + std::to_string(port)); });
  auto error = boost::system::error_code{};
  auto socket = acceptor.accept(error);
  auto server = ws::stream<net::ssl::stream<net::ip::tcp::socket>>{std::move(socket), context};
  if (!error)
    server.next_layer().handshake(net::ssl::stream_base::server, error);
  if (!error)
    server.accept(error);
  if (sni != nullptr)
    if (const auto* name =
            SSL_get_servername(server.next_layer().native_handle(), TLSEXT_NAMETYPE_host_name))
      *sni = name;
  auto event = first.get_future();
  REQUIRE(event.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
  auto done = std::promise<void>{};
  net::post(io, [&] {
    client.reset();
    done.set_value();
  });
  done.get_future().wait();
  work.reset();
  thread.join();
  return event.get();
}

} // namespace

TEST_CASE("websocket tls: a trusted certificate for the name is accepted", "[gateway]") {
  const auto id = make_identity();
  const auto trust = trusted{id.certificate};
  auto sni = std::string{};
  CHECK(try_connect(id, "localhost", &sni) == "opened");
  CHECK(sni == "localhost");
}

TEST_CASE("websocket tls: another name is refused", "[gateway]") {
  const auto id = make_identity();
  const auto trust = trusted{id.certificate};
  CHECK(try_connect(id, "127.0.0.1") == "closed");
}

TEST_CASE("websocket tls: an unknown authority is refused", "[gateway]") {
  const auto trust = trusted{make_identity().certificate};
  CHECK(try_connect(make_identity(), "localhost") == "closed");
}
