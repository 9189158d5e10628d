#pragma once
// The whole simulator as one object: HTTP, gateway, page, on one port and one thread.
#include "discord-sim/core.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/voice_server.hpp"
#include <future>
#include <thread>

namespace sim {

struct server_options {
  std::uint16_t port = 0; ///< 0: any free one
  std::string world_file; ///< "" = the built-in demo world
  std::string world_text; ///< TOML text instead of a file, for tests
  std::uint64_t seed = 1; ///< of ids, tokens and hashes
  unix_ms start_time = 0; ///< domain time at start, 0 = the system's
  std::string page_dir;   ///< serve the page from here instead of the embedded files
  gateway_options gateway = {};
  voice_options voice = {};
  bool rate_limits = true; ///< false: never 429 (benchmarks of other things)
  /// A second port that serves /sim alone and that network faults never touch; 0 = any free one.
  std::optional<std::uint16_t> control_port;
  bool verbose = false; ///< one line per request and connection on standard error
};

/// Throws std::runtime_error: world file (with file and line) or port in use.
class server {
public:
  explicit server(server_options options);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;
  /// 0 without a control port.
  std::uint16_t control_port() const;
  /// Serves until stop(); call on the thread that shall own everything.
  void run();
  /// Ends run(); from any thread.
  void stop();
  /// SIGINT and SIGTERM end run().
  void stop_on_signals();
  /// Everything below only on the run() thread.
  sim::core& core();
  /// Queues work on the run() thread; from any thread.
  void post(std::function<void()> work);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// A server on its own thread, for tests: `call` runs a function there and returns its result.
class in_process {
public:
  explicit in_process(server_options options = {});
  ~in_process();

  std::uint16_t port() const { return server_.port(); }
  std::uint16_t control_port() const { return server_.control_port(); }
  /// "http://127.0.0.1:PORT/api" and "ws://127.0.0.1:PORT".
  std::string api_base() const;
  std::string ws_base() const;

  /// Runs `work(core&)` on the simulator's thread; exceptions come back too.
  template <class F> auto call(F work) -> decltype(work(std::declval<core&>())) {
    using result = decltype(work(std::declval<core&>()));
    std::packaged_task<result()> task([&] { return work(server_.core()); });
    auto answer = task.get_future();
    server_.post([&task] { task(); });
    return answer.get();
  }

private:
  server server_;
  std::thread thread_;
};

} // namespace sim
