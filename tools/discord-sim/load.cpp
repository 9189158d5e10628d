#include "discord-sim/load.hpp"

#include "discord-sim/access.hpp"
#include "discord-sim/bounded_json.hpp"
#include "discord-sim/control.hpp"
#include "discord-sim/gateway_server.hpp"

#include <algorithm>

namespace sim {

namespace {

using namespace std::chrono_literals;

constexpr int count_max = 1'000'000;
constexpr int per_second_max = 10'000;
constexpr auto answer_patience = std::chrono::milliseconds{10'000};

/// Runs one slash command again and again, each at its own time whatever became of the others.
class command_load : public std::enable_shared_from_this<command_load> {
public:
  command_load(activity& a, json body, int count, int per_second,
               std::chrono::milliseconds patience, respond answer)
      : a_(a), body_(std::move(body)), count_(count), per_second_(per_second),
        give_up_(steady::now() + patience), answer_(std::move(answer)) {}

  void start() { await_client(); }

private:
  /// Looks every millisecond whether the client could answer by now.
  void await_client() {
    if (ready()) {
      started_ = steady::now();
      return step();
    }
    if (steady::now() >= give_up_)
      return answer_(http_response::of(
          504, {{"ok", false}, {"error", "The application never came with all its guilds."}}));
    a_.core.after(1ms, [self = shared_from_this()] { self->await_client(); });
  }

  bool ready() {
    const auto* known = find_command();
    if (known == nullptr)
      return false;
    const auto sessions = a_.core.gateway().sessions();
    return std::any_of(sessions.begin(), sessions.end(), [&](const session_info& s) {
      return s.application == known->application && s.connected && s.pending == 0;
    });
  }

  const command* find_command() {
    const auto name = body_.value("name", "");
    for (const auto& [id, known] : a_.core.world.commands)
      if (known.name == name)
        return &known;
    return nullptr;
  }

  void step() {
    const auto due = per_second_ * (steady::now() - started_) / std::chrono::seconds{1} + 1;
    while (sent_ < count_ && sent_ < due)
      run_one();
    if (sent_ < count_)
      a_.core.after(1ms, [self = shared_from_this()] { self->step(); });
  }

  void run_one() {
    ++sent_;
    auto* who = a_.core.world.find_user(parse_id(body_.value("as", json{})).value_or(0));
    try {
      if (who == nullptr)
        throw control_error{404, "There is no such user."};
      const auto at = steady::now();
      const auto result = interaction_act("command")(act_call{a_, body_, *who});
      a_.desk.wait(
          result.interaction, false, answer_patience,
          [self = shared_from_this(), at](const json& outcome) { self->note(at, outcome); });
    } catch (const control_error& why) {
      problem_ = why.sentence;
      ++failed_;
      finish_when_done();
    }
  }

  void note(steady::time_point at, const json& outcome) {
    const auto now = steady::now();
    if (first_ == steady::time_point{})
      first_ = now;
    const auto state = outcome.value("outcome", "");
    if (state == "pending" || state == "failed") {
      ++failed_;
      problem_ = outcome.value("reason", "not answered");
    } else {
      us_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(now - at).count());
    }
    finish_when_done();
  }

  void finish_when_done() {
    if (us_.size() + failed_ < static_cast<std::size_t>(count_))
      return;
    std::sort(us_.begin(), us_.end());
    const auto first = std::chrono::nanoseconds{first_.time_since_epoch()}.count();
    auto said = json{{"ok", true},
                     {"answered", us_.size()},
                     {"failed", failed_},
                     {"us", us_},
                     {"first_ns", first}};
    if (!problem_.empty())
      said["problem"] = problem_;
    answer_(http_response::of(200, said));
  }

  activity& a_;
  json body_;
  int count_, per_second_;
  steady::time_point give_up_, started_, first_;
  respond answer_;
  int sent_ = 0;
  std::size_t failed_ = 0;
  std::vector<std::int64_t> us_;
  std::string problem_;
};

http_response post_load(activity& a, rest_call& call) {
  const auto body = parse_json(call.request.body).value_or(json{});
  const auto number = [&](const char* key, int fallback, int max) {
    const auto found = body.is_object() ? body.value(key, json(fallback)) : json{};
    return found.is_number_integer() && found >= 1 && found <= max ? found.get<int>() : 0;
  };
  const auto count = number("count", 1, count_max);
  const auto per_second = number("per_second", 50, per_second_max);
  const auto patience_ms = number("patience_ms", 60'000, 600'000);
  if (count == 0 || per_second == 0 || patience_ms == 0)
    return http_response::of(
        400, {{"ok", false},
              {"error", "count: 1..1000000, per_second: 1..10000, patience_ms: 1..600000"}});
  std::make_shared<command_load>(a, body, count, per_second, std::chrono::milliseconds{patience_ms},
                                 call.defer())
      ->start();
  auto later = http_response{};
  later.later = true;
  return later;
}

http_response get_gateway(core& c) {
  auto sessions = json::array();
  for (const auto& s : c.gateway().sessions())
    sessions.push_back({{"application", id_text(s.application)},
                        {"connected", s.connected},
                        {"compression", s.compression},
                        {"pending", s.pending},
                        {"seq", s.seq},
                        {"beaten_seq", s.beaten_seq}});
  return http_response::of(200, {{"ok", true}, {"sessions", sessions}});
}

} // namespace

void add_load_routes(activity& a) {
  auto options = route_options{};
  options.who = auth::none;
  options.limit.count = 0;
  const auto local = [](const rest_call& call) { return is_local(call.request); };
  const auto refused = [] {
    return http_response::of(403, {{"ok", false}, {"error", "For this machine only."}});
  };
  a.core.plain.add(
      "GET", "/sim/gateway",
      [&a, local, refused](rest_call& call) {
        return local(call) ? get_gateway(a.core) : refused();
      },
      options);
  a.core.plain.add(
      "POST", "/sim/load",
      [&a, local, refused](rest_call& call) {
        return local(call) ? post_load(a, call) : refused();
      },
      options);
}

} // namespace sim
