// Posts messages through rest_client: bench-rest BASE CHANNEL COUNT PER_SECOND (0: as fast as it
// goes, the gates' own limit lifted). Prints one line of JSON.
#include "actors/rest/rest_client.hpp"
#include "actors/root/system_config.hpp"
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace {

using namespace hearth;

struct tick {};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tick)

namespace {

class poster final : public caf::event_based_actor {
public:
  poster(caf::actor_config& config, rest_actor rest, std::string channel, int count, int per_second)
      : caf::event_based_actor(config), rest_(std::move(rest)),
        path_("/channels/" + channel + "/messages"), left_(count), per_second_(per_second) {}

protected:
  caf::behavior make_behavior() override {
    if (per_second_ > 0)
      send(this, tick{});
    else
      for (auto i = 0; i < window; ++i)
        post();
    return {[this](tick) {
      if (left_ == 0)
        return;
      post();
      delayed_send(this, std::chrono::microseconds{1'000'000 / per_second_}, tick{});
    }};
  }

private:
  static constexpr auto window = 32;

  void post() {
    if (left_ == 0) {
      if (open_ == 0)
        quit();
      return;
    }
    --left_;
    ++open_;
    auto asked = rest_request{};
    asked.method = http_method::post;
    asked.path = path_;
    asked.body =
        R"({"content":"a line of some length, as a bot writes it all day","allowed_mentions":{"parse":[]}})";
    asked.priority = rest_priority::member;
    request(rest_, std::chrono::seconds{70}, std::move(asked))
        .then(
            [this](const rest_response& answer) {
              if (!answer.ok()) {
                std::fprintf(stderr, "HTTP %d\n", answer.status);
                std::exit(1);
              }
              --open_;
              if (per_second_ == 0 || left_ == 0)
                post();
            },
            [](const caf::error& why) {
              std::fprintf(stderr, "%s\n", describe(why).c_str());
              std::exit(1);
            });
  }

  rest_actor rest_;
  std::string path_;
  int left_, per_second_, open_ = 0;
};

double cpu_s() {
  auto used = rusage{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    return 2;
  const auto count = std::atoi(argv[3]);
  const auto per_second = std::atoi(argv[4]);
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto io = asio_context{system, "rest-io"};
  auto options = rest_options{};
  options.api = std::string{argv[1]} + "/api";
  options.token = secret{"sandbox"};
  options.user_agent = "DiscordBot (https://github.com/hearth-bot/hearth, 0) bench";
  if (per_second == 0)
    options.limits.global_max = 1'000'000;
  auto rest = rest_actor{system.spawn<rest_client>(std::ref(io), options, [](const fatal&) {})};
  auto self = caf::scoped_actor{system};
  const auto run = [&](int calls) {
    const auto one = system.spawn<poster>(rest, std::string{argv[2]}, calls, per_second);
    self->wait_for(one);
  };
  run(50); // connections and limits are known by then
  const auto before = cpu_s();
  const auto began = std::chrono::steady_clock::now();
  run(count);
  const auto wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%s\n", nlohmann::json{{"cpu_us_per_call", (cpu_s() - before) / count * 1e6},
                                     {"calls_per_s", count / wall}}
                          .dump()
                          .c_str());
  caf::anon_send_exit(rest, caf::exit_reason::user_shutdown);
  rest = nullptr;
  return 0;
}
