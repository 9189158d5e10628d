#pragma once
// Payloads for decoder tests, each in its own exactly sized and padded allocation.
#include "infra/gateway/padded_text.hpp"
#include <string>
#include <string_view>

namespace hearth::test {

/// Text as the socket gives it: followed by padding, here of bytes that would end no JSON value.
class padded {
public:
  explicit padded(std::string_view text) : size_(text.size()), bytes_(text) {
    bytes_.append(text_padding, '7');
  }
  operator padded_text() const noexcept { return {bytes_.data(), size_}; }

private:
  size_t size_;
  std::string bytes_;
};

/// A dispatch around `d`.
inline padded dispatch(std::string_view type, std::string_view d) {
  return padded{std::string{R"({"t":")"}.append(type).append(R"(","s":1,"op":0,"d":)").append(d) +
                "}"};
}

/// A guild with two roles beside @everyone, four channels, a thread, two people in voice and
/// others.
constexpr std::string_view small_guild = R"({
 "members":[
  {"user":{"id":"500000000000000001","username":"hearth","bot":true},"roles":["300000000000000002"],"nick":null},
  {"roles":["300000000000000001"],"nick":"Ada L.","user":{"username":"ada","global_name":"Ada","id":"500000000000000002"}},
  {"user":{"id":"500000000000000003","username":"bob","global_name":null},"roles":[]},
  {"user":{"id":"500000000000000004","username":"nobody here"},"roles":["300000000000000001"]}],
 "voice_states":[
  {"user_id":"500000000000000002","channel_id":"400000000000000002","session_id":"a","self_mute":true},
  {"user_id":"500000000000000003","channel_id":"400000000000000002"},
  {"user_id":"500000000000000004","channel_id":null}],
 "id":"100000000000000001","name":"Le Foyer","owner_id":"500000000000000002","unavailable":false,
 "preferred_locale":"fr","system_channel_id":null,"member_count":4,"presences":[{"user":{"id":"1"}}],
 "roles":[
  {"id":"100000000000000001","name":"@everyone","permissions":"1024","position":0,"managed":false},
  {"id":"300000000000000001","name":"Mods","permissions":"9007199254740993","position":2,"managed":false},
  {"id":"300000000000000002","name":"Hearth","permissions":"2048","position":1,"managed":true,"tags":{"bot_id":"5"}}],
 "channels":[
  {"id":"400000000000000001","type":0,"name":"général","position":1,"parent_id":"400000000000000003",
   "permission_overwrites":[{"id":"300000000000000002","type":0,"allow":"16384","deny":"2048"}]},
  {"id":"400000000000000002","type":2,"name":"Salon vocal","position":2,"parent_id":null},
  {"id":"400000000000000003","type":4,"name":"Catégorie","position":0},
  {"id":"400000000000000004","type":11,"name":"a thread"},
  {"id":"400000000000000005","type":99,"name":"of the future"}],
 "threads":[{"id":"400000000000000006","type":11,"name":"another"}],
 "emojis":[{"id":"600000000000000001","name":"gold","animated":false},{"id":null,"name":"x"}],
 "features":[],"stickers":[],"afk_timeout":300})";

} // namespace hearth::test
