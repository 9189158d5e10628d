#pragma once
// What the actors of all features do alike: they know their guild, ask neighbours, answer members,
// and stop once nothing is under way.
#include "actors/root/guild_feature_parts.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/settings/guild_options.hpp"
#include "infra/settings/words.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <memory>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth {

/// Base of a feature's actor. It answers its guild's stop_feature with `stop()`, and its `on_exit`
/// calls this one's.
/// @tparam Interface feature_actor, or an extension of it.
/// @tparam Parts Derived from guild_feature_parts.
template <class Interface, class Parts>
class guild_feature : public instrumented<typename Interface::base> {
protected:
  using reply = caf::typed_response_promise<interaction_response>;

  static constexpr auto store_patience = std::chrono::seconds{30}; // a disk may stall
  static constexpr auto rest_patience = std::chrono::seconds{75};  // its own deadline comes first

  guild_feature(caf::actor_config& config, guild_id guild, std::shared_ptr<const Parts> parts)
      : instrumented<typename Interface::base>(config), id_(guild), parts_(std::move(parts)) {}

  void on_exit() override {
    for (auto& promise : std::exchange(stop_promises_, {}))
      promise.deliver(stopped{});
  }

  /// Puts new settings in force.
  virtual void apply_settings(guild_settings_ptr settings) = 0;
  /// Locale key of the sentence for whom nothing was saved.
  virtual const char* not_saved_key() const = 0;

  instant now() const { return parts_->time->now(); }
  /// The guild's language, for what everybody sees and hears.
  std::string language() const {
    const auto own = language_of(*settings_, snapshot_->preferred_locale, *parts_->texts);
    return own ? *own : parts_->default_language();
  }
  words say() const { return {*parts_->texts, language()}; }
  /// The member's language, for what only they see.
  words say_to(const interaction& asked) const {
    return {*parts_->texts, asked.locale.empty() ? asked.guild_locale : asked.locale};
  }
  moderator_action action(const interaction& asked, std::string what) const {
    return {asked.id, asked.member.user, std::move(what)};
  }
  void wake(const std::string& tag, instant at) {
    this->send(parts_->clock, wakeable_actor{this}, wake_at{tag, at});
  }
  /// An ephemeral sentence.
  void tell(reply to, std::string_view text) { to.deliver(text_response(text)); }
  void not_saved(const interaction& asked, reply to, const caf::error& why) {
    spdlog::error("{} of guild {}: {}", this->name(), id_.value, describe(why));
    tell(to, say_to(asked)(not_saved_key()));
  }

  /// Asks a neighbour; the actor does not stop before the answer. `fail` gets the error.
  template <class Answer, class Handle, class Question, class Ok, class Fail>
  void ask(const Handle& whom, std::chrono::milliseconds patience, Question question, Ok ok,
           Fail fail) {
    ++under_way_;
    this->request(whom, patience, std::move(question))
        .then(
            [this, ok = std::move(ok)](Answer& answer) mutable {
              ok(answer);
              finished_one();
            },
            [this, fail = std::move(fail)](caf::error& why) mutable {
              fail(why);
              finished_one();
            });
  }
  /// Stores one change; `then` runs with the new settings in force.
  template <class Question, class Then>
  void change_settings(const interaction_ptr& asked, Question question, reply to, Then then) {
    ask<guild_settings_ptr>(
        parts_->settings, store_patience, std::move(question),
        [this, then = std::move(then)](const guild_settings_ptr& settings) mutable {
          apply_settings(settings);
          then();
        },
        [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
  }
  /// Answered at the end, which comes when nothing is under way.
  caf::result<stopped> stop() {
    stopping_ = true;
    stop_promises_.push_back(this->template make_response_promise<stopped>());
    auto promise = stop_promises_.back();
    ++under_way_;
    finished_one();
    return promise;
  }

  guild_id id_;
  std::shared_ptr<const Parts> parts_;
  guild_settings_ptr settings_; ///< Null until the first facts, like the next.
  guild_snapshot_ptr snapshot_;
  bool stopping_ = false;

private:
  guild_id home_guild() const override { return id_; }

  void finished_one() {
    --under_way_;
    if (stopping_ && under_way_ == 0)
      this->quit(caf::exit_reason::user_shutdown);
  }

  size_t under_way_ = 0; ///< Questions to neighbours not answered yet.
  std::vector<caf::typed_response_promise<stopped>> stop_promises_;
};

} // namespace hearth
