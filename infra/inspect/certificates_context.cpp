#include "infra/inspect/certificates_context.hpp"
#include "infra/gateway/private_file_context.hpp"
#include "infra/inspect/x509_context.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

constexpr std::array<inspect_right, 2> rights = {inspect_right::inspect, inspect_right::steer};
constexpr std::array<wire_end, 2> ends = {wire_end::daemon, wire_end::client};
constexpr size_t file_bytes_max = 64 * 1024;

const char* to_string(wire_end end) noexcept {
  return end == wire_end::daemon ? "server" : "client";
}
std::string authority_name(inspect_right right) { return fmt::format("{}-ca", to_string(right)); }
std::string leaf_name(inspect_right right, wire_end end) {
  return fmt::format("{}-{}", to_string(right), to_string(end));
}
std::string certificate_path(const std::string& folder, const std::string& name) {
  return folder + "/" + name + ".pem";
}
std::string key_path(const std::string& folder, const std::string& name) {
  return folder + "/" + name + ".key";
}

/// Empty when the folder is there and only ours.
std::string prepare_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return fmt::format("the folder {} cannot be made: {}", folder, std::strerror(errno));
  struct stat facts {};
  if (::lstat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return fmt::format("{} is not a folder", folder);
  if (facts.st_uid != ::geteuid() && ::geteuid() != 0)
    return fmt::format("the folder {} belongs to somebody else", folder);
  if ((facts.st_mode & 077) != 0 && ::chmod(folder.c_str(), S_IRWXU) != 0)
    return fmt::format("the folder {} is open to others: {}", folder, std::strerror(errno));
  return {};
}

/// Why the file must not be used: absent, a stranger's, or readable by others.
std::string file_trouble(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0)
    return fmt::format("{}: {}", path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode))
    return fmt::format("{} is not a plain file", path);
  if (facts.st_uid != ::geteuid() && ::geteuid() != 0)
    return fmt::format("{} belongs to somebody else", path);
  if ((facts.st_mode & 077) != 0)
    return fmt::format("{} is open to others; chmod 600 it", path);
  return {};
}

/// Empty when it cannot be read: whoever parses it says that it holds nothing.
std::string read(const std::string& path) {
  const auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0)
    return {};
  auto text = std::string(file_bytes_max, '\0');
  const auto size = ::read(file, text.data(), text.size());
  ::close(file);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text;
}

/// What root writes must still belong to the daemon, whose the folder is.
void give_to_owner_of(const std::string& folder, const std::string& path) {
  struct stat facts {};
  if (::geteuid() == 0 && ::stat(folder.c_str(), &facts) == 0 && facts.st_uid != 0)
    if (::lchown(path.c_str(), facts.st_uid, facts.st_gid) != 0)
      throw x509_error{fmt::format("{}: {}", path, std::strerror(errno))};
}

struct pair_on_disk {
  x509_certificate certificate;
  x509_key key;
};

/// The certificate and its key when both can be read and belong together.
std::optional<pair_on_disk> load(const std::string& folder, const std::string& name) {
  const auto certificate_file = certificate_path(folder, name), key_file = key_path(folder, name);
  if (!file_trouble(certificate_file).empty() || !file_trouble(key_file).empty())
    return std::nullopt;
  auto found = pair_on_disk{read_certificate(read(certificate_file)), read_key(read(key_file))};
  if (!found.certificate || !found.key || !belongs_to(found.certificate, found.key))
    return std::nullopt;
  return found;
}

class maker {
public:
  maker(std::string folder, int64_t now_ms, const certificate_times& times)
      : folder_(std::move(folder)), now_ms_(now_ms), times_(times) {
    result_.trouble = prepare_folder(folder_);
  }

  /// `leaves`, `authorities`: make them anew although they are good.
  certificates_made run(bool leaves, bool authorities) {
    for (const auto right : rights)
      if (result_.trouble.empty())
        prepare(right, leaves, authorities);
    return std::move(result_);
  }

private:
  void prepare(inspect_right right, bool leaves, bool authorities) {
    const auto name = authority_name(right);
    auto authority = authorities ? std::nullopt : load(folder_, name);
    if (authority && lasts(authority->certificate, times_.renew_authority_ms)) {
      for (const auto end : ends)
        if (leaves || !is_good(right, end, authority->certificate))
          make_leaf(right, end, *authority);
      return;
    }
    // The key of the authority may be kept elsewhere on purpose: then what it signed still counts.
    if (!authorities && !leaves && !authority && both_good(right))
      return;
    authority = make_authority(right);
    for (const auto end : ends)
      if (authority)
        make_leaf(right, end, *authority);
  }

  bool both_good(inspect_right right) const {
    const auto path = certificate_path(folder_, authority_name(right));
    const auto authority = read_certificate(read(path));
    return authority && is_good(right, wire_end::daemon, authority) &&
           is_good(right, wire_end::client, authority);
  }

