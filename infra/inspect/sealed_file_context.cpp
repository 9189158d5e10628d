#include "infra/inspect/sealed_file_context.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
#include <utility>

namespace hearth {
namespace {

constexpr size_t bytes_max = 64 * 1024;

} // namespace

std::variant<sealed_file, std::string> sealed_file::copy_of(const std::string& path) {
  const auto trouble = [&] { return fmt::format("{}: {}", path, std::strerror(errno)); };
  const auto from = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (from < 0)
    return trouble();
  auto copy = sealed_file{::memfd_create("hearth-certificate", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  const auto copied = copy.file_ >= 0 && ::sendfile(copy.file_, from, nullptr, bytes_max) > 0;
  auto why = copied ? std::string{} : trouble();
  ::close(from);
  if (why.empty() && ::fcntl(copy.file_, F_ADD_SEALS,
                             F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    why = trouble();
  if (why.empty() && ::access(copy.path().c_str(), R_OK) != 0) // no /proc, as in a bare chroot
    why = fmt::format("{}: {}", copy.path(), std::strerror(errno));
  if (!why.empty())
    return why;
  return copy;
}

sealed_file::~sealed_file() {
  if (file_ >= 0)
    ::close(file_);
}
sealed_file::sealed_file(sealed_file&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
sealed_file& sealed_file::operator=(sealed_file&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

std::string sealed_file::path() const { return fmt::format("/proc/self/fd/{}", file_); }

} // namespace hearth
