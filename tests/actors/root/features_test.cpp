// The list of features: operator's defaults, and the invitation that asks for just what they need.
#include "actors/root/features.hpp"
#include "infra/gateway/permissions.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

feature_parts parts() {
  return {std::make_shared<schedule_parts>(), std::make_shared<ambience_parts>()};
}

} // namespace

TEST_CASE("features: the operator's default reaches the entry", "[root]") {
  auto says = settings{};
  for (const auto& feature : all_features(parts(), says))
    CHECK(feature.default_on);
  says.features.schedule = says.features.voice = false;
  for (const auto& feature : all_features(parts(), says))
    CHECK_FALSE(feature.default_on);
}

TEST_CASE("features: the invitation asks for what they declare, never for administrator",
          "[root]") {
  const auto features = all_features(parts(), settings{});
  const auto bits = invited_permissions(features);
  using namespace permission_bit;
  CHECK((bits & (view_channel | send_messages | embed_links | read_message_history)) ==
        (view_channel | send_messages | embed_links | read_message_history));
  CHECK((bits & (connect | speak)) == (connect | speak));
  CHECK((bits & (administrator | manage_guild | manage_roles)) == 0);
  CHECK(invite_url(application_id{42}, 2048) ==
        "https://discord.com/oauth2/"
        "authorize?client_id=42&scope=bot+applications.commands&permissions=2048");
}

TEST_CASE("features: Discord is asked for what those that are on want", "[root]") {
  auto on = feature_entry{};
  on.name = "on";
  on.wants = {.message_deletes = true, .presences = true};
  auto off = feature_entry{};
  off.name = "off";
  off.default_on = false;
  off.wants = {.messages = true, .message_text = true, .presences = true};
  CHECK(wants_of({}, {}) == core_wants());
  CHECK(wants_of({on, off}, {}) == (core_wants() | on.wants));
  // Switched on by a moderator: not what takes the operator to the developer portal.
  CHECK(wants_of({off}, {"gone", "off"}) == (core_wants() | gateway_wants{.messages = true}));
  const auto features = all_features(parts(), settings{});
  CHECK(wants_of(features, {}) == gateway_wants{.voice = true, .message_deletes = true});
  // Messages are read only where the operator says so: Discord refuses the session otherwise.
  auto reads = settings{};
  reads.ambience.keyword_reactions = true;
  CHECK(wants_of(all_features(parts(), reads), {}).message_text);
}
