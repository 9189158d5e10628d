#pragma once
// Sends what is due, every 20 ms, on deadlines that do not drift: takes each line's frame, encrypts
// it (DAVE, then transport) and hands packets to their sockets in batches. Over a clock and
// sockets, which tests replace. Its thread: pacing_clock_thread.
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/session_state.hpp"
#include "infra/voice/frame_ring.hpp"
#include "infra/voice/transport_packet.hpp"
#include "infra/voice/voice_counters.hpp"
#include <array>
#include <functional>
#include <mutex>
#include <span>
#include <variant>

namespace hearth::voice {

/// Late by more than this, due frames are not sent in a burst any more: the machine slept.
constexpr int64_t catch_up_ns_max = 200'000'000;
constexpr size_t silence_frames = 5; ///< After the last frame. Source: dave 2.2.

/// CLOCK_MONOTONIC and waiting on it.
class pacing_clock {
public:
  virtual ~pacing_clock() = default;
  virtual int64_t now_ns() = 0;
  virtual void sleep_until(int64_t deadline_ns) = 0;
  /// Until `wake`, which may have come before.
  virtual void wait() = 0;
  virtual void wake() = 0; ///< Any thread.
};

/// A socket address as the system writes it.
struct udp_address {
  std::array<uint8_t, 28> raw{}; ///< sockaddr_in or sockaddr_in6.
  uint8_t size = 0;
  bool operator==(const udp_address&) const = default;
};
struct udp_packet {
  std::span<const uint8_t> bytes;
  const udp_address* to;
};
/// One UDP socket; sends for several lines.
class packet_port {
public:
  virtual ~packet_port() = default;
  /// Never waits. @return How many went out; the others are lost.
  virtual size_t send(std::span<const udp_packet> packets) = 0;
};

/// One voice connection as the pacer sees it. Others hold it to name it and to read its figures.
class pacer_line {
public:
  /// @param quiet Called on the pacer's thread when the last silence frame is out.
  explicit pacer_line(std::function<void()> quiet) : quiet_(std::move(quiet)) {}

  std::atomic<uint64_t> sent{0};      ///< Packets with sound.
  std::atomic<uint64_t> underruns{0}; ///< Frames that were not there in time.
  std::atomic<uint64_t> drops{0};     ///< Frames that could not be encrypted or sent.

private:
  friend class pacer;
  std::function<void()> quiet_;
  std::shared_ptr<packet_port> port_;
  udp_address to_;
  std::unique_ptr<packet_sealer> transport_;
  dave::sending how_ = dave::sending::nothing;
  std::unique_ptr<dave::frame_sealer> sealer_;
  ring_ptr ring_;
  bool removed_ = false;
  bool talking_ = false;
  bool draining_ = false; ///< Not talking any more, but the ring is played to its end.
  size_t silence_ = 0;    ///< Silence frames still to be sent.
  int64_t last_ns_ = 0;   ///< Deadline that the timestamps have come to; 0: no packet yet.
};
using line_ptr = std::shared_ptr<pacer_line>;

/// What may be asked of a pacer; done at the next tick, in order.
namespace pacer_do {
struct connect { ///< A session stands: packets go there.
  std::shared_ptr<packet_port> port;
  udp_address to;
  std::unique_ptr<packet_sealer> transport;
};
struct disconnect {}; ///< Nothing may be sent any more; what is played is held.
struct speak {        ///< As the DAVE session says.
  dave::sending how = dave::sending::nothing;
  std::unique_ptr<dave::frame_sealer> sealer; ///< When encrypted.
};
struct play { ///< From this ring.
  ring_ptr ring;
};
struct talk { ///< Begin, or end with frames of silence.
  bool on = true;
  bool drain = true; ///< Ending: first all that the ring still holds.
};
struct remove {}; ///< For good: orders that come later do nothing.
} // namespace pacer_do
using pacer_order = std::variant<pacer_do::connect, pacer_do::disconnect, pacer_do::speak,
                                 pacer_do::play, pacer_do::talk, pacer_do::remove>;

class pacer {
public:
  /// @param counters Of the process. All must outlive it.
  pacer(pacing_clock& clock, voice_counters& counters);

  /// Any thread. A line is known from its first order to `remove`.
  void order(line_ptr line, pacer_order what);
  /// Any thread: `step` returns false from now on.
  void stop();

  /// Waits for what is next and does it. Its own thread, again and again. @return false: stopped.
  bool step();

private:
  struct posted {
    line_ptr line;
    pacer_order what;
  };
  void take_orders();
  void obey(const line_ptr& line, pacer_order& what);
  static void fall_silent(pacer_line& line);
  static bool may_send(const pacer_line& line);
  static bool is_due(const pacer_line& line);
  void tick();
  frame_ptr next_frame(pacer_line& line, bool& sound);
  void add_packet(pacer_line& line, const opus_frame& frame, bool sound);
  void flush();

  pacing_clock& clock_;
  voice_counters& counters_;
  std::mutex mutex_;
  std::vector<posted> posted_; ///< Guarded.
  bool stopping_ = false;      ///< Guarded.
  bool waiting_ = false;       ///< Guarded: on the clock, for an order.
  std::vector<posted> taken_;
  std::vector<line_ptr> lines_; ///< Those of one port side by side.
  int64_t deadline_ns_ = 0;     ///< Of the next tick; 0: none is due.
  // Of the batch that is being made:
  packet_port* port_ = nullptr;
  std::vector<uint8_t> bytes_;
  size_t used_ = 0;
  std::vector<udp_packet> packets_;
  std::vector<std::pair<pacer_line*, bool>> senders_; ///< Whose packets; whether sound.
};

} // namespace hearth::voice
