// What a start is given: files, environment, credentials, and each way they can be wrong.
#include "infra/settings/startup_session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace hearth;

namespace {

using variables = std::map<std::string, std::string>;

struct fixture {
  test::temp_folder folder;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{folder.file(name)} << text;
    return folder.file(name);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "startup: the file is the one named, or none", "[settings]") {
  const auto one = write("one.toml", "log.level = \"debug\"");
  const auto two = write("two.toml", "log.level = \"warn\"");
  CHECK(read_startup(one, {{"HEARTH_CONFIG", two}}).settings.value.log.level == "debug");
  CHECK(read_startup("", {{"HEARTH_CONFIG", two}}).settings.value.log.level == "warn");
  const auto gone = read_startup(folder.file("gone.toml"), {});
  REQUIRE(gone.settings.problems.size() == 1);
  CHECK(gone.settings.problems[0].where == folder.file("gone.toml"));
  CHECK(gone.settings.problems[0].what.find("No such file") != std::string::npos);
  CHECK(read_startup(folder.path(), {}).settings.problems.size() == 1); // a folder
  CHECK(read_startup("/dev/zero", {}).settings.problems.at(0).what.find("1 MB") !=
        std::string::npos);
}

TEST_CASE_METHOD(fixture, "startup: mistakes name the file and the line", "[settings]") {
  const auto path = write("bad.toml", "\n\nlog.levle = \"debug\"");
  const auto result = read_startup(path, {});
  CHECK(problems_text(result.settings.problems) ==
        path + ":3: unknown option log.levle; did you mean log.level?\n");
}

TEST_CASE_METHOD(fixture, "startup: each profile has a data folder of its own", "[settings]") {
  const auto where = [](const variables& environment) {
    return read_startup("/dev/null", environment).data_folder;
  };
  CHECK(where({{"HEARTH_DATA_DIR", "/a"}, {"STATE_DIRECTORY", "/b"}}) == "/a/prod");
  CHECK(where({{"HEARTH_PROFILE", "sandbox"}, {"STATE_DIRECTORY", "/b:/c"}}) == "/b/sandbox");
  CHECK(where({{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}}) == "/x/hearth/prod");
  CHECK(where({{"HOME", "/h"}}) == "/h/.local/share/hearth/prod");
  CHECK(where({}) == "/var/lib/hearth/prod");
}

TEST_CASE_METHOD(fixture, "startup: the token is the environment's, else a credential",
                 "[settings]") {
  write("discord_token", "general\n");
  write("discord_token_preprod", "  Bot special \n");
  const auto token = [&](variables environment) {
    environment["CREDENTIALS_DIRECTORY"] = folder.path();
    const auto result = read_startup("/dev/null", environment);
    CHECK(problems_text(result.settings.problems).empty());
    return result.token.reveal() + " " +
           result.token_source.substr(result.token_source.rfind('/') + 1);
  };
  CHECK(token({{"HEARTH_DISCORD_TOKEN", "mine"}}) == "mine HEARTH_DISCORD_TOKEN");
  CHECK(token({}) == "general discord_token");
  CHECK(token({{"HEARTH_PROFILE", "preprod"}}) == "special discord_token_preprod");
  const auto none = read_startup("/dev/null", {});
  CHECK(none.token.empty());
  CHECK(none.token_source.empty());
}

TEST_CASE_METHOD(fixture, "startup: a mangled token is refused without showing it", "[settings]") {
  const auto result = read_startup("/dev/null", {{"HEARTH_DISCORD_TOKEN", "abc def"}});
  CHECK(result.token.empty());
  const auto told = problems_text(result.settings.problems);
  CHECK(told.find("HEARTH_DISCORD_TOKEN: ") == 0);
  CHECK(told.find("abc") == std::string::npos);
  CHECK(fmt::format("{}", secret{"abc"}) == "***");
  auto stream = std::ostringstream{};
  stream << secret{"abc"};
  CHECK(stream.str() == "***");
}

TEST_CASE("startup: slips in variables' names are warned of", "[settings]") {
  const auto result =
      read_startup("/dev/null", {{"HEARTH_TOKEN", "x"}, {"HEARTH_PROFILE", "prod"}});
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("HEARTH_TOKEN") == 0);
  CHECK(result.warnings[0].find("HEARTH_DISCORD_TOKEN") != std::string::npos);
}

TEST_CASE("startup: the environment is read by name", "[settings]") {
  ::setenv("HEARTH_PROFILE", "sandbox", 1);
  ::setenv("UNRELATED", "x", 1);
  const auto found = read_environment();
  CHECK(found.at("HEARTH_PROFILE") == "sandbox");
  CHECK_FALSE(found.count("UNRELATED"));
  ::unsetenv("HEARTH_PROFILE");
}

TEST_CASE_METHOD(fixture, "startup: the data folder is made for its owner alone", "[settings]") {
  const auto path = folder.file("a/b/prod");
  CHECK(prepare_data_folder(path).empty());
  struct stat is = {};
  REQUIRE(::stat(path.c_str(), &is) == 0);
  CHECK((is.st_mode & 0777) == 0700);
  CHECK(prepare_data_folder(path).empty());
  write("file", "");
  CHECK(prepare_data_folder(folder.file("file/below")).find("cannot be made") != std::string::npos);
}

TEST_CASE("startup: without a token five lines say what to do", "[settings]") {
  const auto help = token_help("prod");
  CHECK(std::count(help.begin(), help.end(), '\n') == 5);
  CHECK(help.find("HEARTH_DISCORD_TOKEN") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "startup: addresses with passwords come like the token", "[settings]") {
  write("alert_webhook", "https://general.example/hook\n");
  write("alert_webhook_preprod", "https://special.example/hook\n");
  write("uptime_push", "http://kuma.lan/api/push/abc?status=up\n");
  auto environment = variables{{"CREDENTIALS_DIRECTORY", folder.path()}};
  auto result = read_startup("/dev/null", environment);
  CHECK(problems_text(result.settings.problems).empty());
  CHECK(result.alert_webhook.reveal() == "https://general.example/hook");
  CHECK(result.uptime_push.reveal() == "http://kuma.lan/api/push/abc?status=up");
  environment["HEARTH_PROFILE"] = "preprod";
  CHECK(read_startup("/dev/null", environment).alert_webhook.reveal() ==
        "https://special.example/hook");
  environment["HEARTH_ALERT_WEBHOOK"] = " https://first.example/hook ";
  result = read_startup("/dev/null", environment);
  CHECK(result.alert_webhook.reveal() == "https://first.example/hook");
  CHECK(result.warnings.empty()); // a known variable
  CHECK(read_startup("/dev/null", {}).alert_webhook.empty());
  for (const auto* wrong : {"hook.example/secret-part", "ftp://x/secret-part", "https://a b"}) {
    result = read_startup("/dev/null", {{"HEARTH_UPTIME_PUSH", wrong}});
    REQUIRE(result.settings.problems.size() == 1);
    CHECK(result.settings.problems[0].where == "HEARTH_UPTIME_PUSH");
    CHECK(result.settings.problems[0].what.find("secret") == std::string::npos);
    CHECK(result.uptime_push.empty());
  }
}
