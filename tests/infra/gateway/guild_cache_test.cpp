// The guild cache: real changes come out, repetitions do not, and a snapshot never changes once
// given out.
#include "infra/gateway/guild_cache.hpp"
#include "infra/gateway/permissions.hpp"
#include "tests/infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr auto guild = guild_id{100000000000000001};
constexpr auto self = user_id{500000000000000001};
constexpr auto ada = user_id{500000000000000002};
constexpr auto bob = user_id{500000000000000003};
constexpr auto voice_channel = channel_id{400000000000000002};
constexpr auto text_channel = channel_id{400000000000000001};
constexpr auto mods = role_id{300000000000000001};
constexpr auto bot_role = role_id{300000000000000002};

guild_cache made() {
  auto decoder = event_decoder{};
  auto data = guild_data{};
  REQUIRE(decoder.read(test::dispatch("GUILD_CREATE", test::small_guild), data, self));
  auto cache = guild_cache{guild, self};
  cache.replace(std::move(data));
  return cache;
}

voice_state_data state(user_id user, channel_id channel, const char* name = "bob") {
  return {guild, user, channel, member_facts{user, name, {}, 0, false}};
}

} // namespace

TEST_CASE("guild cache: GUILD_CREATE fills it", "[gateway]") {
  auto cache = made();
  const auto picture = cache.snapshot();
  CHECK(picture->name == "Le Foyer");
  CHECK(picture->roles.size() == 3);
  CHECK(picture->channels.size() == 4);
  CHECK(picture->voice.size() == 2);
  CHECK(picture->self.user == self);
  CHECK(picture->self.permissions == (1024 | 2048)); // @everyone and its own role
  CHECK(cache.snapshot() == picture);                // the same pointer: nothing changed
}

TEST_CASE("guild cache: roles", "[gateway]") {
  auto cache = made();
  const auto before = cache.snapshot();
  auto role = before->roles[1];
  CHECK_FALSE(cache.put_role(role));
  CHECK(cache.snapshot() == before);
  role.name = "Modérateurs";
  CHECK(cache.put_role(role));
  CHECK(before->roles[1].name == "Mods"); // what was given out stays as it was
  CHECK(cache.snapshot()->roles[1].name == "Modérateurs");
  CHECK(cache.put_role({role_id{7}, "new", permission_bit::speak, 3, false}));
  CHECK(cache.snapshot()->roles.size() == 4);
  CHECK(cache.remove_role(role_id{7}));
  CHECK_FALSE(cache.remove_role(role_id{7}));
  CHECK(cache.put_role({bot_role, "Hearth", permission_bit::administrator, 1, true}));
  CHECK(cache.snapshot()->self.permissions == permission_bit::all);
  CHECK(cache.remove_role(bot_role));
  CHECK(cache.snapshot()->self.roles.empty());
  CHECK(cache.snapshot()->self.permissions == 1024);
  CHECK(cache.remove_role(mods));
  CHECK(cache.snapshot()->voice[0].member.roles.empty());
}

TEST_CASE("guild cache: channels", "[gateway]") {
  auto cache = made();
  auto left = std::vector<voice_changed>{};
  auto channel = cache.snapshot()->channels[0];
  CHECK_FALSE(cache.put_channel(channel));
  channel.overwrites.clear();
  CHECK(cache.put_channel(channel));
  CHECK(cache.snapshot()->channels[0].overwrites.empty());
  CHECK(cache.put_channel({channel_id{9}, {}, channel_kind::text, 0, "new", {}}));
  CHECK(cache.snapshot()->channels.size() == 5);
  CHECK(cache.remove_channel(text_channel, left));
  CHECK_FALSE(cache.remove_channel(text_channel, left));
  CHECK(left.empty());
}

TEST_CASE("guild cache: a deleted voice channel empties itself", "[gateway]") {
  auto cache = made();
  auto left = std::vector<voice_changed>{};
  CHECK(cache.remove_channel(voice_channel, left));
  REQUIRE(left.size() == 2);
  CHECK(left[0].member.user == ada);
  CHECK(left[0].from == voice_channel);
  CHECK_FALSE(left[0].to);
  CHECK(cache.snapshot()->voice.empty());
  CHECK_FALSE(cache.put_voice(state(ada, {}))); // Discord's own word for it comes later
}

