#pragma once
// What the kernel says about this process and its machine. A reading costs some system calls; never
// on a hot path.
#include <cstdint>
#include <optional>
#include <string>

namespace hearth {

struct process_figures {
  double cpu_seconds = 0;      ///< User and system, all threads, ended ones included.
  uint64_t resident_bytes = 0; ///< 0 when /proc cannot be read.
  uint64_t open_fds = 0;
  uint64_t fds_max = 0; ///< The soft limit.
  uint64_t threads = 0;
};
/// @param proc For tests: another root of proc(5).
process_figures read_process(const std::string& proc = "/proc");

struct host_figures {
  std::optional<double> temperature_c; ///< The hottest zone; nothing where there is none.
  std::optional<bool> undervoltage;    ///< Now; nothing but on a Raspberry Pi.
  std::optional<bool> throttled;       ///< Slowed down now, for heat or voltage; as above.
  uint64_t disk_free_bytes = 0; ///< For us, where the data folder is; 0 with size 0: unknown.
  uint64_t disk_size_bytes = 0;
  bool clock_synchronised = false;
};
/// @param folder The data folder. @param sys For tests: another root of sysfs(5).
/// Source: Linux thermal sysfs API; Raspberry Pi documentation, "vcgencmd get_throttled" (bit 0
/// under-voltage, 1 frequency capped, 2 throttled, 3 soft temperature limit) and the driver
/// rpi_volt of hwmon, which newer kernels have instead.
host_figures read_host(const std::string& folder, const std::string& sys = "/sys");

} // namespace hearth
