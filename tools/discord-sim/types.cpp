#include "discord-sim/types.hpp"
#include <charconv>
#include <cstdio>

namespace sim {

namespace {

// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's days_from_civil).
std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

// Reads exactly `count` digits at `pos` and moves past them.
std::optional<unsigned> digits(std::string_view text, std::size_t& pos, std::size_t count) {
  if (pos + count > text.size())
    return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i, ++pos) {
    if (text[pos] < '0' || text[pos] > '9')
      return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[pos] - '0');
  }
  return value;
}

bool literal(std::string_view text, std::size_t& pos, char c) {
  if (pos >= text.size() || text[pos] != c)
    return false;
  ++pos;
  return true;
}

// "Z", "+HH:MM" or "-HH:MM" up to the end of the text; minutes east.
std::optional<int> offset_minutes(std::string_view text, std::size_t pos) {
  if (literal(text, pos, 'Z') || literal(text, pos, 'z'))
    return pos == text.size() ? std::optional<int>(0) : std::nullopt;
  if (pos >= text.size() || (text[pos] != '+' && text[pos] != '-'))
    return std::nullopt;
  const int sign = text[pos++] == '-' ? -1 : 1;
  const auto hours = digits(text, pos, 2);
  literal(text, pos, ':');
  const auto minutes = digits(text, pos, 2);
  if (!hours || !minutes || pos != text.size() || *hours > 23 || *minutes > 59)
    return std::nullopt;
  return sign * static_cast<int>(*hours * 60 + *minutes);
}

} // namespace

std::string id_text(snowflake id) { return std::to_string(id); }

json id_or_null(snowflake id) { return id == 0 ? json(nullptr) : json(id_text(id)); }

std::optional<snowflake> parse_id(std::string_view text) {
  snowflake id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id > INT64_MAX)
    return std::nullopt;
  return id;
}

std::optional<snowflake> parse_id(const json& value) {
  if (value.is_string())
    return parse_id(std::string_view(value.get_ref<const std::string&>()));
  if (value.is_number_unsigned() && value.get<snowflake>() <= INT64_MAX)
    return value.get<snowflake>();
  return std::nullopt;
}

unix_ms time_of(snowflake id) { return static_cast<unix_ms>(id >> 22) + discord_epoch_ms; }

std::string iso_time(unix_ms at) {
  std::int64_t days = at / 86400000;
  std::int64_t rest = at % 86400000;
  if (rest < 0) {
    rest += 86400000;
    --days;
  }
  // civil_from_days, the inverse of the function above.
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const unsigned day = doy - (153 * mp + 2) / 5 + 1;
  const unsigned month = mp < 10 ? mp + 3 : mp - 9;
  const auto year = static_cast<long long>(yoe) + era * 400 + (month <= 2 ? 1 : 0);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02u-%02uT%02d:%02d:%02d.%03d000+00:00", year, month,
                day, static_cast<int>(rest / 3600000), static_cast<int>(rest / 60000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return text;
}

std::optional<unix_ms> parse_iso_time(std::string_view text) {
  std::size_t pos = 0;
  const auto year = digits(text, pos, 4);
  if (!year || !literal(text, pos, '-'))
    return std::nullopt;
  const auto month = digits(text, pos, 2);
  if (!month || !literal(text, pos, '-'))
    return std::nullopt;
  const auto day = digits(text, pos, 2);
  if (!day || (!literal(text, pos, 'T') && !literal(text, pos, ' ')))
    return std::nullopt;
  const auto hour = digits(text, pos, 2);
  if (!hour || !literal(text, pos, ':'))
    return std::nullopt;
  const auto minute = digits(text, pos, 2);
  unsigned second = 0;
  unsigned millis = 0;
  if (!minute)
    return std::nullopt;
  if (literal(text, pos, ':')) {
    const auto read = digits(text, pos, 2);
    if (!read)
      return std::nullopt;
    second = *read;
    if (literal(text, pos, '.'))
      for (unsigned weight = 100; pos < text.size() && text[pos] >= '0' && text[pos] <= '9';
           ++pos, weight /= 10)
        millis += weight * static_cast<unsigned>(text[pos] - '0');
  }
  const auto east = offset_minutes(text, pos);
  if (!east || *month < 1 || *month > 12 || *day < 1 || *day > 31 || *hour > 23 || *minute > 59 ||
      second > 60)
    return std::nullopt;
  const std::int64_t days = days_from_civil(*year, *month, *day);
  return ((days * 24 + *hour) * 60 + *minute - *east) * 60000 + second * 1000 + millis;
}

} // namespace sim
