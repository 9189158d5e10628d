#pragma once
// A file's content as a path that nobody can change or take away any more.
#include <string>
#include <variant>

namespace hearth {

/// CAF reads certificates from their paths again at each connection, and ends the process when that
/// fails. So it is given copies in memory: memfd_create(2), sealed. Two open files may not be
/// enough to open a third; see port_guard.
class sealed_file {
public:
  /// The text says why not.
  static std::variant<sealed_file, std::string> copy_of(const std::string& path);
  ~sealed_file();
  sealed_file(sealed_file&& other) noexcept;
  sealed_file& operator=(sealed_file&& other) noexcept;
  /// "/proc/self/fd/<number>"; good while this object lives, in this process.
  std::string path() const;

private:
  explicit sealed_file(int file) : file_(file) {}
  int file_;
};

} // namespace hearth
