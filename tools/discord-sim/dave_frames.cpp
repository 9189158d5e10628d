#include "discord-sim/dave_frames.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t tag_size = 8;
constexpr std::size_t after_nonce = 3; // size of the trailer and its two marks
constexpr std::uint32_t generation_max = 255;
constexpr std::size_t seen_max = 1000;

std::string whole_nonce(std::uint32_t nonce) {
  std::string bytes(12, '\0');
  for (int i = 0; i < 4; ++i)
    bytes[8 + static_cast<std::size_t>(i)] = static_cast<char>(nonce >> (8 * i));
  return bytes;
}

std::string leb128(std::uint32_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(0x80 | (value & 0x7f));
  return bytes + static_cast<char>(value);
}

} // namespace

const std::string& dave_ratchet::key(std::uint32_t generation) {
  for (; next_ <= std::min(generation, generation_max); ++next_) {
    keys_[next_] = derive_tree_secret(secret_, "key", next_, 16);
    secret_ = derive_tree_secret(secret_, "secret", next_, 32);
  }
  return keys_[generation];
}

std::string dave_ratchet::seal(std::string_view opus) {
  const auto nonce = ++sent_;
  auto frame = aes_gcm_seal(key(nonce >> 24), whole_nonce(nonce), {}, opus, tag_size);
  const auto counter = leb128(nonce);
  frame += counter;
  frame += static_cast<char>(tag_size + counter.size() + after_nonce);
  return frame + "\xfa\xfa";
}

// One key and nonce opens once; late ones count when they are among those not seen.
bool dave_ratchet::is_new(std::uint32_t nonce) {
  if (std::find(seen_.begin(), seen_.end(), nonce) != seen_.end())
    return false;
  if (newest_ > seen_max && nonce < newest_ - seen_max)
    return false;
  newest_ = std::max(newest_, nonce);
  seen_.push_back(nonce);
  if (seen_.size() > seen_max)
    seen_.pop_front();
  return true;
}

std::optional<std::string> dave_ratchet::open(std::string_view frame) {
  const std::size_t trailer = static_cast<unsigned char>(frame[frame.size() - 3]);
  const auto media = frame.substr(0, frame.size() - trailer);
  auto rest = frame.substr(media.size() + tag_size, trailer - tag_size - after_nonce);
  std::uint32_t nonce = 0;
  for (int shift = 0; !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    nonce |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      break;
  }
  if (!rest.empty())
    return std::nullopt; // clear ranges: no Opus frame has them
  auto opus = aes_gcm_open(key(nonce >> 24), whole_nonce(nonce), {},
                           frame.substr(0, media.size() + tag_size), tag_size);
  if (!opus || !is_new(nonce))
    return std::nullopt;
  return opus;
}

void dave_sender::epoch(std::string base) {
  if (!epochs_.empty() && epochs_.front().base == base)
    return;
  epochs_.push_front({base, dave_ratchet(base)});
  if (epochs_.size() > epochs_max)
    epochs_.pop_back();
}

std::optional<std::string> dave_sender::open(std::string_view frame) {
  for (auto& known : epochs_)
    if (auto opus = known.ratchet.open(frame))
      return opus;
  return std::nullopt;
}

} // namespace sim
