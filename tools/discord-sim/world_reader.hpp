#pragma once
// Reading one TOML table with checks whose errors name file and line. Only world_file.cpp needs it.
#include "discord-sim/types.hpp"
#include <initializer_list>
#include <map>
#include <toml++/toml.h>
#include <vector>

namespace sim {

/// One table of a world file. Every method throws std::runtime_error "FILE:LINE: reason" when the
/// value has the wrong type; absent values give the fallback.
class world_reader {
public:
  /// `what` names the table in messages, e.g. "user". Unknown keys are refused at once.
  world_reader(const toml::table& table, const std::string& file, std::string what,
               std::initializer_list<std::string_view> keys);

  std::string text(std::string_view key, std::string fallback = {}) const;
  /// The same, but must be there and not empty.
  std::string required(std::string_view key) const;
  std::int64_t number(std::string_view key, std::int64_t fallback, std::int64_t low,
                      std::int64_t high) const;
  bool flag(std::string_view key, bool fallback) const;
  /// "#rrggbb"; 0 when absent.
  std::uint32_t color(std::string_view key) const;
  /// An id of 17-19 digits; when absent, one that follows from `path`, e.g. "guild/x/role/y".
  snowflake id(std::string_view path) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// Names of permissions, joined.
  std::uint64_t permissions(std::string_view key) const;
  /// `{ "Role" = ["PERMISSION", ...], ... }`
  std::map<std::string, std::uint64_t> permission_table(std::string_view key) const;
  /// The tables of `[[key]]`, in order.
  std::vector<const toml::table*> tables(std::string_view key) const;

  /// Throws with the line of `key`, or of the table.
  [[noreturn]] void fail(std::string_view key, const std::string& reason) const;

private:
  const toml::node* find(std::string_view key) const;
  std::uint64_t permission_list(const toml::node& node) const;

  const toml::table& table_;
  std::string file_;
  std::string what_;
};

/// The id that follows from a path, e.g. "guild/x/role/y".
snowflake id_of_path(std::string_view path) noexcept;

/// Throws "FILE:LINE: reason" for a node.
[[noreturn]] void fail_at(const std::string& file, const toml::source_region& where,
                          const std::string& reason);

} // namespace sim
