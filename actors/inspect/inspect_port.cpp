#include "actors/inspect/inspect_port.hpp"
#include "actors/inspect/facade.hpp"
#include "infra/inspect/sealed_file_context.hpp"
#include "infra/inspect/wire_config_context.hpp"
#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <spdlog/spdlog.h>
#include <stdexcept>

namespace hearth {
namespace {

using publish_again = caf::atom_constant<caf::atom("again")>;
constexpr auto wait_min = std::chrono::milliseconds{100};
constexpr auto wait_max = std::chrono::milliseconds{10'000};
constexpr auto middleman_timeout = std::chrono::seconds{10};

/// Spawns and names the facade; tells what it speaks.
struct published {
  caf::strong_actor_ptr actor;
  std::set<std::string> interface;
};
using make_facade = std::function<published(caf::actor_system&)>;

/// Keeps the facade published. One in each facade's system; stopped by an exit message.
class port_keeper final : public caf::event_based_actor {
public:
  port_keeper(caf::actor_config& config, make_facade make, const inspect_port_options& options)
      : caf::event_based_actor(config), make_(std::move(make)), options_(options),
        port_(options.port) {}
  const char* name() const override { return "port-keeper"; }

  caf::behavior make_behavior() override {
    set_down_handler([this](const caf::down_msg& down) { on_down(down); });
    publish();
    return {[this](publish_again) { publish(); }};
  }

  void on_exit() override {
    if (facade_)
      caf::anon_send_exit(facade_, caf::exit_reason::kill);
    facade_ = nullptr;
    make_ = nullptr; // it holds the target
  }

private:
  const caf::io::middleman_actor& middleman() { return system().openssl_manager().actor_handle(); }

  void publish() {
    auto made = make_(system());
    facade_ = std::move(made.actor);
    monitor(facade_);
    request(middleman(), middleman_timeout, caf::publish_atom::value, port_, facade_,
            std::move(made.interface), options_.address, true)
        .then([this](uint16_t port) { listening(port); },
              [this](const caf::error& why) { refused(why); });
  }

  void listening(uint16_t port) {
    if (options_.port != 0 && port != options_.port && port_ == 0)
      spdlog::warn("inspect: port {} of {} is taken; {} is used instead", options_.port,
                   options_.address, port);
    port_ = port;
    tell(port, {});
  }

  void refused(const caf::error& why) {
    if (options_.port != 0 && port_ == options_.port) {
      port_ = 0; // any free one
      end_facade();
      return publish();
    }
    end_facade();
    tell(0, describe(why));
    again();
  }

  void end_facade() {
    demonitor(facade_->address());
    caf::anon_send_exit(facade_, caf::exit_reason::kill);
    facade_ = nullptr;
  }

  /// Only a peer can have done it. The port is opened anew: CAF keeps it for the dead actor.
  void on_down(const caf::down_msg& down) {
    if (!facade_ || down.source != facade_->address())
      return;
    spdlog::warn("inspect: a peer has ended the facade on port {} ({}); publishing it again in {} "
                 "ms",
                 port_, describe(down.reason), wait_.count());
    facade_ = nullptr;
    caf::anon_send(middleman(), caf::close_atom::value, port_);
    again();
  }

  void again() {
    delayed_send(this, wait_, publish_again::value);
    wait_ = std::min(wait_ * 2, wait_max);
  }

  void tell(uint16_t port, const std::string& trouble) {
    if (options_.told)
      options_.told(port, trouble);
  }

  make_facade make_;
  inspect_port_options options_;
  uint16_t port_; ///< Asked for next.
  std::chrono::milliseconds wait_ = wait_min;
  caf::strong_actor_ptr facade_;
};

/// The certificates as they were when they were checked.
struct sealed_files {
  std::vector<sealed_file> held;
  certificate_files paths;

  sealed_files(const inspect_port_options& options, inspect_right right) {
    if (const auto trouble =
            certificate_trouble(options.certificates, right, wire_end::daemon, options.now_ms);
        !trouble.empty())
      throw std::runtime_error{trouble};
    const auto files = certificate_files_of(options.certificates, right, wire_end::daemon);
    paths = {seal(files.authority), seal(files.certificate), seal(files.key)};
  }
  std::string seal(const std::string& path) {
    auto copy = sealed_file::copy_of(path);
    if (auto* trouble = std::get_if<std::string>(&copy))
      throw std::runtime_error{*trouble};
    held.push_back(std::move(std::get<sealed_file>(copy)));
    return held.back().path();
  }
};

} // namespace

class inspect_port::impl {
public:
  impl(make_facade make, const inspect_port_options& options, inspect_right right)
      : files_(options, right), config_(files_.paths, right), system_(config_) {
    clear_registry(system_);
    keeper_ = system_.spawn<port_keeper>(std::move(make), options);
  }
  ~impl() {
    caf::anon_send_exit(keeper_, caf::exit_reason::user_shutdown);
    keeper_ = nullptr;
  }

private:
  sealed_files files_;
  wire_config config_;
  caf::actor_system system_; ///< Its destructor waits for keeper and facade.
  caf::actor keeper_;
};

inspect_port::inspect_port(inspect_actor target, inspect_port_options options)
    : impl_(std::make_unique<impl>(
          [target = std::move(target)](caf::actor_system& system) {
            const auto made = spawn_inspect_facade(system, target);
            return published{caf::actor_cast<caf::strong_actor_ptr>(made),
                             system.message_types(made)};
          },
          options, inspect_right::inspect)) {}

inspect_port::inspect_port(steer_actor target, inspect_port_options options)
    : impl_(std::make_unique<impl>(
          [target = std::move(target)](caf::actor_system& system) {
            const auto made = spawn_steer_facade(system, target);
            return published{caf::actor_cast<caf::strong_actor_ptr>(made),
                             system.message_types(made)};
          },
          options, inspect_right::steer)) {}

inspect_port::~inspect_port() = default;

} // namespace hearth
