#include "infra/settings/secret.hpp"
#include "tests/support/catch.hpp"
#include <fmt/format.h>
#include <sstream>

TEST_CASE("secret: prints stars however it is printed", "[settings]") {
  const auto token = hearth::secret{"mfa.very-secret"};
  auto stream = std::ostringstream{};
  stream << token;
  CHECK(stream.str() == "***");
  CHECK(fmt::format("{}", token) == "***");
  CHECK(fmt::format("{:>5}", token) == "  ***");
  CHECK(to_string(token) == "***");
  CHECK(token.reveal() == "mfa.very-secret");
  CHECK(fmt::format("{}", hearth::secret{}).empty());
}
