#pragma once
// What the voice server sees of one sender's packets, and what it holds against them. Pure: times
// are arguments (steady, microseconds).
#include "discord-sim/voice_crypto.hpp"
#include <array>
#include <vector>

namespace sim {

/// Opus' silence as Discord's clients send it: five of these end what one says.
inline constexpr std::string_view silence_frame{"\xf8\xff\xfe", 3};

/// True for a frame that carries DAVE's trailer (dave 4.2, 4.3): size, nonce and ranges are right.
bool is_dave_frame(std::string_view frame);

/// Numbers of one sender since its session began.
struct media_numbers {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t silence = 0;       ///< clear silence frames
  std::uint64_t encrypted = 0;     ///< DAVE frames
  std::uint64_t dropped = 0;       ///< of users who may not speak now
  std::uint64_t spurts = 0;        ///< times it began to speak
  std::int64_t longest_gap_us = 0; ///< between two packets of one spurt
  /// Packets by lateness against 20 ms steps from the spurt's earliest one: up to 1, 2, 5, 10, 20,
  /// 50, 100 ms, and above.
  std::array<std::uint64_t, 8> late{};
};

class media_checker {
public:
  /// The sender said op 5 with 0: what follows is a new spurt.
  void stopped() { spurt_ = false; }
  /// Looks at one packet that authenticated. `encrypted` true: end-to-end encryption is in force.
  /// Returns names of violations with a sentence each.
  std::vector<std::pair<std::string_view, std::string>> look(const rtp_packet& packet,
                                                             bool encrypted, std::int64_t now_us);
  const media_numbers& numbers() const { return numbers_; }
  void count_dropped() { ++numbers_.dropped; }

private:
  bool is_new_nonce(std::uint32_t nonce);
  void measure(std::uint32_t steps, std::int64_t now_us);

  media_numbers numbers_;
  bool began_ = false;
  bool spurt_ = false;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::int64_t last_us_ = 0;
  std::int64_t origin_us_ = 0; ///< when the spurt's first packet was due
  std::uint32_t origin_timestamp_ = 0;
  std::uint32_t nonce_max_ = 0;
  bool nonces_ = false;
  std::vector<bool> nonce_seen_ = std::vector<bool>(nonce_window);
  static constexpr std::size_t nonce_window = 4096;
};

} // namespace sim
