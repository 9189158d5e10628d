#include "actors/inspect/outside_caller.hpp"
#include <utility>

namespace hearth {
namespace {

constexpr int64_t call_ms_max = 10'000;
constexpr size_t calls_max = 8; // whoever asks more often than is answered has a defect

http_limits small_limits() {
  auto limits = http_limits{};
  limits.connections_max = 2;
  limits.answer_bytes_max = 64UL * 1024; // nobody reads it
  limits.connect_ms_max = 5'000;
  return limits;
}

std::string with_query(const std::string& url, const std::string& query) {
  return query.empty() ? url : url.substr(0, url.find('?')) + "?" + query;
}

} // namespace

outside_caller::outside_caller(caf::actor_config& config, asio_context& io,
                               outside_addresses addresses)
    : on_asio(config, io), addresses_(std::move(addresses)),
      http_(std::make_unique<http_client>(ioc(), true, small_limits())) {}

outside_actor::behavior_type outside_caller::make_behavior() {
  return {[this](call_outside& asked) { return on_call(asked); }};
}

void outside_caller::on_exit() {
  http_.reset();
  for (auto& [id, promise] : calls_)
    promise.deliver(make_error(errc::stopping));
  calls_.clear();
}

caf::result<called> outside_caller::on_call(call_outside& asked) {
  const auto& url =
      asked.where == outside::alert_webhook ? addresses_.alert_webhook : addresses_.uptime_push;
  if (url.empty())
    return make_error(errc::not_found);
  if (calls_.size() >= calls_max)
    return make_error(errc::queue_full);
  auto exchange = http_exchange{};
  exchange.method = asked.body.empty() ? http_method::get : http_method::post;
  exchange.url = with_query(url.reveal(), asked.query);
  exchange.body = std::move(asked.body);
  exchange.timeout_ms = call_ms_max;
  exchange.may_repeat = exchange.method == http_method::get;
  auto promise = make_response_promise<called>();
  const auto id = next_id_++;
  calls_[id] = promise;
  http_->start(std::move(exchange), [this, id](const http_outcome& outcome) {
    const auto alive = caf::strong_actor_ptr{ctrl()}; // called while http_ lives
    work_began("@answer");
    if (auto found = calls_.extract(id)) {
      if (outcome.status != 0)
        found.mapped().deliver(called{outcome.status});
      else // the trouble may quote the address
        found.mapped().deliver(
            make_error(errc::unreachable, outcome.timed_out ? "no answer in time" : "no answer"));
    }
    work_ended("@answer");
  });
  return promise;
}

} // namespace hearth
