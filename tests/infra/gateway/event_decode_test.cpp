// Decoding: what Discord documents, what it sends all the same, and what an enemy would send.
#include "infra/gateway/event_decode.hpp"
#include "tests/infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"
#include <random>

using namespace hearth;
using test::dispatch;
using test::padded;

namespace {
constexpr auto self = user_id{500000000000000001};
} // namespace

TEST_CASE("decode: control payloads", "[gateway]") {
  auto decoder = event_decoder{};
  auto hello = hello_data{};
  CHECK(decoder.read(padded{R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":45000}})"},
                     hello));
  CHECK(hello.heartbeat_interval_ms == 45'000);
  hello = {};
  CHECK(decoder.read(padded{R"({"op":10,"d":{"heartbeat_interval":"soon"}})"}, hello));
  CHECK(hello.heartbeat_interval_ms == 41'250);
  CHECK_FALSE(decoder.read(padded{R"({"op":10,"d":null})"}, hello));

  auto invalid = invalid_session_data{true};
  CHECK(decoder.read(padded{R"({"op":9,"d":false})"}, invalid));
  CHECK_FALSE(invalid.resumable);
  CHECK(decoder.read(padded{R"({"op":9,"d":true})"}, invalid));
  CHECK(invalid.resumable);
  CHECK(decoder.read(padded{R"({"op":9,"d":null})"}, invalid));
  CHECK_FALSE(invalid.resumable);

  auto moved = sim_time_data{};
  CHECK(decoder.read(padded{R"({"op":200,"d":{"now_ms":1795000000000}})"}, moved));
  CHECK(moved.now_ms == 1795000000000);
  CHECK_FALSE(decoder.read(padded{R"({"op":200,"d":{"now_ms":-1}})"}, moved));
}

TEST_CASE("decode: where to connect", "[gateway]") {
  auto decoder = event_decoder{};
  auto info = gateway_info{};
  REQUIRE(decoder.read_info(padded{R"({"url":"wss://g","shards":2,"session_start_limit":
    {"total":1000,"remaining":7,"reset_after":14400000,"max_concurrency":16}})"},
                            info));
  CHECK(info.url == "wss://g");
  CHECK(info.shards == 2);
  CHECK(info.starts_left == 7);
  CHECK(info.reset_after_ms == 14'400'000);
  CHECK(info.max_concurrency == 16);
  CHECK_FALSE(decoder.read_info(padded{""}, info = {})); // an empty body crashed another client
  CHECK_FALSE(decoder.read_info(padded{"<html>"}, info = {}));
  CHECK_FALSE(decoder.read_info(padded{R"({"url":null})"}, info = {}));
  CHECK_FALSE(decoder.read_info(padded{R"({"url":"wss://g")"}, info = {}));
}

TEST_CASE("decode: READY", "[gateway]") {
  auto decoder = event_decoder{};
  auto ready = ready_data{};
  REQUIRE(decoder.read(dispatch("READY", R"({"v":10,"user":{"id":"500000000000000001",
    "username":"hearth","discriminator":"1234","global_name":null,"bot":true},"guilds":[{"id":"1","unavailable":true},
    {"id":2},{"unavailable":true},null],"session_id":"abc","resume_gateway_url":"wss://r.example",
    "shard":[0,1],"application":{"id":"700000000000000001","flags":0},"private_channels":[]})"),
                       ready));
  CHECK(ready.session_id == "abc");
  CHECK(ready.resume_url == "wss://r.example");
  CHECK(ready.user == self);
  CHECK(ready.user_name == "hearth");
  CHECK(ready.application == application_id{700000000000000001});
  CHECK(ready.guilds == std::vector{guild_id{1}, guild_id{2}});
  CHECK_FALSE(decoder.read(dispatch("READY", R"({"user":{"id":"1"}})"), ready = {}));
  CHECK_FALSE(decoder.read(dispatch("READY", R"({"session_id":"abc"})"), ready = {}));
}

TEST_CASE("decode: a guild, in whatever order its keys come", "[gateway]") {
  auto decoder = event_decoder{};
  auto guild = guild_data{};
  REQUIRE(decoder.read(dispatch("GUILD_CREATE", test::small_guild), guild, self));
  CHECK(guild.id == guild_id{100000000000000001});
  CHECK_FALSE(guild.unavailable);
  CHECK(guild.name == "Le Foyer");
  CHECK(guild.preferred_locale == "fr");
  CHECK(guild.owner == user_id{500000000000000002});
  CHECK(guild.system_channel == channel_id{});
  REQUIRE(guild.roles);
  CHECK(guild.roles->size() == 3);
  CHECK(guild.roles->at(1) ==
        role_facts{role_id{300000000000000001}, "Mods", 9007199254740993, 2, false});
  REQUIRE(guild.channels);
  REQUIRE(guild.channels->size() == 4); // no thread
  CHECK(guild.channels->at(0) == channel_facts{channel_id{400000000000000001},
                                               channel_id{400000000000000003},
                                               channel_kind::text,
                                               1,
                                               "général",
                                               {{300000000000000002, false, 16384, 2048}}});
  CHECK(static_cast<int>(guild.channels->at(3).kind) == 99);
  REQUIRE(guild.emojis);
  CHECK(guild.emojis->size() == 1);
  REQUIRE(guild.voice);
  REQUIRE(guild.voice->size() == 2);
  CHECK(
      guild.voice->at(0) ==
      voice_member{{user_id{500000000000000002}, "Ada L.", {role_id{300000000000000001}}, 0, false},
                   channel_id{400000000000000002}});
  CHECK(guild.voice->at(1).member.name == "bob");
  REQUIRE(guild.self);
  CHECK(guild.self->roles == std::vector{role_id{300000000000000002}});
  CHECK(guild.self->bot);
}

TEST_CASE("decode: stubs of guilds", "[gateway]") {
  auto decoder = event_decoder{};
  auto guild = guild_data{};
  CHECK(decoder.read(dispatch("GUILD_DELETE", R"({"id":"5","unavailable":true})"), guild, self));
  CHECK(guild.unavailable);
  CHECK_FALSE(guild.name);
  guild = {};
  CHECK(decoder.read(dispatch("GUILD_DELETE", R"({"id":"5"})"), guild, self));
  CHECK_FALSE(guild.unavailable);
  guild = {};
  CHECK(decoder.read(dispatch("GUILD_DELETE", R"({"id":5,"unavailable":"yes"})"), guild, self));
  CHECK_FALSE(guild.unavailable);
  CHECK_FALSE(decoder.read(dispatch("GUILD_DELETE", R"({"unavailable":true})"), guild = {}, self));
  CHECK_FALSE(decoder.read(dispatch("GUILD_DELETE", "null"), guild = {}, self));
  CHECK_FALSE(decoder.read(dispatch("GUILD_DELETE", "{}"), guild = {}, self));
}

TEST_CASE("decode: wrong types keep defaults", "[gateway]") {
  auto decoder = event_decoder{};
  auto guild = guild_data{};
  REQUIRE(decoder.read(
      dispatch("GUILD_CREATE", R"({"id":"5","name":{"a":1},"owner_id":[],"roles":"none",
    "channels":{"id":"1"},"emojis":null,"members":7,"voice_states":{"user_id":"1"},"system_channel_id":1.5,
    "preferred_locale":true})"),
      guild, self));
  CHECK(guild.name == "");
  CHECK(guild.owner == user_id{});
  CHECK(guild.roles->empty());
  CHECK(guild.channels->empty());
  CHECK(guild.voice->empty());
  auto channel = channel_data{};
  REQUIRE(decoder.read(
      dispatch("CHANNEL_UPDATE", R"({"id":"9","guild_id":"5","type":"text","position":1e300,
    "name":null,"permission_overwrites":[null,7,{"id":null},{"id":"3","type":"1","allow":null,"deny":-4}]})"),
      channel));
  CHECK(channel.guild == guild_id{5});
  CHECK(channel.channel.position == 0);
  CHECK(channel.channel.overwrites == std::vector{overwrite{3, true, 0, 0}});
  auto role = role_data{};
  CHECK_FALSE(decoder.read(dispatch("GUILD_ROLE_UPDATE", R"({"guild_id":"5","role":null})"), role));
  CHECK_FALSE(decoder.read(dispatch("GUILD_ROLE_UPDATE", R"({"role":{"id":"1"}})"), role = {}));
  CHECK(
      decoder.read(dispatch("GUILD_ROLE_DELETE", R"({"guild_id":"5","role_id":"8"})"), role = {}));
  CHECK(role.role.id == role_id{8});
}

