// The configuration file: every mistake is told with its place, a wrong file changes nothing.
#include "infra/settings/catalog.hpp"
#include "infra/settings/options.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include <fstream>
#include <set>
#include <sstream>

using namespace hearth;

namespace {

std::string problems_of(std::string_view text,
                        const std::map<std::string, std::string>& environment = {}) {
  return problems_text(parse_settings(text, "hearth.toml", environment).problems);
}

std::string read(const std::string& path) {
  auto text = std::ostringstream{};
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// Fails when the tree's text is not what is generated, and leaves the right one for copying.
void check_generated(const std::string& name, const std::string& is, const std::string& wanted) {
  if (is == wanted)
    return;
  const auto made = std::string{BINARY_DIR "/"} + name;
  std::ofstream{made} << wanted;
  FAIL_CHECK("config/" << name << " is not what the options say; put the text of " << made
                       << " there");
}

} // namespace

TEST_CASE("options: each is declared completely", "[settings]") {
  auto seen = std::set<std::string_view>{};
  for (const auto& one : options()) {
    CAPTURE(one.key);
    CHECK(seen.insert(one.key).second);
    REQUIRE_FALSE(one.help.empty());
    CHECK(one.help.back() == '.');
    auto defaults = settings{};
    if (const auto* number = std::get_if<int64_t* (*)(settings&)>(&one.place)) {
      CHECK(one.min < one.max);
      CHECK(*(*number)(defaults) >= one.min);
      CHECK(*(*number)(defaults) <= one.max);
    }
    if (const auto* text = std::get_if<std::string* (*)(settings&)>(&one.place)) {
      CHECK((one.max > 0) == one.choices.empty());
      if (one.check)
        CHECK((*(*text)(defaults)).size() * one.check(*(*text)(defaults)).size() == 0);
    }
  }
}

TEST_CASE("options: a public key is 64 hex digits or nothing", "[settings]") {
  const auto problems = [](const std::string& key) {
    return parse_settings("interactions.public_key = \"" + key + "\"", "hearth.toml", {})
        .problems.size();
  };
  CHECK(problems("") == 0);
  CHECK(problems(std::string(64, 'A')) == 0);
  for (const auto& wrong :
       {std::string(63, 'a'), std::string(62, 'a') + "0x", std::string(66, '0')})
    CHECK(problems(wrong) == 1);
}

TEST_CASE("options: no two share a place", "[settings]") {
  // Sets each in turn to something else and looks what changed.
  const auto other = std::map<std::string, std::string>{
      {"data.folder", "\"/x\""},
      {"discord.api", "\"https://x.example\""},
      {"gateway.presence", "\"x\""},
      {"alerts.channel", "\"5\""},
      {"metrics.address", "\"::1\""},
      {"inspect.address", "\"::1\""},
      {"steer.address", "\"::1\""},
      {"sound.folder", "\"x\""},
      {"sound.voice_en", "\"x\""},
      {"sound.voice_fr", "\"x\""},
      {"sound.speech_command", "\"x\""},
      {"voice.ca_file", "\"x\""},
      {"guild.zone", "\"Asia/Tokyo\""},
      {"guild.mod_role", "\"x\""},
      {"guild.bot_owners", "[\"5\"]"},
      {"guild.legacy_prefix", "\"!\""},
      {"store.backup_time", "\"05:00\""},
      {"interactions.http_address", "\"::1\""},
      {"interactions.public_key", "\"" + std::string(64, 'a') + "\""}};
  for (const auto& one : options()) {
    CAPTURE(one.key);
    auto value = std::string{};
    if (const auto given = other.find(std::string{one.key}); given != other.end())
      value = given->second;
    else if (!one.choices.empty())
      value = "\"" +
              std::string{value_text(one, {}) == "\"" + std::string{one.choices[0]} + "\""
                              ? one.choices[1]
                              : one.choices[0]} +
              "\"";
    else if (one.place.index() == 1)
      value = std::to_string(value_text(one, {}) == std::to_string(one.max) ? one.min : one.max);
    else if (one.place.index() == 2)
      value = value_text(one, {}) == "true" ? "false" : "true";
    const auto parsed = parse_settings(std::string{one.key} + " = " + value, "hearth.toml", {});
    CHECK(problems_text(parsed.problems).empty());
    const auto changed = changes({}, parsed.value);
    REQUIRE(changed.size() == 1);
    CHECK(changed[0].key == one.key);
    CHECK(changed[0].to == value);
    CHECK(parsed.sources.at(std::string{one.key}) == "hearth.toml:1");
    CHECK(changes(apply_reloadable({}, parsed.value), parsed.value).empty() == one.reloadable);
  }
}

TEST_CASE("options: mistakes are told with line, reason and what to write", "[settings]") {
  using row = std::pair<const char*, const char*>;
  const auto [text, wanted] = GENERATE(values<row>({
      {"gateway.compresion = \"zstd\"",
       "hearth.toml:1: unknown option gateway.compresion; did you mean gateway.compression?\n"},
      {"[gatway]\n\ncompression = \"zstd\"",
       "hearth.toml:3: unknown option gatway.compression; did you mean gateway.compression?\n"},
      {"[metric]\nport = 9464",
       "hearth.toml:2: unknown option metric.port; did you mean metrics.port?\n"},
      {"[voice]\nca_fil = \"x\"\n[rest]\nconnections_max = 0", // from the top down
       "hearth.toml:2: unknown option voice.ca_fil; did you mean voice.ca_file?\n"
       "hearth.toml:4: rest.connections_max is 0; it must be a number, 1 to 1000\n"},
      {"zone = \"UTC\"", "hearth.toml:1: unknown option zone; did you mean guild.zone?\n"},
      {"[x]\nunheard_of = 1",
       "hearth.toml:2: unknown option x.unheard_of; config/README.md lists all\n"},
      {"gateway.compression = \"gzip\"",
       "hearth.toml:1: gateway.compression is \"gzip\"; it must be "
       "one of zstd, zlib, none\n"},
      {"gateway.compression = 5",
       "hearth.toml:1: gateway.compression must be one of zstd, zlib, none\n"},
      {"rest.connections_max = 0",
       "hearth.toml:1: rest.connections_max is 0; it must be a number, 1 to 1000\n"},
      {"rest.connections_max = 1001",
       "hearth.toml:1: rest.connections_max is 1001; it must be a number, 1 to 1000\n"},
      {"rest.connections_max = \"5\"",
       "hearth.toml:1: rest.connections_max must be a number, 1 to 1000\n"},
      {"features.schedule = \"yes\"", "hearth.toml:1: features.schedule must be true or false\n"},
      {"guild.zone = \"Pari\"", "hearth.toml:1: guild.zone is \"Pari\": no such time zone; did you "
                                "mean \"Europe/Paris\"?\n"},
      {"store.backup_time = \"24:00\"", "hearth.toml:1: store.backup_time is \"24:00\": no time of "
                                        "day; write one such as \"04:10\"\n"},
      {"guild.bot_owners = [5]", "hearth.toml:1: guild.bot_owners must be a list of ids as texts, "
                                 "such as [\"80351110224678912\"]\n"},
      {"guild.bot_owners = \"5\"", "hearth.toml:1: guild.bot_owners must be list of ids\n"},
      {"guild.legacy_prefix = \"! \"",
       "hearth.toml:1: guild.legacy_prefix is \"! \": only visible ASCII characters\n"},
      {"guild.legacy_prefix = \"!!!!!!\"",
       "hearth.toml:1: guild.legacy_prefix is longer than 5 bytes\n"},
      {"[sandbox]\nprofile = \"prod\"", "hearth.toml:1: [sandbox] may not choose the profile; that "
                                        "stands at the top\n"},
      // Sections of other profiles are checked too.
      {"[preprod.log]\nlevle = \"debug\"",
       "hearth.toml:2: unknown option log.levle; did you mean log.level?\n"},
  }));
  CAPTURE(text);
  CHECK(problems_of(text) == wanted);
}

TEST_CASE("options: a token in the file is refused and not repeated", "[settings]") {
  const auto told = problems_of("[discord]\ntoken = \"MTk4.secret.value\"");
  CHECK(told.find("hearth.toml:2: discord.token does not belong here") == 0);
  CHECK(told.find("secret") == std::string::npos);
}

TEST_CASE("options: broken TOML is told with its line", "[settings]") {
  CHECK(problems_of("a = 1\n[log\n").find("hearth.toml:2: ") == 0);
  CHECK_FALSE(problems_of("log.level = \"info\"\nlog.level = \"debug\"").empty());
  CHECK(problems_of("").empty());
}

TEST_CASE("options: plain http is for this machine", "[settings]") {
  CHECK(problems_of("discord.api = \"http://127.0.0.1:8090/api\"").empty());
  CHECK(problems_of("discord.api = \"https://discord.com/api\"").empty());
  CHECK_FALSE(problems_of("discord.api = \"http://discord.com/api\"").empty());
  CHECK_FALSE(problems_of("", {{"HEARTH_DISCORD_API", "ftp://x"}}).empty());
}

TEST_CASE("options: the profile's section wins over the file, the environment over all",
          "[settings]") {
  const auto* text = "profile = \"preprod\"\n[log]\nlevel = \"warn\"\n[preprod.log]\nlevel = "
                     "\"debug\"\n[sandbox]\nlog.level = \"trace\"\ndata.folder = \"/sandbox\"\n";
  const auto level = [&](std::map<std::string, std::string> environment) {
    const auto parsed = parse_settings(text, "hearth.toml", environment);
    CHECK(problems_text(parsed.problems).empty());
    return parsed.value.log.level + " " + parsed.sources.at("log.level");
  };
  CHECK(level({}) == "debug hearth.toml:5");
  CHECK(level({{"HEARTH_PROFILE", "prod"}}) == "warn hearth.toml:3");
  CHECK(level({{"HEARTH_PROFILE", "sandbox"}}) == "trace hearth.toml:7");
  const auto parsed = parse_settings(text, "hearth.toml",
                                     {{"HEARTH_PROFILE", "sandbox"}, {"HEARTH_DATA_DIR", "/mine"}});
  CHECK(parsed.value.data.folder == "/mine");
  CHECK(parsed.sources.at("data.folder") == "HEARTH_DATA_DIR");
  CHECK(problems_of("", {{"HEARTH_PROFILE", "test"}}) ==
        "HEARTH_PROFILE: profile is \"test\"; it must be one of prod, preprod, sandbox\n");
}

TEST_CASE("options: a reload applies what may change and names the rest", "[settings]") {
  const auto before = settings{};
  const auto parsed = parse_settings("log.level = \"debug\"\ngateway.compression = \"none\"\n"
                                     "guild.bot_owners = [\"5\", \"6\"]\n",
                                     "hearth.toml", {});
  const auto changed = changes(before, parsed.value);
  REQUIRE(changed.size() == 3);
  CHECK(changed[0].key == "gateway.compression");
  CHECK_FALSE(changed[0].reloadable);
  CHECK(changed[1].to == "[\"5\", \"6\"]");
  CHECK(changed[2].reloadable);
  const auto now = apply_reloadable(before, parsed.value);
  CHECK(now.log.level == "debug");
  CHECK(now.gateway.compression == "zstd");
  CHECK(now.guild.bot_owners.size() == 2);
}

TEST_CASE("options: explain names every option, its value and who said so", "[settings]") {
  const auto text = explain(parse_settings("\nlog.level = \"debug\"", "hearth.toml", {}));
  CHECK(text.find("log.level") != std::string::npos);
  CHECK(text.find("\"debug\"") != std::string::npos);
  CHECK(text.find("hearth.toml:2") != std::string::npos);
  for (const auto& one : options())
    CHECK(text.find(one.key) != std::string::npos);
}

TEST_CASE("options: languages are those of the locales", "[settings]") {
  const auto languages = embedded_catalog().languages();
  const auto* one = find_option("guild.language");
  REQUIRE(one);
  CHECK(std::vector<std::string>(one->choices.begin(), one->choices.end()) == languages);
}

TEST_CASE("options: the example file is generated, and says the defaults", "[settings]") {
  check_generated("hearth.example.toml", read(SOURCE_DIR "/config/hearth.example.toml"),
                  example_file());
  // With every option's # removed it parses, and nothing differs from the defaults.
  auto text = std::string{}, line = std::string{};
  for (auto lines = std::istringstream{example_file()}; std::getline(lines, line);) {
    const auto is_option = line.rfind("# ", 0) == 0 && line.find(" = ") != std::string::npos &&
                           line.find('(') == std::string::npos && line != "# level = \"debug\"";
    text += (is_option ? line.substr(2) : line) + "\n";
    CHECK(line.size() <= 100);
  }
  const auto parsed = parse_settings(text, "example", {});
  CHECK(problems_text(parsed.problems).empty());
  CHECK(parsed.sources.size() == options().size());
  CHECK(changes({}, parsed.value).empty());
}

TEST_CASE("options: the reference in config/README.md is generated", "[settings]") {
  const auto readme = read(SOURCE_DIR "/config/README.md");
  const auto first = readme.find("| option |");
  REQUIRE(first != std::string::npos);
  auto last = first;
  while (last < readme.size() && readme[last] == '|')
    last = readme.find('\n', last) + 1;
  check_generated("README.md", readme.substr(first, last - first), reference_table());
}
