#pragma once
// Sounds whose every sample a test knows, and what tests measure.
#include "infra/sound/frame.hpp"
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

namespace test {

namespace sound = hearth::sound;

/// A sine in both ears, from phase 0.
class sine final : public sound::source {
public:
  explicit sine(float hz, float level = 0.25F) : hz_(hz), level_(level) {}
  void render(sound::frame& out) override {
    for (auto i = size_t{0}; i < sound::frame_samples; ++i, ++at_) {
      const auto x = level_ * static_cast<float>(
                                  std::sin(2 * std::numbers::pi * hz_ * static_cast<double>(at_) /
                                           static_cast<double>(sound::sample_rate)));
      out[2 * i] = out[2 * i + 1] = x;
    }
    ++frames;
  }
  int frames = 0;

private:
  double hz_;
  float level_;
  size_t at_ = 0;
};

/// The same value for ever.
class steady final : public sound::source {
public:
  explicit steady(float level) : level_(level) {}
  void render(sound::frame& out) override { out.fill(level_); }

private:
  float level_;
};

/// Frames one after another, as interleaved samples.
template <class Renderer> std::vector<float> take(Renderer& from, size_t frames) {
  auto all = std::vector<float>{};
  all.reserve(frames * sound::frame_samples * 2);
  auto one = sound::frame{};
  for (auto n = size_t{0}; n < frames; ++n) {
    from.render(one);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

/// Largest step from a sample to the next one of the same ear.
inline float largest_step(const std::vector<float>& samples, size_t from = 0) {
  auto most = 0.0F;
  for (auto i = from + 2; i < samples.size(); ++i)
    most = std::max(most, std::abs(samples[i] - samples[i - 2]));
  return most;
}

inline float peak_of(const std::vector<float>& samples) {
  auto most = 0.0F;
  for (const auto x : samples)
    most = std::max(most, std::abs(x));
  return most;
}

/// Root mean square of frames [from, to).
inline float level_of(const std::vector<float>& samples, size_t from, size_t to) {
  auto sum = 0.0;
  const auto begin = from * sound::frame_samples * 2, end = to * sound::frame_samples * 2;
  for (auto i = begin; i < end; ++i)
    sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
  return static_cast<float>(std::sqrt(sum / static_cast<double>(end - begin)));
}

/// Power at one frequency, of the left ear (Goertzel), to that of a full sine: 0.25 of amplitude
/// gives 0.0625.
inline double power_at(const std::vector<float>& samples, double hz, size_t from, size_t count) {
  const auto turn =
      2 * std::cos(2 * std::numbers::pi * hz / static_cast<double>(sound::sample_rate));
  auto a = 0.0, b = 0.0;
  for (auto i = from; i < from + count; ++i) {
    const auto next = static_cast<double>(samples[2 * i]) + turn * a - b;
    b = a;
    a = next;
  }
  return 4 * (a * a + b * b - turn * a * b) /
         (static_cast<double>(count) * static_cast<double>(count));
}

} // namespace test
