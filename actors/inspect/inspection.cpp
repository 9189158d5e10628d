#include "actors/inspect/inspection.hpp"
#include "config/version.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/gateway/private_file_context.hpp"
#include "infra/gateway/websocket_url.hpp"
#include "infra/root/logging_session.hpp"
#include <algorithm>
#include <caf/send.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <limits>
#include <spdlog/spdlog.h>
#include <stdexcept>

namespace hearth {
inspection::inspection(caf::actor_system& system, inspector_parts look, steerer_parts steer,
                       inspection_options options)
    : options_(std::move(options)), open_at_(steady_ms() + options_.start_after_ms) {
  if (options_.certificates.empty())
    options_.certificates = look.data_folder + "/inspect";
  look.certificates = options_.certificates;
  look.program = HEARTH_VERSION;
  look.log_level = log_level;
  steer.set_log_level = try_log_level;
  steer.renew = [this](bool authorities) { return renew(authorities); };
  inspector_ = system.spawn<inspector>(std::move(look));
  steerer_ = system.spawn<steerer>(std::move(steer));
}

inspection_options inspection_of(const settings& says, std::function<void()> wake) {
  auto options = inspection_options{};
  options.inspect = {says.inspect.address, static_cast<uint16_t>(says.inspect.port)};
  options.steer = {says.steer.address, static_cast<uint16_t>(says.steer.port)};
  options.wake = std::move(wake);
  return options;
}

inspection::~inspection() { stop(); }

void inspection::stop() {
  if (std::exchange(stopped_, true))
    return;
  close();
  caf::anon_send_exit(inspector_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(steerer_, caf::exit_reason::user_shutdown);
  inspector_ = nullptr;
  steerer_ = nullptr;
}

int64_t inspection::next_ms() const {
  if (stopped_)
    return std::numeric_limits<int64_t>::max();
  return opened_ ? std::min(open_at_, look_at_) : open_at_;
}

void inspection::act(int64_t now, int64_t unix_ms) {
  if (stopped_)
    return;
  unix_ms_ = unix_ms;
  {
    const auto lock = std::lock_guard{mutex_};
    if (std::exchange(reopen_, false))
      open_at_ = now + options_.reopen_after_ms;
  }
  if (now >= open_at_) {
    close();
    open();
  } else if (opened_ && now >= look_at_) {
    look_at_ = now + options_.look_again_ms;
    const auto made = prepare_certificates(options_.certificates, unix_ms);
    if (!made.trouble.empty())
      spdlog::error("inspect: {}", made.trouble);
    if (!made.made.empty()) {
      spdlog::info("inspect: made anew before their end: {}", fmt::join(made.made, ", "));
      close();
      open();
    }
  }
}

void inspection::open() {
  open_at_ = std::numeric_limits<int64_t>::max();
  look_at_ = steady_ms() + options_.look_again_ms;
  opened_ = true;
  if (options_.inspect.port == 0 && options_.steer.port == 0)
    return;
  const auto made = prepare_certificates(options_.certificates, unix_ms_);
  if (!made.made.empty())
    spdlog::info("inspect: certificates made: {}", fmt::join(made.made, ", "));
  if (!made.trouble.empty()) {
    spdlog::error("inspect: hearthctl cannot connect: {}", made.trouble);
    return;
  }
  if (!guard_)
    guard_.emplace();
  inspect_ = open_one(inspector_, inspect_right::inspect, options_.inspect);
  steer_ = open_one(steerer_, inspect_right::steer, options_.steer);
}

template <class Target>
std::unique_ptr<inspect_port> inspection::open_one(const Target& target, inspect_right right,
                                                   const port_place& place) {
  if (place.port == 0)
    return nullptr;
  if (!is_loopback_host(place.address))
    spdlog::warn("inspect: {} is open beyond this machine: whoever holds the certificate may {} "
                 "from there",
                 place.address, to_string(right));
  auto options = inspect_port_options{};
  options.address = place.address;
  options.port = place.port;
  options.certificates = options_.certificates;
  options.now_ms = unix_ms_;
  options.told = [this, right, place](uint16_t port, const std::string& trouble) {
    if (trouble.empty())
      listening(right, place.address, port);
    else
      spdlog::error("inspect: nobody can {} over {}: {}", to_string(right), place.address, trouble);
  };
  try {
    return std::make_unique<inspect_port>(target, std::move(options));
  } catch (const std::exception& error) {
    spdlog::error("inspect: nobody can {}: {}", to_string(right), error.what());
    return nullptr;
  }
}

/// On the port's own threads.
void inspection::listening(inspect_right right, const std::string& address, uint16_t port) {
  const auto path = address_file(options_.certificates, right);
  if (const auto trouble = write_private_file(path, fmt::format("{} {}\n", address, port), false);
      !trouble.empty())
    spdlog::warn("inspect: {}", trouble);
  spdlog::debug("inspect: {} on {}:{}", to_string(right), address, port);
  const auto lock = std::lock_guard{mutex_};
  ports_[right == inspect_right::inspect ? 0 : 1] = port;
  auto ports = std::vector<uint16_t>{};
  for (const auto each : ports_)
    if (each != 0)
      ports.push_back(each);
  guard_->watch(ports);
}

void inspection::close() {
  inspect_ = nullptr;
  steer_ = nullptr;
  const auto lock = std::lock_guard{mutex_};
  for (const auto right : {inspect_right::inspect, inspect_right::steer})
    remove_private_file(address_file(options_.certificates, right));
  std::fill(std::begin(ports_), std::end(ports_), uint16_t{0});
  if (guard_)
    guard_->watch({});
}

/// On the steerer's thread.
order_done inspection::renew(bool authorities) {
  const auto made = renew_certificates(options_.certificates, system_ms(), authorities);
  if (!made.trouble.empty())
    throw std::runtime_error{made.trouble};
  auto done = order_done{};
  for (const auto& one : list_certificates(options_.certificates))
    if (std::find(made.made.begin(), made.made.end(), one.name) != made.made.end())
      done.details.push_back(
          fmt::format("{} until {:%Y-%m-%d}", one.name, fmt::gmtime(one.expires_ms / 1'000)));
  done.text = "certificates made anew; both ports are opened again with them";
  {
    const auto lock = std::lock_guard{mutex_};
    reopen_ = true;
  }
  options_.wake();
  return done;
}

std::string inspection::address_file(const std::string& certificates, inspect_right right) {
  return certificates + "/" + to_string(right) + ".address";
}

} // namespace hearth
