#pragma once
// What is remembered of one guild, and whether an event really changed it. Pure. No member list:
// only the bot and the members in voice channels. About 10 kB for 50 channels and 20 roles.
#include "infra/gateway/event_decode.hpp"
#include "messages/gateway.hpp"
#include <memory>
#include <optional>
#include <vector>

namespace hearth {

/// The cache of one guild, owned by one thread. Updates return whether something changed:
/// duplicates and updates without a difference are routine (discord-api 7, lesson 19).
class guild_cache {
public:
  /// An empty guild, before its first GUILD_CREATE.
  guild_cache(guild_id id, user_id self);

  /// GUILD_CREATE: everything known before is replaced.
  bool replace(guild_data data);
  /// GUILD_UPDATE: only what the payload has.
  bool update(guild_data data);
  bool put_role(role_facts role);
  bool remove_role(role_id role);
  bool put_channel(channel_facts channel);
  /// Members in that voice channel count as gone: `left` gets one change for each.
  bool remove_channel(channel_id channel, std::vector<voice_changed>& left);
  bool put_emojis(std::vector<emoji_facts> emojis);
  /// Name or roles of the bot changed. Of another member in voice they are only remembered.
  bool put_member(member_facts member);
  /// The bot's global name changed (USER_UPDATE); counts where it has no nickname unknown to us.
  bool rename_self(const std::string& from, const std::string& to);
  /// Nothing for a mute, a stream or a repetition.
  std::optional<voice_changed> put_voice(voice_state_data state);

  guild_id id() const noexcept { return facts_->id; }
  const std::string& preferred_locale() const noexcept { return facts_->preferred_locale; }
  const std::vector<voice_member>& voice() const noexcept { return voice_; }
  /// The present state; the same pointer until something changes. Never changed once given out.
  guild_snapshot_ptr snapshot();

private:
  guild_snapshot& edit();
  void count_permissions();

  std::shared_ptr<guild_snapshot> facts_;
  std::vector<voice_member> voice_; ///< Ahead of facts_->voice while `voice_newer_`.
  bool voice_newer_ = false;
};

/// A snapshot as Discord writes a guild, so that `event_decoder::read_guild` reads it back.
std::string encode_guild(const guild_snapshot& guild);

} // namespace hearth
