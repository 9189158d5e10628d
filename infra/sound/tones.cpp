#include "infra/sound/tones.hpp"
#include <complex>

namespace hearth::sound {
namespace timbres {
const timbre glass{{1, 2.76F, 5.4F, 8.93F}, {1, 0.35F, 0.12F, 0.05F}, {1, 0.55F, 0.3F, 0.2F}};
const timbre bowl{{1, 1.003F, 2.71F, 5.13F}, {0.7F, 0.6F, 0.3F, 0.06F}, {1, 0.9F, 0.5F, 0.25F}};
const timbre music_box{{1, 2, 3.01F, 6.2F}, {1, 0.25F, 0.18F, 0.06F}, {1, 0.7F, 0.3F, 0.12F}};
const timbre warm{{1, 2, 3, 0.5F}, {1, 0.28F, 0.1F, 0.35F}, {1, 0.8F, 0.6F, 1}};
const timbre keys{{1, 2, 4, 7.02F}, {1, 0.3F, 0.08F, 0.05F}, {1, 0.6F, 0.3F, 0.08F}};
const timbre hoot{{1, 2, 3, 0.5F}, {1, 0.12F, 0.03F, 0}, {1, 0.8F, 0.6F, 1}};
} // namespace timbres

namespace {

constexpr float rate = sample_rate;
constexpr float heard_to = 7; ///< Times to a third until a tone is given up (-61 dB).
constexpr float pitch_max_hz = 18'000;

} // namespace

float hz_of_key(float key) { return 440 * std::exp2((key - 69) / 12); }

void tone_bank::strike(const tone& one, const timbre& of, size_t start) {
  if (count_ == tones_max)
    return;
  auto& to = voices_[count_++];
  for (auto n = size_t{0}; n < partial_count; ++n) {
    const auto hz = one.hz * of.ratio[n];
    const auto fall = one.decay_s * of.length[n] * rate;
    const auto turn = std::polar(std::exp(-1 / fall), 2 * pi * hz / rate);
    auto z = std::complex<float>(hz < pitch_max_hz ? one.gain * of.level[n] : 0, 0);
    for (auto k = 0; k < 4; ++k) {
      to.re[n][k] = z.real();
      to.im[n][k] = z.imag();
      z *= turn;
    }
    const auto ahead = turn * turn * turn * turn;
    to.turn_re[n] = ahead.real();
    to.turn_im[n] = ahead.imag();
  }
  const auto rise = std::exp(-1 / (one.attack_s * rate));
  auto missing = 1.0F;
  for (auto k = 0; k < 4; ++k) {
    to.rise[k] = missing;
    missing *= rise;
  }
  to.rise_turn = missing;
  const auto side = pan(one.position);
  to.left = side.left;
  to.right = side.right;
  to.start = start & ~size_t{3};
  to.rest = (static_cast<size_t>(heard_to * one.decay_s * rate) & ~size_t{3}) + 4;
}

void tone_bank::add(split_frame& out) {
  for (auto at = size_t{0}; at < count_;) {
    auto& one = voices_[at];
    const auto count = std::min(one.rest, frame_samples - one.start);
    auto* left = reinterpret_cast<four*>(out.left.data() + one.start);
    auto* right = reinterpret_cast<four*>(out.right.data() + one.start);
    for (auto i = size_t{0}; i < count / 4; ++i) {
      auto sum = one.im[0] + one.im[1] + one.im[2] + one.im[3];
      sum -= sum * one.rise;
      one.rise *= one.rise_turn;
      left[i] += sum * one.left;
      right[i] += sum * one.right;
      for (auto n = size_t{0}; n < partial_count; ++n) {
        const auto re = one.re[n] * one.turn_re[n] - one.im[n] * one.turn_im[n];
        one.im[n] = one.re[n] * one.turn_im[n] + one.im[n] * one.turn_re[n];
        one.re[n] = re;
      }
    }
    if (one.rise[0] < 1e-9F)
      one.rise = four{}; // before it becomes a slow denormal number
    one.start = 0;
    one.rest -= count;
    if (one.rest == 0)
      one = voices_[--count_];
    else
      ++at;
  }
}

} // namespace hearth::sound
