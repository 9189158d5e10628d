// Goal: a join that Discord would only be silent about is refused beforehand, with the reason.
// Method: one guild, of which each case changes one thing.
#include "infra/gateway/permissions.hpp"
#include "infra/voice/join_check.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using voice::check_join;
using voice::stage_way;

namespace {

constexpr auto guild_one = guild_id{1};
constexpr auto bot = user_id{9};
constexpr auto lounge = channel_id{20}, stage = channel_id{21}, text = channel_id{22};
constexpr uint64_t move_members = 1ULL << 24, mute_members = 1ULL << 22;
constexpr uint64_t request_to_speak = 1ULL << 32;
constexpr auto all_of_it =
    permission_bit::view_channel | permission_bit::connect | permission_bit::speak;

guild_snapshot guild_with(uint64_t permissions) {
  auto guild = guild_snapshot{};
  guild.id = guild_one;
  guild.owner = user_id{1};
  guild.roles = {{role_id{1}, "@everyone", permissions}};
  guild.self.user = bot;
  auto room = channel_facts{};
  room.id = lounge;
  room.kind = channel_kind::voice;
  room.bitrate = 96'000;
  guild.channels.push_back(room);
  room.id = stage;
  room.kind = channel_kind::stage;
  guild.channels.push_back(room);
  room.id = text;
  room.kind = channel_kind::text;
  guild.channels.push_back(room);
  return guild;
}

voice_member present(user_id user, channel_id channel) {
  auto out = voice_member{};
  out.member.user = user;
  out.channel = channel;
  return out;
}

voice_refusal refusal(const guild_snapshot& guild, channel_id channel) {
  return check_join(guild, channel).refusal;
}

} // namespace

TEST_CASE("join check: a channel where the bot may speak is joined", "[voice]") {
  const auto verdict = check_join(guild_with(all_of_it), lounge);
  CHECK(verdict.refusal == voice_refusal::none);
  CHECK(verdict.stage == stage_way::none);
  CHECK(verdict.bitrate == 96'000);
}

TEST_CASE("join check: each missing permission has its own reason", "[voice]") {
  using namespace permission_bit;
  CHECK(refusal(guild_with(connect | speak), lounge) == voice_refusal::no_view);
  CHECK(refusal(guild_with(view_channel | speak), lounge) == voice_refusal::no_connect);
  CHECK(refusal(guild_with(view_channel | connect), lounge) == voice_refusal::no_speak);
  auto denied = guild_with(all_of_it);
  denied.channels[0].overwrites = {{bot.value, true, 0, speak}};
  CHECK(refusal(denied, lounge) == voice_refusal::no_speak);
  auto allowed = guild_with(view_channel | connect);
  allowed.channels[0].overwrites = {{bot.value, true, speak, 0}};
  CHECK(refusal(allowed, lounge) == voice_refusal::none);
}

TEST_CASE("join check: channels that cannot be joined at all", "[voice]") {
  auto guild = guild_with(all_of_it);
  CHECK(refusal(guild, channel_id{99}) == voice_refusal::unknown_channel);
  CHECK(refusal(guild, text) == voice_refusal::not_voice);
  guild.afk_channel = lounge;
  CHECK(refusal(guild, lounge) == voice_refusal::afk);
}

TEST_CASE("join check: a full channel takes only who may move members", "[voice]") {
  auto guild = guild_with(all_of_it);
  guild.channels[0].user_limit = 2;
  guild.voice = {present(user_id{2}, lounge), present(user_id{3}, stage)};
  CHECK(refusal(guild, lounge) == voice_refusal::none);
  guild.voice.push_back(present(bot, lounge)); // ourselves do not count
  CHECK(refusal(guild, lounge) == voice_refusal::none);
  guild.voice.push_back(present(user_id{4}, lounge));
  CHECK(refusal(guild, lounge) == voice_refusal::full);
  guild.roles[0].permissions |= move_members;
  CHECK(refusal(guild, lounge) == voice_refusal::none);
}

TEST_CASE("join check: on a stage one needs a way to the microphone", "[voice]") {
  using namespace permission_bit;
  constexpr auto in = view_channel | connect;
  CHECK(refusal(guild_with(in), stage) == voice_refusal::no_stage);
  CHECK(check_join(guild_with(in | request_to_speak), stage).stage == stage_way::ask);
  CHECK(check_join(guild_with(in | mute_members), stage).stage == stage_way::speak);
  CHECK(refusal(guild_with(in | mute_members), stage) == voice_refusal::none);
}
