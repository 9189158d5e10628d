#pragma once
// DAVE's media frames (dave 4): one sender's key ratchet, opening and sealing of Opus frames. Pure.
#include "discord-sim/mls_crypto.hpp"
#include <deque>
#include <map>

namespace sim {

/// Keys that follow from one base secret, by generation.
class dave_ratchet {
public:
  explicit dave_ratchet(std::string base) : secret_(std::move(base)) {}
  /// Key of a generation; those up to 255 exist.
  const std::string& key(std::uint32_t generation);
  /// Seals an Opus frame with the next nonce.
  std::string seal(std::string_view opus);
  /// Opens a frame that is_dave_frame(); nothing when it is not of this ratchet or came before.
  std::optional<std::string> open(std::string_view frame);

private:
  bool is_new(std::uint32_t nonce);
  std::string secret_;
  std::uint32_t next_ = 0; ///< generation that secret_ is of
  std::map<std::uint32_t, std::string> keys_;
  std::uint32_t sent_ = 0;
  std::uint32_t newest_ = 0;
  std::deque<std::uint32_t> seen_;
};

/// A sender as a receiver sees it: ratchets of the newest epochs.
class dave_sender {
public:
  /// A new epoch's base secret; one that is known already changes nothing.
  void epoch(std::string base);
  std::optional<std::string> open(std::string_view frame);

private:
  static constexpr std::size_t epochs_max = 3;
  struct known {
    std::string base;
    dave_ratchet ratchet;
  };
  std::deque<known> epochs_; ///< newest first
};

} // namespace sim
