#pragma once
// The voice server's own certificate authority: made anew at each start, never anybody else's.
#include <string>

namespace sim {

/// PEM texts.
struct voice_certificate {
  std::string authority;   ///< what clients have to trust
  std::string certificate; ///< for 127.0.0.1 and localhost, signed by the authority
  std::string key;
};

/// Throws std::runtime_error when OpenSSL cannot.
voice_certificate make_voice_certificate();

} // namespace sim
