#pragma once
// The picture of `hearthctl top`. Pure: facts in, lines out.
#include "hearthctl/render.hpp"
#include <string>

namespace hearth::ctl {

enum class top_order : uint8_t { busy, messages, waiting, longest, restarts, name };

struct top_state {
  top_order order = top_order::busy;
  bool reversed = false;
  bool paused = false;
  size_t first = 0; ///< Row at the top: scrolled so far.
};

/// What a key does to the state; false when it means "quit". `key`: a character, or "up", "down",
/// "page up", "page down".
bool press(top_state& state, const std::string& key);

struct top_facts {
  daemon_status status;
  actor_list before, now;
  std::string trouble; ///< Instead of facts that are old: why.
};

/// Exactly `lines` lines of at most `columns` characters each; escapes only for bold and reverse,
/// none without `colours`. Needs 40x8 to make sense; less shows what fits.
std::string top_frame(const top_facts& facts, top_state& state, size_t columns, size_t lines,
                      bool colours);

} // namespace hearth::ctl
