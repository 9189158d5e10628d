#include "infra/inspect/port_guard_thread.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/tcp.h> // glibc's tcp_info is shorter
#include <map>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <pthread.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace hearth {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

/// How often connections are looked at while there are some.
constexpr int look_ms = 500;
/// Looks after the kernel told of a connection: its owner may take a while to accept it.
constexpr int looks_for_news = 10;

class descriptor {
public:
  explicit descriptor(int number = -1) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

private:
  int number_;
};

/// The local TCP port of a socket; 0 when it is something else.
uint16_t port_of(int file) {
  auto address = sockaddr_storage{};
  auto size = socklen_t{sizeof address};
  auto kind = 0;
  auto kind_size = socklen_t{sizeof kind};
  if (::getsockopt(file, SOL_SOCKET, SO_TYPE, &kind, &kind_size) != 0 || kind != SOCK_STREAM ||
      ::getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  if (address.ss_family == AF_INET)
    return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  return 0;
}

bool listens(int file) {
  auto yes = 0;
  auto size = socklen_t{sizeof yes};
  return ::getsockopt(file, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes != 0;
}

/// Names a socket for as long as it lives.
uint64_t cookie_of(int file) {
  auto cookie = uint64_t{0};
  auto size = socklen_t{sizeof cookie};
  ::getsockopt(file, SOL_SOCKET, SO_COOKIE, &cookie, &size);
  return cookie;
}

/// Calls `fn(descriptor)` with a duplicate of each TCP socket of this process on one of the ports.
/// One that is reached from our own side (a client in this process) has the port at its other end
/// and is not among them.
template <class Fn> void each_socket(const std::vector<uint16_t>& ports, Fn&& fn) {
  const auto folder = std::unique_ptr<DIR, int (*)(DIR*)>{::opendir("/proc/self/fd"), ::closedir};
  if (!folder)
    return;
  auto numbers = std::vector<int>{};
  while (const auto* entry = ::readdir(folder.get())) {
    const auto name = std::string_view{entry->d_name};
    auto number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number >= 0 && number != ::dirfd(folder.get()))
      numbers.push_back(number);
  }
  for (const auto number : numbers) {
    if (std::find(ports.begin(), ports.end(), port_of(number)) == ports.end())
      continue;
    auto copy = descriptor{::fcntl(number, F_DUPFD_CLOEXEC, 0)};
    if (!copy)
      continue;
    if (const auto port = port_of(copy.number()); port != 0) // it may be another one by now
      if (std::find(ports.begin(), ports.end(), port) != ports.end())
        fn(std::move(copy), port);
  }
}

/// While closed, the kernel drops what wants to connect; clients try again by themselves.
void let_in(int listener, bool open) {
  if (open) {
    auto ignored = 0;
    ::setsockopt(listener, SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof ignored);
    return;
  }
  auto drop = std::array<sock_filter, 1>{sock_filter{BPF_RET | BPF_K, 0, 0, 0}};
  const auto program = sock_fprog{static_cast<unsigned short>(drop.size()), drop.data()};
  ::setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

} // namespace

struct port_guard::listener {
  struct connection {
    steady::time_point since;
    uint64_t received = 0;
    steady::time_point heard; ///< When `received` changed.
  };
  descriptor socket = descriptor{};
  uint16_t port = 0;
  bool open = true;
  std::map<uint64_t, connection> connections; ///< By cookie.
};

port_guard::port_guard(port_guard_limits limits)
    : limits_(limits), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  auto event = epoll_event{EPOLLIN, {}};
  event.data.fd = wake_;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  thread_ = std::thread{[this] { run(); }};
  ::pthread_setname_np(thread_.native_handle(), "port-guard");
}

port_guard::~port_guard() {
  stopping_ = true;
  ::eventfd_write(wake_, 1);
  thread_.join();
  ::close(wake_);
  ::close(epoll_);
}

void port_guard::watch(const std::vector<uint16_t>& ports) {
  const auto lock = std::lock_guard{mutex_};
  wanted_ = ports;
  changed_ = true;
  ::eventfd_write(wake_, 1);
}

void port_guard::run() {
  auto listeners = std::vector<listener>{};
  auto busy = false;
  auto expected = 0; // looks still to be taken for a connection that was told and not yet seen
  while (!stopping_) {
    auto events = std::array<epoll_event, 8>{};
    // A listener's news are edges: asleep until somebody connects.
    const auto awake = busy || expected > 0;
    const auto told = ::epoll_wait(epoll_, events.data(), events.size(), awake ? look_ms : -1);
    expected = told > 0 ? looks_for_news : std::max(expected - 1, 0);
    auto ignored = eventfd_t{};
    ::eventfd_read(wake_, &ignored);
    rewatch(listeners);
    busy = look(listeners);
  }
}

void port_guard::rewatch(std::vector<listener>& listeners) {
  auto ports = std::vector<uint16_t>{};
  {
    const auto lock = std::lock_guard{mutex_};
    if (!std::exchange(changed_, false))
      return;
    ports = wanted_;
  }
  for (const auto& each : listeners) // epoll would keep a duplicate as long as CAF has its own
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, each.socket.number(), nullptr);
  listeners.clear();
  each_socket(ports, [&](descriptor socket, uint16_t port) {
    if (!listens(socket.number()))
      return;
    auto event = epoll_event{EPOLLIN | EPOLLET, {}};
    event.data.fd = socket.number();
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.number(), &event);
    auto found = listener{};
    found.socket = std::move(socket);
    found.port = port;
    listeners.push_back(std::move(found));
  });
}

bool port_guard::look(std::vector<listener>& listeners) {
  const auto now = steady::now();
  auto ports = std::vector<uint16_t>{};
  auto before = std::map<uint16_t, std::map<uint64_t, listener::connection>>{};
  for (auto& each : listeners) {
    ports.push_back(each.port);
    before[each.port] = std::exchange(each.connections, {});
  }
  if (ports.empty())
    return false;
  each_socket(ports, [&](descriptor socket, uint16_t port) {
    if (listens(socket.number()))
      return;
    auto facts = tcp_info{};
    auto size = socklen_t{sizeof facts};
    if (::getsockopt(socket.number(), IPPROTO_TCP, TCP_INFO, &facts, &size) != 0)
      return;
    const auto cookie = cookie_of(socket.number());
    auto here = listener::connection{now, facts.tcpi_bytes_received, now};
    if (const auto known = before[port].find(cookie); known != before[port].end()) {
      here.since = known->second.since;
      if (known->second.received == here.received)
        here.heard = known->second.heard;
    }
    const auto proven = here.received >= limits_.proven_bytes_min;
    const auto late = !proven && now - here.since >= limits_.shake_max;
    if (late || now - here.heard >= limits_.idle_max) {
      ++(late ? cut_silent_ : cut_idle_);
      ::shutdown(socket.number(), SHUT_RDWR); // CAF sees its end and cleans up
      return;
    }
    for (auto& each : listeners)
      if (each.port == port)
        each.connections.emplace(cookie, here);
  });
  auto busy = false;
  for (auto& each : listeners) {
    const auto open = each.connections.size() < limits_.connections_max;
    if (open != each.open) {
      let_in(each.socket.number(), open);
      each.open = open;
      times_full_ += open ? 0 : 1;
    }
    busy = busy || !each.connections.empty() || !each.open;
  }
  return busy;
}

} // namespace hearth
