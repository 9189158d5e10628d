#include "hearthctl/render.hpp"
#include "hearthctl/text_table.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>

namespace hearth::ctl {
namespace {

using row = std::vector<std::string>;

std::string guild_text(uint64_t guild) { return guild == 0 ? "-" : std::to_string(guild); }
std::string known(int64_t value) { return value < 0 ? "-" : std::to_string(value); }
std::string known_span(int64_t ms) { return ms < 0 ? "-" : span_text(ms); }

std::string days_text(uint8_t weekdays) {
  if ((weekdays & 0x7fU) == 0x7fU)
    return "daily";
  constexpr const char* names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
  auto text = std::string{};
  for (auto day = 0U; day < 7; ++day)
    if ((weekdays >> day) & 1U)
      text += (text.empty() ? "" : " ") + std::string{names[day]};
  return text.empty() ? "never" : text;
}

} // namespace

std::vector<actor_rates> rates_between(const actor_list& before, const actor_list& now) {
  auto known_before = std::map<uint64_t, const actor_line*>{};
  for (const auto& actor : before.actors)
    known_before[actor.id] = &actor;
  const auto seconds = static_cast<double>(now.at_us - before.at_us) / 1e6;
  auto all = std::vector<actor_rates>{};
  for (const auto& actor : now.actors) {
    auto rates = actor_rates{actor};
    const auto found = known_before.find(actor.id);
    const auto handled = found == known_before.end() ? 0 : found->second->handled;
    const auto busy = found == known_before.end() ? 0 : found->second->busy_us;
    if (seconds > 0) {
      rates.messages = static_cast<double>(actor.handled - handled) / seconds;
      rates.busy = std::min(static_cast<double>(actor.busy_us - busy) / 1e6 / seconds, 1.0);
    }
    all.push_back(std::move(rates));
  }
  return all;
}

std::optional<double> cpu_between(const actor_list& before, const actor_list& now) {
  const auto us = now.at_us - before.at_us;
  if (us <= 0)
    return std::nullopt;
  return static_cast<double>(now.cpu_ms - before.cpu_ms) * 1'000 / static_cast<double>(us);
}

std::string render(const std::vector<actor_rates>& actors) {
  auto rows = std::vector<row>{};
  for (const auto& one : actors)
    rows.push_back({std::to_string(one.now.id), one.now.name, guild_text(one.now.guild),
                    count_text(one.now.waiting), count_text(one.now.waiting_most),
                    count_text(one.now.handled), rate_text(one.messages),
                    fmt::format("{:.1f} %", 100 * one.busy), micros_text(one.now.longest_us),
                    harmless(one.now.longest), std::to_string(one.now.restarts),
                    one.now.stuck_ms > 0 ? span_text(static_cast<int64_t>(one.now.stuck_ms)) +
                                               " in " + harmless(one.now.handling)
                                         : "-"});
  return table({{"ID", true},
                {"ACTOR"},
                {"GUILD"},
                {"WAITING", true},
                {"MOST", true},
                {"HANDLED", true},
                {"MSG/S", true},
                {"BUSY", true},
                {"LONGEST", true},
                {"IN"},
                {"RESTARTS", true},
                {"STUCK"}},
               rows);
}

std::string render(const gate_list& gates) {
  auto text = fmt::format("global {} of {} this second", gates.global_used, gates.global_max);
  if (gates.global_held_ms > 0)
    text += fmt::format(", held for {}", span_text(gates.global_held_ms));
  if (gates.frozen_ms > 0)
    text += fmt::format(", FROZEN by Cloudflare for {}", span_text(gates.frozen_ms));
  text += fmt::format("; {} waiting, {} under way; {} of {} invalid in ten minutes\n",
                      gates.waiting, gates.in_flight, gates.invalid, gates.invalid_max);
  if (gates.gates.empty())
    return text + "Nothing was asked of Discord lately.\n";
  auto rows = std::vector<row>{};
  for (const auto& gate : gates.gates)
    rows.push_back({harmless(gate.route), harmless(gate.major),
                    gate.bucket.empty() ? "-" : fitted(harmless(gate.bucket), 12),
                    known(gate.remaining), known(gate.limit), known_span(gate.resets_in_ms),
                    std::to_string(gate.waiting), std::to_string(gate.in_flight),
                    known_span(gate.next_in_ms)});
  text += table({{"ROUTE"},
                 {"OF"},
                 {"BUCKET"},
                 {"LEFT", true},
                 {"LIMIT", true},
                 {"RESETS IN", true},
                 {"WAITING", true},
                 {"UNDER WAY", true},
                 {"NEXT IN", true}},
                rows);
  return gates.left_out > 0 ? text + fmt::format("and {} more\n", gates.left_out) : text;
}

std::string render(const job_list& jobs) {
  if (jobs.jobs.empty())
    return "No job is planned yet.\n";
  auto rows = std::vector<row>{};
  for (const auto& job : jobs.jobs) {
    const auto next = job.running        ? std::string{"running"}
                      : !job.enabled     ? "off"
                      : job.next_ms == 0 ? "-"
                                         : time_text(job.next_ms);
    const auto in = job.running || !job.enabled || job.next_ms == 0
                        ? "-"
                        : span_text(std::max<int64_t>(job.next_ms - jobs.now_ms, 0));
    rows.push_back({guild_text(job.guild), job.job,
                    fmt::format("{:02}:{:02} {} {}", job.minute / 60, job.minute % 60, job.zone,
                                days_text(job.weekdays)),
                    next, in, job.last_period.empty() ? "-" : job.last_period,
                    time_text(job.last_ms), std::to_string(job.failures)});
  }
  return table({{"GUILD"},
                {"JOB"},
                {"WHEN"},
                {"NEXT (UTC)"},
                {"IN", true},
                {"LAST FOR"},
                {"LAST AT (UTC)"},
                {"FAILED", true}},
               rows);
}

std::string render(const event_list& events) {
  if (events.events.empty())
    return "No event has come yet.\n";
  auto sorted = events.events;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.received > b.received; });
  auto rows = std::vector<row>{};
  auto sum = event_line{"all"};
  for (const auto& event : sorted) {
    rows.push_back({event.type, count_text(event.received), count_text(event.wanted),
                    count_text(event.dropped)});
    sum.received += event.received;
    sum.wanted += event.wanted;
    sum.dropped += event.dropped;
  }
  rows.push_back(
      {sum.type, count_text(sum.received), count_text(sum.wanted), count_text(sum.dropped)});
  return table({{"EVENT"}, {"RECEIVED", true}, {"WANTED", true}, {"DROPPED", true}}, rows);
}

