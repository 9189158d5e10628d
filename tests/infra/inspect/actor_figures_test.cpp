#include "infra/inspect/actor_figures.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("message name: namespaces, pointers and markers are left out", "[inspect]") {
  struct row {
    const char* demangled;
    const char* shown;
  };
  const auto rows = {
      row{"hearth::rest_response", "rest_response"},
      row{"std::shared_ptr<hearth::interaction const>", "interaction"},
      row{"hearth::snowflake<hearth::guild_tag>", "snowflake"},
      row{"caf::typed_actor<caf::reacts_to<int> >", "typed_actor"},
      row{"@error", "error"},
      row{"@socket", "socket"},
      row{"bool", "bool"},
      row{"", ""},
      row{"<odd>", "<odd>"},
  };
  for (const auto& [demangled, shown] : rows)
    CHECK(message_name(demangled) == shown);
}
