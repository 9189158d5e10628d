#pragma once
// Runs typed CAF actors on a Boost.Asio thread, so that an actor may own sockets and timers without
// locks.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace hearth {

/// One I/O thread and its io_context. Destroy it after every actor on it has ended and before the
/// system.
class asio_context final : public caf::execution_unit {
public:
  /// Starts the thread. `name` is what `top -H` shows, at most 15 characters.
  asio_context(caf::actor_system& system, const char* name);
  ~asio_context() override;
  asio_context(const asio_context&) = delete;
  asio_context& operator=(const asio_context&) = delete;

  /// Takes one reference of `job`. Called from any thread; jobs of pool actors go to the scheduler.
  void exec_later(caf::resumable* job) override;
  boost::asio::io_context& ioc() noexcept { return ioc_; }

private:
  struct release_job {
    void operator()(caf::resumable* job) const noexcept;
  };
  /// Owns the reference that the scheduler's contract hands over.
  using job_ptr = std::unique_ptr<caf::resumable, release_job>;
  void run(job_ptr job);
  void run_ready();

  boost::asio::io_context ioc_{1};
  std::vector<job_ptr> ready_; ///< Actors of this thread that it woke itself; in order.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

/// Pins an event-based actor to one asio_context: all its handlers run on that thread, and
/// completion handlers of Asio may call its members. Such handlers must hold a strong_actor_ptr and
/// must never call quit().
template <class Base> class on_asio : public Base {
public:
  template <class... Ts>
  on_asio(caf::actor_config& config, asio_context& io, Ts&&... args)
      : Base(config, std::forward<Ts>(args)...), io_(&io) {}
  /// @param io Null leaves the actor to the pool, for instance to a test's own scheduler.
  template <class... Ts>
  on_asio(caf::actor_config& config, asio_context* io, Ts&&... args)
      : Base(config, std::forward<Ts>(args)...), io_(io) {}
  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override {
    Base::enqueue(std::move(what), io_ != nullptr ? io_ : unit);
  }
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    Base::launch(io_ != nullptr ? io_ : unit, lazy, hide);
  }
  caf::resumable::subtype_t subtype() const override {
    return io_ != nullptr ? caf::resumable::io_actor : Base::subtype();
  }

protected:
  /// Only where there is one.
  boost::asio::io_context& ioc() noexcept { return io_->ioc(); }

private:
  asio_context* io_;
};

} // namespace hearth
