#pragma once
// Decrypts what one other member says, over changes of epoch, generation and order. Pure; nothing
// throws at what a frame holds. Source: dave 4.3.
#include "infra/dave/key_ratchet.hpp"
#include "infra/dave/media_frame.hpp"
#include "messages/ids.hpp"
#include <deque>
#include <map>

namespace hearth::dave {

constexpr int64_t keys_kept_ms = 10'000; ///< Of an epoch or generation, after the next one came.
constexpr uint32_t generations_ahead_max = 250; ///< Of a frame, over the newest one seen.
constexpr uint64_t frames_per_second_max = 170; ///< Bounds the generation that an age allows.
constexpr size_t missed_nonces_max = 1000;

/// One sender in one epoch.
class epoch_opener {
public:
  epoch_opener(const crypto_suite& crypto, byte_view base, int64_t now_ms)
      : crypto_(&crypto), ratchet_(crypto, base), born_ms_(now_ms) {}
  /// @param out Resized to the frame; meaningless unless it is true.
  bool open(int64_t now_ms, const media_trailer& frame, std::vector<uint8_t>& out);

private:
  struct generation_key {
    std::unique_ptr<aead_key> key;
    int64_t expires_ms = INT64_MAX;
  };
  std::optional<uint32_t> generation_of(int64_t now_ms, uint32_t nonce);
  bool is_fresh(uint64_t number) const;
  void note(int64_t now_ms, uint32_t generation, uint64_t number);

  const crypto_suite* crypto_;
  key_ratchet ratchet_;
  int64_t born_ms_;
  std::map<uint32_t, generation_key> keys_;
  uint32_t newest_generation_ = 0; ///< Of a frame that opened.
  uint64_t newest_ = 0;            ///< Nonces begin at 1.
  std::deque<uint64_t> missed_;    ///< Ascending; may still come.
};

/// One sender.
class frame_opener {
public:
  /// A new epoch's base secret; the older ones go on for `keys_kept_ms`.
  void renew(const crypto_suite& crypto, byte_view base, int64_t now_ms);
  /// The sender is not in the new epoch.
  void retire(int64_t now_ms);
  bool open(int64_t now_ms, const media_trailer& frame, std::vector<uint8_t>& out);
  void forget_expired(int64_t now_ms);
  /// Whether no key is left.
  bool empty() const noexcept { return epochs_.empty(); }

private:
  struct epoch {
    epoch_opener opener;
    int64_t expires_ms = INT64_MAX;
  };
  std::deque<epoch> epochs_; ///< Newest first.
};

/// Everybody we may hear.
class receiver_set {
public:
  enum class outcome : uint8_t {
    opened,  ///< Decrypted.
    plain,   ///< Came in clear, which is allowed now.
    refused, ///< Came in clear, which is not.
    failed,  ///< No key opens it: forged, replayed, too late, or keys are missing.
  };
  /// A new epoch of those users.
  void renew(const crypto_suite& crypto, const std::map<user_id, bytes>& bases, int64_t now_ms);
  void drop(user_id user) { openers_.erase(user); }
  void allow_plain() noexcept { plain_until_ms_ = INT64_MAX; }
  /// Frames on their way may still come in clear for `keys_kept_ms`.
  void end_plain(int64_t now_ms) noexcept;
  outcome open(int64_t now_ms, user_id user, byte_view frame, std::vector<uint8_t>& out);

private:
  std::map<user_id, frame_opener> openers_;
  int64_t plain_until_ms_ = INT64_MIN;
};

} // namespace hearth::dave
