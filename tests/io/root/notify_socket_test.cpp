// What the service manager hears, on a real datagram socket.
#include "infra/root/notify_socket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace hearth;

namespace {

struct manager {
  test::temp_folder folder;
  int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);

  manager() {
    auto address = sockaddr_un{};
    address.sun_family = AF_UNIX;
    const auto path = folder.file("notify");
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket);
  }
  std::string heard() const {
    char text[1'000];
    const auto length = ::recv(socket, text, sizeof text, MSG_DONTWAIT);
    return length < 0 ? "nothing" : std::string(text, static_cast<size_t>(length));
  }
};

} // namespace

TEST_CASE_METHOD(manager, "notify: each word as sd_notify has it", "[root]") {
  notify_ready("online\nin 3 guilds");
  CHECK(heard() == "READY=1\nSTATUS=online in 3 guilds");
  notify_reloading();
  CHECK(heard().find("RELOADING=1\nMONOTONIC_USEC=") == 0);
  notify_watchdog();
  CHECK(heard() == "WATCHDOG=1");
  notify_stopping();
  CHECK(heard() == "STOPPING=1");
}

TEST_CASE("notify: without a manager nothing happens", "[root]") {
  ::unsetenv("NOTIFY_SOCKET");
  notify_ready("online");
  ::unsetenv("WATCHDOG_USEC");
  CHECK_FALSE(watchdog_interval());
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  CHECK(watchdog_interval() == std::chrono::seconds{30});
  ::unsetenv("WATCHDOG_USEC");
}
