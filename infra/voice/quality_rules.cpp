#include "infra/voice/quality_rules.hpp"
#include <fmt/format.h>

namespace hearth::voice {
namespace {

double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// What is wrong; empty when nothing is.
std::string trouble(const quality_limits& limits, const quality_look& seen) {
  if (seen.throttled)
    return "the CPU is throttled";
  if (seen.celsius >= limits.hot_celsius)
    return fmt::format("{:.0f} C", seen.celsius);
  if (const auto gaps = share(seen.gaps, seen.frames + seen.gaps); gaps > limits.gap_share)
    return fmt::format("{:.1f} % of the frames were not there in time", gaps * 100);
  if (const auto late = share(seen.late, seen.frames); late > limits.late_share)
    return fmt::format("{:.1f} % of the frames came late", late * 100);
  return {};
}

} // namespace

std::optional<quality_step> quality_guard::look(const quality_look& seen) {
  auto why = trouble(limits_, seen);
  if (!why.empty()) {
    well_ = 0;
    if (now_ == sound_quality::shared)
      return std::nullopt;
    now_ = now_ == sound_quality::full ? sound_quality::reduced : sound_quality::shared;
    return quality_step{now_, std::move(why)};
  }
  if (now_ == sound_quality::full || seen.celsius >= limits_.cool_celsius) {
    well_ = 0;
    return std::nullopt;
  }
  if (++well_ < limits_.well_looks)
    return std::nullopt;
  well_ = 0;
  now_ = now_ == sound_quality::shared ? sound_quality::reduced : sound_quality::full;
  return quality_step{now_, "the machine keeps up again"};
}

} // namespace hearth::voice
