#include "actors/inspect/watcher.hpp"
#include "infra/inspect/snapshot_context.hpp"
#include <algorithm>
#include <caf/actor_system.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr size_t waiting_max = 32;
constexpr auto answer_max = std::chrono::seconds{15};
constexpr size_t text_max = 1'500; // characters of a message; Discord takes 2000

std::string line_of(const alert_news& news) {
  auto text = fmt::format("{} **{}**: {}", news.raised ? "\xF0\x9F\x94\xB4" : "\xF0\x9F\x9F\xA2",
                          news.alert, news.text);
  if (text.size() <= text_max)
    return text;
  auto end = text_max;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end; // not inside a UTF-8 sequence
  return text.substr(0, end) + "...";
}

/// For a query. Source: RFC 3986, 2.3.
std::string escaped(std::string_view text) {
  auto out = std::string{};
  for (const auto c : text) {
    const auto plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

bool taken(uint16_t status) { return status >= 200 && status < 300; }
/// Another try would be refused as well.
bool hopeless(uint16_t status) { return status >= 400 && status < 500 && status != 429; }

} // namespace

watcher::watcher(caf::actor_config& config, watcher_parts parts)
    : instrumented(config), parts_(std::move(parts)) {}

watcher_actor::behavior_type watcher::make_behavior() {
  nonce_ = static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  delayed_send(this, parts_.period, watch_tick{});
  return {[this](watch_tick) {
    delayed_send(this, parts_.period, watch_tick{});
    look();
  }};
}

void watcher::on_exit() { parts_ = {}; }

int64_t watcher::steady_ms() {
  const auto now = system().clock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void watcher::look() {
  const auto plan = parts_.plan();
  const auto facts = parts_.look();
  for (const auto& news : book_.look(facts, plan.limits, steady_ms())) {
    if (news.raised)
      spdlog::error("alert {}: {}", news.alert, news.text);
    else
      spdlog::info("alert {} is over: {}", news.alert, news.text);
    parts_.board->log.add();
    if (plan.channel)
      keep(channel_, news);
    if (plan.webhook)
      keep(webhook_, news);
    // A third way, by mail, takes its own outbox here once the daemon has a mailer.
  }
  parts_.board->set(book_.standing());
  send_channel(plan);
  send_webhook(plan);
  beat(plan, facts);
}

void watcher::keep(outbox& way, const alert_news& news) {
  const auto first = way.tried ? 1 : 0; // that one may have arrived
  const auto same =
      std::find_if(way.waiting.begin() + first, way.waiting.end(), [&](const alert_news& other) {
        return other.alert == news.alert && other.raised != news.raised;
      });
  if (same != way.waiting.end() && !news.raised) {
    way.waiting.erase(same); // nobody has heard of it: there is nothing to clear
    return;
  }
  if (way.waiting.size() >= waiting_max)
    way.waiting.erase(way.waiting.begin() + first);
  way.waiting.push_back(news);
}

void watcher::landed(outbox& way, bool done) {
  way.busy = false;
  if (!done)
    return;
  way.tried = false;
  if (!way.waiting.empty())
    way.waiting.pop_front();
}

void watcher::send_channel(const watch_plan& plan) {
  if (!plan.channel)
    channel_.waiting.clear();
  if (channel_.busy || channel_.waiting.empty())
    return;
  channel_.busy = channel_.tried = true;
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/channels/" + to_string(plan.channel) + "/messages";
  asked.priority = rest_priority::member;
  asked.deadline_ms = 10'000;
  // The same nonce until it is told: a repeated post makes no second message.
  asked.body = nlohmann::json{{"content", line_of(channel_.waiting.front())},
                              {"nonce", std::to_string(nonce_)},
                              {"enforce_nonce", true},
                              {"allowed_mentions", {{"parse", nlohmann::json::array()}}}}
                   .dump();
  request(parts_.rest, answer_max, std::move(asked))
      .then(
          [this](const rest_response& answer) {
            const auto good = taken(answer.status);
            (good ? parts_.board->channel : parts_.board->channel_failed).add();
            if (!good && hopeless(answer.status))
              spdlog::warn("alerts: the channel does not take messages (HTTP {}, code {})",
                           answer.status, answer.code);
            if (good || hopeless(answer.status))
              ++nonce_;
            landed(channel_, good || hopeless(answer.status));
          },
          [this](const caf::error& error) {
            parts_.board->channel_failed.add();
            spdlog::debug("alerts: the channel was not told: {}", describe(error));
            landed(channel_, false);
          });
}

void watcher::send_webhook(const watch_plan& plan) {
  if (webhook_.busy || webhook_.waiting.empty() || !plan.webhook)
    return;
  webhook_.busy = webhook_.tried = true;
  const auto& news = webhook_.waiting.front();
  auto asked = call_outside{};
  asked.where = outside::alert_webhook;
  asked.body = nlohmann::json{{"content", line_of(news)},
                              {"alert", news.alert},
                              {"state", news.raised ? "raised" : "clear"},
                              {"allowed_mentions", {{"parse", nlohmann::json::array()}}}}
                   .dump();
  request(parts_.outside, answer_max, std::move(asked))
      .then(
          [this](called answer) {
            const auto good = taken(answer.status);
            (good ? parts_.board->webhook : parts_.board->webhook_failed).add();
            if (!good && hopeless(answer.status))
              spdlog::warn("alerts: the webhook refuses (HTTP {})", answer.status);
            landed(webhook_, good || hopeless(answer.status));
          },
          [this](const caf::error& error) {
            parts_.board->webhook_failed.add();
            spdlog::debug("alerts: the webhook was not told: {}", describe(error));
            landed(webhook_, false);
          });
}

/// Uptime Kuma, monitor type "Push": GET <url>?status=up|down&msg=...&ping=...
void watcher::beat(const watch_plan& plan, const health_facts& facts) {
  const auto now = steady_ms();
  if (!plan.uptime || beating_ || now < next_beat_ms_)
    return;
  next_beat_ms_ = now + std::chrono::milliseconds{plan.uptime_period}.count();
  beating_ = true;
  const auto standing = book_.standing();
  const auto well = standing.empty() && facts.gateway_ready && facts.store_writable;
  auto why = standing.empty() && !facts.gateway_ready
                 ? "gateway: " + facts.gateway_phase
                 : fmt::format("{}", fmt::join(standing, ", "));
  request(parts_.outside, answer_max,
          call_outside{outside::uptime_push,
                       fmt::format("status={}&msg={}&ping=", well ? "up" : "down",
                                   well ? "OK" : escaped(why)),
                       {}})
      .then(
          [this](called answer) {
            beating_ = false;
            (taken(answer.status) ? parts_.board->uptime : parts_.board->uptime_failed).add();
          },
          [this](const caf::error& error) {
            beating_ = false;
            parts_.board->uptime_failed.add();
            spdlog::debug("uptime: the monitor was not told: {}", describe(error));
          });
}

} // namespace hearth
