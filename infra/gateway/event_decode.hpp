#pragma once
// Turns gateway payloads into plain structs. Pure. Every field may be missing, null or of another
// type than documented: what is optional then keeps its default, what an event cannot do without
// makes `read` return false. Nothing throws but memory exhaustion. Source: discord-api
// 0, 1.10-1.15, 3.1, 9, 15.7-15.9.
#include "infra/gateway/padded_text.hpp"
#include "infra/gateway/session_rules.hpp"
#include "messages/gateway.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

// -- control payloads ---------------------------------------------------------------------------
struct hello_data { ///< op 10.
  int64_t heartbeat_interval_ms = 41'250;
};
struct invalid_session_data { ///< op 9.
  bool resumable = false;
};
struct sim_time_data { ///< op 200, a simulator's extension: domain time moves.
  int64_t now_ms = 0;  ///< Unix milliseconds.
};
struct ready_data {
  std::string session_id;
  std::string resume_url;
  user_id user;
  std::string user_name;
  application_id application;
  std::vector<guild_id> guilds;
};
struct user_data { ///< USER_UPDATE.
  user_id user;
  std::string name; ///< Global name, else user name.
};

// -- guild --------------------------------------------------------------------------------------
/// GUILD_CREATE, GUILD_UPDATE and GUILD_DELETE: what the payload had.
struct guild_data {
  guild_id id;
  bool unavailable = false; ///< The key was there and true.
  std::optional<std::string> name;
  std::optional<std::string> preferred_locale;
  std::optional<user_id> owner;
  std::optional<channel_id> system_channel; ///< 0 when null.
  std::optional<channel_id> afk_channel;    ///< 0 when null.
  std::optional<std::vector<role_facts>> roles;
  std::optional<std::vector<emoji_facts>> emojis;
  std::optional<std::vector<channel_facts>> channels; ///< Without threads.
  std::optional<std::vector<voice_member>> voice;     ///< Only those in a channel.
  std::optional<member_facts> self;                   ///< The bot's member entry.
};
struct role_data {
  guild_id guild;
  role_facts role; ///< GUILD_ROLE_DELETE: only the id.
};
struct channel_data {
  guild_id guild; ///< 0: a direct message channel.
  channel_facts channel;
};
struct emojis_data {
  guild_id guild;
  std::vector<emoji_facts> emojis;
};
struct member_data { ///< GUILD_MEMBER_ADD, _UPDATE and _REMOVE.
  guild_id guild;
  member_facts member;
};

// -- the rest -----------------------------------------------------------------------------------
struct voice_state_data {
  guild_id guild;
  user_id user;
  channel_id channel;                 ///< 0 = left.
  std::optional<member_facts> member; ///< Absent when Discord sent none.
  std::string session_id = {};        ///< Of voice.
  bool suppressed = false;            ///< In the audience of a stage.
};
struct voice_server_data {
  guild_id guild;
  voice_server server;
};
struct message_data { ///< MESSAGE_CREATE.
  guild_id guild;
  channel_id channel;
  message_id message;
  member_facts author;
  bool automatic = false; ///< By a bot, a webhook or the system.
  std::string content;
};
struct reaction_data { ///< MESSAGE_REACTION_ADD and _REMOVE.
  guild_id guild;
  reaction_changed reaction; ///< `added` is left to the caller.
};
struct presence_data { ///< PRESENCE_UPDATE; its user object is only an id.
  guild_id guild;
  presence_changed presence;
};
struct deleted_messages_data { ///< MESSAGE_DELETE and MESSAGE_DELETE_BULK.
  guild_id guild;
  channel_id channel;
  std::vector<message_id> messages;
};

/// What a body delivered by HTTP is.
enum class interaction_read : uint8_t { broken, ping, interaction };

/// Parses one payload at a time; keeps its buffers between calls. Not thread-safe.
class event_decoder {
public:
  event_decoder();
  ~event_decoder();
  event_decoder(event_decoder&&) noexcept;
  event_decoder& operator=(event_decoder&&) noexcept;

  /// The body of GET /gateway/bot.
  bool read_info(padded_text body, gateway_info& out);
  bool read(padded_text payload, hello_data& out);
  bool read(padded_text payload, invalid_session_data& out);
  bool read(padded_text payload, sim_time_data& out);
  bool read(padded_text payload, ready_data& out);
  bool read(padded_text payload, user_data& out);
  /// @param self The bot, whose member entry is looked for.
  bool read(padded_text payload, guild_data& out, user_id self);
  /// The same for a bare guild object, as `encode_guild` writes it.
  bool read_guild(padded_text object, guild_data& out, user_id self);
  bool read(padded_text payload, role_data& out);
  bool read(padded_text payload, channel_data& out);
  bool read(padded_text payload, emojis_data& out);
  bool read(padded_text payload, member_data& out);
  bool read(padded_text payload, voice_state_data& out);
  bool read(padded_text payload, voice_server_data& out);
  bool read(padded_text payload, message_data& out);
  bool read(padded_text payload, deleted_messages_data& out);
  bool read(padded_text payload, reaction_data& out);
  bool read(padded_text payload, presence_data& out);
  /// `received_ms` is left to the caller.
  bool read(padded_text payload, interaction& out);
  /// The same for a bare interaction object, as it comes by HTTP (discord-api 3.2), or a ping.
  interaction_read read_interaction(padded_text object, interaction& out);

  struct parser; ///< Hides the JSON library.

private:
  std::unique_ptr<parser> parser_;
};

} // namespace hearth
