#include "actors/root/part_options.hpp"
#include "config/version.hpp"
#include <chrono>

namespace hearth {
namespace {

constexpr auto user_agent =
    "DiscordBot (https://github.com/hearth-bot/hearth, " HEARTH_VERSION ") hearthd";

} // namespace

guild_limits limits_of(const settings& s) {
  auto limits = guild_limits{};
  limits.language = s.guild.language;
  limits.zone = s.guild.zone;
  limits.mod_role = s.guild.mod_role;
  limits.bot_owners = s.guild.bot_owners;
  limits.interactions_max = static_cast<size_t>(s.guild.interactions_max);
  limits.waiting_max = static_cast<size_t>(s.guild.events_waiting_max);
  limits.feature_events_max = static_cast<size_t>(s.guild.feature_events_max);
  return limits;
}

rest_options rest_options_of(const startup& start) {
  const auto& s = start.settings.value;
  auto options = rest_options{};
  options.api = s.discord.api;
  options.token = start.token;
  options.user_agent = user_agent;
  options.limits.global_max = static_cast<uint32_t>(s.rest.global_per_second);
  options.limits.waiting_max = static_cast<uint32_t>(s.rest.waiting_max);
  options.limits.lane_waiting_max = static_cast<uint32_t>(s.rest.route_waiting_max);
  options.try_ms_max = s.rest.try_timeout_seconds * 1000;
  options.connections_max = static_cast<uint32_t>(s.rest.connections_max);
  options.answer_bytes_max = static_cast<size_t>(s.rest.answer_bytes_max);
  return options;
}

store_options store_options_of(const settings& s) {
  auto options = store_options{};
  options.batch_writes_max = static_cast<size_t>(s.store.batch_writes_max);
  options.batch_age_max = std::chrono::milliseconds(s.store.batch_wait_ms_max);
  options.lazy_wait_max = std::chrono::milliseconds(s.store.lazy_wait_ms_max);
  return options;
}

keeper_plan keeper_plan_of(const settings& s) {
  auto plan = keeper_plan{};
  plan.zone = s.guild.zone;
  plan.minute =
      std::stoi(s.store.backup_time.substr(0, 2)) * 60 + std::stoi(s.store.backup_time.substr(3));
  plan.backup_count = s.store.backup_count;
  plan.audit_keep_days = s.store.audit_keep_days;
  plan.purge_delay_days = s.guild.purge_delay_days;
  return plan;
}

gateway_shard_options shard_options_of(const startup& start, const settings& s) {
  auto options = gateway_shard_options{};
  options.token = start.token;
  options.api = s.discord.api;
  options.mode = parse_compression(s.gateway.compression).value_or(compression::zstd);
  options.timing.hello_ms = s.gateway.hello_timeout_seconds * 1000;
  options.timing.ready_ms = s.gateway.ready_timeout_seconds * 1000;
  options.timing.resumed_ms = s.gateway.resumed_timeout_seconds * 1000;
  options.timing.close_ms = s.gateway.close_timeout_seconds * 1000;
  options.timing.backoff_ms_max = s.gateway.backoff_max_seconds * 1000;
  options.socket.user_agent = user_agent;
  options.socket.message_bytes_max = static_cast<size_t>(s.gateway.message_bytes_max);
  options.guild_events_max = static_cast<size_t>(s.gateway.guild_events_max);
  options.waiting_events_max = static_cast<size_t>(s.gateway.guild_waiting_max);
  options.events_max = static_cast<size_t>(s.gateway.events_max);
  options.presence = s.gateway.presence;
  options.folder = start.data_folder;
  return options;
}

voice_engine_options voice_options_of(const startup& start,
                                      const std::function<void(voice_engine_options&)>& more) {
  auto options = voice_engine_options{};
  options.user_agent = user_agent;
  options.ca_file = start.settings.value.voice.ca_file;
  options.data_folder = start.data_folder;
  const auto& sound = start.settings.value.sound;
  options.speech = {.english = sound.voice_en,
                    .french = sound.voice_fr,
                    .speed = static_cast<int>(sound.speech_words_per_minute),
                    .command = sound.speech_command,
                    .limits = {.timeout_ms = sound.speech_timeout_seconds * 1'000}};
  options.sounds_folder = sound.folder.empty() ? start.data_folder + "/sounds" : sound.folder;
  if (more)
    more(options);
  return options;
}

} // namespace hearth
