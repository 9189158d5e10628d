#include "infra/store/store_context.hpp"
#include <caf/scheduler/abstract_coordinator.hpp>
#include <csignal>
#include <pthread.h>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

using steady = std::chrono::steady_clock;

/// Messages an actor handles before others of the store get their turn.
constexpr size_t max_throughput = 64;

} // namespace

store_context::store_context(caf::actor_system& system, const std::string& path,
                             store_options options)
    : caf::execution_unit(&system), options_(options), db_(path) {
  if (!options_.own_thread)
    return;
  thread_ = std::thread([this] {
    sigset_t all;
    sigfillset(&all); // signals belong to the main thread
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    pthread_setname_np(pthread_self(), "store");
    loop();
  });
}

store_context::~store_context() {
  if (thread_.joinable()) {
    {
      const auto lock = std::lock_guard{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  for (auto* job : queue_)
    intrusive_ptr_release(job);
}

void store_context::exec_later(caf::resumable* job) {
  if (job->subtype() != caf::resumable::io_actor) {
    if (answering_)
      woken_.push_back(job);
    else
      system().scheduler().enqueue(job);
    return;
  }
  {
    const auto lock = std::lock_guard{mutex_};
    queue_.push_back(job);
  }
  wake_.notify_one();
}

bool store_context::batch_is_full() const {
  return db_.open() && (db_.writes() >= options_.batch_writes_max ||
                        steady::now() - db_.opened_at() >= options_.batch_age_max);
}

void store_context::run(caf::resumable* job) {
  if (job->resume(this, max_throughput) == caf::resumable::resume_later)
    exec_later(job);
  else
    intrusive_ptr_release(job);
}

/// True when there is something to run; false to commit lazy writes or to end.
bool store_context::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] { return stopping_ || !queue_.empty(); };
  if (db_.lazy_waiting() == 0)
    wake_.wait(lock, ready);
  else
    wake_.wait_until(lock, lazy_since_ + options_.lazy_wait_max, ready);
  return !queue_.empty();
}

void store_context::drain(std::unique_lock<std::mutex>& lock) {
  while (!queue_.empty() && !batch_is_full()) {
    auto* job = queue_.front();
    queue_.pop_front();
    lock.unlock();
    run(job);
    lock.lock();
  }
}

void store_context::loop() {
  auto lock = std::unique_lock{mutex_};
  for (;;) {
    const auto work = wait_for_work(lock);
    if (work)
      drain(lock);
    const auto last = stopping_ && queue_.empty();
    const auto lazy_due =
        db_.lazy_waiting() > 0 && (last || db_.lazy_waiting() >= options_.lazy_max ||
                                   steady::now() >= lazy_since_ + options_.lazy_wait_max);
    if (db_.open() || lazy_due) {
      lock.unlock();
      commit();
      lock.lock();
    }
    if (last && queue_.empty())
      return;
  }
}

void store_context::commit() {
  const auto began = steady::now();
  const auto writes = db_.writes() + db_.lazy_waiting();
  answering_ = true;
  const auto good = db_.commit();
  answering_ = false;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - began);
  ++counters_.commits;
  counters_.commit_us.observe(static_cast<uint64_t>(took.count()));
  if (writes > 0)
    counters_.batch_writes.observe(writes);
  if (!good)
    ++counters_.failures;
  if (const auto us = static_cast<uint64_t>(took.count()); us > counters_.longest_commit_us)
    counters_.longest_commit_us = us;
  watch_health();
  for (auto* job : woken_)
    system().scheduler().enqueue(job);
  woken_.clear();
}

void store_context::watch_health() {
  const auto health = db_.health();
  counters_.health = health;
  if (health == told_)
    return;
  if (health == store_health::fine)
    spdlog::info("store: {}: writes work again", db_.writer().path());
  else
    spdlog::critical("store: {}", advice(health, db_.writer().path()));
  told_ = health;
}

std::optional<std::string> store_context::write(const batch_db::work& fn) {
  ++counters_.writes;
  try {
    return noted(db_.write(fn));
  } catch (...) {
    then(nullptr);
    throw;
  }
}

std::optional<std::string> store_context::read(const batch_db::work& fn) {
  ++counters_.reads;
  return noted(db_.read(fn));
}

/// A sick disk is told once, by watch_health; any other failure is a bug and told each time.
std::optional<std::string> store_context::noted(std::optional<std::string> failure) {
  if (!failure)
    return failure;
  ++counters_.failures;
  if (db_.health() == store_health::fine)
    spdlog::error("store: {}", *failure);
  watch_health();
  then(nullptr);
  return failure;
}

void store_context::write_lazily(batch_db::work fn) {
  ++counters_.writes;
  if (db_.lazy_waiting() == 0)
    lazy_since_ = steady::now();
  counters_.lazy_dropped += db_.write_lazily(std::move(fn), options_.lazy_waiting_max);
  if (!threaded())
    commit();
}

void store_context::then(store_answer_ptr answer) {
  if (answer)
    db_.then(std::move(answer));
  if (!threaded() && db_.open())
    commit();
}

} // namespace hearth