  bool lasts(const x509_certificate& certificate, int64_t rest_ms) const {
    return valid_at(certificate, now_ms_) && expires_ms(certificate) - now_ms_ >= rest_ms;
  }

  bool is_good(inspect_right right, wire_end end, const x509_certificate& authority) const {
    const auto leaf = load(folder_, leaf_name(right, end));
    return leaf && lasts(leaf->certificate, times_.renew_leaf_ms) &&
           verify_trouble(leaf->certificate, authority, end == wire_end::daemon, now_ms_).empty();
  }

  std::optional<pair_on_disk> make_authority(inspect_right right) {
    auto key = make_key();
    auto certificate = self_signed(key, fmt::format("Hearth {} authority", to_string(right)),
                                   {now_ms_, now_ms_ + times_.authority_ms});
    if (!keep(authority_name(right), certificate, key))
      return std::nullopt;
    return pair_on_disk{std::move(certificate), std::move(key)};
  }

  void make_leaf(inspect_right right, wire_end end, const pair_on_disk& authority) {
    const auto key = make_key();
    const auto ends_ms = std::min(now_ms_ + times_.leaf_ms, expires_ms(authority.certificate));
    const auto certificate =
        signed_by(authority.certificate, authority.key, key,
                  fmt::format("Hearth {} {}", to_string(right), to_string(end)), {now_ms_, ends_ms},
                  end == wire_end::daemon);
    keep(leaf_name(right, end), certificate, key);
  }

  /// The key first: a pair that does not fit (a crash in between) is made anew at the next start.
  bool keep(const std::string& name, const x509_certificate& certificate, const x509_key& key) {
    if (!result_.trouble.empty())
      return false;
    write(key_path(folder_, name), to_pem(key));
    write(certificate_path(folder_, name), to_pem(certificate));
    if (result_.trouble.empty())
      result_.made.push_back(name);
    return result_.trouble.empty();
  }

  void write(const std::string& path, const std::string& text) {
    if (result_.trouble.empty())
      result_.trouble = write_private_file(path, text, true);
    if (result_.trouble.empty())
      give_to_owner_of(folder_, path);
  }

  std::string folder_;
  int64_t now_ms_;
  certificate_times times_;
  certificates_made result_;
};

certificates_made make(const std::string& folder, int64_t now_ms, const certificate_times& times,
                       bool leaves, bool authorities) {
  try {
    return maker{folder, now_ms, times}.run(leaves, authorities);
  } catch (const x509_error& error) {
    return {{}, fmt::format("no certificate could be made: {}", error.what())};
  }
}

} // namespace

const char* to_string(inspect_right right) noexcept {
  return right == inspect_right::inspect ? "inspect" : "steer";
}

certificate_files certificate_files_of(const std::string& folder, inspect_right right,
                                       wire_end end) {
  const auto name = leaf_name(right, end);
  return {certificate_path(folder, authority_name(right)), certificate_path(folder, name),
          key_path(folder, name)};
}

certificates_made prepare_certificates(const std::string& folder, int64_t now_ms,
                                       const certificate_times& times) {
  return make(folder, now_ms, times, false, false);
}

certificates_made renew_certificates(const std::string& folder, int64_t now_ms, bool authorities,
                                     const certificate_times& times) {
  return make(folder, now_ms, times, true, authorities);
}

std::string certificate_trouble(const std::string& folder, inspect_right right, wire_end end,
                                int64_t now_ms) {
  const auto files = certificate_files_of(folder, right, end);
  for (const auto* path : {&files.authority, &files.certificate, &files.key})
    if (auto trouble = file_trouble(*path); !trouble.empty())
      return trouble;
  const auto authority = read_certificate(read(files.authority));
  if (!authority)
    return files.authority + " holds no certificate";
  const auto certificate = read_certificate(read(files.certificate));
  if (!certificate)
    return files.certificate + " holds no certificate";
  const auto key = read_key(read(files.key));
  if (!key)
    return files.key + " holds no key";
  if (!belongs_to(certificate, key))
    return fmt::format("{} and {} do not belong together", files.certificate, files.key);
  if (auto trouble = verify_trouble(certificate, authority, end == wire_end::daemon, now_ms);
      !trouble.empty())
    return fmt::format("{}: {}", files.certificate, trouble);
  return {};
}

std::vector<certificate_facts> list_certificates(const std::string& folder) {
  auto found = std::vector<certificate_facts>{};
  const auto add = [&](const std::string& name) {
    if (const auto certificate = read_certificate(read(certificate_path(folder, name))))
      found.push_back({name, expires_ms(certificate), fingerprint(certificate)});
  };
  for (const auto right : rights) {
    add(authority_name(right));
    for (const auto end : ends)
      add(leaf_name(right, end));
  }
  return found;
}

} // namespace hearth