TEST_CASE("decode: ids survive above 2^53, and only whole ones count", "[gateway]") {
  auto decoder = event_decoder{};
  const auto read = [&](const char* id) {
    auto user = user_data{};
    decoder.read(dispatch("USER_UPDATE", std::string{R"({"username":"x","id":)"} + id + "}"), user);
    return user.user.value;
  };
  CHECK(read("\"18446744073709551615\"") == UINT64_MAX);
  CHECK(read("18446744073709551615") == UINT64_MAX);
  CHECK(read("\"9007199254740993\"") == 9007199254740993);
  for (const auto* bad : {"\"18446744073709551616\"", "\"-1\"", "-1", "1.0", "\"1 \"", "\"\"",
                          "null", "true", "[1]", "{}", "1e3", "\"0x1\""})
    CHECK(read(bad) == 0);
}

TEST_CASE("decode: display names", "[gateway]") {
  auto decoder = event_decoder{};
  const auto name = [&](const char* member) {
    auto data = member_data{};
    REQUIRE(decoder.read(
        dispatch("GUILD_MEMBER_UPDATE", std::string{R"({"guild_id":"5",)"} + member + "}"), data));
    return data.member.name;
  };
  CHECK(name(R"("nick":"N","user":{"id":"1","username":"u","global_name":"G"})") == "N");
  CHECK(name(R"("user":{"global_name":"G","username":"u","id":"1"},"nick":null)") == "G");
  CHECK(name(R"("user":{"id":"1","username":"u","global_name":null})") == "u");
  CHECK(name(R"("nick":"","user":{"id":"1","username":"u","global_name":""})") == "u");
  CHECK(name(R"("nick":7,"user":{"id":"1","username":"\u00e9\ud83d\ude00"})") == "é😀");
}

