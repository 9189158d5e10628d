#include "actors/interactions/interaction_endpoint.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/gateway/websocket_url.hpp"
#include "infra/inspect/process_counters.hpp"
#include <chrono>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr int64_t key_ms_max = 20'000; // for GET /applications/@me
constexpr auto grace = std::chrono::milliseconds{2'000};
constexpr size_t text_kept_max = 256 * 1024; // a huge body must not hold its memory for ever

inbound_reply plain(uint16_t status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

} // namespace

interaction_endpoint_options endpoint_options(const interactions_settings& says) {
  auto options = interaction_endpoint_options{};
  options.server.address = says.http_address;
  options.server.port = static_cast<uint16_t>(says.http_port);
  options.server.body_bytes_max = static_cast<size_t>(says.body_bytes_max);
  options.server.connections_max = static_cast<size_t>(says.connections_max);
  options.server.request_ms_max = says.timeout_seconds * 1'000;
  options.public_key = says.public_key;
  options.skew_s_max = says.skew_seconds_max;
  return options;
}

interaction_endpoint::interaction_endpoint(caf::actor_config& config, asio_context& io,
                                           interaction_endpoint_options options, rest_actor rest,
                                           std::function<void(fatal)> failed)
    : on_asio(config, io), options_(std::move(options)), rest_(std::move(rest)),
      failed_(std::move(failed)) {}

interaction_endpoint::behavior_type interaction_endpoint::make_behavior() {
  if (options_.public_key.empty())
    ask_key();
  else
    listen(options_.public_key);
  return {
      [this](const use_shard& use) { shard_ = use.shard; },
      [this](get_endpoint_status) {
        auto status = counters_;
        if (server_) {
          status.port = server_->port();
          status.connections = static_cast<uint32_t>(server_->connections());
          status.turned_away = server_->turned_away();
        }
        return status;
      },
      [this](ask_for_key) { ask_key(); },
  };
}

void interaction_endpoint::on_exit() {
  server_.reset();
  shard_ = nullptr;
  rest_ = nullptr;
  failed_ = nullptr;
}

void interaction_endpoint::ask_key() {
  auto asked = rest_request{};
  asked.path = "/applications/@me";
  asked.priority = rest_priority::member;
  asked.deadline_ms = key_ms_max;
  request(rest_, std::chrono::milliseconds{key_ms_max} + grace, std::move(asked))
      .then([this](const rest_response& answer) { on_application(answer); },
            [this](const caf::error& error) { ask_later(describe(error)); });
}

void interaction_endpoint::on_application(const rest_response& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!answer.ok() || !body.is_object() || !body.contains("verify_key") ||
      !body["verify_key"].is_string())
    return ask_later(fmt::format("HTTP {}", answer.status));
  listen(body["verify_key"].get_ref<const std::string&>());
}

void interaction_endpoint::ask_later(const std::string& why) {
  spdlog::warn(
      "interactions: Discord does not tell the application's public key ({}); again in {} s", why,
      options_.retry_ms / 1'000);
  delayed_send(this, std::chrono::milliseconds{options_.retry_ms}, ask_for_key{});
}

void interaction_endpoint::listen(std::string_view key_hex) {
  key_ = ed25519_key::from_hex(key_hex);
  if (!key_)
    return failed_(fatal{78, "interactions: the application's public key is not 64 hex digits; "
                             "copy it from the portal into interactions.public_key"});
  try {
    server_ = std::make_unique<interaction_server>(
        ioc(), options_.server, [this](const inbound_request& request) { return answer(request); });
  } catch (const std::exception& error) {
    return failed_(fatal{78, fmt::format("interactions: {}; see interactions.http_address and "
                                         "interactions.http_port",
                                         error.what())});
  }
  spdlog::info("interactions: signed requests are taken at {} port {}", options_.server.address,
               server_->port());
  if (!is_loopback_host(options_.server.address))
    spdlog::warn("interactions: {} is open beyond this machine, without TLS: put a proxy before "
                 "it, and let only the proxy reach it",
                 options_.server.address);
}

/// Nothing of the body is looked at before its signature is known to be good.
inbound_reply interaction_endpoint::answer(const inbound_request& request) {
  counts().endpoint.turned_away.set(server_->turned_away());
  if (request.method != "POST")
    return plain(405, "interactions are posted\n");
  const auto proof = proof_of(request, options_.now_ms() / 1'000, options_.skew_s_max);
  if (!proof || !key_->verifies(proof->signature, proof->timestamp, request.body)) {
    counts().endpoint.refused.add();
    ++counters_.refused; // Discord tries forgeries too, so this is no warning
    spdlog::debug("interactions: a request without a good signature was refused");
    return plain(401, "invalid request signature\n");
  }
  try {
    return take(request.body);
  } catch (const std::exception& defect) { // one bad request must not take the endpoint along
    spdlog::error("interactions: {}", defect.what());
    return plain(500, "failed\n");
  }
}

inbound_reply interaction_endpoint::take(const std::string& body) {
  text_.shrink(text_kept_max);
  text_.append(body);
  auto asked = std::make_shared<interaction>();
  switch (decoder_.read_interaction(text_.text(), *asked)) {
  case interaction_read::ping:
    counts().endpoint.pings.add();
    ++counters_.pings;
    return {200, "application/json", R"({"type":1})"};
  case interaction_read::broken:
    counts().endpoint.malformed.add();
    ++counters_.malformed;
    spdlog::warn("interactions: cannot decode a signed interaction of {} bytes", body.size());
    return plain(400, "no interaction\n");
  case interaction_read::interaction:
    break;
  }
  if (!shard_) {
    counts().endpoint.unserved.add();
    ++counters_.unserved;
    return plain(503, "starting\n");
  }
  asked->received_ms = steady_ms();
  counts().endpoint.passed_on.add();
  ++counters_.interactions;
  send(shard_, interaction_ptr{std::move(asked)});
  return {202, {}, {}};
}

} // namespace hearth
