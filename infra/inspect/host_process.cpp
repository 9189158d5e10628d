#include "infra/inspect/host_process.hpp"
#include "infra/clock/system_clock_context.hpp"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace hearth {
namespace {

namespace fs = std::filesystem;

/// The first word of a file of one line; empty when there is none.
std::string word_of(const fs::path& path) {
  auto word = std::string{};
  std::ifstream{path} >> word;
  return word;
}

std::optional<long> number_of(const fs::path& path, int base = 10) {
  const auto word = word_of(path);
  char* end = nullptr;
  const auto value = std::strtol(word.c_str(), &end, base);
  return word.empty() || *end != '\0' ? std::nullopt : std::optional{value};
}

std::optional<double> hottest(const fs::path& zones) {
  auto most = std::optional<double>{};
  auto error = std::error_code{};
  for (const auto& zone : fs::directory_iterator{zones, error}) {
    if (zone.path().filename().string().rfind("thermal_zone", 0) != 0)
      continue;
    if (const auto milli = number_of(zone.path() / "temp"))
      most = std::max(most.value_or(-273), static_cast<double>(*milli) / 1'000);
  }
  return most;
}

void read_pi(host_figures& into, const fs::path& sys) {
  if (const auto bits = number_of(sys / "devices/platform/soc/soc:firmware/get_throttled", 16)) {
    into.undervoltage = (*bits & 1) != 0;
    into.throttled = (*bits & (2 | 4 | 8)) != 0;
    return;
  }
  auto error = std::error_code{};
  for (const auto& monitor : fs::directory_iterator{sys / "class/hwmon", error})
    if (word_of(monitor.path() / "name") == "rpi_volt")
      if (const auto alarm = number_of(monitor.path() / "in0_lcrit_alarm"))
        into.undervoltage = *alarm != 0;
}

} // namespace

process_figures read_process(const std::string& proc) {
  auto now = process_figures{};
  struct rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  now.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  auto whole = uint64_t{0}, resident = uint64_t{0};
  if (std::ifstream{proc + "/self/statm"} >> whole >> resident)
    now.resident_bytes = resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  struct rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    now.fds_max = limit.rlim_cur;
  const auto entries = [&](const char* folder) {
    auto error = std::error_code{};
    auto all = fs::directory_iterator{proc + "/self/" + folder, error};
    return error ? 0 : static_cast<uint64_t>(std::distance(begin(all), end(all)));
  };
  now.open_fds = entries("fd");
  now.open_fds -= now.open_fds > 0 && proc == "/proc" ? 1 : 0; // the one that was counting
  now.threads = entries("task");
  return now;
}

host_figures read_host(const std::string& folder, const std::string& sys) {
  auto now = host_figures{};
  now.temperature_c = hottest(sys + "/class/thermal");
  read_pi(now, sys);
  struct statvfs disk = {};
  if (::statvfs(folder.c_str(), &disk) == 0) {
    now.disk_free_bytes = uint64_t{disk.f_bavail} * disk.f_frsize;
    now.disk_size_bytes = uint64_t{disk.f_blocks} * disk.f_frsize;
  }
  now.clock_synchronised = clock_synchronised();
  return now;
}

} // namespace hearth
