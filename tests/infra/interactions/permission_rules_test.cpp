#include "infra/interactions/permission_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {
const auto owner = user_id{11};
const auto mod_role = role_id{22};
const auto facts = caller_facts{owner, mod_role, {}, {user_id{99}}};

member_facts somebody(uint64_t permissions, std::vector<role_id> roles = {}, user_id id = {55}) {
  auto member = member_facts{};
  member.user = id;
  member.permissions = permissions;
  member.roles = std::move(roles);
  return member;
}
} // namespace

TEST_CASE("permission rules: each rank includes those below it", "[interactions]") {
  struct row {
    const char* who;
    member_facts member;
    bool moderator, administrator, owner;
  };
  const auto rows = std::vector<row>{
      {"plain", somebody(0), false, false, false},
      {"other role", somebody(0, {role_id{23}}), false, false, false},
      {"mod role", somebody(0, {role_id{7}, mod_role}), true, false, false},
      {"manage guild", somebody(1U << 5), true, false, false},
      {"administrator", somebody(1U << 3), true, true, false},
      {"neighbouring bits", somebody((1U << 4) | (1U << 2) | (1U << 6)), false, false, false},
      {"guild owner", somebody(0, {}, owner), true, true, true},
      {"bot owner", somebody(0, {}, user_id{99}), true, true, true},
  };
  for (const auto& [who, member, moderator, administrator, is_owner] : rows) {
    INFO(who);
    CHECK(refusal(allowed::everyone, member, facts).empty());
    CHECK(refusal(allowed::moderator, member, facts) == (moderator ? "" : "refused.moderator"));
    CHECK(refusal(allowed::administrator, member, facts) ==
          (administrator ? "" : "refused.administrator"));
    CHECK(refusal(allowed::owner, member, facts) == (is_owner ? "" : "refused.owner"));
    CHECK(refusal(allowed::in_voice, member, facts) == "refused.in_voice");
  }
}

TEST_CASE("permission rules: unset facts never match a member", "[interactions]") {
  const auto nothing = caller_facts{};
  CHECK(refusal(allowed::owner, somebody(0, {}, user_id{0}), nothing) == "refused.owner");
  CHECK(refusal(allowed::moderator, somebody(0, {role_id{0}}), nothing) == "refused.moderator");
}

TEST_CASE("permission rules: in voice asks for a channel", "[interactions]") {
  auto connected = facts;
  connected.voice = channel_id{5};
  CHECK(refusal(allowed::in_voice, somebody(0), connected).empty());
  CHECK(refusal(allowed::in_voice, somebody(0, {}, owner), facts) == "refused.in_voice");
}

TEST_CASE("permission rules: a subcommand may be narrower than its command", "[interactions]") {
  auto command = command_spec{};
  command.name = "modchannel";
  command.subcommands = {{"set", "", {}, allowed::administrator}, {"see", "", {}, {}}};
  command.subcommands.push_back({"wipe", "deep", {}, allowed::owner});
  auto asked = interaction{};
  asked.member = somebody(0);
  asked.subcommand = "see";
  CHECK(may_use(command, asked, facts).empty());
  asked.subcommand = "set";
  CHECK(may_use(command, asked, facts) == "refused.administrator");
  asked.subcommand = "deep wipe";
  CHECK(may_use(command, asked, facts) == "refused.owner");
  asked.kind = interaction_kind::autocomplete;
  CHECK(may_use(command, asked, facts) == "refused.owner");
  auto sounds = command_spec{};
  sounds.who = allowed::in_voice;
  CHECK(may_use(sounds, asked, facts).empty()); // what there is may be looked at from anywhere
  asked.kind = interaction_kind::command;
  CHECK(may_use(sounds, asked, facts) == "refused.in_voice");
}
