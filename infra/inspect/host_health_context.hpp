#pragma once
// How the machine and our own process are, read from the kernel when somebody asks.
#include "messages/inspect.hpp"
#include <string>

namespace hearth {

/// Figures that this machine does not tell stay -1. Sources: proc(5), /sys/class/thermal (thermal
/// zones), /sys/devices/platform/soc/soc:firmware/get_throttled (Raspberry Pi firmware),
/// statvfs(3), adjtimex(2). `data_folder`: whose file system is meant. `sys`: another tree, for
/// tests.
host_health read_host_health(const std::string& data_folder, const std::string& sys = "/sys");

/// Bits of get_throttled. Source: Raspberry Pi documentation, "vcgencmd get_throttled".
void apply_throttled_bits(host_health& to, uint32_t bits);

struct process_usage {
  int64_t memory_bytes = 0, memory_most_bytes = 0; ///< Resident.
  int64_t cpu_ms = 0;                              ///< User and system.
  int64_t threads = 0;
  int64_t files = 0, files_max = 0; ///< Open ones and the limit.
};
process_usage read_process_usage();

} // namespace hearth
