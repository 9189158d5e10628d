#pragma once
// Whether a daemon runs on a data folder, found out without touching its lock.
#include <string>

namespace hearth {

/// The process that holds "<folder>/hearthd.lock"; 0 when none does. Source: proc(5), /proc/locks.
/// (Trying the lock would turn away a daemon that starts at that moment.)
int lock_owner(const std::string& folder);

} // namespace hearth
