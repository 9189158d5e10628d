#pragma once
// The class behind spawn_schedule, for its own files: one of them per concern.
#include "actors/schedule/schedule.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/schedule/evening_view.hpp"
#include "infra/schedule/plan_view.hpp"
#include "infra/schedule/schedule_settings.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <spdlog/spdlog.h>

namespace hearth {

class schedule final : public instrumented<feature_actor::base> {
public:
  schedule(caf::actor_config& config, guild_id guild, schedule_parts_ptr parts);
  const char* name() const override { return "schedule"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  guild_id home_guild() const override { return id_; }

  using reply = caf::typed_response_promise<interaction_response>;
  using command = void (schedule::*)(const interaction_ptr&, reply);

  /// How an attempt to post ended.
  enum class post_outcome : uint8_t {
    posted,    ///< It is there, now or already.
    forbidden, ///< Discord refused it for good: channel gone, permissions missing.
    failed,    ///< No answer in time or no store: may be tried again.
  };
  struct post_order {
    evening_day evening;
    channel_id channel;
    bool again = false;
    moderator_action by;
    std::function<void(post_outcome)> done;
  };
  /// Edits of one evening's messages.
  struct edit_state {
    bool in_flight = false;
    bool dirty = false;   ///< Changed since the edit under way was drawn.
    bool waiting = false; ///< A wake-up for it is set.
  };

  // -- schedule.cpp: what it knows, who asks
  void on_facts(const guild_facts& facts);
  void apply_settings(guild_settings_ptr settings);
  caf::result<interaction_response> on_interaction(const interaction_ptr& asked);
  void on_component(const interaction_ptr& asked, reply to);
  void on_woken(const woken& wake);
  void on_deleted(const message_deleted& event);
  caf::result<stopped> on_stop();
  void finished_one();

  instant now() const { return parts_->time->now(); }
  evening_day tonight() const { return evening_at(set_.rules, now()); }
  /// A guild option; empty when it is not set.
  std::string option(const char* key) const;
  /// The guild's language, for what everybody sees.
  words say() const;
  /// The member's language, for what only they see.
  words say_to(const interaction& asked) const;
  known_member member_of(const member_facts& member) const;
  moderator_action action(const interaction& asked, std::string what) const;
  void wake(const std::string& tag, instant at);
  /// An ephemeral sentence.
  void tell(reply to, std::string_view text);
  void not_saved(const interaction& asked, reply to, const caf::error& why);
  void note_messages(const evening_record& record);

  /// Asks a neighbour; the actor does not stop before the answer. `fail` gets the error.
  template <class Answer, class Handle, class Question, class Ok, class Fail>
  void ask(const Handle& whom, std::chrono::milliseconds patience, Question question, Ok ok,
           Fail fail) {
    ++under_way_;
    request(whom, patience, std::move(question))
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
  static constexpr auto store_patience = std::chrono::seconds{30}; // a disk may stall
  static constexpr auto rest_patience = std::chrono::seconds{75};  // its own deadline comes first

  // -- schedule_posting.cpp
  caf::result<job_done> on_job(const job_due& due);
  void post(post_order order);
  void begin_order();
  void look_first(const post_plan& plan);
  void send_post(const post_plan& plan);
  void posted(const post_plan& plan, message_id message, bool drawn_before);
  void refused(const post_plan& plan, const rest_response& why);
  void end_order(post_outcome outcome);
  void say_it_failed(evening_day evening);
  /// After a moderator chose a channel: tonight's, when its time is past and it is not there.
  void post_if_due();
  instant posting_time(evening_day period) const;

  // -- schedule_edits.cpp
  /// Draws the messages of that evening anew, as often as Discord allows.
  void refresh(evening_day evening);
  void refresh_later(evening_day evening, int64_t wait_ms);
  void start_edit(evening_day evening);
  void edit_message(const shown_message& shown, const std::string& body, evening_day evening,
                    std::function<void()> done);
  void end_edit(evening_day evening);
  void forget(message_id message);

  // -- schedule_votes.cpp
  void on_vote(const interaction_ptr& asked, vote_button button, reply to);
  void voted(const interaction& asked, int hour, const vote_result& result, reply to);
  /// After a vote changed: the line "enough are ready".
  void check_ready(const evening_record& record, int hour);

  // -- schedule_plans.cpp
  void run_addschedule(const interaction_ptr& asked, reply to);
  void run_removeschedule(const interaction_ptr& asked, reply to);
  void run_seeschedule(const interaction_ptr& asked, reply to);
  void on_plan_component(const interaction_ptr& asked, const plan_component& part, reply to);
  void save_plan(const interaction_ptr& asked, const plan_choice& choice, reply to);
  void set_reminder(const interaction_ptr& asked, bool on, reply to);
  void show_plan(const interaction_ptr& asked, const member_plan& plan, std::string name,
                 interaction_response::kind kind, reply to);

  // -- schedule_moderation.cpp
  void run_modadduserschedule(const interaction_ptr& asked, reply to);
  void complete_time(const interaction_ptr& asked, reply to);
  void run_modrefreshschedule(const interaction_ptr& asked, reply to);
  void run_modforcesendschedule(const interaction_ptr& asked, reply to);
  void run_modapplyschedule(const interaction_ptr& asked, reply to);
  void on_undo(const interaction_ptr& asked, evening_day evening, interaction_id applied, reply to);

  // -- schedule_channels.cpp
  void run_modtextschedulechannel(const interaction_ptr& asked, reply to);
  void run_modseeschedulechannel(const interaction_ptr& asked, reply to);
  void run_modvoicechannel(const interaction_ptr& asked, reply to);
  void run_modseevoicechannels(const interaction_ptr& asked, reply to);
  void run_modresetvoicechannel(const interaction_ptr& asked, reply to);
  std::string posting_text(const words& say, const char* key) const;
  template <class Question>
  void change_settings(const interaction_ptr& asked, Question question, reply to,
                       std::function<void()> then);

  // -- schedule_voice.cpp
  void on_voice(const voice_changes& changes);
  void read_voice();
  /// Puts who is in a tracked channel into the running hour.
  void sync_voice();
  void wake_at_next_slot();

  // -- schedule_reminders.cpp
  void check_reminders();
  void remind(const evening_slot& slot, const reminder& whom);
  void open_dm(const evening_slot& slot, const reminder& whom);
  void send_dm(const evening_slot& slot, const reminder& whom, channel_id dm);
  void remind_in_channel(const evening_slot& slot, user_id user);
  void note_dm_state(user_id user, channel_id dm, bool closed);

  guild_id id_;
  schedule_parts_ptr parts_;
  guild_settings_ptr settings_; ///< Null until the first facts, like the next.
  guild_snapshot_ptr snapshot_;
  schedule_settings set_; ///< Read from settings_.

  std::list<post_order> orders_; ///< The first one is being worked on.
  instant blocked_until_;        ///< Discord refused that channel: not before then.
  std::map<evening_day, edit_state> edits_;
  std::set<message_id> shown_;             ///< Messages of ours whose deletion matters.
  std::map<message_id, instant> answered_; ///< When a press on that message was answered last.

  std::map<user_id, voice_member> voice_; ///< Everybody in voice.
  std::optional<evening_slot> voice_slot_;
  std::set<user_id> voice_told_; ///< Whom the store knows to be there in voice_slot_.

  size_t under_way_ = 0; ///< Questions to neighbours not answered yet.
  std::vector<caf::typed_response_promise<stopped>> stop_promises_;
  bool stopping_ = false;
};

/// A number in base 36: ids short enough for a nonce of 25 characters.
std::string base36(uint64_t number);
/// The answer of that kind with rendered JSON.
interaction_response rendered(interaction_response::kind kind, std::string data,
                              bool ephemeral = true);
/// The body of a message that pings nobody, with a nonce against doubles.
std::string plain_body(std::string_view text, const std::string& nonce, user_id pinged = {});

} // namespace hearth
