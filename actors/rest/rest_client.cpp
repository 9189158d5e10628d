#include "actors/rest/rest_client.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/inspect/process_counters.hpp"
#include "infra/rest/limit_headers.hpp"
#include "infra/rest/route.hpp"
#include <algorithm>
#include <chrono>
#include <spdlog/spdlog.h>
#include <utility>

namespace hearth {
namespace {

/// "POST /interactions/1/***/callback", for logs and errors.
std::string title(const rest_request& request) {
  return std::string{to_string(request.method)} + ' ' + redacted_path(request.path);
}

/// How a request without an HTTP answer ended.
rest_outcome outcome_without_answer(errc why) {
  switch (why) {
  case errc::unreachable:
    return rest_outcome::unreachable;
  case errc::deadline:
    return rest_outcome::deadline;
  case errc::unauthorized:
    return rest_outcome::unauthorized;
  default:
    return rest_outcome::refused;
  }
}

} // namespace

rest_client::rest_client(caf::actor_config& config, asio_context& io, rest_options options,
                         std::function<void(fatal)> on_fatal)
    : on_asio(config, io), options_(std::move(options)), on_fatal_(std::move(on_fatal)),
      origin_(options_.api.substr(0, options_.api.find('/', options_.api.find("//") + 2))),
      base_path_(options_.api.substr(origin_.size()) + "/v10"), gate_(options_.limits),
      random_(std::random_device{}()) {
  auto limits = http_limits{};
  limits.connections_max = options_.connections_max;
  limits.answer_bytes_max = options_.answer_bytes_max;
  const auto plain = options_.api.compare(0, 7, "http://") == 0;
  http_ = std::make_unique<http_client>(ioc(), plain, limits);
  timer_ = std::make_unique<boost::asio::steady_timer>(ioc());
}

rest_actor::behavior_type rest_client::make_behavior() {
  return {
      [this](rest_request& request) { return on_request(request); },
      [this](get_rest_status) {
        auto status = counters_;
        status.waiting = gate_.waiting();
        status.buckets = gate_.buckets();
        return status;
      },
      [this](get_gates) { return std::make_shared<const gate_list>(gate_.look(steady_ms())); },
  };
}

void rest_client::on_exit() {
  stopping_ = true;
  timer_.reset();
  http_.reset();
  for (auto& [id, waiting] : calls_) // CAF tells held callers nothing by itself
    waiting.promise.deliver(make_error(errc::stopping, title(waiting.request)));
  calls_.clear();
  on_fatal_ = nullptr;
}

caf::result<rest_response> rest_client::on_request(rest_request& request) {
  if (unauthorized_) {
    counts().rest.note(rest_outcome::unauthorized);
    return make_error(errc::unauthorized, title(request));
  }
  if (auto trouble = request_trouble(request); !trouble.empty()) {
    counts().rest.note(rest_outcome::refused);
    return make_error(errc::invalid, title(request) + ": " + trouble);
  }
  const auto id = next_id_++;
  const auto wait = std::clamp<int64_t>(request.deadline_ms, 1, options_.deadline_ms_max);
  const auto deadline_ms = steady_ms() + wait;
  auto where = describe_route(request.method, request.path, system_ms());
  const auto by_token = where.by_token;
  if (gate_.offer(id, std::move(where), request.priority, deadline_ms)) {
    ++counters_.refused;
    counts().rest.note(rest_outcome::refused);
    return make_error(errc::queue_full, title(request));
  }
  auto promise = make_response_promise<rest_response>();
  auto& made = calls_[id];
  made.request = std::move(request);
  made.promise = promise;
  made.deadline_ms = deadline_ms;
  made.by_token = by_token;
  advance();
  return promise;
}

void rest_client::advance() {
  const auto now = steady_ms();
  const auto step = gate_.advance(now);
  for (const auto id : step.expired)
    expire(id);
  for (const auto id : step.send)
    send(id);
  arm(publish(now, step.wake_ms));
}

/// What others may read without asking. Refused requests are forgotten by and by even if no other
/// request is made: until then it looks again now and then. Returns when to wake.
std::optional<int64_t> rest_client::publish(int64_t now, std::optional<int64_t> wake_ms) {
  auto& shown = counts().rest;
  shown.sent.set(counters_.sent);
  shown.retried.set(counters_.retried);
  shown.limited_429.set(counters_.limited_429);
  shown.waiting.set(gate_.waiting());
  shown.buckets.set(gate_.buckets());
  const auto invalid = gate_.invalid(now);
  shown.invalid.set(invalid);
  if (invalid == 0)
    return wake_ms;
  const auto again = now + options_.limits.invalid_window_ms / 10 + 1;
  return wake_ms ? std::min(*wake_ms, again) : again;
}

void rest_client::arm(std::optional<int64_t> wake_ms) {
  if (!timer_ || !wake_ms) {
    timer_at_ = 0;
    return;
  }
  if (timer_at_ != 0 && timer_at_ <= *wake_ms)
    return; // the one under way comes early enough and arms anew
  timer_at_ = *wake_ms;
  timer_->expires_at(std::chrono::steady_clock::time_point{std::chrono::milliseconds{*wake_ms}});
  timer_->async_wait(
      [this, alive = caf::strong_actor_ptr{ctrl()}](boost::system::error_code error) {
        if (error || stopping_)
          return;
        timer_at_ = 0;
        work_began("@timer");
        advance();
        work_ended("@timer");
      });
}

void rest_client::send(uint64_t id) {
  auto& what = calls_.at(id);
  const auto& request = what.request;
  const auto left_ms = std::max<int64_t>(1, what.deadline_ms - steady_ms());
  auto exchange = http_exchange{};
  exchange.method = request.method;
  exchange.url = origin_;
  exchange.target = base_path_ + request.path;
  if (!what.by_token)
    exchange.headers.push_back("Authorization: Bot " + options_.token.reveal());
  exchange.headers.push_back("User-Agent: " + options_.user_agent);
  if (!request.reason.empty())
    exchange.headers.push_back("X-Audit-Log-Reason: " + audit_reason(request.reason));
  exchange.body = request.body; // kept for another try
  exchange.files = request.files;
  exchange.may_repeat = may_repeat(request);
  const auto urgent = request.priority == rest_priority::callback && exchange.may_repeat;
  exchange.timeout_ms =
      std::min(left_ms, urgent ? options_.callback_try_ms_max : options_.try_ms_max);
  exchange.fresh = what.timed_out;
  ++counters_.sent;
  http_->start(std::move(exchange), [this, id](http_outcome outcome) {
    // Called while http_ lives, hence before on_exit.
    work_began("@answer");
    on_outcome(id, std::move(outcome));
    work_ended("@answer");
  });
}

void rest_client::on_outcome(uint64_t id, http_outcome outcome) {
  const auto alive = caf::strong_actor_ptr{ctrl()};
  const auto found = calls_.find(id);
  if (found != calls_.end()) {
    found->second.attempts += outcome.sendings;
    if (outcome.status != 0)
      on_answer(id, found->second, outcome);
    else
      on_trouble(id, found->second, outcome);
  }
  advance();
}

void rest_client::on_answer(uint64_t id, call& what, http_outcome& outcome) {
  const auto now = steady_ms();
  const auto report = read_limits(outcome.status, outcome.headers, outcome.body);
  const auto held_ms = gate_.answered(id, outcome.status, report, now);
  // A dead interaction token answers 401 as well (50027); that says nothing of the bot's.
  if (outcome.status == 401 && !what.by_token) {
    stop_the_world(id);
    return;
  }
  if (report.refusal != rate_refusal::none) {
    counters_.limited_429 += outcome.status == 429 ? 1 : 0;
    spdlog::warn("{}: rate limited for {} ms ({})", title(what.request), held_ms,
                 report.refusal == rate_refusal::cloudflare ? "by Cloudflare" : "as told");
    if (outcome.status == 429 && !unauthorized_ && now + held_ms < what.deadline_ms) {
      what.last_trouble = "rate limited";
      ++counters_.retried;
      gate_.again(id, now); // the gate holds it back as long as it must
      return;
    }
  }
  const auto tried = try_result{true, true, outcome.status, report.code};
  if (outcome.status != 429 &&
      after_try(what.request, tried, what.troubles + 1) == next_step::retry) {
    what.last_trouble = "HTTP " + std::to_string(outcome.status);
    const auto wait =
        retry_wait_ms(what.request.priority, what.troubles + 1, static_cast<uint32_t>(random_()));
    if (!unauthorized_ && now + wait < what.deadline_ms) {
      retry(id, what, wait);
      return;
    }
  }
  auto response = rest_response{};
  response.status = outcome.status;
  response.code = report.code;
  response.body = std::move(outcome.body);
  answer(id, std::move(response));
}

void rest_client::on_trouble(uint64_t id, call& what, const http_outcome& outcome) {
  const auto now = steady_ms();
  gate_.lost(id, now);
  what.last_trouble = outcome.trouble;
  what.timed_out = outcome.timed_out;
  const auto tried = try_result{false, outcome.maybe_sent, 0, 0};
  const auto wait =
      retry_wait_ms(what.request.priority, what.troubles + 1, static_cast<uint32_t>(random_()));
  if (after_try(what.request, tried, what.troubles + 1) == next_step::retry && !unauthorized_ &&
      now + wait < what.deadline_ms) {
    retry(id, what, wait);
    return;
  }
  spdlog::warn("{}: no answer after {} tries: {}", title(what.request), what.attempts,
               outcome.trouble);
  refuse(id, errc::unreachable, outcome.trouble);
}

void rest_client::retry(uint64_t id, call& what, int64_t wait_ms) {
  ++what.troubles;
  ++counters_.retried;
  spdlog::debug("{}: {}; again in {} ms", title(what.request), what.last_trouble, wait_ms);
  gate_.again(id, steady_ms() + wait_ms);
}

void rest_client::expire(uint64_t id) {
  const auto& what = calls_.at(id);
  if (what.last_trouble.empty())
    refuse(id, errc::deadline, "waited in the queue");
  else // it was tried, and what became of it may not be known
    refuse(id, errc::unreachable, what.last_trouble);
}

void rest_client::stop_the_world(uint64_t id) {
  refuse(id, errc::unauthorized, {});
  for (const auto waiting : gate_.stop())
    refuse(waiting, errc::unauthorized, {});
  if (std::exchange(unauthorized_, true))
    return;
  counts().rest.unauthorized = true;
  // Repeating a refused token gets the address banned (discord-api 2.3).
  auto what = fatal{};
  what.text = "Discord refuses the bot's token (HTTP 401). Make a new one in the developer portal "
              "(Bot > Reset Token) and set HEARTH_DISCORD_TOKEN.";
  if (on_fatal_)
    on_fatal_(what);
}

void rest_client::answer(uint64_t id, rest_response response) {
  const auto found = calls_.find(id);
  counts().rest.note(outcome_of(response.status));
  response.attempts = static_cast<uint8_t>(std::clamp<uint32_t>(found->second.attempts, 1, 255));
  found->second.promise.deliver(std::move(response));
  calls_.erase(found);
  gate_.finish(id);
}

void rest_client::refuse(uint64_t id, errc why, std::string context) {
  const auto found = calls_.find(id);
  ++counters_.refused;
  counts().rest.note(outcome_without_answer(why));
  auto text = title(found->second.request);
  if (!context.empty())
    text += ": " + context;
  found->second.promise.deliver(make_error(why, std::move(text)));
  calls_.erase(found);
  gate_.finish(id);
}

} // namespace hearth
