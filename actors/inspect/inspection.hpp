#pragma once
// All that lets an operator look into the daemon and steer it, as one object of main's.
#include "actors/inspect/inspect_port.hpp"
#include "actors/inspect/inspector.hpp"
#include "actors/inspect/steerer.hpp"
#include "infra/inspect/port_guard_thread.hpp"
#include "infra/settings/settings.hpp"
#include <caf/actor_system.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hearth {

/// One of the two ports, as configured.
struct port_place {
  std::string address = "127.0.0.1";
  uint16_t port = 0; ///< 0: off.
};

struct inspection_options {
  port_place inspect, steer;
  std::string certificates;              ///< Their folder; empty: inspect in the data folder.
  int64_t start_after_ms = 250;          ///< Steady, after construction: the start has other cares.
  int64_t look_again_ms = 6 * 3'600'000; ///< After certificates that are about to end.
  int64_t reopen_after_ms = 300;         ///< After a renewal: its answer must leave first.
  std::function<void()> wake;            ///< Has main call act() soon; from any thread.
};

/// As the operator has configured it.
inspection_options inspection_of(const settings& says, std::function<void()> wake);

/// Belongs to main's thread. What the parts leave empty and is the same everywhere (version, log
/// level, certificates) is filled in. The actors live in the main system; the ports in systems of
/// their own, which are made by the first act() and destroyed by stop(), before root is told to
/// stop.
class inspection {
public:
  inspection(caf::actor_system& system, inspector_parts look, steerer_parts steer,
             inspection_options options);
  ~inspection();
  inspection(const inspection&) = delete;
  inspection& operator=(const inspection&) = delete;

  /// Does what is due at `steady_ms`: opens the ports, looks after certificates. `unix_ms`: the
  /// system's clock.
  void act(int64_t steady_ms, int64_t unix_ms);
  /// When act() is due again, steady milliseconds.
  int64_t next_ms() const;
  /// Closes the ports, then ends the actors. Idempotent.
  void stop();

  /// The file in the certificates' folder that says where a port is: "127.0.0.1 7480".
  static std::string address_file(const std::string& certificates, inspect_right right);

private:
  void open();
  void close();
  template <class Target>
  std::unique_ptr<inspect_port> open_one(const Target& target, inspect_right right,
                                         const port_place& place);
  void listening(inspect_right right, const std::string& address, uint16_t port);
  order_done renew(bool authorities);

  inspection_options options_;
  inspect_actor inspector_;
  steer_actor steerer_;
  std::optional<port_guard> guard_;
  std::unique_ptr<inspect_port> inspect_, steer_;
  int64_t open_at_, look_at_ = 0;
  int64_t unix_ms_ = 0;
  bool opened_ = false, stopped_ = false;
  std::mutex mutex_; ///< For what the ports' and the steerer's threads touch.
  uint16_t ports_[2] = {};
  bool reopen_ = false;
};

} // namespace hearth
