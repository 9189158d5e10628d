#pragma once
// From dispatches to what guilds are told: drops what nobody wants, keeps the caches, lets only
// real changes through and gathers them by guild. Pure: belongs to one thread, sends nothing.
#include "infra/gateway/event_decode.hpp"
#include "infra/gateway/event_kind.hpp"
#include "infra/gateway/guild_cache.hpp"
#include "infra/gateway/intents.hpp"
#include <array>
#include <unordered_map>

namespace hearth {

struct router_options {
  gateway_wants wants{.voice = true, .message_deletes = true}; ///< Of all guilds together.
  std::vector<std::string> legacy_names; ///< Names of `!` commands in lower case; empty = any.
  int64_t replay_age_ms_max = 2'500;     ///< Replayed interactions that are older have expired.
};

/// The circumstances of one dispatch.
struct routing_moment {
  int64_t steady_ms = 0;  ///< Steady clock, for `interaction::received_ms`.
  int64_t domain_ms = 0;  ///< Unix milliseconds as Discord's ids count them.
  bool replaying = false; ///< Between RESUME and RESUMED.
};

enum class routed : uint8_t {
  dropped,   ///< Nobody wants it, or it changed nothing.
  forwarded, ///< A guild will be told.
  expired,   ///< An interaction that nobody could answer any more.
  broken,    ///< Not what its name promises; nothing was changed.
};

class event_router {
public:
  explicit event_router(router_options options);

  /// READY: guilds we knew and that are not listed have removed the bot.
  void ready(const ready_data& data);
  /// Takes guilds from a snapshot of an orderly stop, as if they had just become available.
  void restore(user_id self, std::string self_name, std::vector<guild_data> guilds,
               const std::vector<guild_id>& unavailable);
  /// One dispatch, except READY and RESUMED.
  routed dispatch(event_kind kind, padded_text payload, const routing_moment& at);
  /// An interaction that came by HTTP: told to its guild like those of the gateway, after whatever
  /// the gateway said before.
  routed take_interaction(std::shared_ptr<interaction> asked);
  /// Whether `dispatch` would do more than drop it; lets the caller skip looking at clocks.
  bool wants(event_kind kind) const noexcept { return wanted_[static_cast<size_t>(kind)]; }

  /// Everything to be told since the last call, in order within each guild.
  std::vector<guild_batch> take();
  bool has_news() const noexcept { return !batches_.empty(); }
  /// Whether some of it should not wait for company; presences, voice and the like may.
  bool urgent() const noexcept { return urgent_; }
  /// Number of facts that `take` would give.
  size_t waiting() const noexcept { return waiting_; }
  /// What this guild's features ask for; until it is known, everything that comes.
  void set_wants(const guild_wants& said);
  /// Some of its presences got lost on the way: whatever comes next is told, a change or not.
  void forget_told(guild_id guild);
  /// What a guild's new actor has to hear first; nothing while the guild is unavailable.
  std::optional<guild_available> introduce(guild_id guild);

  /// All available guilds, and the ids of the others: what a snapshot has to keep.
  std::vector<guild_snapshot_ptr> snapshots();
  std::vector<guild_id> unavailable() const;
  /// All guilds, available or not.
  std::vector<guild_id> known() const;
  size_t size() const noexcept { return guilds_.size(); }
  user_id self() const noexcept { return self_; }
  const std::string& self_name() const noexcept { return self_name_; }

private:
  struct entry {
    guild_cache cache;
    bool available = false;
    std::optional<gateway_wants> wants = {}; ///< None: everything.
    /// What was told of each member's presence, as a sum: enough to see a change.
    std::unordered_map<user_id, uint64_t> presences = {};
  };

  guild_batch& batch_of(guild_id guild);
  entry* open_to(guild_id guild, bool gateway_wants::*what);
  entry* find(guild_id guild);
  routed tell(guild_id guild, guild_event event);
  routed tell_changed(guild_id guild, bool changed);
  void settle(guild_id guild, entry& known);
  routed on_guild_create(padded_text payload);
  routed on_guild_update(padded_text payload);
  routed on_guild_delete(padded_text payload);
  routed on_role(event_kind kind, padded_text payload);
  routed on_channel(event_kind kind, padded_text payload);
  routed on_emojis(padded_text payload);
  routed on_member(padded_text payload);
  routed on_user(padded_text payload);
  routed on_voice(padded_text payload);
  routed on_voice_server(padded_text payload);
  routed on_message(padded_text payload);
  void tell_legacy(const message_data& data, std::string name);
  routed on_reaction(event_kind kind, padded_text payload);
  routed on_presence(padded_text payload);
  routed on_deleted(padded_text payload);
  routed on_interaction(padded_text payload, const routing_moment& at);

  router_options options_;
  std::array<bool, event_kind_count> wanted_{};
  event_decoder decoder_;
  std::unordered_map<guild_id, entry> guilds_;
  std::vector<guild_batch> batches_;
  bool urgent_ = false;
  size_t waiting_ = 0;
  user_id self_;
  std::string self_name_;
};

/// The name of an old command: "!Help me" is "help". Empty when the text is none: another first
/// character, no letter behind it, or something but letters, digits, '_' and '-' in the name.
std::string legacy_name(std::string_view content);

} // namespace hearth
