#include "infra/sound/droplets.hpp"

namespace hearth::sound {
namespace {

constexpr float rate = sample_rate;
constexpr float heard_to = 7; ///< Times to a third until a drop is given up (-61 dB).

} // namespace

droplets::droplets(const drop_shape& shape, dice chance)
    : shape_(shape), chance_(chance), white_(chance_.next()),
      wait_(chance_.wait(rate / shape.per_second)) {}

void droplets::begin(uint32_t start) {
  if (count_ == drops_max)
    return;
  auto& one = drops_[count_++];
  const auto hz = chance_.ratio_between(shape_.low_hz, shape_.high_hz);
  const auto fall = chance_.ratio_between(shape_.short_ms, shape_.long_ms) * rate / 1000;
  // Few are loud: sizes of drops are spread so.
  const auto size = chance_.uniform();
  const auto gain = shape_.gain * (0.15F + 0.85F * size * size * size);
  const auto side = pan(shape_.spread * chance_.between(-1, 1));
  const auto angle = 2 * pi * hz / rate;
  const auto decay = std::exp(-1 / fall);
  one = {};
  one.re = gain * (1 - shape_.click);
  one.turn_re = decay * std::cos(angle);
  one.turn_im = decay * std::sin(angle);
  // The turn itself turns: by the end of the fall its angle has grown by `chirp` octaves.
  const auto bend = angle * (std::exp2(shape_.chirp) - 1) / fall;
  one.bend_re = std::cos(bend);
  one.bend_im = std::sin(bend);
  one.noise = gain * shape_.click;
  one.fade = std::exp(-1000 / (shape_.click_ms * chance_.between(0.5F, 1.5F) * rate));
  one.left = side.left;
  one.right = side.right;
  one.start = start;
  const auto noise_fall = shape_.click > 0 ? 1.5F * shape_.click_ms * rate / 1000 : 0;
  one.rest =
      static_cast<uint32_t>(heard_to * std::max(shape_.click < 1 ? fall : 0, noise_fall)) + 1;
}

void droplets::add(split_frame& out) {
  while (wait_ < static_cast<float>(frame_samples)) {
    begin(static_cast<uint32_t>(wait_));
    const auto close = chance_.uniform() < shape_.clumps;
    const auto mean = rate / shape_.per_second / (1 - shape_.clumps);
    wait_ += close ? chance_.wait(0.012F * rate) : chance_.wait(mean);
  }
  wait_ -= static_cast<float>(frame_samples);
  for (auto at = size_t{0}; at < count_;) {
    auto& one = drops_[at];
    const auto count = std::min<uint32_t>(one.rest, frame_samples - one.start);
    for (auto i = one.start; i < one.start + count; ++i) {
      const auto re = one.re * one.turn_re - one.im * one.turn_im;
      one.im = one.re * one.turn_im + one.im * one.turn_re;
      one.re = re;
      const auto turn = one.turn_re * one.bend_re - one.turn_im * one.bend_im;
      one.turn_im = one.turn_re * one.bend_im + one.turn_im * one.bend_re;
      one.turn_re = turn;
      auto x = one.im;
      if (one.noise != 0) {
        x += one.noise * white_.next();
        one.noise *= one.fade;
      }
      out.left[i] += x * one.left;
      out.right[i] += x * one.right;
    }
    one.start = 0;
    one.rest -= count;
    if (one.rest == 0)
      one = drops_[--count_];
    else
      ++at;
  }
}

} // namespace hearth::sound
