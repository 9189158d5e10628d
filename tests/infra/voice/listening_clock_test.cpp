// Goal: every second counts once, whatever the store, the clock and the members do.
#include "infra/voice/listening_clock.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr auto ada = user_id{10}, bob = user_id{11};
constexpr instant at(int64_t ms) { return {1'000'000 + ms}; }
using slices = std::vector<listening_slice>;

} // namespace

TEST_CASE("listening: from coming to leaving, cut in between", "[voice]") {
  auto clock = listening_clock{};
  clock.update(at(0), {ada});
  clock.update(at(10'000), {ada, bob});
  CHECK(clock.waiting().empty());
  CHECK(clock.listeners() == 2);
  clock.cut(at(60'000));
  CHECK(clock.waiting() == slices{{ada, at(0), at(60'000)}, {bob, at(10'000), at(60'000)}});
  clock.committed(2);
  clock.update(at(65'000), {bob});
  CHECK(clock.waiting() == slices{{ada, at(60'000), at(65'000)}});
  clock.update(at(70'000), {});
  CHECK(clock.waiting() == slices{{ada, at(60'000), at(65'000)}, {bob, at(60'000), at(70'000)}});
  CHECK(clock.listeners() == 0);
}

TEST_CASE("listening: what was not committed stays, in order", "[voice]") {
  auto clock = listening_clock{};
  clock.update(at(0), {ada});
  clock.cut(at(60'000));
  clock.cut(at(120'000));
  CHECK(clock.waiting() == slices{{ada, at(0), at(60'000)}, {ada, at(60'000), at(120'000)}});
  clock.committed(1);
  CHECK(clock.waiting() == slices{{ada, at(60'000), at(120'000)}});
  clock.committed(9);
  CHECK(clock.waiting().empty());
}

TEST_CASE("listening: time that nobody watched is not believed", "[voice]") {
  auto clock = listening_clock{};
  clock.update(at(0), {ada});
  clock.cut(at(86'400'000)); // the machine slept for a day
  CHECK(clock.waiting() == slices{{ada, at(0), at(listening_clock::slice_ms_max)}});
  clock.committed(1);
  clock.cut(at(0)); // and the clock went back
  CHECK(clock.waiting().empty());
  clock.cut(at(1'000));
  CHECK(clock.waiting() == slices{{ada, at(0), at(1'000)}});
}

TEST_CASE("listening: a store that never comes back costs bounded memory", "[voice]") {
  auto clock = listening_clock{};
  clock.update(at(0), {ada});
  for (size_t i = 1; i <= listening_clock::waiting_max + 10; ++i)
    clock.cut(at(static_cast<int64_t>(i) * 1'000));
  CHECK(clock.waiting().size() == listening_clock::waiting_max);
  CHECK(clock.waiting().front().from == at(10'000));
}
