// What the kernel says, read from files as it writes them and from the real thing.
#include "infra/inspect/host_process.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>
#include <fstream>

using namespace hearth;

namespace {

struct machine {
  test::temp_folder folder;
  void file(const std::string& path, const std::string& text) const {
    const auto whole = std::filesystem::path{folder.file(path)};
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream{whole} << text;
  }
  host_figures read() const { return read_host(folder.path(), folder.path()); }
};

} // namespace

TEST_CASE("process: this process is seen", "[inspect]") {
  const auto now = read_process();
  CHECK(now.resident_bytes > 1'000'000);
  CHECK(now.cpu_seconds > 0);
  CHECK(now.open_fds >= 3);
  CHECK(now.fds_max >= now.open_fds);
  CHECK(now.threads >= 1);
  const auto before = now.open_fds;
  const auto more = std::ifstream{"/proc/self/status"};
  CHECK(read_process().open_fds == before + 1);
}

TEST_CASE("host: the disk of the data folder is measured", "[inspect]") {
  const auto now = machine{}.read();
  CHECK(now.disk_size_bytes > 1'000'000);
  CHECK(now.disk_free_bytes <= now.disk_size_bytes);
  CHECK(read_host("/no/such/folder").disk_size_bytes == 0);
}

TEST_CASE("host: a machine without sensors says nothing", "[inspect]") {
  const auto now = machine{}.read();
  CHECK_FALSE(now.temperature_c);
  CHECK_FALSE(now.throttled);
  CHECK_FALSE(now.undervoltage);
}

TEST_CASE("host: the hottest zone counts, broken ones do not", "[inspect]") {
  const auto pi = machine{};
  pi.file("class/thermal/thermal_zone0/temp", "48312\n");
  pi.file("class/thermal/thermal_zone1/temp", "61500\n");
  pi.file("class/thermal/thermal_zone2/temp", "hot\n");
  pi.file("class/thermal/cooling_device0/temp", "99000\n");
  CHECK(pi.read().temperature_c == 61.5);
}

TEST_CASE("host: bits of a Raspberry Pi's get_throttled", "[inspect]") {
  struct row {
    const char* text;
    bool undervoltage, throttled;
  };
  for (const auto& [text, undervoltage, throttled] :
       {row{"0\n", false, false}, row{"50005\n", true, true}, row{"50000\n", false, false},
        row{"1\n", true, false}, row{"2\n", false, true}, row{"8\n", false, true}}) {
    CAPTURE(text);
    const auto pi = machine{};
    pi.file("devices/platform/soc/soc:firmware/get_throttled", text);
    CHECK(pi.read().undervoltage == undervoltage);
    CHECK(pi.read().throttled == throttled);
  }
}

TEST_CASE("host: newer kernels tell undervoltage by rpi_volt", "[inspect]") {
  const auto pi = machine{};
  pi.file("class/hwmon/hwmon0/name", "cpu_thermal\n");
  pi.file("class/hwmon/hwmon0/in0_lcrit_alarm", "1\n");
  CHECK_FALSE(pi.read().undervoltage);
  pi.file("class/hwmon/hwmon1/name", "rpi_volt\n");
  pi.file("class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
  CHECK(pi.read().undervoltage == true);
  CHECK_FALSE(pi.read().throttled);
}
