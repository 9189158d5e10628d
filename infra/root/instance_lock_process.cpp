#include "infra/root/instance_lock_process.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace hearth {

std::variant<instance_lock, std::string> instance_lock::take(const std::string& folder,
                                                             const std::string& profile) {
  const auto path = folder + "/hearthd.lock";
  const auto file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return fmt::format("{}: {}", path, std::strerror(errno));
  auto lock = instance_lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fmt::format("{}: {}", path, std::strerror(errno));
    char owner[32] = {};
    const auto length = ::read(file, owner, sizeof owner - 1);
    const auto who = std::string(owner, length > 0 ? static_cast<size_t>(length) : 0);
    return fmt::format("hearthd already runs with the profile {} (process {}). Stop it, or choose "
                       "another profile (HEARTH_PROFILE) or data folder (HEARTH_DATA_DIR); this "
                       "one is {}",
                       profile, who.substr(0, who.find('\n')), folder);
  }
  const auto pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0)
    return fmt::format("{}: {}", path, std::strerror(errno));
  return lock;
}

// The file stays: removing it would let a third process lock a new file of the same name.
instance_lock::~instance_lock() {
  if (file_ >= 0)
    ::close(file_);
}
instance_lock::instance_lock(instance_lock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}
instance_lock& instance_lock::operator=(instance_lock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

} // namespace hearth
