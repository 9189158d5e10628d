// Texts by key: fallback, values, plurals; then the real files: same keys and same values in each
// language, every key used by the code.
#include "infra/settings/catalog.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace hearth;

namespace {

const std::vector<embedded_file> files = {
    {"en.toml", R"(
[vote]
done = "You are in for {hour}."
open = "{{not a value} {unknown} { x"
voters.one = "{count} voter"
voters.other = "{count} voters"
[only]
english = "Hello"
)"},
    {"fr.toml", R"(
[vote]
done = "Vous venez à {hour}."
voters.one = "{count} votant"
voters.other = "{count} votants"
)"},
};

std::string read(const std::filesystem::path& path) {
  auto text = std::ostringstream{};
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// A key without its plural form.
std::string stem(const std::string& key) {
  for (const std::string form : {".one", ".other"})
    if (key.size() > form.size() && key.compare(key.size() - form.size(), form.size(), form) == 0)
      return key.substr(0, key.size() - form.size());
  return key;
}

/// Every string literal of the program that looks like a key or like the beginning of some.
std::set<std::string> literals() {
  auto found = std::set<std::string>{};
  const auto literal = std::regex{"\"([a-z0-9_-]+(?:\\.[a-z0-9_-]+)*\\.?)\""};
  for (const auto* folder : {"actors", "infra"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{std::string{SOURCE_DIR "/"} + folder}) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
        continue;
      const auto source = read(entry.path());
      for (auto at = std::sregex_iterator{source.begin(), source.end(), literal};
           at != std::sregex_iterator{}; ++at)
        found.insert((*at)[1]);
    }
  return found;
}

/// Keys given as a literal to text(locale, "key" ...).
std::set<std::string> asked_keys() {
  auto found = std::set<std::string>{};
  const auto call = std::regex{"\\btext\\([^\";]*,\\s*\"([a-z0-9_.-]+)\"\\s*[,)]"};
  for (const auto* folder : {"actors", "infra"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{std::string{SOURCE_DIR "/"} + folder}) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
        continue;
      const auto source = read(entry.path());
      for (auto at = std::sregex_iterator{source.begin(), source.end(), call};
           at != std::sregex_iterator{}; ++at)
        found.insert((*at)[1]);
    }
  return found;
}

} // namespace

TEST_CASE("catalog: a locale falls back to its language, then to English", "[settings]") {
  const auto texts = catalog{files};
  CHECK(texts.problems().empty());
  CHECK(texts.text("fr", "vote.done", {{"hour", "21 h"}}) == "Vous venez à 21 h.");
  CHECK(texts.text("fr-CA", "vote.done", {{"hour", 21}}) == "Vous venez à 21.");
  CHECK(texts.text("en-GB", "vote.done", {{"hour", "9pm"}}) == "You are in for 9pm.");
  CHECK(texts.text("de", "vote.done", {{"hour", "9pm"}}) == "You are in for 9pm.");
  CHECK(texts.text("", "only.english") == "Hello");
  CHECK(texts.text("fr", "only.english") == "Hello");
  CHECK(texts.language_of("fr-CA") == "fr");
  CHECK(texts.language_of("x") == "en");
  CHECK(texts.languages() == std::vector<std::string>{"en", "fr"});
  CHECK(texts.translations("vote.done").size() == 2);
  CHECK(texts.translations("only.english").size() == 1);
  CHECK(texts.missing() == 0);
}

TEST_CASE("catalog: plural forms follow the language", "[settings]") {
  const auto texts = catalog{files};
  const auto voters = [&](const char* locale, int count) {
    return texts.text(locale, "vote.voters", {{"count", count}});
  };
  CHECK(voters("en", 0) == "0 voters");
  CHECK(voters("en", 1) == "1 voter");
  CHECK(voters("en", 2) == "2 voters");
  CHECK(voters("fr", 0) == "0 votant");
  CHECK(voters("fr", 1) == "1 votant");
  CHECK(voters("fr", 2) == "2 votants");
  CHECK(texts.has("vote.voters"));
  CHECK_FALSE(texts.has("vote.vote"));
}

TEST_CASE("catalog: an unknown key gives itself and is counted", "[settings]") {
  const auto texts = catalog{files};
  CHECK(texts.text("fr", "vote.nothing") == "vote.nothing");
  CHECK(texts.text("fr", "vote.voters") == "vote.voters"); // no count given
  CHECK(texts.missing() == 2);
}

TEST_CASE("catalog: braces", "[settings]") {
  const auto texts = catalog{files};
  CHECK(texts.text("en", "vote.open", {{"x", 1}}) == "{not a value} {unknown} { x");
  // Values are not looked at again.
  CHECK(texts.text("en", "vote.done", {{"hour", "{hour}"}}) == "You are in for {hour}.");
  CHECK(placeholders("{b} {a} {b} {{c} {D} {") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("catalog: a broken file is told with its line", "[settings]") {
  const auto texts = catalog{{{"en.toml", "[a]\nx = \"good\"\ny = 5\n"}, {"fr.toml", "[a\n"}}};
  REQUIRE(texts.problems().size() == 2);
  CHECK(texts.problems()[0].find("en.toml:3: a.y") == 0);
  CHECK(texts.problems()[1].find("fr.toml:1: ") == 0);
  CHECK(texts.text("fr", "a.x") == "good");
}

TEST_CASE("locales: each language has the same keys with the same values", "[settings]") {
  const auto& texts = embedded_catalog();
  for (const auto& problem : texts.problems())
    FAIL_CHECK(problem);
  REQUIRE(texts.languages() == std::vector<std::string>{"en", "fr"});
  for (const auto& language : texts.languages())
    for (const auto& [key, text] : texts.texts(language)) {
      CAPTURE(language, key, text);
      CHECK_FALSE(text.empty());
      for (const auto& other : texts.languages()) {
        const auto found = texts.texts(other).find(key);
        if (found == texts.texts(other).end()) {
          FAIL_CHECK("missing in " << other);
          continue;
        }
        // A form for one may do without the number.
        auto mine = placeholders(text), theirs = placeholders(found->second);
        if (stem(key) != key) {
          mine.erase(std::remove(mine.begin(), mine.end(), "count"), mine.end());
          theirs.erase(std::remove(theirs.begin(), theirs.end(), "count"), theirs.end());
        }
        CHECK(mine == theirs);
      }
      if (stem(key) != key) {
        CHECK(texts.texts(language).count(stem(key) + ".one"));
        CHECK(texts.texts(language).count(stem(key) + ".other"));
        CHECK_FALSE(texts.texts(language).count(stem(key)));
      }
    }
}

TEST_CASE("locales: every key is used, every key asked for exists", "[settings]") {
  const auto& texts = embedded_catalog();
  const auto known = literals();
  for (const auto& [key, text] : texts.texts("en")) {
    auto used = known.count(stem(key)) > 0;
    for (auto dot = key.find('.'); !used && dot != std::string::npos; dot = key.find('.', dot + 1))
      used = known.count(key.substr(0, dot + 1)) > 0;
    if (!used)
      FAIL_CHECK("no code uses the text " << key);
  }
  for (const auto& key : asked_keys())
    if (key.back() != '.' && key.find('.') != std::string::npos && !texts.has(key))
      FAIL_CHECK("the code asks for the text " << key << ", which is in no locale");
}

TEST_CASE("locales: French typography", "[settings]") {
  // A plain space before a high mark, or a typewriter's apostrophe between letters.
  const auto bad = std::regex{" [;:!?»]( |$)|« |[A-Za-z]'[a-zA-Z]"};
  for (const auto& [key, text] : embedded_catalog().texts("fr"))
    if (std::regex_search(text, bad))
      FAIL_CHECK("fr " << key << ": use ’ and non-breaking spaces: " << text);
}
