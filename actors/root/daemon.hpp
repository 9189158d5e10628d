#pragma once
// hearthd as one object: builds all actors in stages, waits for signals, stops in order.
#include "infra/settings/startup_session.hpp"
#include <string>

namespace hearth {

/// Runs until SIGTERM or SIGINT (exit code 0) or until something fatal (70 a defect: the service
/// starts us again; 78 a mistake in the configuration: it does not). `config_path` is read again on
/// SIGHUP. Blocks the signals it waits for, so no other thread may exist yet.
int run_daemon(startup start, const std::string& config_path);

} // namespace hearth
