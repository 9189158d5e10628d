#pragma once
// The store thread: runs the store actors of all areas, and answers for them after COMMIT.
// Drains its queue into one transaction (group commit), bounded by count and age, so that a burst
// of votes costs one fsync.
#include "infra/inspect/histogram.hpp"
#include "infra/store/batch_db.hpp"
#include "messages/errc.hpp"
#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/delegated.hpp>
#include <caf/execution_unit.hpp>
#include <caf/expected.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/response_promise.hpp>
#include <caf/result.hpp>
#include <caf/resumable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

namespace hearth {

struct store_options {
  /// False (tests with a hand-driven scheduler): no thread; actors run where CAF puts them and each
  /// write is committed by itself. Then all of them must run on one thread.
  bool own_thread = true;
  size_t batch_writes_max = 512;
  std::chrono::milliseconds batch_age_max{20};
  std::chrono::milliseconds lazy_wait_max{1'000}; ///< Idle chatter costs one fsync in that time.
  size_t lazy_max = 1'000;          ///< So many waiting lazy writes are committed at once.
  size_t lazy_waiting_max = 10'000; ///< While commits fail; then the oldest are dropped.
  size_t waiting_max = 20'000;      ///< Messages in one actor's mailbox; more get errc::queue_full.
};

/// Counters for status pages; read from any thread.
struct store_counters {
  std::atomic<uint64_t> commits{0}, writes{0}, reads{0}, failures{0}, refused{0}, lazy_dropped{0};
  std::atomic<uint64_t> longest_commit_us{0};
  std::atomic<store_health> health{store_health::fine};
  /// Microseconds of a commit; an SD card's flush takes long.
  histogram<12, 1'000'000> commit_us{
      {100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 500'000, 2'000'000}};
  histogram<8, 1> batch_writes{{1, 2, 5, 10, 25, 50, 100, 250}};
};

/// One store thread and its database. Destroy it after every actor on it has ended and before the
/// system; the destructor commits what is open.
class store_context final : public caf::execution_unit {
public:
  /// Opens the (migrated) database at `path` and starts the thread. Throws sqlite_error.
  store_context(caf::actor_system& system, const std::string& path, store_options options = {});
  ~store_context() override;
  store_context(const store_context&) = delete;
  store_context& operator=(const store_context&) = delete;

  /// Takes one reference of `job`. Called from any thread for actors of the store, from its own
  /// for those of the pool, which go to the scheduler.
  void exec_later(caf::resumable* job) override;

  bool threaded() const noexcept { return options_.own_thread; }
  size_t waiting_max() const noexcept { return options_.waiting_max; }
  void note_refusal() noexcept { ++counters_.refused; }
  const store_counters& counters() const noexcept { return counters_; }

  // From here on: on the store thread only; on_store is the way in.

  std::optional<std::string> write(const batch_db::work& fn);
  std::optional<std::string> read(const batch_db::work& fn);
  void write_lazily(batch_db::work fn);
  /// Null when a write has no answer (it was refused).
  void then(store_answer_ptr answer);

private:
  std::optional<std::string> noted(std::optional<std::string> failure);
  void loop();
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  void drain(std::unique_lock<std::mutex>& lock);
  void run(caf::resumable* job);
  bool batch_is_full() const;
  void commit();
  void watch_health();

  store_options options_;
  batch_db db_;
  store_counters counters_;
  store_health told_ = store_health::fine; ///< The state that the log knows.
  std::chrono::steady_clock::time_point lazy_since_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<caf::resumable*> queue_; ///< Each holds one reference. At most one entry an actor.
  /// Store thread: who was idle and has an answer now is woken once, when all answers are given.
  std::vector<caf::resumable*> woken_;
  bool answering_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

/// Pins an event-based actor to the store thread and gives its handlers one-line transactions:
///
///   [this](const toggle_vote& q) { return write<vote_result>([&](sqlite_db& db) { ... }); }
///
/// The function runs before the handler returns, so it may refer to the message. The answer leaves
/// after COMMIT; when anything fails it is errc::store_failed and nothing of it is in the database.
template <class Base> class on_store : public Base {
public:
  template <class... Ts>
  on_store(caf::actor_config& config, store_context& store, Ts&&... args)
      : Base(config, std::forward<Ts>(args)...), store_(store) {}
  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override {
    auto* where = store_.threaded() ? &store_ : unit;
    if (is_ordinary(what->mid)) {
      if (waiting_.load(std::memory_order_relaxed) >= store_.waiting_max()) {
        refuse(*what, unit);
        return;
      }
      waiting_.fetch_add(1, std::memory_order_relaxed);
    }
    Base::enqueue(std::move(what), where);
  }
  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    const auto ordinary = is_ordinary(what.mid);
    const auto result = Base::consume(what);
    if (ordinary && result != caf::invoke_message_result::skipped)
      waiting_.fetch_sub(1, std::memory_order_relaxed);
    return result;
  }
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    Base::launch(store_.threaded() ? &store_ : unit, lazy, hide);
  }
  caf::resumable::subtype_t subtype() const override {
    return store_.threaded() ? caf::resumable::io_actor : Base::subtype();
  }

protected:
  /// Runs `fn(sqlite_db&)` in a savepoint of the current batch. `fn` returns R, or
  /// caf::expected<R> whose error undoes it and is the answer, or nothing when R is void.
  template <class R, class Fn> caf::result<R> write(Fn&& fn) {
    return run<R>(std::forward<Fn>(fn), true);
  }
  /// As write, for questions. Sees every write handled before; `fn` must not write.
  template <class R, class Fn> caf::result<R> read(Fn&& fn) {
    return run<R>(std::forward<Fn>(fn), false);
  }
  /// A write that nobody waits for and that a crash may lose: done within a second. `fn` must own
  /// what it uses.
  template <class Fn> void write_lazily(Fn fn) {
    store_.write_lazily([fn = std::move(fn)](sqlite_db& db) mutable {
      fn(db);
      return true;
    });
  }

private:
  /// Exits, downs and answers always get through.
  static bool is_ordinary(caf::message_id id) noexcept {
    return !id.is_response() && !id.is_urgent_message();
  }
  void refuse(caf::mailbox_element& what, caf::execution_unit* unit) {
    store_.note_refusal();
    if (what.mid.is_request() && what.sender)
      what.sender->enqueue(nullptr, what.mid.response_id(),
                           caf::make_message(make_error(errc::queue_full, "store")), unit);
  }

  template <class R> struct promised final : store_answer {
    promised(caf::response_promise p, R v) : promise(std::move(p)), value(std::move(v)) {}
    void committed() override { promise.deliver(std::move(value)); }
    void failed(const std::string& why) override {
      promise.deliver(make_error(errc::store_failed, why));
    }
    caf::response_promise promise;
    R value;
  };

  template <class R, class Fn> caf::result<R> run(Fn&& fn, bool writes) {
    using value = std::conditional_t<std::is_void_v<R>, caf::unit_t, R>;
    auto made = std::optional<value>{};
    auto refused = caf::error{};
    const auto work = [&](sqlite_db& db) {
      using returned = decltype(fn(db));
      if constexpr (std::is_void_v<returned>) {
        fn(db);
        made.emplace();
      } else if constexpr (caf::detail::is_expected<returned>::value) {
        auto maybe = fn(db);
        if (!maybe) {
          refused = std::move(maybe.error());
          return false;
        }
        if constexpr (std::is_void_v<R>)
          made.emplace();
        else
          made.emplace(std::move(*maybe));
      } else {
        made.emplace(fn(db));
      }
      return true;
    };
    if (auto failure = writes ? store_.write(std::ref(work)) : store_.read(std::ref(work)))
      return make_error(errc::store_failed, std::move(*failure));
    if (refused) {
      store_.then(nullptr);
      return refused;
    }
    store_.then(std::make_unique<promised<value>>(this->make_response_promise(), std::move(*made)));
    return caf::delegated<R>{};
  }

  store_context& store_;
  std::atomic<size_t> waiting_{0};
};

} // namespace hearth
