#pragma once
// What the gateway tells a guild, and the picture of the guild that features may keep. Plain data.
#include "messages/ids.hpp"
#include "messages/interactions.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hearth {

/// Channel kinds used here. Source: discord-api 1.11; other numbers occur and are kept.
enum class channel_kind : uint8_t {
  text = 0,
  voice = 2,
  category = 4,
  announcement = 5,
  stage = 13,
  forum = 15
};

/// One permission overwrite of a channel. Source: discord-api 5.
struct overwrite {
  uint64_t id = 0;        ///< Role or user id.
  bool is_member = false; ///< Type 1.
  uint64_t allow = 0, deny = 0;
  bool operator==(const overwrite&) const = default;
};
struct role_facts {
  role_id id;
  std::string name;
  uint64_t permissions = 0;
  int32_t position = 0;
  bool managed = false;
  bool operator==(const role_facts&) const = default;
};
struct channel_facts {
  channel_id id;
  channel_id parent;
  channel_kind kind = channel_kind::text;
  int32_t position = 0;
  std::string name;
  std::vector<overwrite> overwrites;
  int32_t user_limit = 0; ///< Of a voice or stage channel; 0: none.
  int32_t bitrate = 0;    ///< Of a voice or stage channel, bit/s; 0: not said.
  bool operator==(const channel_facts&) const = default;
};
struct emoji_facts {
  emoji_id id;
  std::string name;
  bool animated = false;
  bool operator==(const emoji_facts&) const = default;
};
/// Somebody in a voice or stage channel.
struct voice_member {
  member_facts member; ///< permissions is 0 here: Discord does not send it.
  channel_id channel;
  bool operator==(const voice_member&) const = default;
};
/// The guild as cached on the I/O thread, given out by value of a shared pointer; never changes
/// once made.
struct guild_snapshot {
  guild_id id;
  std::string name;
  std::string preferred_locale; ///< Such as "fr", "en-US".
  user_id owner;
  channel_id system_channel;           ///< 0 when none.
  channel_id afk_channel;              ///< 0 when none.
  std::vector<role_facts> roles;       ///< Includes @everyone (id = guild id).
  std::vector<channel_facts> channels; ///< Threads left out.
  std::vector<emoji_facts> emojis;
  member_facts self;               ///< The bot: roles; permissions = guild-level, computed.
  std::vector<voice_member> voice; ///< As of this snapshot; later changes come as voice_changed.
  bool operator==(const guild_snapshot&) const = default;
};
using guild_snapshot_ptr = std::shared_ptr<const guild_snapshot>;

/// GUILD_CREATE, or the cache after a resumed start. Also sent again when a guild actor was
/// restarted.
struct guild_available {
  guild_snapshot_ptr snapshot;
  bool joined = false; ///< The bot was just added to the guild.
};
/// An outage (GUILD_DELETE with unavailable): keep everything.
struct guild_unavailable {};
/// The bot was removed from the guild (GUILD_DELETE without the key).
struct guild_removed {};
/// Roles, channels, emojis, name, owner or the bot's own roles changed.
struct guild_changed {
  guild_snapshot_ptr snapshot;
};
/// Somebody joined (from = 0), moved or left (to = 0). Mute and the like never arrive here.
struct voice_changed {
  member_facts member;
  channel_id from, to;
};
struct message_deleted {
  channel_id channel;
  message_id message;
  std::shared_ptr<const void> credit = nullptr; ///< As that of guild_batch, towards a feature.
};
/// A legacy `!command` (only while that feature is on; other messages never leave the I/O thread).
struct legacy_command {
  channel_id channel;
  message_id message;
  user_id author;
  std::string name;   ///< Lower case, without the prefix.
  std::string locale; ///< The guild's.
};
/// What members do all day; only what some feature of the guild wants leaves the I/O thread.
enum class presence_status : uint8_t { offline, online, idle, dnd };
/// A member's status or game differs from what was told last. Source: discord-api 1.13.
struct presence_changed {
  user_id user;
  presence_status status = presence_status::offline;
  std::string game;    ///< Name of the first activity of type 0; empty when none is played.
  std::string details; ///< Of that activity.
};
struct message_posted {
  channel_id channel;
  message_id message;
  member_facts author; ///< permissions is 0: Discord does not send it.
  std::string text;    ///< Empty without the message content switch.
};
struct reaction_changed {
  channel_id channel;
  message_id message;
  user_id user;
  emoji_id emoji;         ///< 0: a Unicode one.
  std::string emoji_name; ///< The emoji itself where it has no id.
  bool added = true;
};
/// Facts about members, each kind in its order. They may wait a moment for company.
struct member_news {
  std::vector<presence_changed> presences;
  std::vector<message_posted> messages;
  std::vector<reaction_changed> reactions;
  size_t size() const noexcept { return presences.size() + messages.size() + reactions.size(); }
  bool empty() const noexcept { return size() == 0; }
};
using member_news_ptr = std::shared_ptr<const member_news>;

