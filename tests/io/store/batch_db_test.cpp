// Group commit: what is answered as done is on disk, what failed left nothing behind, whatever else
// was in the batch.
#include "infra/store/batch_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hearth;

namespace {

/// Notes what became of a write.
struct noting final : store_answer {
  explicit noting(std::vector<std::string>& all, std::string n) : log(all), name(std::move(n)) {}
  void committed() override { log.push_back(name + " done"); }
  void failed(const std::string&) override { log.push_back(name + " failed"); }
  std::vector<std::string>& log;
  std::string name;
};

struct fixture {
  test::temp_folder folder;
  std::string path = folder.file("a.db");
  std::vector<std::string> log;

  fixture() {
    auto db = sqlite_db{path};
    db.exec("CREATE TABLE t(i INTEGER PRIMARY KEY, s TEXT)");
  }
  /// Writes one row and asks to be told.
  bool add(batch_db& batch, int i, const std::string& text = "") {
    const auto failure = batch.write([&](sqlite_db& db) {
      db.exec("INSERT INTO t VALUES(?, ?)", i, text);
      return true;
    });
    if (failure)
      return false;
    batch.then(std::make_unique<noting>(log, std::to_string(i)));
    return true;
  }
  int rows() {
    auto db = sqlite_db{path, sqlite_db::access::read_only};
    return db.value<int>("SELECT count(*) FROM t").value_or(-1);
  }
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "batch: nobody is told and nothing is seen before the commit",
                 "[store]") {
  auto batch = batch_db{path};
  CHECK(add(batch, 1));
  CHECK(add(batch, 2));
  CHECK(log.empty());
  CHECK(rows() == 0);
  CHECK(batch.commit());
  CHECK(log == lines{"1 done", "2 done"});
  CHECK(rows() == 2);
}

TEST_CASE_METHOD(fixture, "batch: a failing write takes only itself back", "[store]") {
  auto batch = batch_db{path};
  CHECK(add(batch, 1));
  CHECK_FALSE(add(batch, 1)); // breaks the primary key
  CHECK(batch.health() == store_health::fine);
  CHECK_FALSE(batch.write([](sqlite_db& db) { // refuses after it wrote
    db.exec("INSERT INTO t VALUES(50, '')");
    return false;
  }));
  CHECK_THROWS_AS(batch.write([](sqlite_db& db) -> bool { // a bug
    db.exec("INSERT INTO t VALUES(51, '')");
    throw std::logic_error{"bug"};
  }),
                  std::logic_error);
  CHECK(add(batch, 2));
  CHECK(batch.commit());
  CHECK(log == lines{"1 done", "2 done"});
  CHECK(rows() == 2);
}

TEST_CASE_METHOD(fixture, "batch: the first write is taken back as well, whatever its end",
                 "[store]") {
  auto batch = batch_db{path};
  const auto refuse = [](sqlite_db& db) {
    db.exec("INSERT INTO t VALUES(50, '')");
    return false;
  };
  CHECK_FALSE(batch.write(refuse));
  CHECK_FALSE(batch.open()); // nothing is to be committed
  CHECK(batch.write([](sqlite_db& db) {
    db.exec("INSERT INTO t VALUES(51, '')");
    db.exec("INSERT INTO t VALUES(51, '')"); // breaks the primary key
    return true;
  }));
  CHECK_THROWS_AS(batch.write([](sqlite_db& db) -> bool { // a bug
    db.exec("INSERT INTO t VALUES(52, '')");
    throw std::logic_error{"bug"};
  }),
                  std::logic_error);
  CHECK_FALSE(batch.open());
  // Behind a lazy write it is not the first.
  batch.write_lazily([](sqlite_db& db) {
    db.exec("INSERT INTO t VALUES(1, 'lazy')");
    return true;
  });
  CHECK_FALSE(batch.write(refuse));
  CHECK(add(batch, 2));
  CHECK(batch.commit());
  CHECK(log == lines{"2 done"});
  CHECK(rows() == 2);
}

TEST_CASE_METHOD(fixture, "batch: a read sees every write before it, and waits with it",
                 "[store]") {
  auto batch = batch_db{path};
  auto seen = -1;
  const auto count = [&](sqlite_db& db) {
    seen = db.value<int>("SELECT count(*) FROM t").value_or(-1);
    return true;
  };
  CHECK_FALSE(batch.read(count));
  CHECK(seen == 0);
  batch.then(std::make_unique<noting>(log, "early read"));
  CHECK(log == lines{"early read done"}); // nothing open: at once
  CHECK(add(batch, 1));
  CHECK_FALSE(batch.read(count));
  CHECK(seen == 1);
  batch.then(std::make_unique<noting>(log, "read"));
  CHECK(log.size() == 1);
  batch.commit();
  CHECK(log == lines{"early read done", "1 done", "read done"});
  const auto cheat = [](sqlite_db& db) {
    db.exec("DELETE FROM t");
    return true;
  };
  CHECK(batch.read(cheat));
  CHECK(add(batch, 2));
  CHECK(batch.read(cheat)); // also where the connection could
  batch.commit();
  CHECK(rows() == 2);
}

TEST_CASE_METHOD(fixture, "batch: lazy writes wait for company and keep their order", "[store]") {
  auto batch = batch_db{path};
  batch.write_lazily([](sqlite_db& db) {
    db.exec("INSERT INTO t VALUES(1, 'lazy')");
    return true;
  });
  batch.write_lazily([](sqlite_db&) -> bool { throw std::logic_error{"bug"}; });
  CHECK_FALSE(batch.open());
  CHECK(batch.lazy_waiting() == 2);
  CHECK_FALSE(add(batch, 1)); // the lazy one was first
  CHECK(batch.lazy_waiting() == 0);
  batch.commit();
  CHECK(rows() == 1);
  batch.write_lazily([](sqlite_db& db) {
    db.exec("INSERT INTO t VALUES(2, 'lazy')");
    return true;
  });
  CHECK(batch.commit());
  CHECK(rows() == 2);
}

TEST_CASE_METHOD(fixture, "queue: lazy writes are bounded while nothing can be written",
                 "[store][queue]") {
  auto batch = batch_db{path};
  auto other = sqlite_db{path};
  other.exec("BEGIN IMMEDIATE"); // somebody holds the lock
  auto dropped = size_t{0};
  for (auto i = 1; i <= 150; ++i)
    dropped += batch.write_lazily(
        [i](sqlite_db& db) {
          db.exec("INSERT INTO t VALUES(" + std::to_string(i) + ", 'lazy')");
          return true;
        },
        100);
  CHECK(dropped == 50); // the oldest
  CHECK(batch.lazy_waiting() == 100);
  other.exec("ROLLBACK");
  CHECK(batch.commit());
  CHECK(rows() == 100);
}

TEST_CASE_METHOD(fixture, "batch: a full disk fails what does not fit, and heals", "[store]") {
  auto batch = batch_db{path};
  CHECK(add(batch, 1));
  batch.commit();
  const auto pages = batch.writer().value<int>("PRAGMA page_count").value_or(0);
  batch.writer().exec("PRAGMA max_page_count=" + std::to_string(pages));
  const auto big = std::string(100'000, 'x');
  add(batch, 2);
  CHECK_FALSE(add(batch, 3, big));
  CHECK(batch.health() == store_health::full);
  batch.commit();
  // 2 was told one thing, and that is what the file says.
  const auto two_done = std::count(log.begin(), log.end(), "2 done");
  CHECK(two_done + std::count(log.begin(), log.end(), "2 failed") == 1);
  CHECK(rows() == 1 + two_done);
  batch.writer().exec("PRAGMA max_page_count=100000");
  CHECK(add(batch, 4, big));
  CHECK(batch.commit());
  CHECK(batch.health() == store_health::fine);
  CHECK(log.back() == "4 done");
}

TEST_CASE_METHOD(fixture, "batch: when SQLite gives the transaction up, all of it failed",
                 "[store]") {
  auto batch = batch_db{path};
  CHECK(add(batch, 1));
  CHECK(add(batch, 2));
  // What SQLITE_FULL and SQLITE_IOERR may do by themselves.
  CHECK(batch.write([](sqlite_db& db) -> bool {
    db.exec("ROLLBACK");
    throw sqlite_error{SQLITE_FULL, "full"};
  }));
  CHECK(log == lines{"1 failed", "2 failed"});
  CHECK_FALSE(batch.open());
  CHECK(add(batch, 3));
  CHECK(batch.commit());
  CHECK(rows() == 1);
}

TEST_CASE_METHOD(fixture, "batch: a failing COMMIT fails everybody in it", "[store]") {
  auto setup = sqlite_db{path};
  setup.exec("CREATE TABLE child(of INTEGER REFERENCES t(i) DEFERRABLE INITIALLY DEFERRED)");
  auto batch = batch_db{path};
  CHECK(add(batch, 1));
  CHECK_FALSE(batch.write([](sqlite_db& db) {
    db.exec("INSERT INTO child VALUES(99)"); // found out at COMMIT only
    return true;
  }));
  batch.then(std::make_unique<noting>(log, "child"));
  CHECK_FALSE(batch.commit());
  CHECK(log == lines{"1 failed", "child failed"});
  CHECK(rows() == 0);
  CHECK(add(batch, 2));
  CHECK(batch.commit());
}

TEST_CASE_METHOD(fixture, "batch: somebody else's lock and a damaged file are told apart",
                 "[store]") {
  CHECK(health_of(SQLITE_BUSY) == store_health::busy);
  CHECK(health_of(SQLITE_IOERR_WRITE) == store_health::failing);
  CHECK(health_of(SQLITE_CONSTRAINT_UNIQUE) == store_health::fine);
  CHECK(health_of(SQLITE_READONLY_DBMOVED) == store_health::read_only);
  CHECK(advice(store_health::full, "x.db").find("x.db") == 0);
  auto batch = batch_db{path};
  for (auto i = 0; i < 200; ++i)
    CHECK(add(batch, i, std::string(1'000, 'x')));
  CHECK(batch.commit());
  batch.writer().exec("PRAGMA wal_checkpoint(TRUNCATE)");
  {
    auto file = std::fstream{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096); // the root page of t
    file << std::string(4096, '\x5a');
  }
  auto fresh = batch_db{path};
  CHECK(fresh.read([](sqlite_db& db) {
    db.exec("SELECT sum(length(s)) FROM t");
    return true;
  }));
  CHECK(fresh.health() == store_health::damaged);
}

// Kills a process amid its writes, over and over: what it had said was done must be there, in full.
TEST_CASE_METHOD(fixture, "batch: a killed process loses nothing that it acknowledged", "[store]") {
  auto acknowledged = 0;
  for (auto round = 0; round < 15; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(ends[0]);
      struct telling final : store_answer {
        telling(int f, int n) : file(f), number(n) {}
        void committed() override {
          if (::write(file, &number, sizeof number) < 0)
            ::_exit(1);
        }
        void failed(const std::string&) override { ::_exit(1); }
        int file, number;
      };
      auto batch = batch_db{path};
      for (auto i = round * 100'000;; ++i) {
        if (batch.write([&](sqlite_db& db) {
              db.exec("INSERT INTO t VALUES(?, 'a')", i);
              db.exec("UPDATE t SET s='ab' WHERE i=?", i);
              return true;
            }))
          ::_exit(1);
        batch.then(std::make_unique<telling>(ends[1], i));
        if (i % 7 == 0)
          batch.commit();
      }
    }
    ::close(ends[1]);
    auto last = -1, number = 0;
    for (auto n = 0; n < 20 + round * 5 && ::read(ends[0], &number, sizeof number) > 0; ++n)
      last = number;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) > 0)
      last = number;
    ::close(ends[0]);
    auto status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(last >= 0);
    acknowledged = last;
    auto db = sqlite_db{path};
    CHECK(db.value<int>("SELECT count(*) FROM t WHERE i BETWEEN ? AND ?", round * 100'000,
                        acknowledged) == acknowledged - round * 100'000 + 1);
    CHECK(db.value<int>("SELECT count(*) FROM t WHERE s<>'ab'") == 0); // never half a write
    CHECK(db.value<std::string>("PRAGMA integrity_check") == "ok");
  }
}
