// What a write costs: N upserts through the store thread as fast as it answers, or idle chatter.
// Usage: bench-store load N | bench-store chatter SECONDS. Prints one line of JSON.
#include "actors/root/system_config.hpp"
#include "config/embedded.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/store_context.hpp"
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <vector>

namespace bench {

struct put {
  uint64_t guild = 0;
  std::string key;
  std::string value;
};
struct note {
  uint64_t guild = 0;
  int number = 0; ///< Each time another: SQLite does not write what is there already.
};

} // namespace bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::put)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::note)

namespace {

using namespace hearth;
using writer_actor =
    caf::typed_actor<caf::replies_to<bench::put>::with<bool>, caf::reacts_to<bench::note>>;

constexpr auto upsert = "INSERT INTO guild_option(guild, key, value) VALUES(?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET value=excluded.value";

/// A store of one statement.
class writer final : public on_store<writer_actor::base> {
public:
  writer(caf::actor_config& config, store_context& store) : on_store(config, store) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const bench::put& asked) {
          return write<bool>([&](sqlite_db& db) {
            db.exec(upsert, guild_id{asked.guild}, asked.key, asked.value);
            return true;
          });
        },
        [this](const bench::note& asked) {
          write_lazily([asked](sqlite_db& db) {
            db.exec(upsert, guild_id{asked.guild}, std::string{"seen"},
                    std::to_string(asked.number));
          });
        },
    };
  }
};

/// Keeps so many writes under way until all are answered: a guild's crowd that clicks.
class crowd final : public caf::event_based_actor {
public:
  crowd(caf::actor_config& config, writer_actor store, int writes)
      : caf::event_based_actor(config), store_(std::move(store)), left_(writes), open_(0) {}

protected:
  caf::behavior make_behavior() override {
    set_default_handler(caf::drop);
    for (auto i = 0; i < window; ++i)
      next();
    return {[](int) {}};
  }

private:
  static constexpr auto window = 64;

  void next() {
    if (left_ == 0) {
      if (open_ == 0)
        quit();
      return;
    }
    --left_;
    ++open_;
    const auto n = static_cast<uint64_t>(left_);
    request(store_, caf::infinite, // the clock of a timeout is not the store's cost
            bench::put{n % 1'000, "option" + std::to_string(n % 7), std::to_string(n)})
        .then(
            [this](bool) {
              --open_;
              next();
            },
            [](const caf::error& why) {
              std::fprintf(stderr, "a write failed: %s\n", describe(why).c_str());
              std::exit(1);
            });
  }

  writer_actor store_;
  int left_, open_;
};

/// Together they keep twice what one batch may hold: while that is on its way to the disk the next
/// one fills.
constexpr auto crowds = 16;

double cpu_s() {
  auto used = rusage{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3)
    return 2;
  const auto mode = std::string{argv[1]};
  const auto amount = std::atoi(argv[2]);
  const auto folder =
      std::filesystem::temp_directory_path() / ("hearth-bench-store-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto path = (folder / "hearth.db").string();
  {
    auto db = sqlite_db{path};
    migrate(db, embedded_migrations(), path + ".backup", 0);
  }
  {
    auto config = system_config{};
    auto system = caf::actor_system{config};
    auto store = store_context{system, path, {}};
    auto writing = writer_actor{system.spawn<writer>(std::ref(store))};
    const auto before = cpu_s();
    const auto began = std::chrono::steady_clock::now();
    auto self = caf::scoped_actor{system};
    if (mode == "load") {
      auto people = std::vector<caf::actor>{};
      for (auto i = 0; i < crowds; ++i)
        people.push_back(system.spawn<crowd>(writing, amount / crowds));
      for (const auto& each : people)
        self->wait_for(each);
    } else {
      for (auto i = 0; i < amount * 50; ++i) {
        self->send(writing, bench::note{static_cast<uint64_t>(i % 100), i});
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
      }
    }
    const auto wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const auto& counted = store.counters();
    auto said = nlohmann::json{{"seconds", wall},
                               {"commits", counted.commits.load()},
                               {"longest_commit_us", counted.longest_commit_us.load()}};
    if (mode == "load")
      said["cpu_us_per_write"] = (cpu_s() - before) / amount * 1e6,
      said["writes_per_s"] = amount / wall;
    else
      said["commits_per_s"] = static_cast<double>(counted.commits.load()) / wall,
      said["cpu_percent"] = (cpu_s() - before) / wall * 100;
    std::printf("%s\n", said.dump().c_str());
    caf::anon_send_exit(writing, caf::exit_reason::user_shutdown);
    writing = nullptr;
  }
  std::filesystem::remove_all(folder);
  return 0;
}
