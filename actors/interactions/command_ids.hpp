#pragma once
// The ids Discord gave our commands, for mentions such as </help:123>.
#include "messages/ids.hpp"
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth {

/// Filled by the registrar, read by guild actors on other threads: hence the lock.
class command_ids {
public:
  /// Replaces what is known of a scope (guild 0: global).
  void set(guild_id guild, const std::vector<std::pair<std::string, command_id>>& ids) {
    const auto lock = std::lock_guard{mutex_};
    auto& scope = scopes_[guild];
    scope.clear();
    for (const auto& [name, id] : ids)
      scope[name] = id;
  }
  /// The id of a command in a guild, its own before global ones; 0 while unknown.
  command_id find(guild_id guild, std::string_view name) const {
    const auto lock = std::lock_guard{mutex_};
    for (const auto scope : {guild, guild_id{}})
      if (const auto known = scopes_.find(scope); known != scopes_.end())
        if (const auto found = known->second.find(name); found != known->second.end())
          return found->second;
    return {};
  }

private:
  mutable std::mutex mutex_;
  std::map<guild_id, std::map<std::string, command_id, std::less<>>> scopes_;
};

} // namespace hearth
