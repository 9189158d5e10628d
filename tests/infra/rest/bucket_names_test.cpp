#include "infra/rest/bucket_names.hpp"
#include "tests/support/catch.hpp"

using hearth::bucket_names;

TEST_CASE("bucket names: a new hash with the same limit is the old bucket", "[rest]") {
  auto names = bucket_names{};
  CHECK(names.kept_name("a", 5, 0, {}, 10) == "a");
  CHECK(names.kept_name("b", 5, 20, {"a"}, 30) == "a");
  CHECK(names.known("b") == "a");
  CHECK(names.kept_name("b", 5, 40, {}, 50) == "a");    // for a route that never heard of a
  CHECK(names.kept_name("a", 5, 25, {"a"}, 60) == "a"); // left before the change was known
  CHECK(names.kept_name("b", 5, 70, {"a"}, 80) == "a");
}

TEST_CASE("bucket names: another limit, or nothing sent under it, is another bucket", "[rest]") {
  auto names = bucket_names{};
  names.kept_name("big", 5, 0, {}, 10);
  CHECK(names.kept_name("small", 2, 20, {"big"}, 30) == "small");
  CHECK(names.kept_name("other", 5, 20, {}, 30) == "other");
  CHECK(names.limit_of("small") == 2);
  CHECK(names.limit_of("never seen") == 1);
}

TEST_CASE("bucket names: a former name that lives on parts the two", "[rest]") {
  auto names = bucket_names{};
  names.kept_name("a", 5, 0, {}, 10);
  names.kept_name("b", 5, 20, {"a"}, 30);
  CHECK(names.kept_name("a", 5, 31, {"a"}, 40) == "a");
  CHECK(names.kept_name("b", 5, 41, {"a"}, 50) == "b"); // for good
  CHECK(names.kept_name("a", 5, 51, {"a", "b"}, 60) == "a");
  CHECK(names.kept_name("b", 5, 61, {"a", "b"}, 70) == "b");
}

TEST_CASE("bucket names: they do not pile up", "[rest]") {
  auto names = bucket_names{};
  for (auto i = 0; i < 100; ++i)
    names.kept_name("hash " + std::to_string(i), 5, i, {"hash 0"}, i);
  names.sweep(200);
  CHECK(names.known("hash 99") == "hash 0");
  names.sweep(50);
  CHECK(names.known("hash 99") == "hash 99");
}
