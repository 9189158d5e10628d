#pragma once
// What happened, numbered: the oracle of tests that kill clients. Simulator's own extension.
#include "discord-sim/types.hpp"

#include <deque>

namespace sim {

/// One line of the journal.
struct journal_entry {
  std::uint64_t number = 0; ///< from 1, without gaps
  unix_ms at = 0;           ///< domain time
  std::string kind;         ///< rest, gateway_in, gateway_out, act, interaction, message, fault
  std::string detail;       ///< a JSON object as text
};

/// Bounded memory of entries; the oldest go first.
class journal {
public:
  /// Kept entries; far above what a test of many hours reads at once.
  static constexpr std::size_t entries_max = 500000;

  void add(unix_ms now, std::string kind, const json& detail);
  /// Entries after number `since`, of `kind` ("" = all), at most `limit`, oldest first:
  /// `{first, last, entries:[{n, at_ms, kind, ...}]}`. `first` is the oldest one still kept.
  json since(std::uint64_t number, std::string_view kind, std::size_t limit) const;

private:
  std::deque<journal_entry> entries_;
  std::uint64_t next_ = 1;
};

} // namespace sim
