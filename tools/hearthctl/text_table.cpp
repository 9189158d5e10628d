#include "hearthctl/text_table.hpp"
#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace hearth::ctl {

size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string fitted(std::string_view text, size_t width) {
  if (width_of(text) <= width)
    return std::string{text};
  auto end = size_t{0};
  for (auto count = size_t{0}; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      continue;
    if (++count == width)
      break;
  }
  return width == 0 ? std::string{} : std::string{text.substr(0, end)} + "…";
}

std::string left(std::string_view text, size_t width) {
  auto out = fitted(text, width);
  return out.append(width - width_of(out), ' ');
}
std::string right(std::string_view text, size_t width) {
  auto out = fitted(text, width);
  return std::string(width - width_of(out), ' ') + out;
}

std::string harmless(std::string_view text) {
  auto out = std::string{};
  for (const auto c : text)
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

std::string table(const std::vector<column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  auto widths = std::vector<size_t>{};
  for (auto i = size_t{0}; i < columns.size(); ++i) {
    auto width = width_of(columns[i].title);
    for (const auto& row : rows)
      width = std::max(width, width_of(row[i]));
    widths.push_back(width);
  }
  const auto line_of = [&](auto&& cell) {
    auto line = std::string{};
    for (auto i = size_t{0}; i < columns.size(); ++i)
      line += (i > 0 ? "  " : "") +
              (columns[i].numbers ? right(cell(i), widths[i]) : left(cell(i), widths[i]));
    return line.erase(line.find_last_not_of(' ') + 1) + "\n";
  };
  auto out = line_of([&](size_t i) { return columns[i].title; });
  out += line_of([&](size_t i) { return std::string(widths[i], '-'); });
  for (const auto& row : rows)
    out += line_of([&](size_t i) { return row[i]; });
  return out;
}

std::string bytes_text(int64_t bytes) {
  if (bytes < 0)
    return "?";
  constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  auto unit = size_t{0};
  while (value >= 1'000 && unit < 4) {
    value /= 1'000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string span_text(int64_t ms) {
  if (ms < 0)
    return "?";
  if (ms < 1'000)
    return fmt::format("{} ms", ms);
  if (ms < 60'000)
    return fmt::format("{:.1f} s", static_cast<double>(ms) / 1'000);
  const auto minutes = ms / 60'000;
  if (minutes < 60)
    return fmt::format("{} min {:02} s", minutes, ms / 1'000 % 60);
  if (minutes < 48 * 60)
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} days {} h", minutes / 1'440, minutes / 60 % 24);
}

std::string micros_text(uint64_t us) {
  if (us < 1'000)
    return fmt::format("{} us", us);
  if (us < 1'000'000)
    return fmt::format("{:.1f} ms", static_cast<double>(us) / 1'000);
  return fmt::format("{:.1f} s", static_cast<double>(us) / 1'000'000);
}

std::string count_text(uint64_t count) {
  auto text = std::to_string(count);
  for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string rate_text(double per_second) {
  if (per_second < 100)
    return fmt::format("{:.1f}", std::max(per_second, 0.0));
  return count_text(static_cast<uint64_t>(per_second));
}

std::string time_text(int64_t unix_ms) {
  if (unix_ms == 0)
    return "-";
  const auto seconds = static_cast<time_t>(unix_ms / 1'000);
  auto utc = tm{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", utc);
}

} // namespace hearth::ctl
