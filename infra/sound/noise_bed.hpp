#pragma once
// Filtered noise that breathes: the ground of most soundscapes. Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {

enum class noise_color : uint8_t { white, pink, brown };

struct bed_shape {
  noise_color color = noise_color::pink;
  float low_hz = 40;      ///< Below it goes away, 6 dB an octave.
  float high_hz = 18'000; ///< Above it goes away, 12 dB an octave.
  float gain = 1;
  float breath_db = 0; ///< How far the loudness wanders, up and down.
  float breath_s = 8;  ///< How fast: mean seconds from one turn to the next.
  float sweep = 0;     ///< How far the upper edge wanders, octaves up and down, with the loudness.
  float width = 1;     ///< 0: the same in both ears; 1: independent.
};

class noise_bed final : public part {
public:
  noise_bed(const bed_shape& shape, dice chance);
  void add(split_frame& out) override;

private:
  struct ear {
    hiss white;
    pink_filter pink;
    brown_filter brown;
    one_pole lows;
    state_filter highs;
  };
  template <class Color> void fill(split_frame& out, Color color);

  bed_shape shape_;
  drift breath_;
  glide gain_;
  ear left_, right_;
};

} // namespace hearth::sound
