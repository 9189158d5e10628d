#include "actors/schedule/schedule_feature.hpp"
#include "infra/schedule/schedule_commands.hpp"
#include "infra/schedule/schedule_settings.hpp"

namespace hearth {

namespace {

// Permission bits. Source: discord-api 5.
constexpr uint64_t view_channel = 1ULL << 10;
constexpr uint64_t send_messages = 1ULL << 11;
constexpr uint64_t embed_links = 1ULL << 14;
constexpr uint64_t read_message_history = 1ULL << 16;

} // namespace

feature_entry schedule_entry(schedule_parts_ptr parts) {
  auto entry = feature_entry{};
  entry.name = schedule_feature;
  entry.spawn = [parts](caf::actor_system& system, guild_id guild) {
    return spawn_schedule(system, guild, parts);
  };
  auto job = job_declaration{};
  job.name = schedule_job;
  job.minute = schedule_settings{}.post_minute;
  job.minute_of = [](const guild_settings& settings) -> int32_t {
    return schedule_settings_of(settings, {}).post_minute;
  };
  entry.jobs = {job};
  entry.channels = {{.kind = schedule_channel}};
  entry.needs = {
      {.bits = view_channel | send_messages | embed_links | read_message_history,
       .channel = schedule_channel,
       .purpose = "schedule.purpose_post"},
      {.bits = view_channel, .channel = "voice", .purpose = "schedule.purpose_voice"},
  };
  entry.wants = {.voice = true, .message_deletes = true};
  return entry;
}

} // namespace hearth
