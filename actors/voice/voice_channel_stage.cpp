// Stages: we come in as audience. Source: discord-api 6, "Stage".
#include "actors/voice/voice_channel_impl.hpp"
#include <chrono>
#include <date/date.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

std::string iso_time(int64_t unix_ms) {
  const auto at = date::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{unix_ms}};
  return date::format("%FT%TZ", at);
}

} // namespace

/// Speaks up by ourselves where we may, else asks the moderators.
void voice_channel::check_stage() {
  const auto channel = join_.present();
  const auto speak = verdict_.stage == voice::stage_way::speak;
  report(voice_suppressed{channel, !speak});
  auto change = rest_request{};
  change.method = http_method::patch;
  change.path = fmt::format("/guilds/{}/voice-states/@me", id_.value);
  change.body = speak ? fmt::format(R"({{"channel_id":"{}","suppress":false}})", channel.value)
                      : fmt::format(R"({{"channel_id":"{}","request_to_speak_timestamp":"{}"}})",
                                    channel.value, iso_time(env_->domain_ms()));
  change.priority = rest_priority::member;
  change.deadline_ms = 10'000;
  request(env_->rest, std::chrono::milliseconds(change.deadline_ms + 1'000), change)
      .then(
          [this](const rest_response& answer) {
            if (!answer.ok())
              spdlog::warn("voice of guild {}: the stage does not let us speak (HTTP {})",
                           id_.value, answer.status);
          },
          [this](const caf::error& why) {
            spdlog::warn("voice of guild {}: the stage could not be asked: {}", id_.value,
                         describe(why));
          });
}

} // namespace hearth
