// What only the start needed is given back, and nothing that was written is lost.
#include "infra/inspect/host_process.hpp"
#include "infra/root/idle_memory_process.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

using namespace hearth;

namespace {

/// Its table of functions lies in a constant page that the loader wrote to.
struct speaker {
  virtual ~speaker() = default;
  virtual std::string speak() const { return "nothing"; }
};
struct parrot final : speaker {
  std::string speak() const override { return "parrot"; }
};

auto written = std::vector<int>(100'000);
const std::function<std::string(const speaker&)> ask = [](const speaker& who) {
  return who.speak();
};

} // namespace

TEST_CASE("memory: code and free blocks go once it is calm, and come again", "[memory]") {
  constexpr auto never = std::numeric_limits<int64_t>::max();
  std::iota(written.begin(), written.end(), 0);
  const auto bird = std::unique_ptr<speaker>{std::make_unique<parrot>()};
  auto memory = idle_memory{};
  CHECK(memory.next_ms() == never); // the start is not over
  memory.act(1'000, 0);
  memory.started(1'000);
  CHECK(memory.next_ms() == 11'000);
  const auto before = read_process().resident_bytes;
  memory.act(10'999, 0); // too early
  CHECK(memory.next_ms() == 11'000);
  memory.act(11'000, 5'000); // busy still
  CHECK(memory.next_ms() == 21'000);
  memory.act(21'000, 5'200);
  const auto after = read_process().resident_bytes;
  CHECK(memory.next_ms() == never);
  CAPTURE(before, after);
  CHECK(after + 1'000'000 < before);
  // Code, constants, tables of the loader, and everything written are what they were.
  CHECK(ask(*bird) == "parrot");
  CHECK(std::accumulate(written.begin(), written.end(), int64_t{0}) == 4'999'950'000);
  CHECK_THROWS_AS(std::string{"x"}.at(9), std::out_of_range);
  CHECK(process_cpu_ms() > 0);
}
