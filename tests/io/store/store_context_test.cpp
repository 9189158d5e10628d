// The store thread under real actors: answers come after COMMIT, a burst shares few commits,
// nothing is lost at the end.
#include "infra/store/store_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_store.hpp"
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <future>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

namespace {

struct add {
  int64_t value = 0;
};
struct add_quietly {
  int64_t value = 0;
};
struct add_lazily {
  int64_t value = 0;
};
struct count {};
/// The disk's size in pages; 0: no more than there are now.
struct limit_pages {
  int64_t pages = 0;
};

/// Keeps the store thread until `go` is there.
struct hold {
  std::shared_future<void> go;
};

} // namespace
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(limit_pages)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hold)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(add)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(add_quietly)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(add_lazily)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(count)

namespace {

using namespace hearth;
using tally_actor =
    caf::typed_actor<caf::replies_to<add>::with<int64_t>, caf::reacts_to<add_quietly>,
                     caf::reacts_to<add_lazily>, caf::replies_to<count>::with<int64_t>,
                     caf::replies_to<limit_pages>::with<int64_t>, caf::reacts_to<hold>>;

/// Adds rows to audit_log. A negative value breaks a rule, 13 is refused, 666 is a bug.
class tally final : public on_store<tally_actor::base> {
public:
  using on_store::on_store;

protected:
  behavior_type make_behavior() override {
    return {[this](const add& q) {
              return write<int64_t>([&](sqlite_db& db) -> caf::expected<int64_t> {
                insert(db, q.value);
                if (q.value == 13)
                  return make_error(errc::invalid, "unlucky");
                return q.value;
              });
            },
            [this](const add_quietly& q) {
              return write<void>([&](sqlite_db& db) { insert(db, q.value); });
            },
            [this](const add_lazily& q) {
              write_lazily([value = q.value](sqlite_db& db) { insert(db, value); });
            },
            [this](const count&) {
              return read<int64_t>([&](sqlite_db& db) {
                return db.value<int64_t>("SELECT count(*) FROM audit_log").value_or(0);
              });
            },
            [this](const limit_pages& q) {
              return write<int64_t>([&](sqlite_db& db) {
                const auto pages =
                    q.pages ? q.pages : db.value<int64_t>("PRAGMA page_count").value_or(0);
                db.exec("PRAGMA max_page_count=" + std::to_string(pages));
                return int64_t{0};
              });
            },
            [](const hold& q) { q.go.wait(); }};
  }

private:
  static void insert(sqlite_db& db, int64_t value) {
    db.exec("INSERT INTO audit_log(guild, user, at_ms, what) VALUES(1, 1, ?, ?)", value,
            value < 0 ? std::nullopt : std::optional{std::string(value < 1'000 ? 1 : 600, 'x')});
    if (value == 666)
      throw std::logic_error{"bug"};
  }
};

/// Asks for many writes at once, and counts how often it gets its turn.
class asker final : public caf::event_based_actor {
public:
  static constexpr auto total = 40;

  asker(caf::actor_config& config, tally_actor to, std::promise<void>& asked,
        std::atomic<int>& turns)
      : caf::event_based_actor(config), to_(std::move(to)), asked_(asked), turns_(turns) {}
  caf::resumable::resume_result resume(caf::execution_unit* unit, size_t max) override {
    ++turns_;
    return caf::event_based_actor::resume(unit, max);
  }

protected:
  caf::behavior make_behavior() override {
    for (auto i = 0; i < total; ++i)
      request(to_, caf::infinite, add{i + 1'000}).then([this](int64_t) {
        if (++answers_ == total)
          quit();
      });
    asked_.set_value();
    return {[](caf::unit_t) {}};
  }

private:
  tally_actor to_;
  std::promise<void>& asked_;
  std::atomic<int>& turns_;
  int answers_ = 0;
};

struct config : caf::actor_system_config {
  explicit config(const char* policy) {
    set("scheduler.policy", caf::atom_from_string(std::string{policy}));
    set("scheduler.max-threads", size_t{2});
    set("logger.file-verbosity", caf::atom("quiet"));
  }
};

template <class Message>
std::string ask(caf::scoped_actor& self, const tally_actor& to, Message what) {
  auto got = std::string{"nothing"};
  self->request(to, std::chrono::seconds{20}, what)
      .receive([&](int64_t value) { got = std::to_string(value); },
               [&](const caf::error& error) { got = describe(error); });
  return got;
}

} // namespace

TEST_CASE("store: answers, refusals and failures reach the caller, in their own words", "[store]") {
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  auto store = test::test_store{sys, true};
  auto self = caf::scoped_actor{sys};
  auto db = store.db();
  auto writer = sys.spawn<tally>(store.context);
  CHECK(ask(self, writer, add{1}) == "1");
  CHECK(db.value<int>("SELECT count(*) FROM audit_log") == 1);
  CHECK(ask(self, writer, add{13}) == "invalid: unlucky");
  CHECK(ask(self, writer, add{-1}).find("store failed: ") == 0);
  CHECK(ask(self, writer, count{}) == "1");
  // A bug ends the actor; neighbours go on, and what it wrote is gone.
  auto other = sys.spawn<tally>(store.context);
  CHECK(ask(self, writer, add{666}) != "666");
  CHECK(ask(self, other, count{}) == "1");
  // An answer without a value comes after the commit as well.
  auto done = false;
  self->request(other, std::chrono::seconds{20}, add_quietly{2})
      .receive([&] { done = db.value<int>("SELECT count(*) FROM audit_log") == 2; },
               [](const caf::error&) {});
  CHECK(done);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

TEST_CASE("store: a burst shares commits and all of it is there", "[store]") {
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  auto store = test::test_store{sys, true};
  auto self = caf::scoped_actor{sys};
  auto writers = std::vector<tally_actor>{};
  for (auto i = 0; i < 4; ++i)
    writers.push_back(sys.spawn<tally>(store.context));
  constexpr auto total = 4'000;
  auto answered = 0;
  {
    auto bursts = std::vector<caf::actor>{};
    for (auto w = 0; w < 4; ++w)
      bursts.push_back(sys.spawn(
          [](caf::event_based_actor* burst, const tally_actor& to,
             const caf::actor& parent) -> caf::behavior {
            auto left = std::make_shared<int>(total / 4);
            for (auto i = 0; i < total / 4; ++i)
              burst->request(to, caf::infinite, add{i + 1000}).then([=](int64_t) {
                if (--*left == 0)
                  burst->send(parent, 1);
              });
            return {[](caf::unit_t) {}};
          },
          writers[static_cast<size_t>(w)], caf::actor_cast<caf::actor>(self)));
    for (auto w = 0; w < 4; ++w)
      self->receive([&](int) { ++answered; }, caf::after(std::chrono::seconds{50}) >> [] {});
    for (auto& burst : bursts)
      caf::anon_send_exit(burst, caf::exit_reason::user_shutdown);
  }
  CHECK(answered == 4);
  CHECK(ask(self, writers[0], count{}) == std::to_string(total));
  CHECK(store.context.counters().commits < total / 10);
  CHECK(store.context.counters().failures == 0);
  for (auto& writer : writers)
    caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
}

TEST_CASE("store: answers of one commit wake who asked once", "[store]") {
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  auto store = test::test_store{sys, true};
  auto self = caf::scoped_actor{sys};
  auto writer = sys.spawn<tally>(store.context);
  auto go = std::promise<void>{};
  auto asked = std::promise<void>{};
  auto turns = std::atomic<int>{0};
  self->send(writer, hold{go.get_future().share()});
  const auto crowd = sys.spawn<asker>(writer, std::ref(asked), std::ref(turns));
  asked.get_future().wait(); // all of them wait now: one batch
  go.set_value();
  self->wait_for(crowd);
  CHECK(store.context.counters().commits == 1);
  CHECK(turns <= 2); // its start, and all answers
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
}

TEST_CASE("store: lazy writes wait, cost one commit, and survive an orderly end", "[store]") {
  auto folder = test::temp_folder{};
  const auto path = test::test_store::migrated(folder.file("a.db"));
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  {
    auto options = store_options{};
    options.lazy_wait_max = std::chrono::hours{1};
    auto context = store_context{sys, path, options};
    auto self = caf::scoped_actor{sys};
    auto writer = sys.spawn<tally>(context);
    for (auto i = 0; i < 10; ++i)
      self->send(writer, add_lazily{i});
    CHECK(ask(self, writer, count{}) == "0");
    CHECK(context.counters().commits == 0);
    CHECK(ask(self, writer, add{1}) == "1"); // company comes
    CHECK(ask(self, writer, count{}) == "11");
    CHECK(context.counters().commits == 1);
    self->send(writer, add_lazily{12});
    CHECK(ask(self, writer, count{}) == "11");
    self->send_exit(writer, caf::exit_reason::user_shutdown);
    self->wait_for(writer);
  }
  auto db = sqlite_db{path};
  CHECK(db.value<int>("SELECT count(*) FROM audit_log") == 12);
}

TEST_CASE("store: lazy writes are done when their time is up, without company", "[store]") {
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  auto folder = test::temp_folder{};
  const auto path = test::test_store::migrated(folder.file("a.db"));
  auto options = store_options{};
  options.lazy_wait_max = std::chrono::milliseconds{20};
  auto context = store_context{sys, path, options};
  auto self = caf::scoped_actor{sys};
  auto writer = sys.spawn<tally>(context);
  self->send(writer, add_lazily{1});
  auto seen = std::string{"0"};
  for (auto tries = 0; seen == "0" && tries < 1'000'000; ++tries)
    seen = ask(self, writer, count{});
  CHECK(seen == "1");
  self->send_exit(writer, caf::exit_reason::user_shutdown);
  self->wait_for(writer);
}

TEST_CASE("store: a full disk refuses, is told once, and heals", "[store]") {
  auto cfg = config{"sharing"};
  auto sys = caf::actor_system{cfg};
  auto out = std::make_shared<std::ostringstream>();
  const auto before = spdlog::default_logger();
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*out);
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  {
    auto store = test::test_store{sys, true};
    auto self = caf::scoped_actor{sys};
    auto writer = sys.spawn<tally>(store.context);
    CHECK(ask(self, writer, limit_pages{0}) == "0");
    auto refused = 0, done = 0;
    for (auto i = 0; i < 50; ++i)
      (ask(self, writer, add{i + 1'000}).find("store failed") == 0 ? refused : done) += 1;
    CHECK(refused > 20);
    CHECK(store.context.counters().health == store_health::full);
    auto db = store.db();
    CHECK(db.value<int>("SELECT count(*) FROM audit_log") == done);
    CHECK(ask(self, writer, count{}) == std::to_string(done)); // reading goes on
    CHECK(ask(self, writer, limit_pages{100'000}) == "0");
    CHECK(ask(self, writer, add{5'000}) == "5000");
    CHECK(store.context.counters().health == store_health::fine);
    self->send_exit(writer, caf::exit_reason::user_shutdown);
    self->wait_for(writer);
  }
  spdlog::set_default_logger(before);
  const auto text = out->str();
  const auto told = [&](const std::string& what) {
    auto times = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
      ++times;
    return times;
  };
  CAPTURE(text);
  CHECK(told("no room on the disk") == 1);
  CHECK(told("writes work again") == 1);
}

TEST_CASE("store: more than a mailbox may hold is refused", "[store]") {
  auto cfg = config{"testing"};
  auto sys = caf::actor_system{cfg};
  auto& sched = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  auto folder = test::temp_folder{};
  const auto path = test::test_store::migrated(folder.file("a.db"));
  auto options = test::test_store::options(false);
  options.waiting_max = 3;
  auto context = store_context{sys, path, options};
  auto writer = sys.spawn<tally>(context);
  auto answers = std::vector<std::string>{};
  const auto ask = [&](caf::event_based_actor* self, const tally_actor& to, int value) {
    self->request(to, caf::infinite, add{value})
        .then([&](int64_t got) { answers.push_back(std::to_string(got)); },
              [&](const caf::error& error) { answers.push_back(describe(error)); });
  };
  auto caller = sys.spawn(
      [&](caf::event_based_actor* self, const tally_actor& to) -> caf::behavior {
        for (auto value = 1; value <= 5; ++value)
          ask(self, to, value);
        return {[&ask, self, to](int value) { ask(self, to, value); }};
      },
      writer);
  sched.run();
  std::sort(answers.begin(), answers.end());
  CHECK(answers ==
        std::vector<std::string>{"1", "2", "3", "queue full: store", "queue full: store"});
  CHECK(context.counters().refused == 2);
  answers.clear();
  caf::anon_send(caller, 9); // there is room again
  sched.run();
  CHECK(answers == std::vector<std::string>{"9"});
  caf::anon_send_exit(caller, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  sched.run();
}

TEST_CASE("store: without a thread each write is committed by itself", "[store]") {
  auto cfg = config{"testing"};
  auto sys = caf::actor_system{cfg};
  auto& sched = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  auto store = test::test_store{sys};
  auto writer = sys.spawn<tally>(store.context);
  auto answers = std::vector<std::string>{};
  auto caller = sys.spawn(
      [&](caf::event_based_actor* self, const tally_actor& to) -> caf::behavior {
        for (const auto value : {1, 13, -1, 2})
          self->request(to, caf::infinite, add{value})
              .then([&](int64_t got) { answers.push_back(std::to_string(got)); },
                    [&](const caf::error& error) {
                      answers.push_back(describe(error).substr(0, 7));
                    });
        return {[](caf::unit_t) {}};
      },
      writer);
  sched.run();
  CHECK(answers == std::vector<std::string>{"1", "invalid", "store f", "2"});
  auto db = store.db();
  db.exec("DELETE FROM audit_log"); // nothing is left open or locked
  CHECK(db.changes() == 2);
  caf::anon_send_exit(caller, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  sched.run();
}
