#include "infra/root/asio_context.hpp"
#include <boost/asio/post.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <csignal>
#include <memory>
#include <pthread.h>

namespace hearth {
namespace {

struct release_job {
  void operator()(caf::resumable* job) const noexcept { intrusive_ptr_release(job); }
};
/// Owns the reference that the scheduler's contract hands over.
using job_ptr = std::unique_ptr<caf::resumable, release_job>;

/// Messages an actor handles before others on the same thread get their turn.
constexpr size_t max_throughput = 64;

} // namespace

asio_context::asio_context(caf::actor_system& system, const char* name)
    : caf::execution_unit(&system), work_(ioc_.get_executor()) {
  thread_ = std::thread([this, name] {
    sigset_t all;
    sigfillset(&all); // signals belong to the main thread
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    pthread_setname_np(pthread_self(), name);
    ioc_.run();
  });
}

asio_context::~asio_context() {
  work_.reset();
  ioc_.stop();
  thread_.join();
}

void asio_context::exec_later(caf::resumable* job) {
  if (job->subtype() != caf::resumable::io_actor) {
    system().scheduler().enqueue(job);
    return;
  }
  boost::asio::post(ioc_, [this, held = job_ptr{job}]() mutable {
    if (held->resume(this, max_throughput) == caf::resumable::resume_later)
      exec_later(held.release());
  });
}

} // namespace hearth
