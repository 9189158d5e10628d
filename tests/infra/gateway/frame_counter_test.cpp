// The frame counter: however the bytes are cut, the same number of messages is complete.
#include "infra/gateway/frame_counter.hpp"
#include "tests/support/catch.hpp"
#include <random>
#include <string>

using namespace hearth;

namespace {

std::string frame(int opcode, bool fin, size_t size, bool masked = false) {
  auto bytes = std::string{};
  bytes += static_cast<char>((fin ? 0x80 : 0) | opcode);
  const auto mask = masked ? 0x80 : 0;
  if (size < 126) {
    bytes += static_cast<char>(mask | static_cast<int>(size));
  } else if (size < 65'536) {
    bytes += static_cast<char>(mask | 126);
    bytes += static_cast<char>(size >> 8);
    bytes += static_cast<char>(size & 0xff);
  } else {
    bytes += static_cast<char>(mask | 127);
    for (auto shift = 56; shift >= 0; shift -= 8)
      bytes += static_cast<char>(size >> shift & 0xff);
  }
  if (masked)
    bytes += "abcd";
  return bytes + std::string(size, '\x88');
}

} // namespace

TEST_CASE("frame counter: data and close frames count when they end a message", "[gateway]") {
  auto counter = frame_counter{};
  CHECK(counter.feed(frame(1, true, 5)) == 1);
  CHECK(counter.feed(frame(2, true, 0)) == 1);
  CHECK(counter.feed(frame(1, false, 5)) == 0);
  CHECK(counter.feed(frame(9, true, 5)) == 0); // a ping amid a fragmented message
  CHECK(counter.feed(frame(0, false, 300)) == 0);
  CHECK(counter.feed(frame(0, true, 70'000)) == 1);
  CHECK(counter.feed(frame(10, true, 0)) == 0);
  CHECK(counter.feed(frame(8, true, 2)) == 1);
  CHECK(counter.feed(frame(1, true, 200, true) + frame(1, true, 1)) == 2);
  CHECK(counter.feed("") == 0);
}

TEST_CASE("frame counter: cuts do not matter", "[gateway]") {
  auto random = std::mt19937{7};
  auto stream = std::string{};
  auto expected = size_t{0};
  for (auto i = 0; i < 200; ++i) {
    const size_t sizes[] = {0, 1, 125, 126, 127, 1'000, 65'535, 65'536};
    const auto fin = random() % 4 != 0;
    const auto opcode = static_cast<int>(random() % 3);
    expected += fin ? 1 : 0;
    stream += frame(opcode, fin, sizes[random() % 8], random() % 2 == 0);
  }
  for (auto round = 0; round < 5; ++round) {
    auto counter = frame_counter{};
    auto found = size_t{0};
    for (auto at = size_t{0}; at < stream.size();) {
      const auto part = std::min<size_t>(stream.size() - at, random() % (round == 0 ? 2 : 3'000));
      found += counter.feed(std::string_view{stream}.substr(at, part));
      at += part;
    }
    CHECK(found == expected);
  }
}

TEST_CASE("frame counter: absurd lengths only never end", "[gateway]") {
  auto counter = frame_counter{};
  CHECK(counter.feed(std::string{"\x81\x7f"} + std::string(8, '\xff') + std::string(1'000, 'x')) ==
        0);
}
