#pragma once
// The newest lines of the log in memory, for whoever looks into the running daemon.
#include "messages/inspect.hpp"
#include <deque>
#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <string>
#include <vector>

namespace hearth {

/// A sink that keeps the newest lines, redacted as everywhere. Safe to use from any thread.
class log_ring final : public spdlog::sinks::base_sink<std::mutex> {
public:
  struct limits {
    size_t lines_max = 1'000;
    size_t line_bytes_max = 1'000; ///< Longer ones are cut.
    size_t errors_max = 20;        ///< Warnings and worse, kept apart: they are not washed out.
  };
  explicit log_ring(std::vector<std::string> secrets) : log_ring(std::move(secrets), limits{}) {}
  log_ring(std::vector<std::string> secrets, limits bounds)
      : limits_(bounds), secrets_(std::move(secrets)) {}

  /// Lines after number `after`, oldest first; with 0 the newest `lines_max`.
  log_page lines(uint64_t after, size_t lines_max);
  /// The newest warnings and worse, oldest first.
  std::vector<log_line> errors();

protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

private:
  limits limits_;
  std::vector<std::string> secrets_;
  std::deque<log_line> lines_, errors_;
  uint64_t last_ = 0;
};

} // namespace hearth
