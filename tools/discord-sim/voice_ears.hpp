#pragma once
// Who follows what a person hears: pages that listen, and recorders. Nothing is decoded for a
// person whom nobody follows.
#include "discord-sim/http.hpp"
#include "discord-sim/voice_recorder.hpp"

namespace sim {

class voice_ears {
public:
  /// A page's websocket. It gets binary frames: sender (u64), timestamp (u32), both big endian,
  /// then 16-bit little endian stereo samples.
  void listen(snowflake user, std::shared_ptr<websocket> socket);
  /// Throws std::runtime_error when the file cannot be written; a recording that runs is ended.
  void record(snowflake user, std::string file, std::int64_t now_us);
  /// Ends it; nothing when none runs.
  std::optional<json> stop_recording(snowflake user);
  void heard(snowflake user, snowflake from, std::uint32_t timestamp, std::string_view opus,
             std::int64_t now_us);
  std::size_t pages() const;

private:
  struct ear {
    std::map<snowflake, opus_ear> decoders; ///< by sender
    std::optional<voice_recorder> recorder;
    std::map<int, std::shared_ptr<websocket>> pages;
  };
  void drop_if_idle(snowflake user);
  std::map<snowflake, ear> ears_;
  int next_page_ = 1;
};

} // namespace sim
