#pragma once
// What every guild actor is given: its neighbours, the features there are, the operator's settings.
#include "infra/clock/time_source.hpp"
#include "infra/interactions/open_interaction.hpp"
#include "infra/root/permission_report.hpp"
#include "infra/root/restart_rules.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/actors.hpp"
#include "messages/people_store.hpp"
#include "messages/voice.hpp"
#include <caf/actor_system.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

class asio_context;

/// A daily job of a feature, in each guild where it is on.
struct job_declaration {
  std::string name;     ///< "daily_schedule"; unique among features.
  int32_t minute = 420; ///< Default local minute of the day, 0..1439.
  /// The minute that a guild has set, where it can; null: always the default.
  std::function<int32_t(const guild_settings&)> minute_of;
  uint8_t weekdays = 127; ///< Bit 0 = Monday.
};

/// A channel that /modchannel can set.
struct channel_declaration {
  std::string kind; ///< "schedule"; what it is for: locale key "channel.<kind>".
  std::vector<channel_kind> allowed = {channel_kind::text, channel_kind::announcement};
};

/// One feature, as the guild needs to know it. Its title: locale key "feature.<name>".
struct feature_entry {
  std::string name; ///< Area word; commands and custom_ids of that area go to it.
  bool default_on = true;
  std::function<feature_actor(caf::actor_system&, guild_id)> spawn;
  std::vector<job_declaration> jobs;
  std::vector<channel_declaration> channels;
  std::vector<permission_need> needs;
  gateway_wants wants; ///< Events it asks for while it is on.
};

/// What the operator sets for all guilds; asked for at each use, so that a reload shows.
struct guild_limits {
  std::string language = "en";     ///< Of guilds whose own language we do not speak.
  std::string zone = "UTC";        ///< Of guilds that have not set theirs.
  std::string mod_role = "Mod";    ///< Name of the role whose members are moderators.
  std::vector<user_id> bot_owners; ///< May do everything everywhere.
  size_t interactions_max = 64;    ///< Open ones per guild; more are asked to try again.
  size_t waiting_max = 256;        ///< Events kept while the settings are read; older ones go.
  size_t feature_events_max = 256; ///< Messages to one feature that it has not handled yet.
  int64_t feature_ms = 45'000;     ///< A feature's time for an answer; the disk may stall.
  int64_t modal_ms = 2'300;        ///< The same where no deferral is possible.
  int64_t store_ms = 30'000;
  int64_t job_ms = 120'000;        ///< A feature's time for a job.
  int64_t stop_feature_ms = 5'000; ///< Then it is killed.
  int64_t stop_ms = 7'000;         ///< For all of the guild; answers under way are given up then.
  interaction_times times;         ///< Deferral and giving up.
  restart_limits restarts;         ///< Of one feature.
};

/// Shared by all guild actors; holds handles, so it must die before the system.
struct guild_env {
  asio_context* io = nullptr; ///< The thread of guilds; null: the pool.
  rest_actor rest;
  settings_store_actor settings;
  clock_actor clock;
  people_store_actor people;
  voice_news_actor voice; ///< Null: nobody follows the bot's own voice.
  std::vector<feature_entry> features;
  const catalog* texts = nullptr;
  const time_source* time = nullptr;
  std::function<int64_t()> steady_ms; ///< The clock of interaction::received_ms.
  std::function<guild_limits()> limits;
  /// The features whose commands a guild is to have; called whenever that set may have changed.
  std::function<void(guild_id, std::vector<std::string>)> register_commands;
  /// Told what the guild's features ask for, whenever that may have changed; may be empty.
  std::function<void(const guild_wants&)> tell_wants;
  /// The id of a registered command, for mentions; 0 while it is not known.
  std::function<command_id(guild_id, std::string_view)> command_id_of;
  std::string version; ///< "0.1.0 (a1b2c3d)"
};
using guild_env_ptr = std::shared_ptr<const guild_env>;

} // namespace hearth
