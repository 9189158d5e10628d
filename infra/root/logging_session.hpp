#pragma once
// Where log lines go and how they look: a readable console, or journal levels under systemd.
#include "infra/root/log_ring_session.hpp"
#include "infra/settings/secret.hpp"
#include <memory>
#include <spdlog/formatter.h>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// Makes spdlog's default logger write to standard error: with time and colours on a terminal, or
/// with "<6>" levels (sd-daemon(3)) and no time when JOURNAL_STREAM says that standard error is
/// the journal. Every line goes through redact(). `level`: as the option log.level.
/// The newest lines are kept in memory as well: the answer.
std::shared_ptr<log_ring> start_logging(const std::string& level,
                                        const std::vector<secret>& secrets);

/// Applies a changed log.level. Unknown names count as "info".
void set_log_level(const std::string& level);

/// Whether there is such a level; applied if so.
bool try_log_level(const std::string& level);
/// The level in force, as log.level names it.
std::string log_level();

/// Whether standard error is connected to the journal. Source: systemd.exec(5), $JOURNAL_STREAM.
bool logs_to_journal();

/// The line's format; for start_logging and its test.
std::unique_ptr<spdlog::formatter> make_log_formatter(bool journal,
                                                      std::vector<std::string> secrets);

} // namespace hearth
