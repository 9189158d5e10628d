// Goal: what the guild is told of the feature fits what the feature does.
#include "actors/voice/ambience_actor.hpp"
#include "actors/voice/ambience_feature.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("ambience: declares its name, its needs and what it wants", "[voice]") {
  const auto entry = ambience_entry(std::make_shared<ambience_parts>(), true);
  CHECK(entry.name == ambience_feature);
  CHECK(entry.name == voice_area); // custom_ids find their way by it
  CHECK(embedded_catalog().has("feature." + entry.name));
  auto bits = uint64_t{0};
  for (const auto& need : entry.needs) {
    CHECK(embedded_catalog().has(need.purpose));
    bits |= need.bits;
  }
  using namespace permission_bit;
  CHECK(bits == (view_channel | connect | speak | set_voice_channel_status | add_reactions |
                 read_message_history));
  CHECK(entry.wants ==
        gateway_wants{
            .voice = true, .message_deletes = true, .messages = true, .message_text = true});
}

TEST_CASE("ambience: reads no messages unless the operator has keyword reactions on", "[voice]") {
  const auto entry = ambience_entry(std::make_shared<ambience_parts>(), false);
  CHECK(entry.wants == gateway_wants{.voice = true, .message_deletes = true});
  for (const auto& need : entry.needs)
    CHECK((need.bits & permission_bit::add_reactions) == 0);
}
