#pragma once
// When sound has to cost less: the machine is hot or throttled, or frames come late. Pure.
#include "infra/voice/channel_sound.hpp"
#include <cstdint>
#include <optional>
#include <string>

namespace hearth::voice {

constexpr int64_t quality_look_ms = 10'000; ///< Between two looks, while anybody plays.

struct quality_limits {
  double hot_celsius = 80;  ///< A Raspberry Pi slows down here.
  double cool_celsius = 74; ///< Below it may cost more again.
  double late_share = 0.02; ///< Of the packets since the last look, later than 10 ms.
  double gap_share = 0.005; ///< Of the frames since the last look, not rendered in time.
  uint32_t well_looks = 6;  ///< So many in a row that are well, then one step up.
};

/// What one look at the machine and the pacer found.
struct quality_look {
  double celsius = -1;    ///< Negative: the machine does not tell.
  bool throttled = false; ///< It runs slower than it could.
  uint64_t frames = 0;    ///< Since the look before: sent ...
  uint64_t late = 0;      ///< ... of these late ...
  uint64_t gaps = 0;      ///< ... and not there in time.
};

struct quality_step {
  sound_quality to = sound_quality::full;
  std::string why; ///< English: "82 C".
};

/// Remembers how well it went. One step at a time.
class quality_guard {
public:
  explicit quality_guard(quality_limits limits = {}) : limits_(limits) {}
  /// What to do about it; nothing when all stays as it is.
  std::optional<quality_step> look(const quality_look& seen);
  sound_quality now() const noexcept { return now_; }

private:
  quality_limits limits_;
  sound_quality now_ = sound_quality::full;
  uint32_t well_ = 0; ///< Looks in a row.
};

} // namespace hearth::voice
