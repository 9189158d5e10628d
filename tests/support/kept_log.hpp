#pragma once
// What hearthd logs in a test: kept for the test, and written as it was said, before any redaction,
// into the build folder, where tools/secrets.py looks for what must not be there.
#include "infra/root/logging_session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <string>
#include <vector>

namespace test {

/// Where tests leave what they saw.
inline std::string output_folder() {
  const auto folder = std::string{BINARY_DIR "/test-output/daemon"};
  std::filesystem::create_directories(folder);
  return folder;
}

/// A name for files of the running test.
inline std::string test_file_name() {
  auto name = Catch::getResultCapture().getCurrentTestName();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
  return name.substr(0, 80);
}

class kept_log_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit kept_log_sink(const std::string& path) : file_(path, std::ios::app) {}

  std::vector<std::string> lines() {
    const auto lock = std::lock_guard{kept_};
    return lines_;
  }
  template <class Found> bool wait(std::chrono::seconds limit, Found found) {
    auto lock = std::unique_lock{kept_};
    return came_.wait_for(lock, limit, [&] { return found(lines_); });
  }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto line = std::string{message.payload.data(), message.payload.size()};
    const auto level = spdlog::level::to_string_view(message.level);
    file_ << std::string{level.data(), level.size()} << ' ' << line << '\n';
    file_.flush();
    const auto lock = std::lock_guard{kept_};
    lines_.push_back(line);
    came_.notify_all();
  }
  void flush_() override { file_.flush(); }

private:
  std::ofstream file_;
  std::mutex kept_;
  std::condition_variable came_;
  std::vector<std::string> lines_;
};

/// Takes the log of this process while it lives.
class kept_log {
public:
  kept_log()
      : sink_(std::make_shared<kept_log_sink>(output_folder() + "/" + test_file_name() + ".log")),
        before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>("hearthd", sink_);
    logger->set_level(spdlog::level::trace); // what nobody prints must hold no secret either
    spdlog::set_default_logger(std::move(logger));
  }
  ~kept_log() { spdlog::set_default_logger(before_); }
  kept_log(const kept_log&) = delete;
  kept_log& operator=(const kept_log&) = delete;

  /// Lines that contain `part`, so far.
  size_t count(std::string_view part) const {
    const auto all = sink_->lines();
    return static_cast<size_t>(std::count_if(all.begin(), all.end(), [&](const auto& line) {
      return line.find(part) != std::string::npos;
    }));
  }
  bool has(std::string_view part) const { return count(part) > 0; }
  /// Waits for such a line; fails the test after half a minute.
  void wait(std::string_view part) const {
    INFO("waiting for the log line: " << part);
    REQUIRE(sink_->wait(std::chrono::seconds{30}, [&](const auto& lines) {
      return std::any_of(lines.begin(), lines.end(),
                         [&](const auto& line) { return line.find(part) != std::string::npos; });
    }));
  }
  std::string text() const {
    auto all = std::string{};
    for (const auto& line : sink_->lines())
      all += line + '\n';
    return all;
  }

private:
  std::shared_ptr<kept_log_sink> sink_;
  std::shared_ptr<spdlog::logger> before_;
};

} // namespace test
