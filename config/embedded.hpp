#pragma once
// Files of config/ that are part of the program, put in at build time by config/embed.cmake.
#include <string_view>
#include <vector>

namespace hearth {

struct embedded_file {
  std::string_view name; ///< Without folder: "0001_core.sql", "fr.toml".
  std::string_view text; ///< The whole file, UTF-8.
};

/// config/migrations/*.sql, sorted by name.
const std::vector<embedded_file>& embedded_migrations();
/// config/locales/*.toml, sorted by name.
const std::vector<embedded_file>& embedded_locales();

} // namespace hearth
