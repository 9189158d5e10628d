#include "infra/schedule/schedule_settings.hpp"
#include "infra/settings/guild_options.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace hearth {

namespace {

/// Takes the digits (one or two) at the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  auto length = size_t{0};
  while (length < text.size() && text[length] >= '0' && text[length] <= '9')
    ++length;
  if (length < 1 || length > 2)
    return std::nullopt;
  auto value = 0;
  std::from_chars(text.data(), text.data() + length, value);
  text.remove_prefix(length);
  return value;
}

std::string squeezed(std::string_view text) {
  auto out = std::string{};
  for (const auto c : text)
    if (c != ' ')
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

} // namespace

std::optional<int> parse_minute(std::string_view given) {
  const auto text = squeezed(given);
  auto rest = std::string_view{text};
  auto hour = take_number(rest);
  if (!hour)
    return std::nullopt;
  auto minute = 0;
  if (!rest.empty() && (rest.front() == ':' || rest.front() == 'h')) {
    const auto needs_minutes = rest.front() == ':';
    rest.remove_prefix(1);
    if (const auto given_minute = take_number(rest))
      minute = *given_minute;
    else if (needs_minutes)
      return std::nullopt;
  }
  if (rest == "am" || rest == "pm") {
    if (*hour < 1 || *hour > 12)
      return std::nullopt;
    hour = *hour % 12 + (rest == "pm" ? 12 : 0);
  } else if (!rest.empty()) {
    return std::nullopt;
  }
  if (*hour > 23 || minute > 59)
    return std::nullopt;
  return *hour * 60 + minute;
}

std::optional<evening_slot> slot_typed(const std::vector<evening_slot>& slots,
                                       std::string_view text) {
  const auto find_hour = [&](int hour) {
    const auto found = std::find_if(slots.begin(), slots.end(),
                                    [&](const evening_slot& slot) { return slot.hour == hour; });
    return found == slots.end() ? std::nullopt : std::optional{*found};
  };
  auto hour = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, hour);
  if (error == std::errc{} && stop == end && hour >= 24)
    return find_hour(hour);
  const auto minute = parse_minute(text);
  if (!minute)
    return std::nullopt;
  if (auto same_day = find_hour(*minute / 60))
    return same_day;
  return find_hour(*minute / 60 + 24);
}

std::string minute_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

schedule_settings schedule_settings_of(const guild_settings& settings,
                                       const std::string& default_zone) {
  auto read = schedule_settings{};
  read.rules.zone = default_zone;
  if (const auto* zone = option_of(settings, "zone"))
    read.rules.zone = *zone;
  if (const auto* hours = option_of(settings, hours_option))
    read.rules.hours = parse_evening_hours(*hours).value_or(evening_hours{});
  if (const auto* time = option_of(settings, post_at_option))
    read.post_minute = parse_minute(*time).value_or(read.post_minute);
  read.ready_count =
      number_option_of(settings, ready_option, 0, ready_count_max).value_or(read.ready_count);
  if (const auto found = settings.channels.find("schedule"); found != settings.channels.end())
    read.channel = found->second;
  return read;
}

} // namespace hearth
