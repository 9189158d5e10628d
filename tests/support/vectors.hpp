#pragma once
// Test vectors as JSON, and hex. Those of the MLS working group come without a licence: they are
// read from a folder (HEARTH_VECTORS) and the tests say so when they are skipped without it.
#include "infra/dave/bytes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace hearth::test {

inline dave::bytes unhex(const std::string& text) {
  REQUIRE(text.size() % 2 == 0);
  auto out = dave::bytes{};
  for (auto at = size_t{0}; at < text.size(); at += 2)
    out.push_back(static_cast<uint8_t>(std::stoul(text.substr(at, 2), nullptr, 16)));
  return out;
}
inline dave::bytes unhex(const nlohmann::json& text) { return unhex(text.get<std::string>()); }

inline std::string hex(dave::byte_view from) {
  static constexpr auto digits = std::string_view("0123456789abcdef");
  auto out = std::string{};
  for (const auto byte : from) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// Our own vectors, part of the project: made by tests/support/dave_vectors.mjs.
inline nlohmann::json own_vectors(const std::string& name) {
  auto file = std::ifstream(std::string(SOURCE_DIR "/tests/data/dave/") + name);
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

/// The working group's: entries of `name`, or an empty list, which skips the test.
inline nlohmann::json mls_vectors(const std::string& name) {
  const auto* set = std::getenv("HEARTH_VECTORS");
  const auto folder = std::string(set != nullptr ? set : VECTORS_DIR);
  auto file = std::ifstream(folder + "/" + name);
  if (folder.empty() || !file) {
    WARN("skipped: no vectors (set HEARTH_VECTORS to the folder with " << name << ")");
    return nlohmann::json::array();
  }
  auto entries = nlohmann::json::parse(file);
  REQUIRE(!entries.empty());
  return entries;
}

} // namespace hearth::test