namespace {

/// Thirty digits in groups of five, as Discord shows them.
std::string code_text(const std::string& digits) {
  auto text = std::string{};
  for (auto at = size_t{0}; at < digits.size(); at += 5)
    text += (at > 0 ? " " : "") + digits.substr(at, 5);
  return harmless(text);
}

std::string encryption_text(const voice_view& voice) {
  if (voice.dave_version == 0)
    return "not end-to-end encrypted";
  if (voice.privacy_code.empty())
    return fmt::format("end-to-end encrypted (DAVE {}), nobody else is there", voice.dave_version);
  return fmt::format("end-to-end encrypted (DAVE {}, epoch {}, {} members), privacy code {}",
                     voice.dave_version, voice.epoch, voice.members, code_text(voice.privacy_code));
}

std::string render(const voice_view& voice) {
  if (voice.channel == 0)
    return "\nvoice: in no channel\n";
  auto text =
      fmt::format("\nvoice: {} in channel {}, {}{}, volume {} %, quality {}\n",
                  harmless(voice.phase), voice.channel,
                  voice.layers.empty() ? "nothing plays"
                                       : harmless(fmt::format("{}", fmt::join(voice.layers, ", "))),
                  voice.paused ? " (silent for now)" : "", voice.volume, harmless(voice.quality));
  text += "  " + encryption_text(voice) + "\n";
  if (!voice.endpoint.empty())
    text += fmt::format("  {} by {}, heartbeat {}, {} resumes, {} frames sent, {} gaps, {} drops\n",
                        harmless(voice.mode), harmless(voice.endpoint),
                        voice.latency_ms < 0 ? std::string{"-"}
                                             : std::to_string(voice.latency_ms) + " ms",
                        voice.resumes, count_text(voice.frames_sent), count_text(voice.underruns),
                        count_text(voice.drops));
  return text;
}

} // namespace

std::string render(const guild_view& guild) {
  auto text = fmt::format("guild {} {}{}{}\n", guild.guild, harmless(guild.name),
                          guild.available ? "" : " (Discord has not told what it is like)",
                          guild.removed ? " (has removed the bot)" : "");
  text += fmt::format("language {}, zone {}, owner {}, {} channels, {} roles, {} in voice, {} "
                      "commands under way\n",
                      guild.language, guild.zone, guild.owner, guild.channels, guild.roles,
                      guild.in_voice, guild.interactions);
  auto features = std::vector<row>{};
  for (const auto& feature : guild.features)
    features.push_back({feature.name, feature.on ? "on" : "off",
                        feature.chosen ? "by the guild" : "by default", feature.state,
                        std::to_string(feature.deaths)});
  text += "\n" + table({{"FEATURE"}, {"IS"}, {"CHOSEN"}, {"STATE"}, {"DEATHS", true}}, features);
  if (!guild.options.empty() || !guild.set_channels.empty()) {
    auto options = std::vector<row>{};
    for (const auto& option : guild.options)
      options.push_back({harmless(option.name), harmless(option.value)});
    for (const auto& channel : guild.set_channels)
      options.push_back({"channel " + harmless(channel.name), channel.value});
    text += "\n" + table({{"SETTING"}, {"VALUE"}}, options);
  }
  if (!guild.voice_channels.empty())
    text += fmt::format("\ntracked voice channels: {}\n", fmt::join(guild.voice_channels, ", "));
  for (const auto& voice : guild.voice)
    text += render(voice);
  return text;
}

std::optional<actor_line> find_actor(const actor_list& among, std::string_view typed,
                                     std::string& why) {
  const auto slash = typed.find('/');
  const auto name = typed.substr(0, slash);
  const auto number = [](std::string_view text) {
    auto value = uint64_t{0};
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end && !text.empty() ? std::optional{value}
                                                                : std::nullopt;
  };
  const auto id = number(typed);
  const auto guild =
      slash == std::string_view::npos ? std::nullopt : number(typed.substr(slash + 1));
  auto found = std::vector<const actor_line*>{};
  auto names = std::vector<std::string>{};
  for (const auto& actor : among.actors) {
    if (id ? actor.id == *id : actor.name == name && (!guild || actor.guild == *guild))
      found.push_back(&actor);
    if (std::find(names.begin(), names.end(), actor.name) == names.end())
      names.push_back(actor.name);
  }
  if (found.size() == 1)
    return *found.front();
  if (found.empty()) {
    std::sort(names.begin(), names.end());
    why = fmt::format("there is no actor {}; there are {}", typed, fmt::join(names, ", "));
    return std::nullopt;
  }
  auto choices = std::vector<std::string>{};
  for (const auto* actor : found)
    choices.push_back(fmt::format("{}/{}", actor->name, actor->guild));
  why =
      fmt::format("there are {} of them; write one of {}", found.size(), fmt::join(choices, ", "));
  return std::nullopt;
}

} // namespace hearth::ctl
