// Intents: nothing is asked for that nobody wants, and privileged ones are named for the operator.
#include "infra/gateway/intents.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("intents: only what is wanted is asked for", "[gateway]") {
  CHECK(intents_for({false, false, false}) == 0x9U);
  CHECK(intents_for({true, false, false}) == 0x89U);
  CHECK(intents_for({false, true, false}) == 0x209U);
  CHECK(intents_for({true, true, true}) == 0x8289U);
  CHECK(intents_for({.messages = true}) == 0x209U);
  CHECK(intents_for({.messages = true, .message_text = true}) == 0x8209U);
  CHECK(intents_for({.reactions = true}) == 0x409U);
  CHECK(intents_for({.presences = true}) == 0x109U);
  CHECK((gateway_wants{.voice = true} | gateway_wants{.presences = true}) ==
        gateway_wants{.voice = true, .presences = true});
}

TEST_CASE("intents: privileged switches are named as in the portal", "[gateway]") {
  CHECK(privileged_switches(intents_for({true, true, false})).empty());
  CHECK(privileged_switches(intents_for({true, true, true})) == "\"Message Content Intent\"");
  CHECK(privileged_switches(intent_bit::guild_presences | intent_bit::guild_members) ==
        "\"Presence Intent\" and \"Server Members Intent\"");
}