/// Groups of events that somebody asks for. Guilds, roles, channels, emojis and interactions always
/// come.
struct gateway_wants {
  bool voice = false;           ///< Who joins, moves and leaves voice channels.
  bool message_deletes = false; ///< To notice that one of our messages was deleted.
  bool messages_legacy = false; ///< Old `!name` commands; needs the message content switch.
  bool messages = false;        ///< message_posted.
  bool message_text = false;    ///< Its text; needs the message content switch.
  bool reactions = false;       ///< reaction_changed.
  bool presences = false;       ///< presence_changed; needs the presence switch.
  bool operator==(const gateway_wants&) const = default;
};
inline gateway_wants operator|(const gateway_wants& a, const gateway_wants& b) noexcept {
  return {a.voice || b.voice,
          a.message_deletes || b.message_deletes,
          a.messages_legacy || b.messages_legacy,
          a.messages || b.messages,
          a.message_text || b.message_text,
          a.reactions || b.reactions,
          a.presences || b.presences};
}

/// The bot's own voice state, whatever changed in it. Source: discord-api 6.
struct own_voice {
  channel_id channel;      ///< 0: in none.
  std::string session_id;  ///< Of voice; for the voice server only.
  bool suppressed = false; ///< On a stage, in the audience.
};
/// VOICE_SERVER_UPDATE.
struct voice_server {
  std::string endpoint; ///< host[:port]; empty when it was null: another one will come.
  std::string token;    ///< Secret: never logged.
};

using guild_event =
    std::variant<guild_available, guild_unavailable, guild_removed, guild_changed, voice_changed,
                 message_deleted, legacy_command, interaction_ptr, own_voice, voice_server>;

/// All that one socket read brought for one guild, in order.
struct guild_batch {
  guild_id guild;
  std::vector<guild_event> events;
  member_news news = {}; ///< Of the same time; told after the events.
  /// Goes with the batch: the sender counts it as under way until this is let go.
  std::shared_ptr<const void> credit = nullptr;
};
/// From here on this guild is told no more than that; before it is heard, all that comes is.
struct guild_wants {
  guild_id guild;
  gateway_wants wants;
};

// -- to the shard
// -----------------------------------------------------------------------------------

/// Op 4. channel 0 leaves. Source: discord-api 6.
struct update_voice_state {
  guild_id guild;
  channel_id channel;
  bool self_mute = false, self_deaf = false;
};
/// Op 3: the bot's custom status text.
struct update_presence {
  std::string text;
};
/// Ends the session: `resumable` closes with 4000 and writes the session and cache snapshot, else
/// 1000.
struct stop_shard {
  bool resumable = true;
};
struct shard_stopped {};
struct get_shard_status {};
struct shard_status {
  std::string state;       ///< Name of the session state.
  int64_t latency_ms = -1; ///< Last heartbeat to ACK; -1 before the first.
  uint64_t events = 0;     ///< Dispatches received.
  uint64_t dropped = 0;    ///< Of these, dropped on the I/O thread because nobody wants them.
  uint64_t forwarded = 0;  ///< Of these, sent on to a guild.
  uint64_t merged = 0;     ///< Facts that a newer one replaced while their guild was behind.
  uint64_t shed = 0;       ///< Events dropped because their guild was too far behind.
  uint64_t busy = 0;       ///< Interactions answered "busy" because their guild did not take them.
  uint64_t under_way = 0;  ///< Events sent to guilds and not digested yet, all guilds.
  uint64_t waiting = 0;    ///< Events that wait here for their guild, all guilds.
  uint32_t outgoing = 0;   ///< Payloads that wait for their turn to be sent.
  uint64_t outgoing_dropped = 0; ///< Payloads that found no room there.
  uint32_t guilds = 0;           ///< Guilds in the cache.
  uint32_t identifies = 0;       ///< Since start.
  uint32_t resumes = 0;
};
/// How often each kind of dispatch came. Answered as the remote client gets it.
struct get_event_counts {};
struct event_list;
using event_list_ptr = std::shared_ptr<const event_list>;
/// The shard asks for the actor of a guild it has events for; asked again after `guild_lost`.
struct want_guild {
  guild_id guild;
};
/// The guild's actor died; the shard asks anew and sends guild_available from its cache first.
struct guild_lost {
  guild_id guild;
};
/// Who the bot is, learnt from READY; sent to root once per session.
struct bot_identity {
  user_id user;
  application_id application;
  std::string name;
  std::vector<guild_id>
      guilds; ///< All that READY listed: a stored guild not among them has removed the bot.
};
/// Nothing can go on: root stops the daemon with this exit code (78 = do not restart).
/// discord-api 1.8.
struct fatal {
  int exit_code = 78;
  std::string text; ///< For the operator: what, and how to fix it.
};

} // namespace hearth
