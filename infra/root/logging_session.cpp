#include "infra/root/logging_session.hpp"
#include "infra/root/redact.hpp"
#include <cstdlib>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

/// Journal priorities of spdlog's levels trace .. off. Source: sd-daemon(3).
constexpr const char* priorities[] = {"<7>", "<7>", "<6>", "<4>", "<3>", "<2>", "<2>"};

class careful_formatter final : public spdlog::formatter {
public:
  careful_formatter(bool journal, std::vector<std::string> secrets)
      : journal_(journal), secrets_(std::move(secrets)),
        inner_(std::make_unique<spdlog::pattern_formatter>(journal ? "%v"
                                                                   : "%H:%M:%S.%e %^%-8l%$ %v")) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& into) override {
    const auto text = redact({message.payload.data(), message.payload.size()}, secrets_);
    auto clean = message;
    clean.payload = text;
    if (journal_) {
      const auto* priority = priorities[message.level];
      into.append(priority, priority + 3);
    }
    inner_->format(clean, into);
    message.color_range_start = clean.color_range_start;
    message.color_range_end = clean.color_range_end;
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<careful_formatter>(journal_, secrets_);
  }

private:
  bool journal_;
  std::vector<std::string> secrets_;
  std::unique_ptr<spdlog::pattern_formatter> inner_;
};

} // namespace

bool logs_to_journal() {
  const auto* stream = std::getenv("JOURNAL_STREAM");
  struct stat is = {};
  return stream && ::fstat(STDERR_FILENO, &is) == 0 &&
         fmt::format("{}:{}", is.st_dev, is.st_ino) == stream;
}

std::unique_ptr<spdlog::formatter> make_log_formatter(bool journal,
                                                      std::vector<std::string> secrets) {
  return std::make_unique<careful_formatter>(journal, std::move(secrets));
}

void set_log_level(const std::string& level) {
  const auto known = spdlog::level::from_str(level);
  spdlog::set_level(known == spdlog::level::off ? spdlog::level::info : known);
}

bool try_log_level(const std::string& level) {
  if (level == "off" || spdlog::level::from_str(level) == spdlog::level::off)
    return false;
  set_log_level(level);
  return true;
}

std::string log_level() {
  const auto level = spdlog::get_level();
  const auto name = spdlog::level::to_string_view(level);
  return level == spdlog::level::warn  ? "warn"
         : level == spdlog::level::err ? "error"
                                       : std::string{name.data(), name.size()};
}

std::shared_ptr<log_ring> start_logging(const std::string& level,
                                        const std::vector<secret>& secrets) {
  auto texts = std::vector<std::string>{};
  for (const auto& one : secrets)
    texts.push_back(one.reveal());
  auto ring = std::make_shared<log_ring>(texts);
  auto screen = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  screen->set_formatter(make_log_formatter(logs_to_journal(), std::move(texts)));
  const auto sinks = spdlog::sinks_init_list{std::move(screen), ring};
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("hearthd", sinks));
  set_log_level(level);
  return ring;
}

} // namespace hearth
