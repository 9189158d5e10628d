#include "actors/root/core_call.hpp"
#include "actors/people/people_commands.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/interactions/json_text.hpp"
#include <array>
#include <chrono>
#include <exception>
#include <spdlog/spdlog.h>
#include <utility>

namespace hearth {
namespace {

constexpr auto handlers = std::array<core_handler, 14>{{
    {"about", run_about, nullptr, true},
    {"getusertimezone", run_getusertimezone},
    {"gettimezones", run_gettimezones},
    {"help", run_help, complete_help, true},
    {"modbotpermission", run_modbotpermission},
    {"modchannel", run_modchannel, complete_modchannel},
    {"modfeature", run_modfeature, complete_modfeature},
    {"modlanguage", run_modlanguage},
    {"modresetcache", run_modresetcache},
    {"modsetusertimezone", run_modsetusertimezone, complete_zone},
    {"modtimezone", run_modtimezone, complete_zone},
    {"modversion", run_modversion},
    {"modvoicecurrentactivity", run_modvoicecurrentactivity},
    {"setmytimezone", run_setmytimezone, complete_zone, true},
}};

} // namespace

const core_handler* find_core_handler(std::string_view command) {
  for (const auto& handler : handlers)
    if (handler.command == command)
      return &handler;
  return nullptr;
}

bool run_component(const core_call& call, const custom_id& state) {
  if (state.area != "people")
    return false;
  run_people_component(call, state);
  return true;
}

core_call::core_call(guild& owner, interaction_ptr asked)
    : guild_(&owner), asked_(std::move(asked)) {}

caller_facts core_call::caller() const { return guild_->caller_of(*asked_); }

std::string core_call::text(std::string_view key, std::initializer_list<text_value> values) const {
  return guild_->env_->texts->text(asked_->locale, key, values);
}

std::string core_call::public_text(std::string_view key,
                                   std::initializer_list<text_value> values) const {
  return guild_->env_->texts->text(guild_->language(), key, values);
}

std::string core_call::mention(std::string_view path) const {
  const auto name = path.substr(0, path.find(' '));
  const auto& id_of = guild_->env_->command_id_of;
  const auto id = id_of ? id_of(guild_->id_, name) : command_id{};
  if (!id)
    return "`/" + std::string{path} + "`";
  return "</" + std::string{path} + ":" + to_string(id) + ">";
}

// -- answers --------------------------------------------------------------------------------------

void core_call::reply(std::string_view text, bool ephemeral) const {
  reply_data(message_text(text), ephemeral);
}

void core_call::reply_key(std::string_view key, std::initializer_list<text_value> values) const {
  reply(guild_->env_->texts->text(asked_->locale, key, values));
}

void core_call::reply_data(const nlohmann::json& data, bool ephemeral) const {
  auto response = interaction_response{};
  response.ephemeral = ephemeral;
  response.data = json_text(data);
  guild_->answer(asked_->id, std::move(response));
}

void core_call::update(const nlohmann::json& data) const {
  auto response = interaction_response{};
  response.type = interaction_response::kind::update;
  response.data = json_text(data);
  guild_->answer(asked_->id, std::move(response));
}

void core_call::complete(const std::vector<completion>& choices) const {
  auto response = interaction_response{};
  response.type = interaction_response::kind::choices;
  response.data = json_text(make_choices(choices));
  guild_->answer(asked_->id, std::move(response));
}

std::string_view core_call::typed() const {
  for (const auto& given : asked_->options)
    if (given.focused)
      if (const auto* text = std::get_if<std::string>(&given.value))
        return *text;
  return {};
}

// -- questions ------------------------------------------------------------------------------------

template <class Handle, class Question, class Answer>
void core_call::ask(const Handle& whom, Question question,
                    std::function<void(const Answer&)> then) const {
  guild_
      ->request(whom, std::chrono::milliseconds(guild_->env_->limits().store_ms),
                std::move(question))
      .then(
          [call = *this, then = std::move(then)](const Answer& answer) {
            try {
              then(answer);
            } catch (const std::exception& error) { // one bad handler must not take the guild along
              spdlog::error("guild {}: /{} failed: {}", call.guild_->id_.value,
                            call.asked_->command, error.what());
              call.guild_->fail(call.asked_->id);
            }
          },
          [call = *this](const caf::error& error) {
            spdlog::error("guild {}: the store did not serve /{}: {}", call.guild_->id_.value,
                          call.asked_->command, describe(error));
            call.reply_key("core.store_failed");
          });
}

void core_call::set_option(std::string key, std::string value, std::string what,
                           std::function<void()> then) const {
  ask<settings_store_actor, set_guild_option, guild_settings_ptr>(
      env().settings,
      {guild_->id_,
       std::move(key),
       std::move(value),
       {asked_->id, asked_->member.user, std::move(what)}},
      [owner = guild_, then = std::move(then)](const guild_settings_ptr& fresh) {
        owner->apply(fresh);
        then();
      });
}

void core_call::set_channel(std::string kind, channel_id channel, std::string what,
                            std::function<void()> then) const {
  ask<settings_store_actor, set_guild_channel, guild_settings_ptr>(
      env().settings,
      {guild_->id_, std::move(kind), channel, {asked_->id, asked_->member.user, std::move(what)}},
      [owner = guild_, then = std::move(then)](const guild_settings_ptr& fresh) {
        owner->apply(fresh);
        then();
      });
}

void core_call::find_people(std::vector<user_id> users,
                            std::function<void(const people_found&)> then) const {
  ask<people_store_actor, hearth::find_people, people_found>(env().people, {std::move(users)},
                                                             std::move(then));
}

void core_call::set_zone(user_id user, std::string name, std::string zone, std::string what,
                         std::function<void(const person&)> then) const {
  auto question = hearth::set_zone{};
  question.interaction = asked_->id;
  question.user = user;
  question.name = std::move(name);
  question.zone = std::move(zone);
  question.now = now();
  question.guild = guild_->id_;
  question.by.interaction = asked_->id;
  if (!what.empty()) {
    question.by.user = asked_->member.user;
    question.by.what = std::move(what);
  }
  ask<people_store_actor, hearth::set_zone, person>(env().people, std::move(question),
                                                    std::move(then));
}

} // namespace hearth
