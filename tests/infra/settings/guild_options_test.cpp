#include "infra/settings/guild_options.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("guild options: an empty one is not set", "[settings]") {
  auto settings = guild_settings{};
  CHECK(option_of(settings, "zone") == nullptr);
  settings.options["zone"] = "";
  CHECK(option_of(settings, "zone") == nullptr);
  settings.options["zone"] = "UTC";
  REQUIRE(option_of(settings, "zone"));
  CHECK(*option_of(settings, "zone") == "UTC");
}

TEST_CASE("guild options: a number is brought within its bounds, damage counts as not set",
          "[settings]") {
  auto settings = guild_settings{};
  const auto read = [&](const char* stored) {
    settings.options["n"] = stored;
    return number_option_of(settings, "n", 1, 60);
  };
  CHECK(read("1") == 1);
  CHECK(read("60") == 60);
  CHECK(read("0") == 1);
  CHECK(read("-5") == 1);
  CHECK(read("61") == 60);
  CHECK(read("") == std::nullopt);
  CHECK(read("7x") == std::nullopt);
  CHECK(read("99999999999999999999") == std::nullopt);
  CHECK(number_option_of(settings, "absent", 1, 60) == std::nullopt);
}

TEST_CASE("guild options: the language set, Discord's where we speak it, or else the operator's",
          "[settings]") {
  const auto& texts = embedded_catalog();
  auto settings = guild_settings{};
  CHECK(language_of(settings, "fr", texts) == "fr");
  CHECK(language_of(settings, "en-US", texts) == "en");
  CHECK(language_of(settings, "de", texts) == std::nullopt);
  CHECK(language_of(settings, "", texts) == std::nullopt);
  settings.options["language"] = "fr";
  CHECK(language_of(settings, "de", texts) == "fr");
}
