#include "discord-sim/voice_media.hpp"
#include "discord-sim/mls_codec.hpp"
#include "discord-sim/violations.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t trailer_min = 11;
constexpr std::uint32_t frame_samples = 960; // 20 ms
constexpr std::int64_t frame_us = 20000;
constexpr std::array<std::int64_t, 7> late_us{1000, 2000, 5000, 10000, 20000, 50000, 100000};

// Unsigned LEB128 of at most `bits`; nothing when it does not end or is too large.
std::optional<std::uint64_t> leb128(std::string_view& from, int bits) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < bits && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return value >> bits == 0 ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

} // namespace

bool is_dave_frame(std::string_view frame) {
  if (frame.size() < trailer_min || frame.substr(frame.size() - 2) != "\xfa\xfa")
    return false;
  const std::size_t size = static_cast<unsigned char>(frame[frame.size() - 3]);
  if (size < trailer_min || size > frame.size())
    return false;
  const auto media = frame.size() - size;
  auto rest = frame.substr(media + 8, size - trailer_min);
  if (!leb128(rest, 32))
    return false;
  std::uint64_t end = 0;
  while (!rest.empty()) {
    const auto offset = leb128(rest, 32);
    const auto length = offset ? leb128(rest, 32) : std::nullopt;
    if (!length || *offset < end || *offset + *length > media)
      return false;
    end = *offset + *length;
  }
  return true;
}

// A window over the newest nonces; older ones count as used.
bool media_checker::is_new_nonce(std::uint32_t nonce) {
  if (!nonces_ || nonce > nonce_max_) {
    const auto from = nonces_ ? nonce_max_ : nonce;
    if (nonce - from >= nonce_window)
      std::fill(nonce_seen_.begin(), nonce_seen_.end(), false);
    else
      for (auto n = from + 1; n < nonce; ++n)
        nonce_seen_[n % nonce_window] = false;
    nonces_ = true;
    nonce_max_ = nonce;
    nonce_seen_[nonce % nonce_window] = true;
    return true;
  }
  if (nonce_max_ - nonce >= nonce_window || nonce_seen_[nonce % nonce_window])
    return false;
  nonce_seen_[nonce % nonce_window] = true;
  return true;
}

void media_checker::measure(std::uint32_t steps, std::int64_t now_us) {
  const auto due = origin_us_ + static_cast<std::int64_t>(steps) * frame_us / frame_samples;
  auto late = now_us - due;
  if (late < 0) { // the first one was the late one
    origin_us_ += late;
    late = 0;
  }
  const auto at = std::lower_bound(late_us.begin(), late_us.end(), late) - late_us.begin();
  ++numbers_.late[static_cast<std::size_t>(at)];
  numbers_.longest_gap_us = std::max(numbers_.longest_gap_us, now_us - last_us_);
}

std::vector<std::pair<std::string_view, std::string>>
media_checker::look(const rtp_packet& packet, bool encrypted, std::int64_t now_us) {
  std::vector<std::pair<std::string_view, std::string>> wrong;
  ++numbers_.packets;
  numbers_.bytes += packet.payload.size();
  if (!is_new_nonce(packet.nonce))
    wrong.emplace_back(violation::voice_nonce_reuse, "nonce " + std::to_string(packet.nonce));
  const bool silent = packet.payload == silence_frame;
  const bool dave = is_dave_frame(packet.payload);
  numbers_.silence += silent ? 1 : 0;
  numbers_.encrypted += dave ? 1 : 0;
  if (encrypted && !silent && !dave)
    wrong.emplace_back(violation::voice_plain_frame, "a frame without end-to-end encryption");

  const auto steps = static_cast<std::uint16_t>(packet.sequence - sequence_);
  const auto samples = packet.timestamp - timestamp_;
  if (began_ && steps != 1)
    wrong.emplace_back(violation::voice_sequence, "sequence " + std::to_string(packet.sequence) +
                                                      " after " + std::to_string(sequence_));
  else if (began_ && spurt_ && samples != frame_samples)
    wrong.emplace_back(violation::voice_timestamp,
                       "a timestamp " + std::to_string(samples) + " after the last one's");
  if (!spurt_) {
    ++numbers_.spurts;
    origin_us_ = now_us;
    origin_timestamp_ = packet.timestamp;
    last_us_ = now_us;
  }
  measure(packet.timestamp - origin_timestamp_, now_us);
  began_ = spurt_ = true;
  sequence_ = packet.sequence;
  timestamp_ = packet.timestamp;
  last_us_ = now_us;
  return wrong;
}

} // namespace sim
