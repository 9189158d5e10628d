#pragma once
// Text in columns, and figures as people read them. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::ctl {

/// Characters, as a terminal counts them: code points of UTF-8.
size_t width_of(std::string_view text);
/// Cut at `width` characters, the last one an ellipsis.
std::string fitted(std::string_view text, size_t width);
/// Filled with blanks up to `width`.
std::string left(std::string_view text, size_t width);
std::string right(std::string_view text, size_t width);
/// Without control characters: what came from elsewhere must not paint the terminal.
std::string harmless(std::string_view text);

struct column {
  std::string title;
  bool numbers = false; ///< To the right.
};
/// A head, a line and the rows; columns as wide as their widest cell.
std::string table(const std::vector<column>& columns,
                  const std::vector<std::vector<std::string>>& rows);

std::string bytes_text(int64_t bytes);    ///< "14.2 MB"; "?" below 0.
std::string span_text(int64_t ms);        ///< "2 h 03 min", "12.4 s", "340 ms".
std::string micros_text(uint64_t us);     ///< "340 us", "1.2 ms", "3.4 s".
std::string count_text(uint64_t count);   ///< "12,345"
std::string rate_text(double per_second); ///< "0.4", "1,234"
/// "2026-11-20 04:10:00" in UTC; "-" for 0.
std::string time_text(int64_t unix_ms);

} // namespace hearth::ctl
