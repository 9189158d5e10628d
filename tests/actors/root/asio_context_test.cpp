#include "actors/root/system_config.hpp"
#include "infra/root/asio_context.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/post.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <future>
#include <vector>

using namespace hearth;

namespace {

constexpr auto patience = std::chrono::seconds{20};

/// Sends each number back, one higher, for ever: its partner is told first, by an actor handle.
class chatterer final : public on_asio<caf::event_based_actor> {
public:
  chatterer(caf::actor_config& config, asio_context& io) : on_asio(config, io) {}

protected:
  caf::behavior make_behavior() override {
    return {[this](const caf::actor& partner) { partner_ = partner; },
            [this](uint64_t number) { send(partner_, number + 1); }};
  }
  void on_exit() override { partner_ = nullptr; }

private:
  caf::actor partner_;
};

/// Tells which numbers came, and whether all were handled by one thread, once it has them all.
class collector final : public on_asio<caf::event_based_actor> {
public:
  using result = std::pair<std::vector<int32_t>, bool>;
  collector(caf::actor_config& config, asio_context& io, size_t count, std::promise<result>& done)
      : on_asio(config, io), count_(count), done_(done) {}

protected:
  caf::behavior make_behavior() override {
    thread_ = std::this_thread::get_id();
    return {[this](int32_t number) {
      got_.first.push_back(number);
      got_.second &= thread_ == std::this_thread::get_id();
      if (got_.first.size() == count_)
        done_.set_value(std::move(got_));
    }};
  }

private:
  size_t count_;
  std::promise<result>& done_;
  result got_{{}, true};
  std::thread::id thread_;
};

/// Sends so many numbers once it is told how many.
class counter_out final : public on_asio<caf::event_based_actor> {
public:
  counter_out(caf::actor_config& config, asio_context& io, caf::actor target)
      : on_asio(config, io), target_(std::move(target)) {}

protected:
  caf::behavior make_behavior() override {
    return {[this](int32_t count) {
      for (auto i = 0; i < count; ++i)
        send(target_, i);
    }};
  }
  void on_exit() override { target_ = nullptr; }

private:
  caf::actor target_;
};

} // namespace

TEST_CASE("asio context: actors that wake each other without end leave room for others", "[root]") {
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto io = asio_context{system, "io-test"};
  auto one = system.spawn<chatterer>(std::ref(io));
  auto two = system.spawn<chatterer>(std::ref(io));
  caf::anon_send(one, two);
  caf::anon_send(two, one);
  caf::anon_send(one, uint64_t{1});
  for (auto i = 0; i < 3; ++i) { // a socket's turn comes again and again
    auto reached = std::promise<void>{};
    boost::asio::post(io.ioc(), [&] { reached.set_value(); });
    REQUIRE(reached.get_future().wait_for(patience) == std::future_status::ready);
  }
  caf::anon_send_exit(one, caf::exit_reason::kill);
  caf::anon_send_exit(two, caf::exit_reason::kill);
  one = nullptr;
  two = nullptr;
  system.await_all_actors_done();
}

TEST_CASE("asio context: what one actor tells another there arrives in order on that thread",
          "[root]") {
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto io = asio_context{system, "io-test"};
  constexpr auto count = 1'000; // more than are handled at once
  auto done = std::promise<collector::result>{};
  auto target = system.spawn<collector>(std::ref(io), size_t{count}, std::ref(done));
  auto source = system.spawn<counter_out>(std::ref(io), target);
  caf::anon_send(source, int32_t{count});
  auto future = done.get_future();
  REQUIRE(future.wait_for(patience) == std::future_status::ready);
  const auto [numbers, one_thread] = future.get();
  CHECK(one_thread);
  for (auto i = 0; i < count; ++i)
    CHECK(numbers[static_cast<size_t>(i)] == i);
  caf::anon_send_exit(source, caf::exit_reason::kill);
  caf::anon_send_exit(target, caf::exit_reason::kill);
  source = nullptr;
  target = nullptr;
  system.await_all_actors_done();
}
