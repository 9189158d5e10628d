#include "infra/root/asio_context.hpp"
#include <boost/asio/post.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <csignal>
#include <pthread.h>

namespace hearth {
namespace {

/// Messages an actor handles before others on the same thread get their turn.
constexpr size_t max_throughput = 64;
/// Actors that get their turn before sockets are looked at again.
constexpr size_t turns_max = 64;

} // namespace

void asio_context::release_job::operator()(caf::resumable* job) const noexcept {
  intrusive_ptr_release(job);
}

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
  auto held = job_ptr{job};
  if (!ioc_.get_executor().running_in_this_thread()) {
    boost::asio::post(ioc_, [this, held = std::move(held)]() mutable { run(std::move(held)); });
    return;
  }
  // What an actor here tells another one here is done in the same round of the loop: each round
  // asks the kernel for news.
  ready_.push_back(std::move(held));
  if (ready_.size() == 1)
    boost::asio::post(ioc_, [this] { run_ready(); });
}

void asio_context::run(job_ptr job) {
  if (job->resume(this, max_throughput) == caf::resumable::resume_later)
    exec_later(job.release());
}

/// Those that come meanwhile are behind the others in the same list.
void asio_context::run_ready() {
  auto turns = size_t{0};
  for (; turns < ready_.size() && turns < turns_max; ++turns)
    run(std::move(ready_[turns]));
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(turns));
  if (!ready_.empty())
    boost::asio::post(ioc_, [this] { run_ready(); });
}

} // namespace hearth
