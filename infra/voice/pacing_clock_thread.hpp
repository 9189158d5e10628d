#pragma once
// The thread that sends sound. It sleeps while nobody plays: no wake-ups.
#include "infra/voice/pacer_thread.hpp"
#include <condition_variable>
#include <thread>

namespace hearth::voice {

/// The system's clock: absolute sleeps, so that errors do not add up.
class system_pacing_clock final : public pacing_clock {
public:
  int64_t now_ns() override;
  void sleep_until(int64_t deadline_ns) override;
  void wait() override;
  void wake() override;

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

/// Runs from its construction to its destruction.
class pacer_thread {
public:
  explicit pacer_thread(voice_counters& counters);
  ~pacer_thread();
  pacer_thread(const pacer_thread&) = delete;
  pacer_thread& operator=(const pacer_thread&) = delete;

  void order(line_ptr line, pacer_order what) { pacer_.order(std::move(line), std::move(what)); }

private:
  system_pacing_clock clock_;
  pacer pacer_;
  std::thread thread_;
};

} // namespace hearth::voice
