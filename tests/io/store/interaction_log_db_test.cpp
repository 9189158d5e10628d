// An interaction that is delivered twice has its effect once.
#include "infra/store/interaction_log_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace hearth;

namespace {

interaction_id made_at(int64_t ms, uint64_t n = 0) {
  return {static_cast<uint64_t>(ms - 1420070400000) << 22 | n};
}

} // namespace

TEST_CASE("interaction log: a known id gives the stored outcome", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  migrate(db, embedded_migrations(), folder.file("backup"), 0);
  auto runs = 0;
  const auto fn = [&] { return "run " + std::to_string(++runs); };
  const auto now = int64_t{1'790'000'000'000};
  CHECK(once(db, made_at(now, 1), fn) == "run 1");
  CHECK(once(db, made_at(now, 1), fn) == "run 1");
  CHECK(once(db, made_at(now, 2), fn) == "run 2");
  CHECK(once(db, interaction_id{}, fn) == "run 3"); // nobody's: always
  CHECK(once(db, interaction_id{}, fn) == "run 4");
  // An hour later, to the millisecond, the first two are still known.
  CHECK(once(db, made_at(now + 3'600'000), fn) == "run 5");
  CHECK(once(db, made_at(now, 2), fn) == "run 2");
  CHECK(once(db, made_at(now + 3'600'001), fn) == "run 6");
  CHECK(db.value<int>("SELECT count(*) FROM interaction_log") == 2);
}

TEST_CASE("interaction log: an effect that throws is not remembered", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  migrate(db, embedded_migrations(), folder.file("backup"), 0);
  CHECK_THROWS(once(db, interaction_id{77}, []() -> std::string { throw std::logic_error{"no"}; }));
  CHECK(once(db, interaction_id{77}, [] { return std::string{"yes"}; }) == "yes");
}
