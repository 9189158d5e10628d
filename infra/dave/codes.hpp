#pragma once
// Codes that people compare to see that nobody listens in. Pure. Source: dave 4.4 (DAVE 1,
// "Displayable Codes", "Verification Fingerprint").
#include "infra/dave/crypto_suite.hpp"
#include "messages/ids.hpp"
#include <string>

namespace hearth::dave {

constexpr size_t privacy_code_digits = 30;
constexpr size_t pairwise_code_digits = 45;

/// Five digits for every five bytes. Empty when there are too few bytes.
/// @param digits A multiple of 5.
std::string displayable_code(byte_view data, size_t digits);

/// The voice privacy code of an epoch: equal for all of its members.
std::string voice_privacy_code(byte_view epoch_authenticator);

/// A member as another one verifies them.
struct fingerprint_party {
  user_id user;
  bytes signature_key;
};
/// 64 bytes, the same for both; takes about 100 ms of CPU: not for a scheduler's or network thread.
bytes pairwise_fingerprint(const crypto_suite& crypto, const fingerprint_party& one,
                           const fingerprint_party& other);

} // namespace hearth::dave
