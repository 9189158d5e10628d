#include "infra/settings/options.hpp"
#include <algorithm>
#include <vector>

namespace hearth {
namespace {

/// Edits that turn one into the other (Levenshtein).
size_t distance(std::string_view a, std::string_view b) {
  auto row = std::vector<size_t>(b.size() + 1);
  for (auto j = size_t{0}; j <= b.size(); ++j)
    row[j] = j;
  for (auto i = size_t{1}; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (auto j = size_t{1}; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

} // namespace

std::optional<std::string_view> nearest_key(std::string_view typed) {
  auto best = std::optional<std::string_view>{};
  auto best_distance = size_t{4};
  for (const auto& one : options()) {
    // Somebody may know the name and not the section; a section nearly right counts for more.
    const auto name = one.key.substr(one.key.find('.') + 1);
    const auto typed_name = typed.substr(typed.find('.') + 1);
    const auto away = std::min(distance(typed, one.key), distance(typed_name, name) + 2);
    if (away < best_distance) {
      best = one.key;
      best_distance = away;
    }
  }
  return best;
}

} // namespace hearth
