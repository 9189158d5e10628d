#include "infra/sound/speech_level.hpp"
#include "infra/sound/clip.hpp"
#include "infra/sound/filters.hpp"
#include "infra/sound/soundscape.hpp"

namespace hearth::sound {
namespace {

constexpr float target = 0.1F;       ///< -20 dB.
constexpr float heard = 0.003F;      ///< -50 dB: where speech begins and ends.
constexpr size_t block = 960;        ///< 20 ms.
constexpr size_t soft_samples = 240; ///< 5 ms.

} // namespace

std::vector<float> level_speech(const mono_sound& raw) {
  auto all = resample_up(raw, static_cast<uint32_t>(sample_rate));
  const auto loud = [](float x) { return std::abs(x) > heard; };
  const auto first = std::find_if(all.begin(), all.end(), loud);
  const auto last = std::find_if(all.rbegin(), all.rend(), loud).base();
  if (first >= last)
    return {};
  auto words = std::vector<float>(first, last);
  words.resize(std::min(words.size(), clip_samples_max));
  // The mean over the louder blocks: pauses between words do not count.
  auto powers = std::vector<float>{};
  for (auto at = size_t{0}; at < words.size(); at += block) {
    const auto end = std::min(at + block, words.size());
    auto sum = 0.0F;
    for (auto i = at; i < end; ++i)
      sum += words[i] * words[i];
    powers.push_back(sum / static_cast<float>(end - at));
  }
  const auto most = *std::max_element(powers.begin(), powers.end());
  auto sum = 0.0F;
  auto count = 0;
  for (const auto power : powers)
    if (power > most / 30) {
      sum += power;
      ++count;
    }
  const auto gain = target / std::sqrt(sum / static_cast<float>(count));
  for (auto i = size_t{0}; i < words.size(); ++i) {
    const auto edge = static_cast<float>(std::min(i, words.size() - 1 - i)) / soft_samples;
    words[i] = bend_peak(words[i] * gain * std::min(1.0F, edge));
  }
  return words;
}

} // namespace hearth::sound