TEST_CASE("decode: voice states", "[gateway]") {
  auto decoder = event_decoder{};
  auto state = voice_state_data{};
  REQUIRE(
      decoder.read(dispatch("VOICE_STATE_UPDATE", R"({"guild_id":"5","channel_id":"6","user_id":"7",
    "member":{"user":{"id":"7","username":"u"},"roles":["8",9],"permissions":"3"},"deaf":false})"),
                   state));
  CHECK(state.channel == channel_id{6});
  REQUIRE(state.member);
  CHECK(*state.member == member_facts{user_id{7}, "u", {role_id{8}, role_id{9}}, 0, false});
  REQUIRE(decoder.read(
      dispatch("VOICE_STATE_UPDATE", R"({"guild_id":"5","channel_id":null,"user_id":"7"})"),
      state = {}));
  CHECK_FALSE(state.channel);
  CHECK_FALSE(state.member);
  CHECK_FALSE(decoder.read(dispatch("VOICE_STATE_UPDATE", R"({"channel_id":null,"user_id":"7"})"),
                           state = {})); // a call outside of guilds
}

TEST_CASE("decode: messages", "[gateway]") {
  auto decoder = event_decoder{};
  auto message = message_data{};
  REQUIRE(
      decoder.read(dispatch("MESSAGE_CREATE",
                            R"({"id":"1","channel_id":"2","guild_id":"3","content":"!help \"me\"",
    "author":{"id":"4","username":"u"},"referenced_message":{"id":"9","content":"!no","author":{"id":"8","bot":true}}})"),
                   message));
  CHECK(message.content == "!help \"me\"");
  CHECK(message.author.user == user_id{4});
  CHECK_FALSE(message.automatic);
  for (const auto* extra :
       {R"("webhook_id":"5","author":{"id":"4"})", R"("author":{"id":"4","bot":true})",
        R"("author":{"system":true,"id":"4"})"}) {
    message = {};
    REQUIRE(decoder.read(
        dispatch("MESSAGE_CREATE", std::string{R"({"id":"1","channel_id":"2",)"} + extra + "}"),
        message));
    CHECK(message.automatic);
  }
  auto deleted = deleted_messages_data{};
  CHECK(decoder.read(dispatch("MESSAGE_DELETE", R"({"id":"1","channel_id":"2","guild_id":"3"})"),
                     deleted));
  CHECK(deleted.messages == std::vector{message_id{1}});
  CHECK(decoder.read(
      dispatch("MESSAGE_DELETE_BULK", R"({"ids":["1","2",null],"channel_id":"2","guild_id":"3"})"),
      deleted = {}));
  CHECK(deleted.messages == std::vector{message_id{1}, message_id{2}});
  CHECK_FALSE(
      decoder.read(dispatch("MESSAGE_DELETE", R"({"id":"1","channel_id":"2"})"), deleted = {}));
}

// Goal: no bytes crash the decoders, hang them or make them read outside their buffers (the
// sanitizers see that). Method: every truncation, then random changes, of a rich payload.
TEST_CASE("decode: damaged payloads are survived", "[gateway]") {
  auto decoder = event_decoder{};
  const auto whole =
      std::string{R"({"t":"X","s":1,"op":0,"d":)"} + std::string{test::small_guild} + "}";
  const auto try_all = [&](const std::string& text) {
    const auto payload = padded{text};
    auto guild = guild_data{};
    auto accepted = decoder.read(payload, guild, self);
    auto asked = interaction{};
    decoder.read(payload, asked);
    auto ready = ready_data{};
    decoder.read(payload, ready);
    auto state = voice_state_data{};
    decoder.read(payload, state);
    auto channel = channel_data{};
    decoder.read(payload, channel);
    return accepted;
  };
  REQUIRE(try_all(whole));
  for (auto length = size_t{0}; length < whole.size() - 1; ++length)
    CHECK_FALSE(try_all(whole.substr(0, length)));
  auto random = std::mt19937{20261120};
  for (auto round = 0; round < 3'000; ++round) {
    auto text = whole;
    for (auto changes = random() % 8 + 1; changes > 0; --changes)
      text[random() % text.size()] = "{}[]\",:\\0-ntf\xff"[random() % 15];
    try_all(text);
  }
  CHECK_FALSE(try_all(std::string(100'000, '[')));
  CHECK_FALSE(try_all(R"({"d":)" + std::string(100'000, '[')));
}
