// What differs between two configurations, and what of it may be applied at once.
#include "infra/settings/options.hpp"

namespace hearth {

std::vector<settings_change> changes(const settings& from, const settings& to) {
  auto found = std::vector<settings_change>{};
  for (const auto& one : options()) {
    auto before = value_text(one, from), after = value_text(one, to);
    if (before != after)
      found.push_back({std::string{one.key}, std::move(before), std::move(after), one.reloadable});
  }
  return found;
}

settings apply_reloadable(const settings& from, const settings& to) {
  auto result = from;
  auto source = to;
  for (const auto& one : options())
    if (one.reloadable)
      std::visit([&](auto place) { *place(result) = *place(source); }, one.place);
  return result;
}

} // namespace hearth
