#pragma once
// What voice counts for the whole process. Each number is written where it happens and may be read
// by anybody; no locks. Pure.
#include "infra/inspect/histogram.hpp"
#include <atomic>
#include <cstdint>

namespace hearth::voice {

struct voice_counters {
  std::atomic<int64_t> sessions{0}; ///< Voice sessions that stand.
  std::atomic<int64_t> playing{0};  ///< Lines that were sent to in the last tick.
  std::atomic<int64_t> shared{0};   ///< Channels that play from a shared stream.
  std::atomic<int64_t> quality{0};  ///< 0 full, 1 reduced, 2 shared streams only.
  std::atomic<uint64_t> joins{0}, resumes{0}, losses{0}; ///< Sessions begun, resumed, lost.
  std::atomic<uint64_t> frames{0};                       ///< Packets with sound that were sent.
  std::atomic<uint64_t> underruns{0};                    ///< Frames that were not rendered in time.
  std::atomic<uint64_t> drops{0}; ///< Frames that could not be encrypted or sent.
  /// A packet's time behind its deadline, microseconds.
  histogram<10, 1'000'000> lateness{
      {100, 250, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000}};
};

} // namespace hearth::voice
