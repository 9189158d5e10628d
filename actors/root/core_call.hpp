#pragma once
// One interaction that the guild answers itself, as its handler sees it: who asked what, in which
// language, and the ways to answer. Handlers are plain functions; nothing here outlives the guild.
#include "actors/root/guild.hpp"
#include "infra/interactions/message_builder.hpp"
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// Cheap to copy; handlers keep one for answers that come later.
class core_call {
public:
  core_call(guild& owner, interaction_ptr asked);

  const interaction& asked() const noexcept { return *asked_; }
  guild_id guild_of() const noexcept { return guild_->id_; }
  const guild_env& env() const noexcept { return *guild_->env_; }
  const guild_settings& settings() const noexcept { return *guild_->settings_; }
  /// Null in direct messages and while the guild is not visible.
  const guild_snapshot* snapshot() const noexcept { return guild_->snapshot_.get(); }
  const std::vector<voice_member>& voice() const noexcept { return guild_->voice_; }
  /// Where somebody is in voice; 0 when nowhere.
  channel_id voice_of(user_id user) const { return guild_->voice_of(user); }
  bool feature_on(const feature_entry& entry) const { return guild_->feature_on(entry); }
  caller_facts caller() const;
  instant now() const { return guild_->env_->time->now(); }
  guild_limits limits() const { return guild_->env_->limits(); }

  /// In the member's language, for what only they see.
  std::string text(std::string_view key, std::initializer_list<text_value> values = {}) const;
  /// In the guild's language, for what everybody sees.
  std::string public_text(std::string_view key,
                          std::initializer_list<text_value> values = {}) const;
  std::string_view locale() const { return asked_->locale; }

  /// "</help:123>", or "/help" while its id is not known. `path` may name a subcommand.
  std::string mention(std::string_view path) const;

  void reply(std::string_view text, bool ephemeral = true) const;
  /// `text(key, values)` as an ephemeral answer.
  void reply_key(std::string_view key, std::initializer_list<text_value> values = {}) const;
  void reply_data(const nlohmann::json& data, bool ephemeral = true) const;
  /// Changes the message of the component.
  void update(const nlohmann::json& data) const;
  void complete(const std::vector<completion>& choices) const;

  /// The option of a slash command; nullptr when it was left out.
  const std::string* string_option(std::string_view name) const {
    return asked_->option<std::string>(name);
  }
  /// Text of the option being completed; empty when there is none.
  std::string_view typed() const;

  // Questions to the stores. `then` runs in the guild's turn; when the store fails, the member
  // gets the apology and `then` does not run.
  void set_option(std::string key, std::string value, std::string what,
                  std::function<void()> then) const;
  void set_channel(std::string kind, channel_id channel, std::string what,
                   std::function<void()> then) const;
  /// Has the guild's commands compared with Discord's at the next change of settings.
  void forget_commands() const { guild_->declared_ = false; }
  void find_people(std::vector<user_id> users, std::function<void(const people_found&)> then) const;
  void set_zone(user_id user, std::string name, std::string zone, std::string what,
                std::function<void(const person&)> then) const;

private:
  template <class Handle, class Question, class Answer>
  void ask(const Handle& whom, Question question, std::function<void(const Answer&)> then) const;

  guild* guild_;
  interaction_ptr asked_;
};

/// What the guild does itself with one command.
struct core_handler {
  std::string_view command;
  void (*run)(const core_call&);
  void (*complete)(const core_call&) = nullptr; ///< Autocomplete.
  bool in_dm = false;                           ///< Works without a guild.
};
/// The handler of a slash command, or nullptr.
const core_handler* find_core_handler(std::string_view command);
/// Handles components and modals of the guild's own areas ("people"). False: not one of ours.
bool run_component(const core_call& call, const custom_id& state);

// core_help.cpp
void run_help(const core_call& call);
void complete_help(const core_call& call);
void run_about(const core_call& call);
void run_modversion(const core_call& call);
// core_settings.cpp
void run_modfeature(const core_call& call);
void complete_modfeature(const core_call& call);
void run_modlanguage(const core_call& call);
void run_modtimezone(const core_call& call);
void run_modchannel(const core_call& call);
void complete_modchannel(const core_call& call);
void run_modresetcache(const core_call& call);
// core_inspect.cpp
void run_modbotpermission(const core_call& call);
void run_modvoicecurrentactivity(const core_call& call);

} // namespace hearth
