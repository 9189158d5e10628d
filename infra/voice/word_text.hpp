#pragma once
// Text as words, whatever its case, accents and decoration. Pure.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

inline constexpr size_t keywords_max = 40;
inline constexpr size_t keyword_length_max = 32; ///< Bytes.

/// Lower case, without the accents of Latin letters; others stay as they are. Words only, with one
/// space between them.
std::string folded(std::string_view text);
/// The words of a list as moderators type it ("rain, pluie goutte"), folded, each once.
std::vector<std::string> keywords_in(std::string_view list);
/// Whether `text` has one of them (folded) as a whole word: "train" is not rain.
bool has_keyword(std::string_view text, const std::vector<std::string>& keywords);
/// A name as a voice can say it: letters and digits of any script, single spaces, apostrophes and
/// hyphens inside words; at most `max` characters. Empty when no letter or digit is left.
std::string speakable(std::string_view name, size_t max);

} // namespace hearth
