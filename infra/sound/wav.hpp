#pragma once
// WAV files: what --render writes and a speech engine gives. Pure.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hearth::sound {

/// One channel of sound.
struct mono_sound {
  uint32_t rate = 0; ///< Hz.
  std::vector<float> samples;
};

/// Reads PCM of 16 bits or float of 32, of one channel or two (mixed into one), 4 to 192 kHz. A
/// length that says more than there is, as programs write that do not know it yet, means the rest.
/// Nothing for anything else.
std::optional<mono_sound> read_wav(std::span<const uint8_t> bytes);

/// Header of a file of 16 bits, 48 kHz, stereo. @param frames Of both channels, at most 2^29.
std::string wav_header(uint32_t frames);

/// The same sound at another rate (windowed sinc, pass band to nine tenths). @param to_rate At
/// least that of the sound.
std::vector<float> resample_up(const mono_sound& sound, uint32_t to_rate);

} // namespace hearth::sound
