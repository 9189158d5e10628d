#pragma once
// What Discord's length and name rules need to know about text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The code points of UTF-8 text; a malformed byte counts as one U+FFFD.
std::vector<char32_t> code_points(std::string_view text);
/// Length as Discord's limits count it: code points (discord-api 7.27 says clients differ;
/// assumed).
std::size_t length_of(std::string_view text);
/// The text with every malformed byte replaced by U+FFFD; JSON can carry nothing else.
std::string valid_utf8(std::string_view text);
/// Without white space at both ends, as Discord does before it counts (discord-api 4).
std::string_view trimmed(std::string_view text);
/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]+$` of discord-api 3.4, without the length.
bool is_command_name(std::string_view text);
/// True when some letter has a lower-case form other than itself.
bool has_upper_case(std::string_view text);

} // namespace sim
