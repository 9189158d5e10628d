// Event kinds: every name finds itself, nothing else finds a name.
#include "infra/gateway/event_kind.hpp"
#include "tests/support/catch.hpp"
#include <string>

using namespace hearth;

TEST_CASE("event kind: each name is found again", "[gateway]") {
  for (auto index = size_t{1}; index < event_kind_count; ++index) {
    const auto kind = static_cast<event_kind>(index);
    CHECK(kind_of(name_of(kind)) == kind);
  }
  CHECK(kind_of("GUILD_MEMBER_UPDATE") == event_kind::member_update);
  CHECK(kind_of("RATE_LIMITED") == event_kind::rate_limited);
}

TEST_CASE("event kind: near names are other", "[gateway]") {
  CHECK(kind_of("") == event_kind::other);
  CHECK(kind_of("READ") == event_kind::other);
  CHECK(kind_of("OTHER") == event_kind::other);
  CHECK(kind_of("READY ") == event_kind::other);
  CHECK(kind_of("ready") == event_kind::other);
  CHECK(kind_of("GUILD_AUDIT_LOG_ENTRY_CREATE") == event_kind::other);
  CHECK(kind_of(std::string(100'000, 'A')) == event_kind::other);
  for (auto index = size_t{1}; index < event_kind_count; ++index) {
    auto name = std::string{name_of(static_cast<event_kind>(index))};
    for (auto& letter : name) {
      letter ^= 1;
      CHECK(kind_of(name) == event_kind::other);
      letter ^= 1;
    }
  }
}
