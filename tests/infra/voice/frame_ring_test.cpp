// The ring between who renders and who sends: bounds, order, and two threads at once.
#include "infra/voice/frame_ring.hpp"
#include "tests/support/catch.hpp"
#include <thread>

using namespace hearth::voice;

namespace {

frame_ptr frame(size_t number) {
  return std::make_shared<const opus_frame>(
      opus_frame{static_cast<uint8_t>(number), static_cast<uint8_t>(number >> 8)});
}

} // namespace

TEST_CASE("frame ring: holds what it has room for, in order", "[voice]") {
  auto ring = frame_ring{3};
  CHECK(ring.take() == nullptr);
  for (size_t number = 0; number < 3; ++number)
    CHECK(ring.put(frame(number)));
  CHECK_FALSE(ring.put(frame(3)));
  CHECK(ring.size() == 3);
  CHECK((*ring.take())[0] == 0);
  CHECK(ring.put(frame(3)));
  for (size_t number = 1; number < 4; ++number)
    CHECK((*ring.take())[0] == number);
  CHECK(ring.size() == 0);
  CHECK(ring.frames_put() == 4);
  CHECK(ring.frames_taken() == 4);
}

TEST_CASE("frame ring: two threads lose and double nothing", "[voice]") {
  constexpr auto count = size_t{50'000};
  auto ring = frame_ring{7};
  auto writer = std::thread{[&] {
    for (size_t number = 0; number < count;)
      if (ring.put(frame(number)))
        ++number;
      else
        std::this_thread::yield();
  }};
  auto wrong = 0;
  for (size_t number = 0; number < count;) {
    const auto got = ring.take();
    if (!got) {
      std::this_thread::yield();
      continue;
    }
    wrong += *got == *frame(number) ? 0 : 1;
    ++number;
  }
  writer.join();
  CHECK(wrong == 0);
}
