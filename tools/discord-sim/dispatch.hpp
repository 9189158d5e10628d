#pragma once
// How a change of the world reaches bots (gateway sessions) and people (pages, tests).
#include "discord-sim/world.hpp"
#include <functional>
#include <memory>

namespace sim {

/// Intent bits (discord-api 1.6).
namespace intent {
inline constexpr std::uint64_t guilds = 1 << 0, members = 1 << 1, moderation = 1 << 2,
                               expressions = 1 << 3, webhooks = 1 << 5, invites = 1 << 6,
                               voice_states = 1 << 7, presences = 1 << 8, messages = 1 << 9,
                               reactions = 1 << 10, typing = 1 << 11, dms = 1 << 12,
                               dm_reactions = 1 << 13, dm_typing = 1 << 14, content = 1 << 15,
                               known = 53608447, privileged = members | presences | content;
} // namespace intent

/// One dispatch and who may get it.
///
/// Bots: sessions of applications that are in `guild` (right shard), have one of `intents` (0 = no
/// intent needed), see `channel` when it is set, hold `permissions`; only `only_app` when set.
/// A DM (`guild` 0, `channel` set) goes to the bots among its recipients, shard 0.
/// People: those in `guild` who see `channel`; DM recipients; only `only_user` when set.
struct event {
  std::string type; ///< t
  json data;        ///< d
  std::uint64_t intents = 0;
  snowflake guild = 0;
  snowflake channel = 0;
  std::uint64_t permissions = 0; ///< of the bot in the guild, e.g. VIEW_AUDIT_LOG
  snowflake only_app = 0;
  snowflake only_user = 0;
  snowflake always_to = 0; ///< this bot user gets it whatever its intents (GUILD_MEMBER_UPDATE)
  bool to_bots = true;
  bool to_people = true;
  bool message = false; ///< d is a message: without MESSAGE_CONTENT it is stripped (1.6, 16)
};

/// Gets every event, whoever may see it; use visible_to() before showing it to a user.
using event_listener = std::function<void(const event&)>;

class dispatcher {
public:
  virtual ~dispatcher() = default;
  /// Sends to all who may get it, now.
  virtual void send(event what) = 0;
  /// Registers a listener for as long as the simulator lives; returns a number for remove_listener.
  virtual int add_listener(event_listener listener) = 0;
  virtual void remove_listener(int number) = 0;
};

/// True when `user` (a person) may see the event (fields above).
bool visible_to(world& w, const event& what, snowflake user, unix_ms now);

/// A message without what MESSAGE_CONTENT gives: content "", embeds/attachments/components [],
/// poll absent (16).
json strip_content(json message);

} // namespace sim
