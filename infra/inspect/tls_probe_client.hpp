#pragma once
// Finds out why a TLS connection to a facade fails: CAF says only that it did.
#include "infra/inspect/certificates_context.hpp"
#include <chrono>
#include <string>

namespace hearth {

enum class probe_result : uint8_t {
  good,        ///< Both sides accept each other and the daemon speaks.
  unreachable, ///< No TCP connection.
  refused,     ///< One side does not accept the other's certificate, or does not speak TLS.
};
struct probe_report {
  probe_result result = probe_result::good;
  std::string text; ///< The reason; empty when good.
};

/// Connects once, as hearthctl would.
probe_report probe_tls(const std::string& address, uint16_t port, const certificate_files& files,
                       std::chrono::milliseconds patience);

} // namespace hearth
