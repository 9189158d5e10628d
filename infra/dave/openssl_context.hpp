#pragma once
// The cryptography of DAVE on OpenSSL 3.
#include "infra/dave/crypto_suite.hpp"

namespace hearth::dave {

/// One for the process; its functions throw std::runtime_error when the library itself fails
/// (memory, no random source), which no input can cause.
const crypto_suite& openssl_suite();

} // namespace hearth::dave
