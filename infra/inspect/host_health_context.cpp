#include "infra/inspect/host_health_context.hpp"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>
#include <thread>

namespace hearth {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  auto file = std::ifstream{path};
  auto line = std::string{};
  std::getline(file, line);
  return line;
}

std::optional<int64_t> number(const std::string& text) {
  auto value = int64_t{0};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::optional{value} : std::nullopt;
}

void read_temperature(host_health& to, const fs::path& sys) {
  auto ignored = std::error_code{};
  for (const auto& zone : fs::directory_iterator{sys / "class/thermal", ignored})
    if (zone.path().filename().string().rfind("thermal_zone", 0) == 0)
      if (const auto value = number(first_line(zone.path() / "temp")))
        to.temperature_mc = std::max(to.temperature_mc, *value);
}

void read_throttling(host_health& to, const fs::path& sys) {
  const auto text = first_line(sys / "devices/platform/soc/soc:firmware/get_throttled");
  auto bits = uint32_t{0};
  const auto digits = text.rfind("0x", 0) == 0 ? text.substr(2) : text;
  const auto [stop, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  if (error == std::errc{})
    apply_throttled_bits(to, bits);
}

/// Value of a "Name:  123 kB" line, bytes.
int64_t kilobytes(const std::string& line) {
  const auto at = line.find_first_of("0123456789");
  return at == std::string::npos ? -1 : number(line.substr(at)).value_or(-1) * 1024;
}

void read_memory(host_health& to) {
  auto file = std::ifstream{"/proc/meminfo"};
  for (auto line = std::string{}; std::getline(file, line);) {
    if (line.rfind("MemTotal:", 0) == 0)
      to.memory_bytes = kilobytes(line);
    else if (line.rfind("MemAvailable:", 0) == 0)
      to.memory_free_bytes = kilobytes(line);
  }
}

} // namespace

void apply_throttled_bits(host_health& to, uint32_t bits) {
  const auto bit = [&](int at) { return static_cast<int64_t>((bits >> at) & 1U); };
  to.undervoltage = bit(0);
  to.throttled = bit(1) | bit(2) | bit(3); // frequency capped, throttled, soft temperature limit
  to.undervoltage_before = bit(16);
  to.throttled_before = bit(17) | bit(18) | bit(19);
}

host_health read_host_health(const std::string& data_folder, const std::string& sys) {
  auto health = host_health{};
  read_temperature(health, sys);
  read_throttling(health, sys);
  read_memory(health);
  struct statvfs disk {};
  if (::statvfs(data_folder.c_str(), &disk) == 0) {
    health.disk_bytes = static_cast<int64_t>(disk.f_blocks) * static_cast<int64_t>(disk.f_frsize);
    health.disk_free_bytes =
        static_cast<int64_t>(disk.f_bavail) * static_cast<int64_t>(disk.f_frsize);
  }
  auto clock = timex{};
  if (const auto state = ::adjtimex(&clock); state >= 0)
    health.clock_synchronised = state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0 ? 1 : 0;
  health.cores = std::thread::hardware_concurrency();
  double load[1] = {};
  if (::getloadavg(load, 1) == 1)
    health.load_milli = static_cast<int64_t>(load[0] * 1000);
  return health;
}

process_usage read_process_usage() {
  auto usage = process_usage{};
  auto file = std::ifstream{"/proc/self/status"};
  for (auto line = std::string{}; std::getline(file, line);) {
    if (line.rfind("VmRSS:", 0) == 0)
      usage.memory_bytes = kilobytes(line);
    else if (line.rfind("VmHWM:", 0) == 0)
      usage.memory_most_bytes = kilobytes(line);
    else if (line.rfind("Threads:", 0) == 0)
      usage.threads = number(line.substr(line.find_first_of("0123456789"))).value_or(0);
  }
  struct rusage used {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& t) { return int64_t{t.tv_sec} * 1000 + t.tv_usec / 1000; };
  usage.cpu_ms = ms(used.ru_utime) + ms(used.ru_stime);
  auto ignored = std::error_code{};
  for (const auto& one : fs::directory_iterator{"/proc/self/fd", ignored})
    usage.files += one.path().empty() ? 0 : 1;
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    usage.files_max = static_cast<int64_t>(limit.rlim_cur);
  return usage;
}

} // namespace hearth
