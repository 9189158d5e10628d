// The injected time sources.
#include "infra/clock/system_clock_context.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("time source: driven time is unknown until set, then as told", "[clock]") {
  auto time = driven_time{};
  CHECK_FALSE(time.known());
  time.set({1000});
  CHECK(time.known());
  CHECK(time.now() == instant{1000});
  time.set({500});
  CHECK(time.now() == instant{500});
}

TEST_CASE("time source: driven time runs on with what drives it", "[clock]") {
  auto base = driven_time{};
  base.set({10'000});
  auto time = driven_time{&base};
  CHECK(time.now() == instant{10'000});
  CHECK_FALSE(time.known());
  time.set({1'000'000});
  base.set({10'250});
  CHECK(time.now() == instant{1'000'250});
}

TEST_CASE("time source: the system's clock is believed when synchronised or after patience",
          "[clock]") {
  const auto patient = system_time{std::chrono::hours{1'000}};
  CHECK(patient.known() == clock_synchronised());
  CHECK(system_time{std::chrono::seconds{0}}.known());
  CHECK(patient.now() > instant{1'700'000'000'000});
}
