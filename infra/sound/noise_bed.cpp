#include "infra/sound/noise_bed.hpp"

namespace hearth::sound {

pan_gains pan(float position) {
  const auto angle = (position + 1) * pi / 4;
  return {std::cos(angle), std::sin(angle)};
}

noise_bed::noise_bed(const bed_shape& shape, dice chance)
    : shape_(shape), breath_(chance.fork(), shape.breath_s),
      left_{hiss(chance.next()), {}, {}, {}, {}}, right_{hiss(chance.next()), {}, {}, {}, {}} {
  for (auto* ear : {&left_, &right_}) {
    ear->lows.tune(shape_.low_hz);
    ear->highs.tune(shape_.high_hz, 0.7F);
  }
  gain_ = glide(shape_.gain * gain_of_db(shape_.breath_db * breath_.next()));
  // Slow filters begin as if they had always been running.
  auto unheard = split_frame{};
  for (auto i = 0; i < 10; ++i)
    add(unheard);
}

template <class Color> void noise_bed::fill(split_frame& out, Color color) {
  const auto own = std::sqrt(shape_.width), common = std::sqrt(1 - shape_.width);
  for (auto i = size_t{0}; i < frame_samples; ++i) {
    const auto gain = gain_.next();
    const auto l = color(left_);
    const auto r = own * color(right_) + common * l;
    out.left[i] += gain * left_.highs.low(left_.lows.high(l));
    out.right[i] += gain * right_.highs.low(right_.lows.high(r));
  }
}

void noise_bed::add(split_frame& out) {
  const auto breath = breath_.next();
  gain_.aim(shape_.gain * gain_of_db(shape_.breath_db * breath));
  if (shape_.sweep > 0)
    for (auto* ear : {&left_, &right_})
      ear->highs.tune(shape_.high_hz * std::exp2(shape_.sweep * breath), 0.7F);
  switch (shape_.color) {
  case noise_color::white:
    return fill(out, [](ear& of) { return of.white.next(); });
  case noise_color::pink:
    return fill(out, [](ear& of) { return of.pink.next(of.white.next()); });
  case noise_color::brown:
    return fill(out, [](ear& of) { return of.brown.next(of.white.next()); });
  }
}

} // namespace hearth::sound
