#pragma once
// Watches over listening ports that CAF serves: it never times out a connection that has not shown
// a certificate, and each costs memory and a file. Source: guide "remoting", measured in
// actors/README.md.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace hearth {

struct port_guard_limits {
  size_t connections_max = 16;                 ///< Of one port; then no more are let in.
  std::chrono::milliseconds shake_max{5'000};  ///< For the TLS handshake.
  std::chrono::milliseconds idle_max{600'000}; ///< For the next question.
  /// A connection that brought fewer bytes has not shown a certificate of ours yet.
  uint64_t proven_bytes_min = 900;
};

/// One thread that sleeps while nobody connects. It finds the sockets among the process's open
/// files, since CAF hands them to nobody, and works on duplicates, so that a number used again
/// meanwhile does no harm.
class port_guard {
public:
  explicit port_guard(port_guard_limits limits = {});
  ~port_guard();
  port_guard(const port_guard&) = delete;
  port_guard& operator=(const port_guard&) = delete;

  /// The ports that this process listens on for facades, replacing those of before.
  void watch(const std::vector<uint16_t>& ports);

  /// Since the start.
  uint64_t cut_silent() const noexcept { return cut_silent_; }
  uint64_t cut_idle() const noexcept { return cut_idle_; }
  uint64_t times_full() const noexcept { return times_full_; }

private:
  struct listener;
  void run();
  void rewatch(std::vector<listener>& listeners);
  /// Cuts what is late; true while connections are left.
  bool look(std::vector<listener>& listeners);

  port_guard_limits limits_;
  int epoll_ = -1, wake_ = -1;
  std::mutex mutex_;
  std::vector<uint16_t> wanted_;
  bool changed_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> cut_silent_{0}, cut_idle_{0}, times_full_{0};
  std::thread thread_;
};

} // namespace hearth
