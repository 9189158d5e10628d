// The second hearthd on a data folder is told who has it; a dead one holds nothing.
#include "infra/root/instance_lock_process.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace hearth;

TEST_CASE("instance lock: the second is refused and told who has it", "[root]") {
  auto folder = test::temp_folder{};
  {
    const auto first = instance_lock::take(folder.path(), "prod");
    REQUIRE(std::holds_alternative<instance_lock>(first));
    const auto second = instance_lock::take(folder.path(), "prod");
    const auto* why = std::get_if<std::string>(&second);
    REQUIRE(why);
    CHECK(why->find("process " + std::to_string(::getpid())) != std::string::npos);
    CHECK(why->find("profile prod") != std::string::npos);
    CHECK(why->find(folder.path()) != std::string::npos);
  }
  CHECK(std::holds_alternative<instance_lock>(instance_lock::take(folder.path(), "prod")));
}

TEST_CASE("instance lock: a killed process leaves it free", "[root]") {
  auto folder = test::temp_folder{};
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = instance_lock::take(folder.path(), "prod");
    const auto good = static_cast<char>(std::holds_alternative<instance_lock>(held));
    if (::write(ends[1], &good, 1) == 1)
      ::pause();
    ::_exit(0);
  }
  auto good = char{0};
  REQUIRE(::read(ends[0], &good, 1) == 1);
  CHECK(good == 1);
  CHECK(std::holds_alternative<std::string>(instance_lock::take(folder.path(), "prod")));
  ::kill(child, SIGKILL);
  auto status = 0;
  ::waitpid(child, &status, 0);
  CHECK(std::holds_alternative<instance_lock>(instance_lock::take(folder.path(), "prod")));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("instance lock: a folder that cannot be used is named", "[root]") {
  const auto result = instance_lock::take("/nonexistent", "prod");
  REQUIRE(std::holds_alternative<std::string>(result));
  CHECK(std::get<std::string>(result).find("/nonexistent/hearthd.lock: No such file") == 0);
}
