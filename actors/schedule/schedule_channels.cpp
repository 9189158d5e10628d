// Where and when the schedule is posted, and which voice channels are watched.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/schedule_commands.hpp"
#include "infra/settings/guild_options.hpp"
#include <fmt/format.h>

namespace hearth {

namespace {

/// View Channel, Send Messages, Embed Links. Source: discord-api 5.
constexpr uint64_t needed = 1ULL << 10 | 1ULL << 11 | 1ULL << 14;
constexpr uint64_t administrator = 1ULL << 3;

/// Whether Discord says that the bot may not post there; it does not always say.
bool may_not_post(const interaction& asked, channel_id channel) {
  const auto found = asked.channels.find(channel);
  if (found == asked.channels.end() || found->second.app_permissions == 0)
    return false;
  const auto bits = found->second.app_permissions;
  return (bits & administrator) == 0 && (bits & needed) != needed;
}

std::string mention(channel_id channel) { return "<#" + to_string(channel) + ">"; }

} // namespace

std::string schedule::posting_text(const words& text, const char* key) const {
  auto answer = text(key, {{"channel", mention(set_.channel)},
                           {"time", minute_text(set_.post_minute)},
                           {"zone", set_.rules.zone},
                           {"first", hour_label(text, set_.rules.hours.first)},
                           {"last", hour_label(text, set_.rules.hours.last)}});
  answer +=
      "\n" + (set_.ready_count > 0 ? text("schedule.channel_ready", {{"count", set_.ready_count}})
                                   : text("schedule.channel_ready_off"));
  return answer;
}

void schedule::run_modtextschedulechannel(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  const auto* channel = asked->option<uint64_t>("channel");
  if (!channel)
    return tell(to, text("schedule.old_component"));
  auto options = std::vector<std::pair<std::string, std::string>>{};
  if (const auto* hours = asked->option<std::string>("hours")) {
    const auto parsed = parse_evening_hours(*hours);
    if (!parsed)
      return tell(
          to, text("schedule.bad_hours", {{"given", escape_markdown(*hours)}, {"max", slots_max}}));
    options.emplace_back(hours_option, to_text(*parsed));
  }
  if (const auto* time = asked->option<std::string>("post_at")) {
    const auto minute = parse_minute(*time);
    if (!minute)
      return tell(to, text("schedule.bad_time", {{"given", escape_markdown(*time)}}));
    options.emplace_back(post_at_option, minute_text(*minute));
  }
  if (const auto* ready = asked->option<int64_t>("ready"))
    options.emplace_back(ready_option, std::to_string(*ready));

  // The channel is stored last and under the interaction's id; the options before it may repeat.
  auto last =
      set_guild_channel{id_,
                        schedule_channel,
                        {*channel},
                        action(*asked, "modtextschedulechannel " + std::to_string(*channel))};
  auto step = std::function<void()>{[this, asked, to, last] {
    change_settings(asked, last, to, [this, asked, to] {
      const auto text = say_to(*asked);
      auto answer = posting_text(text, "schedule.channel_set");
      if (!option_of(*settings_, "zone"))
        answer.append("\n").append(text("schedule.zone_hint", {{"zone", set_.rules.zone}}));
      if (may_not_post(*asked, set_.channel))
        answer.append("\n\n").append(
            text("schedule.send_forbidden", {{"channel", mention(set_.channel)}}));
      tell(to, answer);
      blocked_until_ = {};
      post_if_due(); // also into the channel it was, should that have refused it before
    });
  }};
  for (const auto& [key, value] : options) {
    auto by = action(*asked, fmt::format("modtextschedulechannel {} {}", key, value));
    by.interaction = {};
    step = [this, asked, to, change = set_guild_option{id_, key, value, std::move(by)},
            next = std::move(step)] { change_settings(asked, change, to, next); };
  }
  step();
}

void schedule::run_modseeschedulechannel(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  tell(to,
       set_.channel ? posting_text(text, "schedule.channel_see") : text("schedule.channel_none"));
}

void schedule::run_modvoicechannel(const interaction_ptr& asked, reply to) {
  const auto* channel = asked->option<uint64_t>("channel");
  if (!channel)
    return tell(to, say_to(*asked)("schedule.old_component"));
  const auto* wish = asked->option<bool>("watch");
  const auto watch = !wish || *wish;
  const auto id = channel_id{*channel};
  auto by = action(*asked, "modvoicechannel " + to_string(id) + (watch ? "" : " off"));
  change_settings(
      asked, track_voice_channel{id_, id, watch, std::move(by)}, to, [this, asked, to, id, watch] {
        tell(to, say_to(*asked)(watch ? "schedule.voice_added" : "schedule.voice_removed",
                                {{"channel", mention(id)}}));
      });
}

void schedule::run_modseevoicechannels(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  auto list = std::string{};
  for (const auto channel : settings_->voice_channels)
    list += (list.empty() ? "" : ", ") + mention(channel);
  tell(to, list.empty() ? text("schedule.voice_none")
                        : truncate(text("schedule.voice_list", {{"channels", list}}), 2000));
}

void schedule::run_modresetvoicechannel(const interaction_ptr& asked, reply to) {
  change_settings(asked,
                  track_voice_channel{id_, {}, false, action(*asked, "modresetvoicechannel")}, to,
                  [this, asked, to] { tell(to, say_to(*asked)("schedule.voice_reset")); });
}

} // namespace hearth
