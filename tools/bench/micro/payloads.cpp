#include "tools/bench/micro/payloads.hpp"
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace bench {
namespace {

std::string user(int i) {
  return fmt::format(
      R"({{"id":"{}","username":"member{}","global_name":"Member number {}",)"
      R"("discriminator":"0","avatar":"a_8f3b6c1d2e4f5a6b7c8d9e0f1a2b3c4d","bot":false,)"
      R"("public_flags":0,"avatar_decoration_data":null,"clan":null}})",
      300000000000000000ULL + static_cast<uint64_t>(i) * 4099, i, i);
}
std::string user_key(int i) {
  return std::to_string(300000000000000000ULL + static_cast<uint64_t>(i) * 4099);
}

std::string member_body(int i) {
  return fmt::format(
      R"("nick":null,"avatar":null,"roles":["40000000000000000{}","40000000000000001{}"],)"
      R"("joined_at":"2023-02-03T10:11:12.345000+00:00","premium_since":null,"deaf":false,)"
      R"("mute":false,"flags":0,"pending":false,"communication_disabled_until":null)",
      i % 10, i % 10);
}
std::string member(int i) { return fmt::format(R"({{"user":{},{}}})", user(i), member_body(i)); }

} // namespace

payload::payload(const char* type, std::string d)
    : bytes_(fmt::format(R"({{"t":"{}","s":77,"op":0,"d":{}}})", type, d)), size_(bytes_.size()) {
  bytes_.append(hearth::text_padding, '\0');
}

payload message(int i) {
  return {
      "MESSAGE_CREATE",
      fmt::format(
          R"({{"id":"13{:017}","channel_id":"50000000000000000{}","guild_id":"{}","type":0,)"
          R"("content":"flood {}: anybody for a round tonight? We are three and would like two more, )"
          R"(microphone welcome, no shouting.","author":{},"member":{{{}}},)"
          R"("timestamp":"2026-11-20T12:00:00.123000+00:00","edited_timestamp":null,"tts":false,)"
          R"("mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],)"
          R"("components":[],"pinned":false,"flags":0,"nonce":"{}"}})",
          i, i % 10, guild, i, user(i % 32), member_body(i % 32), 1000000 + i)};
}

payload presence(int i) {
  return {
      "PRESENCE_UPDATE",
      fmt::format(
          R"({{"user":{{"id":"{}"}},"guild_id":"{}","status":"{}","client_status":{{"desktop":"online",)"
          R"("mobile":"idle"}},"activities":[{{"id":"custom","name":"Custom Status","type":4,)"
          R"("state":"back in a minute, the kettle is on","created_at":1763600000000}},{{"id":"7f3a",)"
          R"("name":"Tom Clancy's Rainbow Six Siege X","type":0,"application_id":"1134560000000000000",)"
          R"("details":"RANKED match","state":"Round {}","timestamps":{{"start":1763600000000}},)"
          R"("party":{{"id":"party-1","size":[3,5]}},"assets":{{"large_image":"1134561111111111111",)"
          R"("large_text":"Clubhouse","small_image":"1134562222222222222","small_text":"Attack"}},)"
          R"("created_at":1763600000000,"flags":1}}]}})",
          user_key(i % 32), guild, (i / 32) % 2 == 0 ? "idle" : "online", i % 9)};
}

payload typing(int i) {
  return {"TYPING_START",
          fmt::format(R"({{"channel_id":"50000000000000000{}","guild_id":"{}","user_id":"{}",)"
                      R"("timestamp":1763600000,"member":{}}})",
                      i % 10, guild, user_key(i % 32), member(i % 32))};
}

payload reaction(int i) {
  return {
      "MESSAGE_REACTION_ADD",
      fmt::format(
          R"({{"user_id":"{}","channel_id":"50000000000000000{}","message_id":"13{:017}","guild_id":"{}",)"
          R"("member":{},"emoji":{{"id":null,"name":"\ud83c\udfb2"}},"message_author_id":"{}",)"
          R"("burst":false,"type":0}})",
          user_key(i % 32), i % 10, i, guild, member(i % 32), user_key(i % 32))};
}

payload voice(int i) {
  return {
      "VOICE_STATE_UPDATE",
      fmt::format(
          R"({{"guild_id":"{}","channel_id":"60000000000000000{}","user_id":"{}","member":{},)"
          R"("session_id":"9a8b7c6d5e4f","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,)"
          R"("self_video":false,"suppress":false,"request_to_speak_timestamp":null}})",
          guild, (i / 32 + i) % 10, user_key(i % 32), member(i % 32))};
}

