#include "actors/interactions/command_registrar.hpp"
#include "infra/interactions/command_json.hpp"
#include "infra/interactions/command_table.hpp"
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

using nlohmann::json;

constexpr int64_t deadline_ms = 120'000; // in the background, behind everything else

std::string title(guild_id guild) {
  return guild ? "commands of guild " + to_string(guild) : std::string{"global commands"};
}

} // namespace

command_registrar::command_registrar(caf::actor_config& config, rest_actor rest,
                                     const catalog& texts, std::shared_ptr<command_ids> ids,
                                     int64_t retry_ms)
    : instrumented(config), rest_(std::move(rest)), texts_(texts), ids_(std::move(ids)),
      retry_ms_(retry_ms) {}

command_registrar_actor::behavior_type command_registrar::make_behavior() {
  return {
      [this](const bot_identity& identity) {
        if (application_ == identity.application)
          return; // a later READY of the same bot
        application_ = identity.application;
        scopes_[guild_id{}].features = {"core"};
        for (const auto& [guild, scope] : scopes_)
          queue_up(guild);
        next();
      },
      [this](want_commands& want) {
        if (!want.guild)
          return; // the global scope is not a guild's to change
        scopes_[want.guild].features = std::move(want.features);
        queue_up(want.guild);
        next();
      },
      [this](retry_commands retry) {
        queue_up(retry.guild);
        next();
      },
  };
}

void command_registrar::on_exit() { rest_ = nullptr; }

void command_registrar::queue_up(guild_id guild) {
  const auto found = scopes_.find(guild);
  if (found == scopes_.end() || std::exchange(found->second.queued, true))
    return;
  queue_.push_back(guild);
}

void command_registrar::next() {
  if (busy_ || !application_ || queue_.empty())
    return;
  busy_ = true;
  current_ = queue_.front();
  queue_.pop_front();
  scopes_[current_].queued = false;
  ask_present();
}

std::string command_registrar::path() const {
  auto path = "/applications/" + to_string(application_);
  if (current_)
    path += "/guilds/" + to_string(current_);
  return path + "/commands";
}

void command_registrar::ask_present() {
  auto asked = rest_request{};
  asked.path = path() + "?with_localizations=true";
  asked.deadline_ms = deadline_ms;
  request(rest_, caf::infinite, std::move(asked)) // REST keeps the deadline; see guild::send_out
      .then([this](const rest_response& response) { on_present(response); },
            [this](const caf::error& error) { on_failure(describe(error), true); });
}

void command_registrar::on_present(const rest_response& response) {
  if (!response.ok())
    return on_failure("HTTP " + std::to_string(response.status) + ", code " +
                          std::to_string(response.code),
                      response.status >= 500);
  const auto present = json::parse(response.body, nullptr, false);
  const auto wanted =
      registration_json(all_commands(), scopes_[current_].features, texts_, present);
  if (canonical_commands(present) != canonical_commands(wanted))
    return write(wanted.dump());
  ids_->set(current_, registered_ids(present));
  done();
}

void command_registrar::write(std::string body) {
  auto asked = rest_request{};
  asked.method = http_method::put;
  asked.path = path();
  asked.body = std::move(body);
  asked.deadline_ms = deadline_ms;
  request(rest_, caf::infinite, std::move(asked)) // REST keeps the deadline; see guild::send_out
      .then([this](const rest_response& response) { on_written(response); },
            [this](const caf::error& error) { on_failure(describe(error), true); });
}

void command_registrar::on_written(const rest_response& response) {
  if (!response.ok()) // the body says which command and why; nothing in it is secret
    return on_failure("HTTP " + std::to_string(response.status) + " " +
                          response.body.substr(0, 500),
                      response.status >= 500 || response.status == 429);
  const auto registered = json::parse(response.body, nullptr, false);
  ids_->set(current_, registered_ids(registered));
  spdlog::info("{}: {} registered", title(current_), registered.size());
  done();
}

void command_registrar::on_failure(const std::string& what, bool may_pass) {
  auto& scope = scopes_[current_];
  if (may_pass) {
    const auto wait = retry_ms_ << std::min<uint32_t>(scope.failures++, 4);
    spdlog::warn("{}: not registered ({}); again in {} s", title(current_), what, wait / 1'000);
    delayed_send(this, std::chrono::milliseconds(wait), retry_commands{current_});
  } else {
    spdlog::error("{}: not registered ({}){}", title(current_), what,
                  current_ ? "; was the bot invited with the scope applications.commands?" : "");
  }
  busy_ = false;
  next();
}

void command_registrar::done() {
  scopes_[current_].failures = 0;
  busy_ = false;
  next();
}

} // namespace hearth
