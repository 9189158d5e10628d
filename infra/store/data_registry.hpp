#pragma once
// Every table: who owns it, whose data it holds, how long, and how it is erased. One table of truth
// for retention, for what a member may ask to see, and for forgetting them. Pure.
#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth {

/// What happens to a row when one of the members in it is forgotten.
enum class erasure : uint8_t {
  row,   ///< It goes.
  blank, ///< It stays, with 0 in place of the member's id.
};

struct table_rule {
  std::string_view table;
  std::string_view area;                 ///< Its owner.
  std::string_view what;                 ///< What it says, for the export: "hours you voted for".
  std::vector<std::string_view> members; ///< Columns with a member's id.
  erasure how = erasure::row;
  /// Column with Unix milliseconds: rows older than `keep_days` are removed each day. Empty: kept
  /// until erased, or until the guild is purged (a column `guild`, wherever there is one).
  std::string_view aged_by = {};
  int64_t keep_days = 0;
};

/// All tables of config/migrations, by area.
const std::vector<table_rule>& data_registry();

/// Whether a column of that name must hold a member's id.
bool names_member(std::string_view column);

} // namespace hearth
