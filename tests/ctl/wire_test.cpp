// What travels between hearthctl and the daemon: whole, append only, and harmless when forged.
#include "hearthctl/json_text.hpp"
#include "messages/inspect_wire.hpp"
#include "tests/support/catch.hpp"
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

using namespace hearth;

/// As a program a version older or newer would declare it.
struct short_line {
  std::string type;
  uint64_t received = 0;
  HEARTH_WIRE(short_line, type, received)
};
struct long_line {
  std::string type;
  uint64_t received = 0, wanted = 0, dropped = 0;
  std::string more = "not told";
  std::vector<short_line> parts;
  HEARTH_WIRE(long_line, type, received, wanted, dropped, more, parts)
};
// Found by argument-dependent lookup where the types are.
template <class Inspector> auto inspect(Inspector& f, short_line& x) {
  return hearth::inspect(f, x);
}
template <class Inspector> auto inspect(Inspector& f, long_line& x) {
  return hearth::inspect(f, x);
}

namespace {

struct fixture {
  caf::actor_system_config config;
  caf::actor_system system{config};

  template <class T> std::vector<char> wired(T value) {
    auto bytes = std::vector<char>{};
    auto sink = caf::binary_serializer{system, bytes};
    REQUIRE_FALSE(sink(value));
    return bytes;
  }
  template <class T> caf::error read(const std::vector<char>& bytes, T& into) {
    auto source = caf::binary_deserializer{system, bytes};
    return source(into);
  }
  template <class To, class From> To across(const From& from) {
    auto to = To{};
    CHECK_FALSE(read(wired(from), to));
    return to;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "wire: an answer arrives whole", "[inspect]") {
  auto status = daemon_status{};
  status.program = "0.1.0";
  status.online = true;
  status.shards = {{1, "ready", 12, 3, 2, 1, 9, 8, 7}};
  status.host.temperature_mc = 48'200;
  status.last_errors = {{5, 1'000, "error", "é\nx"}};
  CHECK(ctl::to_json(across<daemon_status>(status)) == ctl::to_json(status));
}

TEST_CASE_METHOD(fixture, "wire: an older reader skips what it does not know", "[inspect]") {
  const auto seen = across<short_line>(long_line{"TYPING_START", 7, 1, 6, "new", {{"a", 1}}});
  CHECK(seen.type == "TYPING_START");
  CHECK(seen.received == 7);
}

TEST_CASE_METHOD(fixture, "wire: a newer reader keeps the defaults of what is missing",
                 "[inspect]") {
  const auto seen = across<long_line>(short_line{"TYPING_START", 7});
  CHECK(seen.received == 7);
  CHECK(seen.more == "not told");
  CHECK(seen.parts.empty());
}

TEST_CASE_METHOD(fixture, "wire: what follows a longer block is read at its place", "[inspect]") {
  struct {
    std::vector<char> bytes;
  } two;
  auto sink = caf::binary_serializer{system, two.bytes};
  auto first = long_line{"a", 1, 2, 3, "more", {}};
  auto second = short_line{"b", 9};
  REQUIRE_FALSE(sink(first));
  REQUIRE_FALSE(sink(second));
  auto source = caf::binary_deserializer{system, two.bytes};
  auto short_first = short_line{}, short_second = short_line{};
  CHECK_FALSE(source(short_first));
  CHECK_FALSE(source(short_second));
  CHECK(short_second.type == "b");
}

TEST_CASE_METHOD(fixture, "wire: every cut and every changed byte is an error or a value",
                 "[inspect]") {
  auto list = gate_list{};
  list.gates = {{"GET /users/@me", "0", "abc", 5, 4, 900, 1, 1, 20}, {"POST /x", "***"}};
  const auto whole = wired(list);
  for (auto size = size_t{0}; size < whole.size(); ++size) {
    auto into = gate_list{};
    CHECK(read(std::vector<char>(whole.begin(), whole.begin() + static_cast<int>(size)), into));
  }
  for (auto at = size_t{0}; at < whole.size(); ++at)
    for (const auto value : {0x00, 0x7f, 0xff}) {
      auto forged = whole;
      forged[at] = static_cast<char>(value);
      auto into = gate_list{};
      read(forged, into); // must only end, in little memory
      CHECK(into.gates.size() <= whole.size());
    }
}

TEST_CASE_METHOD(fixture, "wire: a forged length costs nothing", "[inspect]") {
  auto bytes = std::vector<char>{};
  auto sink = caf::binary_serializer{system, bytes};
  auto size = size_t{7'000'000};
  REQUIRE_FALSE(sink.begin_sequence(size));
  auto into = daemon_status{};
  CHECK(read(bytes, into));
  size = 0xffff'ffff;
  bytes.clear();
  auto again = caf::binary_serializer{system, bytes};
  REQUIRE_FALSE(again.begin_sequence(size));
  CHECK(read(bytes, into));
}

TEST_CASE("json: fields have their names, ids are texts", "[inspect]") {
  CHECK(ctl::to_json(gate_line{"GET /x", "1", "", -1, -1, -1, 0, 0, -1})["route"] == "GET /x");
  const auto guild = ctl::to_json(guild_view{1'234'567'890'123'456'789});
  CHECK(guild["guild"] == "1234567890123456789");
  CHECK(guild["features"].is_array());
  CHECK(ctl::to_json(event_line{"A", 5, 4, 1}).dump() ==
        R"({"type":"A","received":5,"wanted":4,"dropped":1})");
  CHECK(ctl::field_names("a, b,\n  c") == std::vector<std::string>{"a", "b", "c"});
}