payload interaction(int i) {
  return {
      "INTERACTION_CREATE",
      fmt::format(
          R"({{"id":"13{:017}","application_id":"1180000000000000001","type":2,"token":"aW50ZXJhY3Rpb24{:0100}",)"
          R"("version":1,"guild_id":"{}","channel_id":"500000000000000001","locale":"en-US",)"
          R"("guild_locale":"en-US","app_permissions":"8","entitlements":[],"context":0,)"
          R"("authorizing_integration_owners":{{"0":"{}"}},"guild":{{"id":"{}","locale":"en-US","features":[]}},)"
          R"("channel":{{"id":"500000000000000001","type":0,"name":"general","permissions":"2048"}},)"
          R"("data":{{"id":"1180000000000000002","name":"about","type":1}},)"
          R"("member":{{"user":{},"permissions":"2048",{}}}}})",
          i, i, guild, guild, guild, user(i % 32), member_body(i % 32))};
}

payload guild_create() {
  auto channels = std::string{};
  auto roles = fmt::format(
      R"({{"id":"{}","name":"@everyone","permissions":"1071698660929","position":0,"color":0,)"
      R"("hoist":false,"managed":false,"mentionable":false,"flags":0}})",
      guild);
  auto members = std::string{};
  auto presences = std::string{};
  for (auto i = 0; i < 50; ++i)
    channels += fmt::format(
        R"({}{{"id":"{}0000000000000{:04}","type":{},"name":"channel-{}","position":{},"parent_id":null,)"
        R"("topic":null,"nsfw":false,"rate_limit_per_user":0,"last_message_id":null,"flags":0,)"
        R"("permission_overwrites":[]}})",
        i == 0 ? "" : ",", i % 5 == 4 ? 6 : 5, i, i % 5 == 4 ? 2 : 0, i, i);
  for (auto i = 0; i < 19; ++i)
    roles += fmt::format(
        R"(,{{"id":"4000000000000000{:02}","name":"Role {}","permissions":"2048","position":{},)"
        R"("color":3447003,"hoist":false,"managed":false,"mentionable":false,"flags":0,"icon":null,)"
        R"("unicode_emoji":null}})",
        i, i, i + 1);
  for (auto i = 0; i < 200; ++i) {
    members += (i == 0 ? "" : ",") + member(i);
    presences += fmt::format(
        R"({}{{"user":{{"id":"{}"}},"status":"online","client_status":{{"desktop":"online"}},)"
        R"("activities":[]}})",
        i == 0 ? "" : ",", user_key(i));
  }
  return {
      "GUILD_CREATE",
      fmt::format(
          R"({{"id":"{}","name":"Bench","unavailable":false,"owner_id":"{}","preferred_locale":"en-US",)"
          R"("system_channel_id":null,"member_count":201,"joined_at":"2023-02-03T10:11:12.345000+00:00",)"
          R"("large":false,"features":[],"emojis":[],"stickers":[],"threads":[],"stage_instances":[],)"
          R"("guild_scheduled_events":[],"soundboard_sounds":[],"voice_states":[],"roles":[{}],)"
          R"("channels":[{}],"members":[{}],"presences":[{}]}})",
          guild, user_key(0), roles, channels, members, presences)};
}

std::vector<payload> mix() {
  auto made = std::vector<payload>{};
  const auto add = [&](int count, payload (*make)(int)) {
    for (auto i = 0; i < count; ++i)
      made.push_back(make(i));
  };
  add(32, message);
  add(35, presence);
  add(18, typing);
  add(10, reaction);
  add(5, voice);
  auto spread = std::vector<payload>{};
  for (size_t i = 0; i < made.size(); ++i)
    spread.push_back(made[i * 37 % made.size()]);
  return spread;
}

std::vector<std::string> zlib_stream(const std::vector<payload>& events) {
  auto z = z_stream{};
  deflateInit(&z, Z_DEFAULT_COMPRESSION);
  auto packed = std::vector<std::string>{};
  auto out = std::string(1 << 20, '\0');
  for (const auto& event : events) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(event.view().data()));
    z.avail_in = static_cast<uInt>(event.view().size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_SYNC_FLUSH);
    packed.emplace_back(out.data(), out.size() - z.avail_out);
  }
  deflateEnd(&z);
  return packed;
}

std::vector<std::string> zstd_stream(const std::vector<payload>& events) {
  auto* z = ZSTD_createCCtx();
  auto packed = std::vector<std::string>{};
  auto out = std::string(1 << 20, '\0');
  for (const auto& event : events) {
    auto from = ZSTD_inBuffer{event.view().data(), event.view().size(), 0};
    auto into = ZSTD_outBuffer{out.data(), out.size(), 0};
    ZSTD_compressStream2(z, &into, &from, ZSTD_e_flush);
    packed.emplace_back(out.data(), into.pos);
  }
  ZSTD_freeCCtx(z);
  return packed;
}

} // namespace bench