TEST_CASE("guild cache: voice", "[gateway]") {
  auto cache = made();
  const auto before = cache.snapshot();
  CHECK_FALSE(cache.put_voice(state(bob, voice_channel))); // mute, or a repetition
  const auto moved = cache.put_voice(state(bob, channel_id{9}));
  REQUIRE(moved);
  CHECK(moved->from == voice_channel);
  CHECK(moved->to == channel_id{9});
  CHECK(before->voice[1].channel == voice_channel);
  const auto left = cache.put_voice({guild, bob, {}, std::nullopt}); // no member in the event
  REQUIRE(left);
  CHECK(left->member.name == "bob"); // remembered
  CHECK(left->from == channel_id{9});
  CHECK_FALSE(left->to);
  CHECK_FALSE(cache.put_voice({guild, bob, {}, std::nullopt}));
  const auto joined = cache.put_voice(state(user_id{77}, voice_channel, "new"));
  REQUIRE(joined);
  CHECK_FALSE(joined->from);
  CHECK(joined->member.name == "new");
  CHECK(cache.snapshot()->voice.size() == 2);
  CHECK_FALSE(cache.put_voice(state(user_id{77}, voice_channel, "renamed")));
  CHECK(cache.snapshot()->voice[1].member.name == "renamed");
}

TEST_CASE("guild cache: GUILD_UPDATE takes only what is there", "[gateway]") {
  auto cache = made();
  const auto before = cache.snapshot();
  auto decoder = event_decoder{};
  auto same = guild_data{};
  REQUIRE(decoder.read(
      test::dispatch(
          "GUILD_UPDATE",
          R"({"id":"100000000000000001","name":"Le Foyer","owner_id":"500000000000000002"})"),
      same, self));
  CHECK_FALSE(cache.update(same));
  CHECK(cache.snapshot() == before);
  auto renamed = guild_data{};
  renamed.name = "Âtre";
  renamed.owner = self;
  CHECK(cache.update(renamed));
  CHECK(cache.snapshot()->name == "Âtre");
  CHECK(cache.snapshot()->roles.size() == 3);
  CHECK(cache.snapshot()->voice.size() == 2);
  CHECK(cache.snapshot()->self.permissions == permission_bit::all); // the owner
}

TEST_CASE("guild cache: members", "[gateway]") {
  auto cache = made();
  auto me = cache.snapshot()->self;
  CHECK_FALSE(cache.put_member(me));
  me.roles.push_back(mods);
  CHECK(cache.put_member(me));
  CHECK(cache.snapshot()->self.permissions == (1024 | 2048 | 9007199254740993));
  CHECK_FALSE(cache.put_member({ada, "Countess", {}, 0, false})); // remembered, not told
  CHECK(cache.snapshot()->voice[0].member.name == "Countess");
  CHECK_FALSE(cache.put_member({user_id{88}, "stranger", {}, 0, false}));
  CHECK(cache.rename_self("hearth", "Âtre"));
  CHECK(cache.snapshot()->self.name == "Âtre");
  CHECK_FALSE(cache.rename_self("hearth", "x"));
}

TEST_CASE("guild cache: emojis", "[gateway]") {
  auto cache = made();
  CHECK_FALSE(cache.put_emojis(cache.snapshot()->emojis));
  CHECK(cache.put_emojis({}));
  CHECK(cache.snapshot()->emojis.empty());
}

TEST_CASE("guild cache: what is written is read back the same", "[gateway]") {
  auto cache = made();
  auto more = guild_data{};
  more.afk_channel = channel_id{77};
  REQUIRE(cache.update(std::move(more)));
  auto lounge = channel_facts{};
  lounge.id = channel_id{77};
  lounge.kind = channel_kind::voice;
  lounge.user_limit = 12;
  lounge.bitrate = 96'000;
  REQUIRE(cache.put_channel(lounge));
  const auto before = cache.snapshot();
  auto decoder = event_decoder{};
  auto data = guild_data{};
  REQUIRE(decoder.read_guild(test::padded{encode_guild(*before)}, data, self));
  auto again = guild_cache{guild, self};
  again.replace(std::move(data));
  const auto after = again.snapshot();
  CHECK(after->id == before->id);
  CHECK(after->name == before->name);
  CHECK(after->preferred_locale == before->preferred_locale);
  CHECK(after->owner == before->owner);
  CHECK(after->system_channel == before->system_channel);
  CHECK(after->afk_channel == before->afk_channel);
  CHECK(after->roles == before->roles);
  CHECK(after->channels == before->channels);
  CHECK(after->emojis == before->emojis);
  CHECK(after->self == before->self);
  CHECK(after->voice == before->voice);
}
