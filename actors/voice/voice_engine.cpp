#include <utility> // Asio 1.74 needs it first in C++20

#include "actors/voice/voice_engine.hpp"
#include "infra/voice/transport_key_context.hpp"
#include <spdlog/spdlog.h>

namespace hearth {

voice_engine::parts::parts(caf::actor_system& system, voice::voice_counters& counters, bool hear)
    : costs(voice::measure_transport_costs()), io(system, "voice-io"), sockets(io.ioc(), hear),
      pacer(counters) {}

voice_engine::voice_engine(caf::actor_system& system, voice::voice_counters& counters,
                           voice_engine_options options)
    : system_(system), counters_(counters), options_(std::move(options)) {}

voice_engine::~voice_engine() = default;

voice_engine::parts& voice_engine::running() {
  std::call_once(once_, [this] {
    parts_ = std::make_unique<parts>(system_, counters_, static_cast<bool>(options_.ear));
    spdlog::debug("voice: a packet costs {:.0f} ns with AES-256-GCM, {:.0f} ns with XChaCha20",
                  parts_->costs[0], parts_->costs[1]);
    started_.store(true, std::memory_order_release);
  });
  return *parts_;
}

} // namespace hearth
