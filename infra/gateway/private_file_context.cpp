#include "infra/gateway/private_file_context.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

class file_handle {
public:
  explicit file_handle(int number) : number_(number) {}
  ~file_handle() {
    if (number_ >= 0)
      ::close(number_);
  }
  file_handle(const file_handle&) = delete;
  file_handle& operator=(const file_handle&) = delete;
  int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

private:
  int number_;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/// The new name must survive a power cut as well.
void sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto folder = slash == std::string::npos ? std::string{"."} : path.substr(0, slash + 1);
  const auto handle = file_handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (handle)
    ::fsync(handle.number());
}

std::string trouble(const char* what, const std::string& path) {
  return std::string{what} + " " + path + ": " + std::strerror(errno);
}

} // namespace

std::string write_private_file(const std::string& path, std::string_view text, bool durable) {
  const auto beside = path + ".new";
  ::unlink(beside.c_str()); // a stranger's leftover would keep its owner and mode
  {
    const auto flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const auto file = file_handle{::open(beside.c_str(), flags, S_IRUSR | S_IWUSR)};
    if (!file)
      return trouble("cannot create", beside);
    if (!write_all(file.number(), text) || (durable && ::fsync(file.number()) != 0)) {
      auto why = trouble("cannot write", beside);
      ::unlink(beside.c_str());
      return why;
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return trouble("cannot rename to", path);
  if (durable)
    sync_folder_of(path);
  return {};
}

bool read_private_file(const std::string& path, size_t bytes_max, padded_buffer& into) {
  into.clear();
  const auto file = file_handle{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  struct stat facts {};
  if (!file || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      facts.st_uid != ::geteuid() || static_cast<size_t>(facts.st_size) > bytes_max)
    return false;
  auto left = static_cast<size_t>(facts.st_size);
  into.prepare(left);
  while (left > 0) {
    const auto size = ::read(file.number(), into.prepare(left), left);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return size == 0;
    into.commit(static_cast<size_t>(size));
    left -= static_cast<size_t>(size);
  }
  return true;
}

void remove_private_file(const std::string& path) noexcept { ::unlink(path.c_str()); }

} // namespace hearth
