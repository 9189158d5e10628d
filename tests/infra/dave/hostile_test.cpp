// Byte strings of chance at all that reads DAVE messages, with cryptography that believes
// everything.
#include "tests/support/catch.hpp"
#include "tests/support/dave_hostile.hpp"
#include <random>

using namespace hearth::dave;

namespace {

/// Mostly short, mostly small numbers: lengths and counts are what breaks readers.
std::vector<uint8_t> chance(std::mt19937& random, uint8_t kind) {
  auto input = std::vector<uint8_t>{kind};
  const auto size = random() % (random() % 8 == 0 ? 600 : 40);
  while (input.size() < size + 1) {
    const auto byte = static_cast<uint8_t>(random());
    input.push_back(random() % 2 == 0 ? static_cast<uint8_t>(byte & 7) : byte);
  }
  return input;
}

} // namespace

TEST_CASE("hostile DAVE: the good messages are good", "[dave]") {
  for (auto kind = uint8_t{0}; kind < 8; ++kind)
    CHECK_NOTHROW(hostile::take(std::array{kind}));
}

TEST_CASE("hostile DAVE: nothing that strangers send gets through a rule", "[dave]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  auto random = std::mt19937(seed);
  for (auto round = 0; round < 24'000; ++round) {
    const auto input = chance(random, static_cast<uint8_t>(round % 8));
    INFO("round " << round);
    try {
      hostile::take(input);
    } catch (const std::exception& wrong) {
      FAIL(wrong.what());
    }
  }
  SUCCEED();
}
