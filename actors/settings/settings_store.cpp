#include "actors/settings/settings_store.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/interaction_log_db.hpp"

namespace hearth {
namespace {

guild_settings_ptr load(sqlite_db& db, guild_id guild) {
  return std::make_shared<const guild_settings>(load_settings(db, guild));
}

} // namespace

settings_store::settings_store(caf::actor_config& config, store_context& store,
                               const time_source& time)
    : on_store(config, store), time_(time) {}

template <class Change>
caf::result<guild_settings_ptr> settings_store::change(guild_id guild, const moderator_action& by,
                                                       Change&& fn) {
  return write<guild_settings_ptr>([&](sqlite_db& db) {
    once(db, by.interaction, [&] {
      fn(db);
      audit(db, guild, by, time_.now().ms);
      return std::string{};
    });
    return load(db, guild);
  });
}

settings_store::behavior_type settings_store::make_behavior() {
  return {
      [this](const load_guild_settings& q) {
        return read<guild_settings_ptr>([&](sqlite_db& db) { return load(db, q.guild); });
      },
      [this](const set_guild_option& q) -> caf::result<guild_settings_ptr> {
        if (q.key.empty() || q.key.size() > option_key_max || q.value.size() > option_value_max)
          return make_error(errc::invalid, "option " + q.key.substr(0, option_key_max));
        return change(q.guild, q.by, [&](sqlite_db& db) { store_option(db, q); });
      },
      [this](const set_guild_channel& q) -> caf::result<guild_settings_ptr> {
        if (q.kind.empty() || q.kind.size() > option_key_max)
          return make_error(errc::invalid, "channel kind " + q.kind.substr(0, option_key_max));
        return change(q.guild, q.by, [&](sqlite_db& db) { store_channel(db, q); });
      },
      [this](const track_voice_channel& q) -> caf::result<guild_settings_ptr> {
        if (q.track && !q.channel)
          return make_error(errc::invalid, "no channel to track");
        return change(q.guild, q.by, [&](sqlite_db& db) { store_tracked_voice(db, q); });
      },
      [this](const mark_guild_removed& q) {
        return write<guild_settings_ptr>([&](sqlite_db& db) {
          store_removed(db, q.guild, q.removed, time_.now().ms);
          return load(db, q.guild);
        });
      },
      [this](const note_guilds& q) {
        return write<void>([&](sqlite_db& db) { store_present(db, q.present, time_.now().ms); });
      },
      [this](const purge_guild& q) {
        return write<void>([&](sqlite_db& db) { erase_guild(db, q.guild); });
      },
  };
}

} // namespace hearth
