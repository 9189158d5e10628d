#pragma once
// The class behind spawn_ambience, for its own files: one of them per concern.
#include "actors/root/guild_feature.hpp"
#include "actors/voice/ambience.hpp"
#include "infra/voice/ambience_settings.hpp"
#include "infra/voice/ambience_view.hpp"
#include "infra/voice/listening_clock.hpp"
#include "infra/voice/reaction_rate.hpp"
#include "infra/voice/welcome_text.hpp"
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace hearth {

using ambience_self_actor = feature_actor::extend<caf::reacts_to<voice_report>>;

class ambience final : public guild_feature<ambience_self_actor, ambience_parts> {
public:
  ambience(caf::actor_config& config, guild_id guild, ambience_parts_ptr parts);
  const char* name() const override { return "ambience"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  using command = void (ambience::*)(const interaction_ptr&, reply);
  /// Runs once the change is on disk; `before` is what played until then.
  using after_change = std::function<void(const player_changed&, const ambience_player& before)>;

  /// What the voice actor was told last.
  struct told_voice {
    channel_id channel;
    std::optional<std::vector<voice_layer>> layers;
    std::optional<int> volume;
    std::optional<bool> paused;
  };
  /// The answer to a command, until its message's id is known. The token is a secret.
  struct answered_command {
    application_id application;
    std::string token;
    channel_id channel;
    instant until; ///< The token's end.
    int tries = 0;
  };
  /// Somebody to be welcomed.
  struct guest {
    channel_id channel;
    user_id user;
    std::string speech, message;
    bool joining = false; ///< We are in the channel for them only.
  };

  // -- ambience.cpp: what it knows, who asks
  void on_facts(const guild_facts& facts);
  void apply_settings(guild_settings_ptr settings) override;
  const char* not_saved_key() const override { return "voice.not_saved"; }
  caf::result<interaction_response> on_interaction(const interaction_ptr& asked);
  void dispatch(const interaction_ptr& asked, reply to);
  void load();
  void loaded(const ambience_player& player);
  void on_woken(const woken& wake);
  caf::result<stopped> on_stop();

  const channel_facts* find_channel(channel_id channel) const;
  /// The bot's permissions in a channel, as they count in practice.
  uint64_t may_in(channel_id channel) const;
  void wake_in(const std::string& tag, int64_t ms) { wake(tag, {now().ms + ms}); }

  static constexpr auto join_patience = std::chrono::seconds{90};
  static constexpr auto voice_patience = std::chrono::seconds{10};

  // -- ambience_play.cpp: what members want to hear
  void run_family(const interaction_ptr& asked, reply to);
  void run_ambience(const interaction_ptr& asked, reply to);
  void run_play(const interaction_ptr& asked, channel_id where, reply to);
  void run_focus(const interaction_ptr& asked, reply to);
  void run_now(const interaction_ptr& asked, reply to);
  void complete_sound(const interaction_ptr& asked, reply to);
  void on_component(const interaction_ptr& asked, reply to);
  /// Where the caller may steer the player; 0 after a refusal was told.
  channel_id place_of(const interaction& asked, reply to);
  void play(const interaction_ptr& asked, ambience_change change, reply to);
  /// One change by a member, told by a sentence and shown in the newest message.
  void adjust(const interaction_ptr& asked, ambience_change change, std::string sentence, reply to,
              moderator_action by = {});
  void change(interaction_id interaction, ambience_change change, moderator_action by,
              after_change then, std::function<void(const caf::error&)> fail);
  /// A change of our own: sleep, idleness, what Discord did.
  void change_self(ambience_change change, std::string over_sentence = {});
  std::string refusal_text(const words& text, ambience_refusal why) const;
  void take_over(const ambience_player& player);
  /// A stop that nobody sees yet: what its message says, and which sound it offers again.
  void note_over(const ambience_player& before, std::string sentence);

  // -- ambience_voice.cpp: the voice actor follows the player
  void open_voice_actor();
  void look_at_voice();
  void steer();
  void join(channel_id channel);
  void on_joined(const join_answer& answer);
  void on_refused(channel_id channel, voice_refusal why, const std::string& details);
  void on_report(const voice_report& report);
  void voice_trouble(const caf::error& why);
  void set_timers();
  void on_focus();
  guild_snapshot_ptr picture() const;
  /// Why the bot cannot be heard there, as far as its picture of the guild tells.
  voice_refusal hindrance(channel_id channel) const;
  std::string hindrance_text(const words& text, voice_refusal why, channel_id channel) const;

  // -- ambience_message.cpp: what the messages show
  std::string draw() const;
  void show_first(const interaction_ptr& asked, reply to);
  void update_pressed(const interaction_ptr& asked, reply to);
  void learn_message();
  void learned(channel_id channel, message_id message);
  /// Draws the newest message anew; what changes while an edit is under way goes into the next.
  void refresh();
  void on_deleted(const message_deleted& event);
  void put_status();

  // -- ambience_listening.cpp: who hears it
  void on_voice(const voice_changes& changes);
  void read_voice();
  void voice_moved_on();
  channel_id voice_of(user_id user) const;
  std::vector<user_id> humans_in(channel_id channel) const;
  bool deserted() const;
  void look_for_nobody();
  void count_time();
  void commit_time();
  void run_top(const interaction_ptr& asked, reply to);
  void run_total(const interaction_ptr& asked, reply to);

  // -- ambience_welcome.cpp: the first one in a channel
  void maybe_welcome(const voice_changed& change);
  void begin_welcome();
  void gather_names(const welcome_slots& slots, evening_record_ptr first,
                    evening_record_ptr second);
  void compose(const welcome_slots& slots, const evening_record_ptr& first,
               const evening_record_ptr& second, const spoken_names_found& names);
  void speak();
  void say_it();
  void write_it();
  void end_welcome();

  // -- ambience_moderation.cpp: settings, names, keywords
  void run_modambience(const interaction_ptr& asked, reply to);
  void run_modenablebotvoice(const interaction_ptr& asked, reply to);
  void run_setmyspokenname(const interaction_ptr& asked, reply to);
  void tell_spoken_name(const interaction_ptr& asked, const spoken_name& name, reply to);
  std::string settings_text(const words& text) const;
  void set_options(const interaction_ptr& asked,
                   std::vector<std::pair<std::string, std::string>> options,
                   std::function<std::string(const words&)> answer, reply to);
  void on_news(const member_news& news);

  ambience_settings set_; ///< Read from settings_.

  bool loaded_ = false;                                 ///< player_ is what the store has.
  ambience_player player_;                              ///< As the store has it.
  std::deque<std::pair<interaction_ptr, reply>> early_; ///< Came before that.

  voice_channel_actor voice_actor_; ///< Null until the hub has given it.
  bool opening_ = false;
  bool looked_ = false; ///< told_ is what it does.
  told_voice told_;
  channel_id live_;            ///< Where we are heard now; 0: nowhere.
  std::string trouble_, news_; ///< Sentences for the message.
  uint32_t failures_ = 0;
  bool falling_asleep_ = false; ///< The sleep timer fades the sound out.

  std::string over_, again_; ///< Once it is over: why, and the sound to begin anew with.
  std::optional<answered_command> answered_;
  bool editing_ = false, edit_again_ = false;
  instant pressed_at_;
  std::pair<channel_id, std::string> status_, status_wanted_;
  bool putting_status_ = false;

  std::map<user_id, voice_member> voice_; ///< Everybody in voice.
  instant alone_since_;                   ///< 0: somebody is there.
  listening_clock heard_;
  bool committing_ = false;

  std::optional<guest> guest_;
  reaction_rate reactions_;
  std::map<channel_id, instant> no_reactions_; ///< Discord refused one there; bounded.
};

} // namespace hearth
