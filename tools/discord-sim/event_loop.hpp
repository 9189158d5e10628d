#pragma once
// The simulator's one thread: work, timers, signals. Asio stays behind it.
#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace sim {

/// Stops a timer when destroyed or reset.
class timer_handle {
public:
  virtual ~timer_handle() = default;
};

class event_loop {
public:
  event_loop();
  ~event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  /// Serves until stop(). An exception of a handler passes through.
  void run();
  /// From any thread.
  void stop();
  /// Queues work; from any thread.
  void post(std::function<void()> work);
  /// Runs once after a steady delay; not cancellable.
  void after(std::chrono::milliseconds delay, std::function<void()> then);
  /// The same, cancelled when the handle goes.
  [[nodiscard]] std::unique_ptr<timer_handle> timer(std::chrono::milliseconds delay,
                                                    std::function<void()> then);
  /// Calls `then` once at SIGINT or SIGTERM.
  void on_signal(std::function<void()> then);

  boost::asio::io_context& io();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace sim
