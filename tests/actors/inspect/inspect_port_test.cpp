// Strangers never reach an actor: each kind of them tries, over real sockets, and in the end an
// honest client is served as before.
#include "actors/inspect/inspect_port.hpp"
#include "actors/root/system_config.hpp"
#include "infra/inspect/tls_probe_client.hpp"
#include "infra/inspect/wire_config_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_inspector.hpp"
#include "tests/support/temp_folder.hpp"
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <random>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;

int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// A daemon's main system with a fake inspector, and its published facade.
struct daemon_side {
  test::temp_folder folder;
  std::string certificates = folder.file("inspect");
  system_config config;
  caf::actor_system system{config};
  std::shared_ptr<test::inspect_record> record = std::make_shared<test::inspect_record>();
  inspect_actor target = system.spawn<test::fake_inspector>(record);
  std::unique_ptr<inspect_port> opened;
  std::mutex mutex;
  std::condition_variable told;
  std::vector<uint16_t> ports; ///< Each publication's.

  daemon_side() {
    REQUIRE(prepare_certificates(certificates, unix_ms()).trouble.empty());
    auto options = inspect_port_options{};
    options.certificates = certificates;
    options.now_ms = unix_ms();
    options.told = [this](uint16_t port, const std::string&) {
      const auto lock = std::lock_guard{mutex};
      ports.push_back(port);
      told.notify_all();
    };
    opened = std::make_unique<inspect_port>(target, std::move(options));
    REQUIRE(port(1) != 0);
  }
  ~daemon_side() {
    opened = nullptr; // the way in first
    caf::anon_send_exit(target, caf::exit_reason::kill);
    target = nullptr;
  }
  /// The port of the n-th publication, waited for.
  uint16_t port(size_t n) {
    auto lock = std::unique_lock{mutex};
    told.wait_for(lock, patience, [&] { return ports.size() >= n; });
    return ports.size() >= n ? ports[n - 1] : uint16_t{0};
  }
};

/// A remote node with the certificates of `folder`.
struct client_side {
  wire_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  caf::node_id node;

  explicit client_side(const std::string& folder, inspect_right right = inspect_right::inspect)
      : config(certificate_files_of(folder, right, wire_end::client), right) {}

  inspect_actor connect(uint16_t port) {
    auto found = inspect_actor{};
    self->request(system.openssl_manager().actor_handle(), patience, caf::connect_atom::value,
                  std::string{"127.0.0.1"}, port)
        .receive(
            [&](const caf::node_id& id, const caf::strong_actor_ptr& facade,
                const std::set<std::string>&) {
              node = id;
              found = caf::actor_cast<inspect_actor>(facade);
            },
            [](const caf::error&) {});
    return found;
  }
  /// Empty when it got no answer.
  std::string ask(const inspect_actor& whom) {
    auto program = std::string{};
    if (whom)
      self->request(whom, patience, ask_status{})
          .receive([&](const daemon_status& status) { program = status.program; },
                   [](const caf::error&) {});
    return program;
  }
};

std::string served(daemon_side& daemon, size_t publication = 1) {
  auto honest = client_side{daemon.certificates};
  return honest.ask(honest.connect(daemon.port(publication)));
}

