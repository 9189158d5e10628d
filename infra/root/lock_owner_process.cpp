#include "infra/root/lock_owner_process.hpp"
#include <cstdio>
#include <fstream>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace hearth {

int lock_owner(const std::string& folder) {
  struct stat facts {};
  if (::stat((folder + "/hearthd.lock").c_str(), &facts) != 0)
    return 0;
  auto locks = std::ifstream{"/proc/locks"};
  for (auto line = std::string{}; std::getline(locks, line);) {
    // "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"; one that waits has "->" before FLOCK
    char mode[16] = {};
    auto pid = 0;
    auto major = 0U, minor = 0U;
    auto inode = 0ULL;
    if (std::sscanf(line.c_str(), "%*d: FLOCK %*s %15s %d %x:%x:%llu", mode, &pid, &major, &minor,
                    &inode) != 5 ||
        inode != facts.st_ino)
      continue;
    // Some file systems (overlay, btrfs) show another device than stat(2); the inode must do then.
    const auto same_device = major == ::major(facts.st_dev) && minor == ::minor(facts.st_dev);
    if (same_device || pid > 0)
      return pid > 0 ? pid : -1;
  }
  return 0;
}

} // namespace hearth
