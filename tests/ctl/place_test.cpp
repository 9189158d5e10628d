// The client finds the daemon as hearthd finds its folder, and says what is wrong when it cannot.
#include "hearthctl/commands.hpp"
#include "hearthctl/place.hpp"
#include "infra/root/instance_lock_process.hpp"
#include "infra/root/lock_owner_process.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace hearth;
using namespace hearth::ctl;

namespace {

std::string trouble_of(const std::function<void()>& act, int exit_code) {
  try {
    act();
  } catch (const trouble& why) {
    CHECK(why.exit_code() == exit_code);
    return why.what();
  }
  FAIL("no trouble");
  return {};
}
bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("place: options win over the environment, as with hearthd", "[ctl]") {
  const auto environment = std::map<std::string, std::string>{{"HEARTH_DATA_DIR", "/data"},
                                                              {"HEARTH_PROFILE", "preprod"}};
  auto given = given_place{};
  CHECK(find_daemon(given, environment).data_folder == "/data/preprod");
  CHECK(find_daemon(given, environment).certificates == "/data/preprod/inspect");
  given.data = "/other";
  given.profile = "sandbox";
  given.certificates = "/certs";
  given.connect = "10.0.0.5:7480";
  const auto place = find_daemon(given, environment);
  CHECK(place.data_folder == "/other/sandbox");
  CHECK(place.certificates == "/certs");
  CHECK(place.address == "10.0.0.5");
  CHECK(place.port == 7480);
  given.profile = "nowhere";
  CHECK(has(trouble_of([&] { find_daemon(given, environment); }, exit_usage), "HEARTH_PROFILE"));
}

TEST_CASE("place: addresses with a port only", "[ctl]") {
  CHECK(parse_address("127.0.0.1 7480") == std::pair<std::string, uint16_t>{"127.0.0.1", 7480});
  CHECK(parse_address("[::1]:7480") == std::pair<std::string, uint16_t>{"::1", 7480});
  CHECK(parse_address("0.0.0.0 7480").first == "127.0.0.1");
  for (const auto* wrong : {"", "pi", "pi:", ":7480", "pi:0", "pi:65536", "pi:74x"})
    CHECK(has(trouble_of([&] { parse_address(wrong); }, exit_usage), "no address"));
}

TEST_CASE("place: no folder, no daemon, no port are told apart", "[ctl]") {
  const auto root = test::temp_folder{};
  auto place = daemon_place{};
  place.profile = "sandbox";
  place.data_folder = root.file("sandbox");
  place.certificates = place.data_folder + "/inspect";
  const auto find = [&] { find_port(place, inspect_right::steer, 0); };
  CHECK(has(trouble_of(find, exit_unreachable), "does not exist"));
  std::filesystem::create_directories(place.certificates);
  CHECK(has(trouble_of(find, exit_unreachable), "does not run with the profile sandbox"));
  {
    const auto lock = instance_lock::take(place.data_folder, "sandbox");
    CHECK(lock_owner(place.data_folder) == ::getpid());
    CHECK(has(trouble_of(find, exit_unreachable), "steer.port"));
    std::ofstream{place.certificates + "/steer.address"} << "127.0.0.1 7481\n";
    CHECK(find_port(place, inspect_right::steer, 0).second == 7481);
  }
  CHECK(lock_owner(place.data_folder) == 0);
  CHECK(has(trouble_of(find, exit_unreachable), "does not run"));
}

TEST_CASE("completion: the installed script is what hearthctl prints", "[ctl]") {
  auto text = std::ostringstream{};
  text << std::ifstream{std::string{SOURCE_DIR} + "/config/completion/hearthctl"}.rdbuf();
  CHECK(text.str() == bash_completion());
}

TEST_CASE("commands: each has a name of its own, help, and something to run", "[ctl]") {
  auto names = std::set<std::string>{};
  for (const auto& one : commands()) {
    CHECK(names.insert(one.name).second);
    CHECK_FALSE(one.help.empty());
    CHECK(one.run != nullptr);
  }
  CHECK(names.size() >= 20);
}
