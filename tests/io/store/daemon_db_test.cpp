#include "infra/store/daemon_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>

using namespace hearth;

TEST_CASE("daemon db: knows whether the last run ended in order", "[store]") {
  auto folder = test::temp_folder{};
  const auto& path = folder.path();
  {
    auto first = daemon_db{path};
    CHECK_FALSE(first.unclean());
    CHECK(std::filesystem::exists(first.path()));
  }
  {
    auto after_a_crash = daemon_db{path};
    CHECK(after_a_crash.unclean());
    after_a_crash.ended_in_order();
  }
  CHECK_FALSE(daemon_db{path}.unclean());
}
