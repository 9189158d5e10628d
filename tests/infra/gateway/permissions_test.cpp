// Permissions: the order of overwrites, what an administrator skips, and the implicit rules.
#include "infra/gateway/permissions.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
namespace bit = permission_bit;

namespace {

constexpr auto owner = user_id{1};
constexpr auto member = user_id{2};
constexpr auto low = role_id{11};
constexpr auto high = role_id{12};
constexpr auto admin = role_id{13};
constexpr auto bot_role = role_id{14};

guild_snapshot guild() {
  auto made = guild_snapshot{};
  made.id = guild_id{100};
  made.owner = owner;
  made.roles = {{role_id{100}, "@everyone", bit::view_channel, 0, false},
                {low, "low", bit::send_messages, 1, false},
                {high, "high", bit::manage_roles, 5, false},
                {admin, "admin", bit::administrator, 3, false},
                {bot_role, "bot", 0, 2, true}};
  return made;
}

channel_facts channel(std::vector<overwrite> rules) {
  auto made = channel_facts{};
  made.overwrites = std::move(rules);
  return made;
}

} // namespace

TEST_CASE("permissions: roles add up, owner and administrator have all", "[gateway]") {
  CHECK(guild_permissions(guild(), member, {}) == bit::view_channel);
  CHECK(guild_permissions(guild(), member, {low, role_id{999}}) ==
        (bit::view_channel | bit::send_messages));
  CHECK(guild_permissions(guild(), member, {admin}) == bit::all);
  CHECK(guild_permissions(guild(), owner, {}) == bit::all);
}

TEST_CASE("permissions: overwrites apply in Discord's order", "[gateway]") {
  struct row {
    std::vector<overwrite> rules;
    uint64_t expected;
  };
  constexpr auto view = bit::view_channel;
  constexpr auto send = bit::send_messages;
  const auto row = GENERATE(values<struct row>({
      {{}, view | send},
      {{{100, false, 0, view}}, send},                              // @everyone denies
      {{{100, false, 0, view}, {11, false, view, 0}}, view | send}, // a role allows again
      {{{11, false, 0, send}, {12, false, send, 0}}, view | send},  // allow of any role wins
      {{{12, false, send, 0}, {11, false, 0, send}}, view | send},  // whatever their order
      {{{11, false, send, 0}, {2, true, 0, send}}, view},           // the member's own comes last
      {{{2, true, send, send}}, view | send},                       // deny before allow
      {{{11, true, 0, send}}, view | send},  // a member overwrite never matches a role's id
      {{{2, false, 0, send}}, view | send},  // nor the reverse
      {{{99, false, 0, view}}, view | send}, // unknown ids are ignored
  }));
  CHECK((channel_permissions(guild(), channel(row.rules), member, {low, high}) &
         ~bit::manage_roles) == row.expected);
}

TEST_CASE("permissions: administrators ignore overwrites", "[gateway]") {
  const auto closed = channel({{100, false, 0, bit::all}, {2, true, 0, bit::all}});
  CHECK(channel_permissions(guild(), closed, member, {admin}) == bit::all);
  CHECK(channel_permissions(guild(), closed, owner, {}) == bit::all);
  const auto fake = channel({{11, false, bit::administrator, bit::view_channel}});
  CHECK((channel_permissions(guild(), fake, member, {low}) & bit::view_channel) == 0);
}

TEST_CASE("permissions: implicit rules take away what cannot be used", "[gateway]") {
  CHECK(effective_permissions(bit::all & ~bit::view_channel, channel_kind::text) == 0);
  const auto mute = bit::all & ~bit::send_messages;
  CHECK((effective_permissions(mute, channel_kind::text) & bit::embed_links) == 0);
  CHECK((effective_permissions(mute, channel_kind::text) & bit::add_reactions) != 0);
  const auto deaf = bit::all & ~bit::connect;
  CHECK(effective_permissions(deaf, channel_kind::voice) == bit::view_channel);
  CHECK(effective_permissions(deaf, channel_kind::text) == deaf);
}

TEST_CASE("permissions: only roles below the own highest can be assigned", "[gateway]") {
  CHECK(may_assign(guild(), member, {high}, low));
  CHECK_FALSE(may_assign(guild(), member, {high}, high));
  CHECK_FALSE(may_assign(guild(), member, {low}, high));
  CHECK_FALSE(may_assign(guild(), member, {low, high}, bot_role)); // managed
  CHECK_FALSE(may_assign(guild(), member, {high}, role_id{100}));  // @everyone
  CHECK_FALSE(may_assign(guild(), member, {high}, role_id{999}));
  CHECK(may_assign(guild(), owner, {}, high));
  auto equal = guild();
  equal.roles[1].position = 5; // low (id 11) now ranks above high (id 12)
  CHECK_FALSE(may_assign(equal, member, {high}, low));
  CHECK_FALSE(may_assign(equal, member, {low}, high)); // above, but without MANAGE_ROLES
}
