#include "infra/rest/bucket_names.hpp"
#include <algorithm>

namespace hearth {

const std::string& bucket_names::known(const std::string& told) const {
  const auto found = renamed_.find(told);
  return found == renamed_.end() ? told : found->second;
}

uint32_t bucket_names::limit_of(const std::string& kept) const {
  const auto found = limits_.find(kept);
  return found == limits_.end() ? 1 : std::max(1U, found->second);
}

std::string bucket_names::kept_name(const std::string& told, uint32_t limit, int64_t sent_at,
                                    const std::vector<std::string>& sent_under, int64_t now) {
  auto kept = known(told);
  if (const auto last = last_.find(kept); last != last_.end()) {
    if (last->second.name != told && sent_at > last->second.since_ms) {
      distinct_.insert(last->second.name);
      renamed_.erase(last->second.name);
      last_.erase(last);
    }
  } else if (kept == told && limits_.count(told) == 0 && distinct_.count(told) == 0) {
    const auto former =
        std::find_if(sent_under.begin(), sent_under.end(), [&](const std::string& each) {
          const auto found = limits_.find(each);
          return found != limits_.end() && found->second == limit;
        });
    if (former != sent_under.end()) {
      kept = *former;
      renamed_[told] = kept;
      last_[kept] = {told, now};
    }
  }
  limits_[kept] = limit;
  return kept;
}

void bucket_names::sweep(size_t names_max) {
  if (limits_.size() + renamed_.size() + distinct_.size() <= names_max)
    return;
  *this = {};
}

} // namespace hearth
