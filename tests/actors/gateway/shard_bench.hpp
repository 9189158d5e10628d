#pragma once
// A shard on a real I/O thread between a scripted gateway on loopback and fake neighbours that
// write down what they are told. Nothing sleeps: every step waits for what it causes.
#include "tests/io/gateway/scripted_gateway.hpp"

#include "actors/gateway/gateway_shard.hpp"
#include "actors/root/system_config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

namespace hearth::test {

using nlohmann::json;

/// Lines of text that some actor wrote, in order; the test takes them one by one.
class journal {
public:
  void write(std::string line) {
    const auto lock = std::lock_guard{mutex_};
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  /// The next line; "nothing" after ten seconds.
  std::string next() {
    auto lock = std::unique_lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return !lines_.empty(); }))
      return "nothing";
    auto line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }
  bool empty() {
    const auto lock = std::lock_guard{mutex_};
    return lines_.empty();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
};

/// One event as a line: "available Le Foyer joined", "voice ada 0>7".
std::string line_of(const guild_event& event);

/// What the test may change about the neighbours while they run.
struct neighbours {
  journal told;            ///< By the shard, to anybody.
  std::mutex mutex;        ///< Of what follows.
  std::string gateway_url; ///< What GET /gateway/bot says.
  int starts_left = 1000;
  uint16_t rest_status = 200;
  bool refuse_guilds = false; ///< want_guild is answered by an error.
  bool hold_guilds = false;   ///< want_guild is answered by `release`.
  bool behind = false;        ///< Guilds take what they are sent, and digest none of it.
  bool takes = false;         ///< Guilds claim the interactions that reach them.
  std::vector<std::shared_ptr<const void>> undigested;

  /// Guilds are slow from now on, or have digested everything.
  void set_behind(bool on) {
    const auto lock = std::lock_guard{mutex};
    behind = on;
    undigested.clear();
  }
};

/// A guild's actor that writes "guild ID: event, event" for each batch; dies when told "!die".
class fake_guild final : public guild_actor::base {
public:
  fake_guild(caf::actor_config& config, neighbours& around, guild_id guild)
      : guild_actor::base(config), around_(around), guild_(guild) {}

protected:
  behavior_type make_behavior() override;

private:
  neighbours& around_;
  guild_id guild_;
};

/// Releases the want_guild requests that are held.
using release_guilds = caf::ok_atom;
using fake_supervisor_actor = guild_supervisor_actor::extend<caf::reacts_to<release_guilds>>;

/// System, I/O thread, neighbours and options; `spawn` starts shards one after the other.
class shard_bench {
public:
  shard_bench();
  ~shard_bench();
  shard_bench(const shard_bench&) = delete;
  shard_bench& operator=(const shard_bench&) = delete;

  /// Starts a shard (the one before must be stopped).
  void spawn();
  /// Orderly stop; false when it was not answered in time.
  bool stop(bool resumable);
  /// Ends it as a crash would.
  void kill();
  template <class Message> void tell(Message message) {
    caf::anon_send(shard_, std::move(message));
  }
  shard_status status();
  void release();

  /// The next line the neighbours were told.
  std::string told() { return around.told.next(); }
  /// Nothing more was told, as far as the shard has got now.
  bool quiet() {
    status();
    return around.told.empty();
  }

  scripted_gateway server;
  neighbours around;
  gateway_shard_options options;
  ::test::temp_folder folder;
  telemetry counted;

private:
  system_config config_{&counted};
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<asio_context> io_;
  rest_actor rest_;
  fake_supervisor_actor supervisor_;
  clock_actor clock_;
  gateway_shard_actor shard_;
};

/// Hello with a heartbeat that never gets in the way, unless told otherwise.
void say_hello(scripted_connection& peer, int64_t interval_ms = 600'000);
/// The next payload, which must have this op; heartbeats before it are answered and passed over.
json expect_op(scripted_connection& peer, int op);
void dispatch(scripted_connection& peer, const std::string& type, int64_t seq, const json& d);
/// Hello, IDENTIFY, READY with these guilds.
json identify(scripted_connection& peer, const scripted_gateway& server,
              const std::vector<std::string>& guilds);
/// A guild with a name and one voice channel "7".
json guild(const std::string& id, const std::string& name);

} // namespace hearth::test
