#pragma once
// Writes what a person hears to a WAV: everybody in the room mixed on one time line, each by the
// timestamps of their packets, so that what is missing is silence in its place.
#include "discord-sim/opus_voice.hpp"
#include "discord-sim/types.hpp"
#include <fstream>
#include <map>

namespace sim {

class voice_recorder {
public:
  /// Throws std::runtime_error when the file cannot be written. Times are steady microseconds.
  voice_recorder(std::string file, std::int64_t now_us);

  void frame(snowflake from, std::uint32_t timestamp, const voice_pcm& pcm, std::int64_t now_us);
  /// Writes the rest and the header. `{file, seconds, frames, spurts, gaps, missing_ms, peak,
  /// rms}`: a gap is within a spurt; peak and rms are of full scale. `silence_ms`: longest stretch
  /// without a frame of anybody between the first and the last.
  json finish();

private:
  struct voice {
    std::uint32_t timestamp = 0; ///< of the next frame
    std::int64_t at = 0;         ///< where that one goes, samples from the beginning
  };
  void mix(std::int64_t at, const voice_pcm& pcm);
  void flush(std::int64_t until);

  std::string name_;
  std::ofstream file_;
  std::int64_t began_us_;
  std::map<snowflake, voice> voices_;
  std::vector<std::int32_t> window_; ///< stereo, from base_ on
  std::int64_t base_ = 0;
  std::int64_t end_ = 0; ///< where the last sample ends
  std::int64_t first_ = -1;
  std::int64_t silence_ = 0;
  std::uint64_t frames_ = 0, spurts_ = 0, gaps_ = 0, missing_ = 0;
  std::int32_t peak_ = 0;
  double power_ = 0;
};

} // namespace sim
