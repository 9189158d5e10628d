#pragma once
// What all voice of the process shares: an I/O thread, the pacer's thread, sockets, and what
// ciphers cost here. None of it exists before the first session.
#include "infra/root/asio_context.hpp"
#include "infra/sound/sound_files_thread.hpp"
#include "infra/sound/speech_thread.hpp"
#include "infra/voice/join_rules.hpp"
#include "infra/voice/pacing_clock_thread.hpp"
#include "infra/voice/transport_mode.hpp"
#include "infra/voice/udp_port_socket.hpp"
#include "infra/voice/voice_session_rules.hpp"
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace hearth {

/// Every frame that somebody else says and that can be opened; for tests. Voice's I/O thread.
using voice_ear = std::function<void(guild_id, user_id, dave::byte_view opus)>;

struct voice_engine_options {
  std::string user_agent;
  std::string ca_file;     ///< PEM: authorities besides the system's for voice gateways.
  std::string data_folder; ///< For a look at the machine's health.
  sound::speech_options speech;
  std::string sounds_folder; ///< Own files of the operator, a folder per family.
  voice::voice_timing timing;
  voice::join_timing joining;
  voice_ear ear; ///< Empty: incoming sound is dropped before it wakes anybody.
};

/// Owned by the daemon: made after the actor system, destroyed before it, when no actor is left.
class voice_engine {
public:
  voice_engine(caf::actor_system& system, voice::voice_counters& counters,
               voice_engine_options options);
  ~voice_engine();
  voice_engine(const voice_engine&) = delete;
  voice_engine& operator=(const voice_engine&) = delete;

  const voice_engine_options& options() const noexcept { return options_; }
  voice::voice_counters& counters() noexcept { return counters_; }
  // Any thread; the first call of any of them starts it all.
  asio_context& io() { return running().io; }
  voice::pacer_thread& pacer() { return running().pacer; }
  const voice::transport_costs& costs() { return running().costs; }
  /// For the I/O thread only.
  voice::udp_pool& sockets() { return running().sockets; }
  bool started() const noexcept { return started_.load(std::memory_order_acquire); }

private:
  struct parts {
    parts(caf::actor_system& system, voice::voice_counters& counters, bool hear);
    voice::transport_costs costs;
    asio_context io;
    voice::udp_pool sockets;
    voice::pacer_thread pacer;
  };
  parts& running();

  caf::actor_system& system_;
  voice::voice_counters& counters_;
  voice_engine_options options_;
  std::once_flag once_;
  std::atomic<bool> started_{false};
  std::unique_ptr<parts> parts_;
};

} // namespace hearth
