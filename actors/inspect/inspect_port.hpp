#pragma once
// One published facade: an actor system of its own, its certificates, its port.
#include "infra/inspect/certificates_context.hpp"
#include "messages/inspect_wire.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace hearth {

struct inspect_port_options {
  std::string address = "127.0.0.1"; ///< To listen on.
  uint16_t port = 0;                 ///< When it is taken, any free one is used; 0: any.
  std::string certificates;          ///< Their folder.
  int64_t now_ms = 0;                ///< Unix milliseconds, for the check of the certificates.
  /// Told when it listens (port) or could not (0 and why); on the port's own threads.
  std::function<void(uint16_t port, const std::string& trouble)> told;
};

/// Publishes on construction, stops on destruction. A facade that a peer has ended is published
/// again, on the same port, after a wait that doubles from 100 ms to 10 s. Throws
/// std::runtime_error when a certificate is not good: nothing was opened then.
class inspect_port {
public:
  inspect_port(inspect_actor target, inspect_port_options options);
  inspect_port(steer_actor target, inspect_port_options options);
  ~inspect_port();
  inspect_port(const inspect_port&) = delete;
  inspect_port& operator=(const inspect_port&) = delete;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace hearth
