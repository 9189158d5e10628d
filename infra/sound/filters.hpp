#pragma once
// Filters and slow curves, one sample at a time. Pure.
#include "infra/sound/dice.hpp"
#include "infra/sound/frame.hpp"
#include <algorithm>
#include <numbers>

namespace hearth::sound {

constexpr float pi = std::numbers::pi_v<float>;

/// First-order low pass; what it takes away is the high pass.
struct one_pole {
  float keep = 0;
  float y = 0;

  void tune(float hz) { keep = 1.0F - std::exp(-2 * pi * hz / static_cast<float>(sample_rate)); }
  float low(float x) { return y += keep * (x - y); }
  float high(float x) { return x - low(x); }
};

/// Second-order state variable filter; may be retuned while it sounds. Source: Zavalishin, "The Art
/// of VA Filter Design", 4.
struct state_filter {
  float g = 0, k = 1, a1 = 1, a2 = 0, a3 = 0;
  float s1 = 0, s2 = 0;

  /// @param hz Below 20,000. @param q 0.5 without resonance; above 10 it sings.
  void tune(float hz, float q) {
    g = std::tan(pi * std::min(hz, 20'000.0F) / static_cast<float>(sample_rate));
    k = 1.0F / q;
    a1 = 1.0F / (1.0F + g * (g + k));
    a2 = g * a1;
    a3 = g * a2;
  }
  float low(float x) {
    step(x);
    return low_;
  }
  /// The peak has gain 1.
  float band(float x) {
    step(x);
    return k * band_;
  }
  float high(float x) {
    step(x);
    return x - k * band_ - low_;
  }

private:
  float band_ = 0, low_ = 0;
  void step(float x) {
    const auto v3 = x - s2;
    band_ = a1 * s1 + a2 * v3;
    low_ = s2 + a2 * s1 + a3 * v3;
    s1 = 2 * band_ - s1;
    s2 = 2 * low_ - s2;
  }
};

/// White to pink (3 dB an octave less), within half a dB above 40 Hz. Source: Paul Kellet's filter,
/// the short one.
struct pink_filter {
  float b0 = 0, b1 = 0, b2 = 0;
  float next(float white) {
    b0 = 0.99765F * b0 + white * 0.0990460F;
    b1 = 0.96300F * b1 + white * 0.2965164F;
    b2 = 0.57000F * b2 + white * 1.0526913F;
    return 0.25F * (b0 + b1 + b2 + white * 0.1848F);
  }
};

/// White to brown (6 dB an octave less) above 15 Hz.
struct brown_filter {
  float y = 0;
  float next(float white) {
    y = 0.998F * y + 0.05F * white;
    return y;
  }
};

/// A curve that wanders between -1 and 1 through points of chance, without corners. Asked once a
/// frame.
class drift {
public:
  /// @param seconds Mean time from point to point.
  drift(dice chance, float seconds) : chance_(chance), seconds_(seconds) {
    to_ = chance_.between(-1, 1);
    turn();
    at_ = chance_.uniform() * length_;
  }
  float next() {
    at_ += 1;
    if (at_ >= length_)
      turn();
    const auto x = at_ / length_;
    return from_ + (to_ - from_) * x * x * (3 - 2 * x);
  }

private:
  void turn() {
    from_ = to_;
    to_ = chance_.between(-1, 1);
    length_ = static_cast<float>(frames_per_second) * seconds_ * chance_.between(0.5F, 1.5F);
    at_ = 0;
  }
  dice chance_;
  float seconds_, from_ = 0, to_ = 0, length_ = 1, at_ = 0;
};

/// A gain that reaches its aim by a straight line over one frame.
class glide {
public:
  glide() = default;
  explicit glide(float start) : value_(start) {}
  void aim(float target) { step_ = (target - value_) / static_cast<float>(frame_samples); }
  float next() { return value_ += step_; }

private:
  float value_ = 0, step_ = 0;
};

inline float gain_of_db(float db) { return std::pow(10.0F, db / 20.0F); }

} // namespace hearth::sound
