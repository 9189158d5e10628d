#pragma once
// Plain data of the simulated world. No behaviour but look-ups; who changes it dispatches the
// event.
#include "discord-sim/types.hpp"
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace sim {

/// Permission bits (discord-api 5).
namespace permission {
inline constexpr std::uint64_t create_invite = 1ull << 0, kick_members = 1ull << 1,
                               ban_members = 1ull << 2, administrator = 1ull << 3,
                               manage_channels = 1ull << 4, manage_guild = 1ull << 5,
                               add_reactions = 1ull << 6, view_audit_log = 1ull << 7,
                               priority_speaker = 1ull << 8, stream = 1ull << 9,
                               view_channel = 1ull << 10, send_messages = 1ull << 11,
                               send_tts = 1ull << 12, manage_messages = 1ull << 13,
                               embed_links = 1ull << 14, attach_files = 1ull << 15,
                               read_history = 1ull << 16, mention_everyone = 1ull << 17,
                               external_emojis = 1ull << 18, view_insights = 1ull << 19,
                               connect = 1ull << 20, speak = 1ull << 21, mute_members = 1ull << 22,
                               deafen_members = 1ull << 23, move_members = 1ull << 24,
                               use_vad = 1ull << 25, change_nickname = 1ull << 26,
                               manage_nicknames = 1ull << 27, manage_roles = 1ull << 28,
                               manage_webhooks = 1ull << 29, manage_expressions = 1ull << 30,
                               use_commands = 1ull << 31, request_to_speak = 1ull << 32,
                               manage_events = 1ull << 33, manage_threads = 1ull << 34,
                               send_in_threads = 1ull << 38, moderate_members = 1ull << 40,
                               pin_messages = 1ull << 51;
/// Every bit that exists: 0-46 and 48-52.
inline constexpr std::uint64_t all = (1ull << 53) - 1 - (1ull << 47);
} // namespace permission

/// Channel types (discord-api 1.11).
enum class channel_type {
  text = 0,
  dm = 1,
  voice = 2,
  category = 4,
  announcement = 5,
  announcement_thread = 10,
  public_thread = 11,
  private_thread = 12,
  stage = 13,
  forum = 15
};

/// A person or a bot.
struct user {
  snowflake id = 0;
  std::string username;
  std::string global_name; ///< "" = null
  std::string avatar;      ///< hash, "" = null
  std::string discriminator = "0";
  std::string locale = "en-US";
  bool bot = false;
  bool dms_open = true; ///< false: 50007 when a bot writes to this user
};

/// What a user's clients show (discord-api 1.13); the same in all shared guilds.
struct presence {
  std::string status = "offline"; ///< online, idle, dnd, offline
  json activities = json::array();
  json client_status = json::object();
};

/// An application with its bot.
struct application {
  snowflake id = 0;
  std::string name;
  std::string description;
  std::string token; ///< of its bot; a value of the world file, never printed
  snowflake bot = 0; ///< its bot's user id (the same number as `id`, as with new applications)
  snowflake owner = 0;
  bool presence_intent = true; ///< the three switches of the portal (discord-api 1.6)
  bool members_intent = true;
  bool content_intent = true;
  bool revoked = false; ///< fault: the token no longer works
  /// Where interactions go by HTTP, "" = over the gateway (discord-api 3.2).
  std::string interactions_url;
  std::string signing_seed; ///< 32 bytes; made by the server from its seed, never sent
  std::string verify_key;   ///< the public half, 64 hex digits
};

struct role {
  snowflake id = 0;
  std::string name;
  std::uint32_t color = 0;
  bool hoist = false;
  int position = 0;
  std::uint64_t permissions = 0;
  bool managed = false;
  bool mentionable = false;
  std::string unicode_emoji; ///< "" = null
  snowflake bot = 0;         ///< tags.bot_id of a bot's own managed role
};

struct overwrite {
  snowflake id = 0;
  bool member = false; ///< type 1; else a role's (type 0)
  std::uint64_t allow = 0;
  std::uint64_t deny = 0;
};

struct emoji {
  snowflake id = 0;
  std::string name;
  bool animated = false;
};

/// One emoji under one message; users in the order in which they reacted.
struct reaction {
  snowflake emoji_id = 0; ///< 0: a Unicode emoji
  std::string emoji_name;
  bool animated = false;
  std::vector<snowflake> users;
};

/// A message: the JSON object as REST returns it (without reactions, nonce, guild_id and member),
/// and the facts that rules look up.
struct message {
  snowflake id = 0;
  snowflake channel = 0;
  snowflake author = 0;
  json data;
  std::string nonce;         ///< as sent by the creator, "" = none
  bool ephemeral = false;    ///< visible to `shown_to` only
  snowflake shown_to = 0;    ///< user who sees an ephemeral message
  snowflake application = 0; ///< of an interaction response or webhook
  snowflake webhook = 0;     ///< that sent it, 0 = none
  snowflake interaction = 0; ///< the interaction it answers
  std::vector<reaction> reactions;
};

/// One pinned message and when that was.
struct pin {
  snowflake message = 0;
  unix_ms at = 0;
};

struct channel {
  snowflake id = 0;
  snowflake guild = 0; ///< 0: a DM
  channel_type type = channel_type::text;
  std::string name;
  std::string topic; ///< "" = null
  int position = 0;
  snowflake parent = 0;
  bool nsfw = false;
  int rate_limit_per_user = 0;
  int bitrate = 64000;
  int user_limit = 0;
  snowflake last_message = 0;
  snowflake creator = 0; ///< of a thread: owner_id
  std::vector<overwrite> overwrites;
  std::vector<snowflake> recipients; ///< both sides of a DM
  std::vector<pin> pins;             ///< oldest first
  std::map<snowflake, message> messages;
};

struct member {
  snowflake user = 0;
  std::string nick; ///< "" = null
  std::vector<snowflake> roles;
  unix_ms joined_at = 0;
  bool deaf = false;
  bool mute = false;
  bool pending = false;
  unix_ms timeout_until = 0; ///< communication_disabled_until, 0 = none
};

struct voice_state {
  snowflake user = 0;
  snowflake guild = 0;
  snowflake channel = 0;
  std::string session_id;
  bool deaf = false, mute = false, self_deaf = false, self_mute = false;
  bool self_stream = false, self_video = false, suppress = false;
  unix_ms request_to_speak = 0; ///< 0 = null
};

/// A registered application command: the JSON object as REST returns it with localisations.
struct command {
  snowflake id = 0;
  snowflake application = 0;
  snowflake guild = 0; ///< 0: global
  std::string name;
  int type = 1;
  json data;
};

/// An incoming webhook (discord-api 4; type 1).
struct webhook {
  snowflake id = 0;
  snowflake guild = 0;
  snowflake channel = 0;
  snowflake application = 0; ///< whose bot made it; 0: a person did
  snowflake creator = 0;     ///< a user
  std::string name;
  std::string avatar; ///< hash, "" = null
  std::string token;
};

/// Who may or may not use a command in a guild (discord-api 3.4).
struct command_permission {
  snowflake id = 0; ///< guild id = @everyone, guild id - 1 = all channels
  int type = 1;     ///< 1 role, 2 user, 3 channel
  bool allowed = true;
};

/// What command permissions are about: an application in a guild, and one of its commands (the
/// application's own id: all of them).
struct command_scope {
  snowflake application = 0;
  snowflake guild = 0;
  snowflake target = 0;
  bool operator<(const command_scope& other) const {
    return std::tie(application, guild, target) <
           std::tie(other.application, other.guild, other.target);
  }
};

/// How far an interaction is (discord-api 15.6). DEAD and EXPIRED follow from the domain clock.
enum class interaction_state { fresh, acknowledged };

/// One interaction from its creation until its token expires.
struct interaction {
  snowflake id = 0;
  snowflake application = 0;
  snowflake user = 0;
  snowflake guild = 0;
  snowflake channel = 0;
  int type = 0;
  std::string token;
  unix_ms created = 0;
  interaction_state state = interaction_state::fresh;
  int callback_type = 0;        ///< of the first answer
  snowflake original = 0;       ///< id of the @original message
  snowflake source_message = 0; ///< message that carried the component
  snowflake source_interaction = 0;
  bool ephemeral = false;
  bool deferred = false; ///< type 5 whose placeholder was not edited yet
  int follow_ups = 0;
  json data; ///< INTERACTION_CREATE's d
};

struct ban {
  std::string reason;
};

struct guild {
  snowflake id = 0;
  std::string name;
  std::string description; ///< "" = null
  snowflake owner = 0;
  std::string locale = "en-US";
  snowflake afk_channel = 0;
  int afk_timeout = 300;
  snowflake system_channel = 0;
  int premium_tier = 0;
  bool unavailable = false; ///< fault: an outage
  std::map<snowflake, role> roles;
  std::vector<snowflake> channels; ///< ids, in creation order; the objects are in world::channels
  std::map<snowflake, member> members;
  std::map<snowflake, emoji> emojis;
  std::map<snowflake, voice_state> voice; ///< by user
  std::map<snowflake, ban> bans;
  std::vector<json> audit_log; ///< entries, oldest first (discord-api 9)
};

/// Takes a message out of the channel's pins; false when it is none of them.
bool unpin(channel& where, snowflake message);

/// Everything that exists. Maps are ordered so that each run enumerates alike.
struct world {
  std::map<snowflake, user> users;
  std::map<snowflake, presence> presences; ///< absent = offline
  std::map<snowflake, application> applications;
  std::map<snowflake, guild> guilds;
  std::map<snowflake, channel> channels; ///< of guilds and DMs
  std::vector<snowflake> dms;            ///< ids of the DMs among them
  std::map<snowflake, command> commands;
  std::map<snowflake, interaction> interactions;
  std::map<snowflake, webhook> webhooks;
  std::map<command_scope, std::vector<command_permission>> command_permissions;

  /// Look-ups: nullptr when there is none.
  user* find_user(snowflake id);
  guild* find_guild(snowflake id);
  channel* find_channel(snowflake id);
  member* find_member(snowflake guild, snowflake user);
  message* find_message(snowflake channel, snowflake message);
  application* find_application(snowflake id);
  /// Only of a token that works.
  application* application_by_token(std::string_view token);
  /// The application whose token this was before it was revoked.
  application* application_of_revoked(std::string_view token);
  webhook* find_webhook(snowflake id);
  application* application_of_bot(snowflake user);
  /// The DM of two users; nullptr when they never opened one.
  channel* find_dm(snowflake one, snowflake other);
  /// The user's presence, "offline" when nothing is known.
  const presence& presence_of(snowflake user) const;
};

} // namespace sim
