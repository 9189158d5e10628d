// Bytes that a stranger sends to the HTTP endpoint of interactions, over a real loopback socket:
// parsing, bounds, and the two headers that decide whether a request is looked at. Parts of an
// input, with NUL between them, arrive one after the other.
#include "infra/interactions/ed25519_context.hpp"
#include "infra/interactions/interaction_server.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace hearth;
using fuzz::must;

namespace {

constexpr auto now_s = int64_t{1'795'000'000};
constexpr auto body_bytes_max = size_t{4'096};

inbound_reply answer(const inbound_request& request) {
  must(!request.method.empty(), "a request has a method");
  must(request.body.size() <= body_bytes_max, "no body is bigger than its bound");
  static const auto key =
      ed25519_key::from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto proof = proof_of(request, now_s, 300);
  if (!proof)
    return {401, "", ""};
  must(proof->timestamp.size() < 20, "a timestamp is short");
  must(!key->verifies(proof->signature, proof->timestamp, request.body), "nobody has the key");
  return {401, "text/plain", "no"};
}

/// One server for all inputs; each has a connection of its own.
class endpoint {
public:
  endpoint() {
    auto options = interaction_server_options{};
    options.body_bytes_max = body_bytes_max;
    server_ = std::make_unique<interaction_server>(ioc_, options, answer);
  }

  void take(std::string_view input) {
    const auto peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto reset = linger{1, 0}; // leaves no port behind that waits a minute
    ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    auto to = sockaddr_in{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(::connect(peer, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0, "it listens");
    settle();
    auto parts = 0;
    fuzz::each_part(input, '\0', [&](std::string_view part) {
      if (++parts > 8)
        return;
      (void)!::send(peer, part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      settle();
    });
    char reply[4'096];
    const auto got = ::recv(peer, reply, sizeof reply, MSG_DONTWAIT);
    must(got < 12 || std::string_view(reply, 9) == "HTTP/1.1 ", "an answer is HTTP");
    must(got < 12 || reply[9] == '4', "nothing forged succeeds");
    ::close(peer);
    for (auto turns = 0; server_->connections() > 0 && turns < 1'000; ++turns)
      settle();
    must(server_->connections() == 0, "a closed connection is forgotten");
  }

private:
  void settle() {
    ioc_.restart();
    while (ioc_.poll() > 0)
      continue;
  }

  boost::asio::io_context ioc_;
  std::unique_ptr<interaction_server> server_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto subject = endpoint{};
  subject.take(fuzz::text_of(data, size));
  return 0;
}
