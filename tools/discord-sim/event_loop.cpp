#include "discord-sim/event_loop.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

namespace sim {

namespace asio = boost::asio;

struct event_loop::impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::signal_set signals{io};
};

namespace {

struct asio_timer : timer_handle {
  explicit asio_timer(asio::io_context& io) : timer(io) {}
  asio::steady_timer timer;
};

} // namespace

event_loop::event_loop() : impl_(std::make_unique<impl>()) {}
event_loop::~event_loop() = default;

void event_loop::run() { impl_->io.run(); }
void event_loop::stop() { impl_->io.stop(); }
void event_loop::post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }

void event_loop::after(std::chrono::milliseconds delay, std::function<void()> then) {
  auto timer = std::make_shared<asio::steady_timer>(impl_->io, delay);
  timer->async_wait([timer, then = std::move(then)](boost::system::error_code error) {
    if (!error)
      then();
  });
}

std::unique_ptr<timer_handle> event_loop::timer(std::chrono::milliseconds delay,
                                                std::function<void()> then) {
  auto handle = std::make_unique<asio_timer>(impl_->io);
  handle->timer.expires_after(delay);
  handle->timer.async_wait([then = std::move(then)](boost::system::error_code error) {
    if (!error)
      then();
  });
  return handle;
}

void event_loop::on_signal(std::function<void()> then) {
  impl_->signals.add(SIGINT);
  impl_->signals.add(SIGTERM);
  impl_->signals.async_wait([then = std::move(then)](boost::system::error_code error, int) {
    if (!error)
      then();
  });
}

asio::io_context& event_loop::io() { return impl_->io; }

} // namespace sim
