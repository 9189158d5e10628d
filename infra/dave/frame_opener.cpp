#include "infra/dave/frame_opener.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

/// Opens a frame with its clear ranges as additional data.
bool open_frame(aead_key& key, const media_trailer& frame, std::vector<uint8_t>& out) {
  const auto nonce = media_nonce(frame.nonce);
  out.resize(frame.interleaved.size());
  if (frame.clear.empty())
    return key.open(nonce, {}, frame.interleaved, frame.tag, out.data());
  auto clear = bytes{};
  auto sealed = bytes{};
  auto at = size_t{0};
  const auto append = [&](bytes& to, size_t from, size_t end) {
    const auto part = frame.interleaved.subspan(from, end - from);
    to.insert(to.end(), part.begin(), part.end());
  };
  for (const auto& range : frame.clear) {
    append(sealed, at, range.offset);
    append(clear, range.offset, range.offset + range.size);
    at = range.offset + range.size;
  }
  append(sealed, at, frame.interleaved.size());
  if (!key.open(nonce, clear, sealed, frame.tag, sealed.data()))
    return false;
  std::copy(frame.interleaved.begin(), frame.interleaved.end(), out.begin());
  auto next = sealed.begin();
  at = 0;
  for (const auto& range : frame.clear) {
    const auto count = static_cast<ptrdiff_t>(range.offset - at);
    std::copy(next, next + count, out.begin() + static_cast<ptrdiff_t>(at));
    next += count;
    at = range.offset + range.size;
  }
  std::copy(next, sealed.end(), out.begin() + static_cast<ptrdiff_t>(at));
  return true;
}

} // namespace

/// The smallest kept generation that the nonce's top byte can mean, or nothing when it is out of
/// what time and the newest frame allow.
std::optional<uint32_t> epoch_opener::generation_of(int64_t now_ms, uint32_t nonce) {
  std::erase_if(keys_, [&](const auto& held) { return held.second.expires_ms <= now_ms; });
  const auto oldest = keys_.empty() ? ratchet_.generation() : keys_.begin()->first;
  auto generation = (oldest & ~0xffU) | nonce >> generation_shift;
  if (generation < oldest)
    generation += 256;
  const auto age_ms = static_cast<uint64_t>(std::max<int64_t>(0, now_ms - born_ms_));
  const auto by_age = frames_per_second_max * age_ms / 1000 >> generation_shift;
  if (generation > by_age || generation > newest_generation_ + generations_ahead_max)
    return std::nullopt;
  while (ratchet_.generation() <= generation) {
    const auto number = ratchet_.generation();
    keys_[number].key = crypto_->aead(ratchet_.next_key());
  }
  return keys_.contains(generation) ? std::optional(generation) : std::nullopt;
}

bool epoch_opener::is_fresh(uint64_t number) const {
  return number > newest_ || std::binary_search(missed_.begin(), missed_.end(), number);
}

/// Remembers that a frame opened.
void epoch_opener::note(int64_t now_ms, uint32_t generation, uint64_t number) {
  if (number > newest_) {
    const auto first =
        std::max(newest_ + 1, number - std::min<uint64_t>(number, missed_nonces_max));
    for (auto missed = first; missed < number; ++missed)
      missed_.push_back(missed);
    while (missed_.size() > missed_nonces_max)
      missed_.pop_front();
    newest_ = number;
  } else {
    missed_.erase(std::lower_bound(missed_.begin(), missed_.end(), number));
  }
  if (generation <= newest_generation_)
    return;
  newest_generation_ = generation;
  for (auto& [older, held] : keys_) {
    if (older < generation)
      held.expires_ms = std::min(held.expires_ms, now_ms + keys_kept_ms);
  }
}

bool epoch_opener::open(int64_t now_ms, const media_trailer& frame, std::vector<uint8_t>& out) {
  const auto generation = generation_of(now_ms, frame.nonce);
  if (!generation)
    return false;
  constexpr auto low = (uint64_t{1} << generation_shift) - 1;
  const auto number = uint64_t{*generation} << generation_shift | (frame.nonce & low);
  if (!is_fresh(number) || !open_frame(*keys_.at(*generation).key, frame, out))
    return false;
  note(now_ms, *generation, number);
  return true;
}

void frame_opener::renew(const crypto_suite& crypto, byte_view base, int64_t now_ms) {
  retire(now_ms);
  epochs_.push_front({epoch_opener(crypto, base, now_ms)});
}

void frame_opener::retire(int64_t now_ms) {
  forget_expired(now_ms);
  for (auto& epoch : epochs_)
    epoch.expires_ms = std::min(epoch.expires_ms, now_ms + keys_kept_ms);
}

void frame_opener::forget_expired(int64_t now_ms) {
  std::erase_if(epochs_, [&](const epoch& at) { return at.expires_ms <= now_ms; });
}

bool frame_opener::open(int64_t now_ms, const media_trailer& frame, std::vector<uint8_t>& out) {
  forget_expired(now_ms);
  return std::any_of(epochs_.begin(), epochs_.end(),
                     [&](epoch& at) { return at.opener.open(now_ms, frame, out); });
}

void receiver_set::renew(const crypto_suite& crypto, const std::map<user_id, bytes>& bases,
                         int64_t now_ms) {
  for (auto& [user, opener] : openers_) {
    if (!bases.contains(user))
      opener.retire(now_ms);
    opener.forget_expired(now_ms);
  }
  std::erase_if(openers_, [](const auto& held) { return held.second.empty(); });
  for (const auto& [user, base] : bases)
    openers_[user].renew(crypto, base, now_ms);
}

void receiver_set::end_plain(int64_t now_ms) noexcept {
  if (plain_until_ms_ == INT64_MAX)
    plain_until_ms_ = now_ms + keys_kept_ms;
}

receiver_set::outcome receiver_set::open(int64_t now_ms, user_id user, byte_view frame,
                                         std::vector<uint8_t>& out) {
  const auto trailer = is_silence(frame) ? std::nullopt : read_media_trailer(frame);
  if (!trailer) {
    if (!is_silence(frame) && now_ms >= plain_until_ms_)
      return outcome::refused;
    out.assign(frame.begin(), frame.end());
    return outcome::plain;
  }
  const auto known = openers_.find(user);
  if (known != openers_.end() && known->second.open(now_ms, *trailer, out))
    return outcome::opened;
  out.clear();
  return outcome::failed;
}

} // namespace hearth::dave
