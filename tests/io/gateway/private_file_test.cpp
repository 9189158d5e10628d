// Private files: whole, only their owner's, and nothing but plain files is read.
#include "infra/gateway/private_file_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace hearth;

TEST_CASE("private file: written, read, replaced, removed", "[gateway]") {
  const auto folder = test::temp_folder{};
  const auto path = folder.file("session");
  auto buffer = padded_buffer{};
  CHECK_FALSE(read_private_file(path, 1'000, buffer));
  CHECK(write_private_file(path, "first", true).empty());
  CHECK(write_private_file(path, "second", false).empty());
  REQUIRE(read_private_file(path, 6, buffer));
  CHECK(buffer.text().view() == "second");
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK_FALSE(read_private_file(path, 5, buffer));
  remove_private_file(path);
  remove_private_file(path);
  CHECK_FALSE(read_private_file(path, 1'000, buffer));
  CHECK(write_private_file(path, "", true).empty());
  CHECK(read_private_file(path, 1'000, buffer));
  CHECK(buffer.size() == 0);
}

TEST_CASE("private file: leftovers and links do no harm", "[gateway]") {
  const auto folder = test::temp_folder{};
  const auto path = folder.file("session");
  const auto victim = folder.file("victim");
  std::ofstream{victim} << "precious";
  REQUIRE(::symlink(victim.c_str(), (path + ".new").c_str()) == 0);
  CHECK(write_private_file(path, "text", false).empty());
  auto buffer = padded_buffer{};
  REQUIRE(read_private_file(victim, 100, buffer));
  CHECK(buffer.text().view() == "precious");
  const auto link = folder.file("link");
  REQUIRE(::symlink(victim.c_str(), link.c_str()) == 0);
  CHECK_FALSE(read_private_file(link, 100, buffer));
  CHECK_FALSE(read_private_file(folder.path(), 100, buffer));
}

TEST_CASE("private file: trouble is told", "[gateway]") {
  CHECK_FALSE(write_private_file("/nowhere/at/all", "x", false).empty());
}