/// Sends bytes over plain TCP; true when the other side has hung up.
bool thrown_out(uint16_t port, const std::string& bytes) {
  const auto file = ::socket(AF_INET, SOCK_STREAM, 0);
  auto address = sockaddr_in{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(file, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  auto ended = false;
  for (auto waits = pollfd{file, POLLIN, 0}; !ended && ::poll(&waits, 1, 10'000) == 1;) {
    char sink[4096];
    ended = ::recv(file, sink, sizeof sink, 0) <= 0;
  }
  ::close(file);
  return ended;
}

int64_t memory_kb() {
  struct rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

} // namespace

TEST_CASE("inspect port: the holder of a certificate is served", "[inspect][port]") {
  auto daemon = daemon_side{};
  CHECK(served(daemon) == "fake");
  CHECK(daemon.record->asked == 1);
}

TEST_CASE("inspect port: another daemon's certificate opens nothing", "[inspect][port]") {
  auto daemon = daemon_side{};
  const auto other = test::temp_folder{};
  REQUIRE(prepare_certificates(other.file("inspect"), unix_ms()).trouble.empty());
  auto stranger = client_side{other.file("inspect")};
  CHECK_FALSE(stranger.connect(daemon.port(1)));
  CHECK(daemon.record->asked == 0);
  CHECK(served(daemon) == "fake");
}

TEST_CASE("inspect port: the right to steer is another one", "[inspect][port]") {
  auto daemon = daemon_side{};
  auto stranger = client_side{daemon.certificates, inspect_right::steer};
  CHECK_FALSE(stranger.connect(daemon.port(1)));
  CHECK(daemon.record->asked == 0);
  const auto report = probe_tls(
      "127.0.0.1", daemon.port(1),
      certificate_files_of(daemon.certificates, inspect_right::steer, wire_end::client), 5s);
  CHECK(report.result == probe_result::refused);
}

TEST_CASE("inspect port: the daemon's own certificate is none for clients", "[inspect][port]") {
  auto daemon = daemon_side{};
  auto files = certificate_files_of(daemon.certificates, inspect_right::inspect, wire_end::client);
  CHECK(probe_tls("127.0.0.1", daemon.port(1), files, 5s).result == probe_result::good);
  const auto server =
      certificate_files_of(daemon.certificates, inspect_right::inspect, wire_end::daemon);
  CHECK(probe_tls("127.0.0.1", daemon.port(1), server, 5s).result == probe_result::refused);
  CHECK(daemon.record->asked == 0);
}

TEST_CASE("inspect port: plain TCP, forged headers and noise are thrown out", "[inspect][port]") {
  auto daemon = daemon_side{};
  const auto before = memory_kb();
  // A BASP header as CAF 0.17 reads it: operation, flags, payload length, operation data ...
  auto forged = std::string(1, '\0') + std::string(3, '\0') + "\xff\xff\xff\xff";
  forged += std::string(32, '\1');
  CHECK(thrown_out(daemon.port(1), forged));
  CHECK(thrown_out(daemon.port(1), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  auto random = std::minstd_rand{7};
  for (auto i = 0; i < 20; ++i) {
    auto noise = std::string(2'000, '\0');
    for (auto& c : noise)
      c = static_cast<char>(random());
    CHECK(thrown_out(daemon.port(1), noise));
  }
  // A TLS record header of a handshake, then noise: the library must refuse it.
  CHECK(thrown_out(daemon.port(1),
                   std::string("\x16\x03\x01\x02\x00", 5) + std::string(512, '\x55')));
  CHECK(memory_kb() - before < 64 * 1024);
  CHECK(daemon.record->asked == 0);
  CHECK(served(daemon) == "fake");
}

TEST_CASE("inspect port: a facade that a peer has ended comes back on its port",
          "[inspect][port]") {
  auto daemon = daemon_side{};
  {
    auto peer = client_side{daemon.certificates};
    const auto facade = peer.connect(daemon.port(1));
    REQUIRE(facade);
    peer.self->send_exit(facade, caf::exit_reason::kill);
    CHECK(daemon.port(2) == daemon.port(1));
  }
  CHECK(served(daemon, 2) == "fake");
}

TEST_CASE("inspect port: a peer finds nothing under a name", "[inspect][port]") {
  auto daemon = daemon_side{};
  auto peer = client_side{daemon.certificates};
  const auto facade = peer.connect(daemon.port(1));
  REQUIRE(facade);
  const auto broker = peer.system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  auto answered = false;
  for (const auto* name : {"ConfigServ", "SpawnServ", "StreamServ"})
    peer.self->send(broker, caf::forward_atom::value, peer.node, caf::atom_from_string(name),
                    caf::make_message(caf::get_atom::value, std::string{"*"}));
  for (auto i = 0; i < 3; ++i) // on the same connection, behind them
    CHECK(peer.ask(facade) == "fake");
  peer.self->receive([&](const std::string&) { answered = true; },
                     [&](const caf::strong_actor_ptr&) { answered = true; },
                     caf::after(0ms) >> [] {});
  CHECK_FALSE(answered);
}

TEST_CASE("inspect port: without good certificates nothing is opened", "[inspect][port]") {
  const auto folder = test::temp_folder{};
  system_config config;
  caf::actor_system system{config};
  const auto record = std::make_shared<test::inspect_record>();
  auto target = inspect_actor{system.spawn<test::fake_inspector>(record)};
  auto options = inspect_port_options{};
  options.certificates = folder.file("none");
  CHECK_THROWS_AS(inspect_port(target, options), std::runtime_error);
  caf::anon_send_exit(target, caf::exit_reason::kill);
}

TEST_CASE("inspect port: files that vanish while it runs end nothing", "[inspect][port]") {
  auto daemon = daemon_side{};
  const auto kept = test::temp_folder{};
  std::filesystem::rename(daemon.certificates, kept.file("inspect"));
  auto honest = client_side{kept.file("inspect")};
  CHECK(honest.ask(honest.connect(daemon.port(1))) == "fake");
}

TEST_CASE("wire config: only facades load networking, the main system does not", "[inspect]") {
  const auto main = system_config{};
  CHECK(main.module_factories.empty());
  const auto folder = test::temp_folder{};
  const auto wire =
      wire_config{certificate_files_of(folder.path(), inspect_right::inspect, wire_end::daemon),
                  inspect_right::inspect};
  CHECK(wire.module_factories.size() == 2);
  CHECK(caf::get_or(wire, "scheduler.policy", caf::atom("none")) == caf::atom("sharing"));
  CHECK(caf::get_or(wire, "scheduler.max-threads", size_t{0}) == 1);
  CHECK(caf::get_or(wire, "middleman.workers", size_t{0}) == 1);
}
