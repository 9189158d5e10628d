// Which permission is missing, and whose rule takes it away.
#include "infra/gateway/permissions.hpp"
#include "infra/root/permission_report.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
namespace bit = permission_bit;

namespace {

constexpr auto everyone = uint64_t{500};
constexpr auto mod = role_id{601}, own = role_id{602};
constexpr auto chat = channel_id{700}, talk = channel_id{701};

guild_snapshot guild() {
  auto made = guild_snapshot{};
  made.id = guild_id{everyone};
  made.owner = user_id{1};
  made.roles = {{role_id{everyone}, "@everyone", bit::view_channel, 0, false},
                {mod, "Mod", 0, 5, false},
                {own, "Hearth", bit::send_messages, 3, true}};
  made.channels = {{chat, {}, channel_kind::text, 1, "chat", {}},
                   {talk, {}, channel_kind::voice, 2, "talk", {}}};
  made.self = {user_id{99}, "Hearth", {own}, 0, true};
  return made;
}
guild_settings set_to(channel_id channel) {
  auto settings = guild_settings{};
  settings.channels["schedule"] = channel;
  return settings;
}
const auto need = permission_need{bit::view_channel | bit::send_messages, "schedule", "purpose"};

} // namespace

TEST_CASE("permission report: nothing missing, nothing said", "[root]") {
  CHECK(permission_gaps("f", {need}, guild(), set_to(chat)).empty());
  auto admin = guild();
  admin.roles[2].permissions = bit::administrator;
  admin.channels[0].overwrites = {{everyone, false, 0, bit::all}};
  CHECK(permission_gaps("f", {need}, admin, set_to(chat)).empty());
}

TEST_CASE("permission report: whose rule it is", "[root]") {
  auto here = guild();
  auto& rules = here.channels[0].overwrites;
  const auto only_gap = [&] {
    const auto gaps = permission_gaps("f", {need}, here, set_to(chat));
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].bit == bit::send_messages);
    CHECK(gaps[0].channel == chat);
    CHECK(gaps[0].feature == "f");
    return gaps[0];
  };
  SECTION("no role has it") {
    here.roles[2].permissions = 0;
    CHECK(only_gap().cause == gap_cause::not_granted);
    rules = {{everyone, false, 0, bit::send_messages}}; // denied too: granting helps all the same
    CHECK(only_gap().cause == gap_cause::not_granted);
  }
  SECTION("@everyone is denied") {
    rules = {{everyone, false, 0, bit::send_messages}};
    CHECK(only_gap().cause == gap_cause::everyone_rule);
  }
  SECTION("the bot's role is denied") {
    rules = {{everyone, false, bit::send_messages, 0}, {own.value, false, 0, bit::send_messages}};
    CHECK(only_gap().cause == gap_cause::role_rule);
    CHECK(only_gap().culprit == own);
  }
  SECTION("the bot is denied") {
    rules = {{own.value, false, bit::send_messages, 0}, {99, true, 0, bit::send_messages}};
    CHECK(only_gap().cause == gap_cause::bot_rule);
  }
  SECTION("another role's or member's rule is no matter") {
    rules = {{mod.value, false, 0, bit::send_messages}, {98, true, 0, bit::send_messages}};
    CHECK(permission_gaps("f", {need}, here, set_to(chat)).empty());
  }
}

TEST_CASE("permission report: channels that are not set, gone, or tracked", "[root]") {
  const auto cause = [&](const guild_settings& settings) {
    const auto gaps = permission_gaps("f", {need}, guild(), settings);
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].bit == 0);
    CHECK(gaps[0].kind == "schedule");
    return gaps[0].cause;
  };
  CHECK(cause({}) == gap_cause::channel_not_set);
  CHECK(cause(set_to({})) == gap_cause::channel_not_set);
  CHECK(cause(set_to(channel_id{12})) == gap_cause::channel_gone);
  auto tracked = guild_settings{};
  const auto voice = permission_need{bit::connect, "voice", "purpose"};
  CHECK(permission_gaps("f", {voice}, guild(), tracked).empty());
  tracked.voice_channels = {talk};
  const auto gaps = permission_gaps("f", {voice, voice}, guild(), tracked);
  REQUIRE(gaps.size() == 1); // each once
  CHECK(gaps[0].channel == talk);
}

TEST_CASE("permission report: the guild as a whole", "[root]") {
  const auto gaps =
      permission_gaps("f", {{bit::manage_roles | bit::send_messages, {}, "purpose"}}, guild(), {});
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].bit == bit::manage_roles);
  CHECK_FALSE(gaps[0].channel);
  CHECK(permission_key(gaps[0].bit) == "permission.manage_roles");
}

TEST_CASE("permission report: the bot's own role", "[root]") {
  auto here = guild();
  here.self.roles = {mod, own};
  CHECK(bot_role(here)->id == own); // managed, although lower
  here.roles[2].managed = false;
  CHECK(bot_role(here)->id == mod);
  here.self.roles.clear();
  CHECK(bot_role(here) == nullptr);
}

TEST_CASE("permission report: the first writable channel", "[root]") {
  auto here = guild();
  here.roles[2].permissions |= bit::embed_links;
  CHECK(first_writable(here) == chat);
  here.channels.push_back({channel_id{702}, {}, channel_kind::text, 0, "top", {}});
  here.channels.push_back({channel_id{703}, {}, channel_kind::announcement, -1, "news", {}});
  CHECK(first_writable(here) == channel_id{702});
  here.system_channel = chat;
  CHECK(first_writable(here) == chat);
  const auto shut = overwrite{everyone, false, 0, bit::view_channel};
  here.channels[0].overwrites = {shut}; // cannot see it, so cannot write there
  CHECK(first_writable(here) == channel_id{702});
  here.channels[2].overwrites = {shut};
  CHECK(first_writable(here) == channel_id{703}); // rather there than nowhere
  here.channels[3].overwrites = {shut};
  CHECK_FALSE(first_writable(here));
}
