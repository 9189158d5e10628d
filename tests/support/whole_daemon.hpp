#pragma once
// All of hearthd in this process, against a local Discord in this process: real sockets, real
// SQLite, real threads; only the waits between two tries are short.
#include "actors/root/daemon.hpp"
#include "infra/store/store_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kept_log.hpp"
#include "tests/support/sim_world.hpp"
#include "tests/support/temp_folder.hpp"
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace test {

using nlohmann::json;

class whole_daemon {
public:
  explicit whole_daemon(sim::server_options server = sim_test::sim_world::defaults());
  /// Stops it, and leaves the secrets of this test for tools/secrets.py.
  ~whole_daemon();
  whole_daemon(const whole_daemon&) = delete;
  whole_daemon& operator=(const whole_daemon&) = delete;

  kept_log log; ///< First, so that it sees all.
  sim_test::sim_world discord;
  temp_folder folder;
  hearth::startup options; ///< For the next start.
  hearth::daemon_hooks hooks;

  /// Starts it; returns at once.
  void start();
  /// Starts it and waits until a member can use its commands.
  void start_online();
  void wait_online();
  /// An orderly stop; its exit code. -1 when it does not run.
  int stop();
  /// Waits until it has ended by itself; its exit code.
  int wait_end();

  /// A slash command in #general, and what became of it in the end.
  json command(const std::string& user, const std::string& name, json options = json::array(),
               const std::string& wait_for = "final");
  /// The same, with any channel and no wait: the interaction's id.
  std::string ask(const std::string& user, const std::string& name, json options = json::array());
  json outcome(const std::string& interaction, const std::string& wait_for = "final");
  json click(const std::string& user, const std::string& message, const std::string& custom_id,
             const std::string& wait_for = "final");
  /// Chooses #general for the daily message.
  void choose_channel();
  /// Messages of #general as Bob sees them, newest last.
  json messages();
  /// The messages with vote buttons, newest last.
  std::vector<json> evenings();
  /// The custom_ids of a message's buttons.
  static std::vector<std::string> buttons(const json& message);

  template <class Do> void gateway(Do act) {
    discord.server.call([&](sim::core& core) {
      act(core.gateway());
      return 0;
    });
  }
  /// The connection that the daemon has now.
  sim::session_info session();
  bool connected();
  /// Payloads of that op that the simulator got so far.
  size_t received_ops(int op);
  /// Fails the test when Discord had anything to complain about.
  void check_no_violation();

private:
  std::unique_ptr<hearth::daemon> daemon_;
  std::unique_ptr<std::promise<void>> ended_;
};

/// Asks again until `probe` is true; fails the test after `limit`, which a busy machine may need.
template <class Probe>
void until(const char* what, Probe probe, std::chrono::seconds limit = std::chrono::seconds{60}) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!probe()) {
    INFO("waited in vain for: " << what);
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(std::chrono::milliseconds{1}); // the daemon needs the core more
  }
}

} // namespace test
