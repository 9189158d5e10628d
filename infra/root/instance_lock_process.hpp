#pragma once
// One hearthd per profile: two on one database and one token would answer everything twice.
#include <string>
#include <variant>

namespace hearth {

/// Holds the lock of a data folder until destroyed; the kernel frees it when the process dies.
class instance_lock {
public:
  /// Takes "<folder>/hearthd.lock" (flock(2)) and writes our process id into it. Else the text says
  /// who has it and what to do.
  static std::variant<instance_lock, std::string> take(const std::string& folder,
                                                       const std::string& profile);
  ~instance_lock();
  instance_lock(instance_lock&& other) noexcept;
  instance_lock& operator=(instance_lock&& other) noexcept;

private:
  explicit instance_lock(int file) : file_(file) {}
  int file_;
};

} // namespace hearth
