#pragma once
// The class behind spawn_schedule, for its own files: one of them per concern.
#include "actors/root/guild_feature.hpp"
#include "actors/schedule/schedule.hpp"
#include "infra/schedule/evening_view.hpp"
#include "infra/schedule/plan_view.hpp"
#include "infra/schedule/schedule_settings.hpp"
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace hearth {

class schedule final : public guild_feature<feature_actor, schedule_parts> {
public:
  schedule(caf::actor_config& config, guild_id guild, schedule_parts_ptr parts);
  const char* name() const override { return "schedule"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
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
  void apply_settings(guild_settings_ptr settings) override;
  const char* not_saved_key() const override { return "schedule.not_saved"; }
  caf::result<interaction_response> on_interaction(const interaction_ptr& asked);
  void on_component(const interaction_ptr& asked, reply to);
  void on_woken(const woken& wake);
  void on_deleted(const message_deleted& event);

  evening_day tonight() const { return evening_at(set_.rules, now()); }
  known_member member_of(const member_facts& member) const;
  void note_messages(const evening_record& record);

  // -- schedule_posting.cpp
  caf::result<job_done> on_job(const job_due& due);
  void post(post_order order);
  void begin_order();
  void look_first(const post_plan& plan);
  void send_post(const post_plan& plan);
  void posted(const post_plan& plan, message_id message, bool drawn_before);
  void take_down_all_but(message_id newest, const evening_record& record);
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
  void set_reminder(const interaction_ptr& asked, bool on, interaction_response::kind how,
                    reply to);
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

  schedule_settings set_; ///< Read from settings_.

  std::list<post_order> orders_; ///< The first one is being worked on.
  instant blocked_until_;        ///< Discord refused that channel: not before then.
  std::map<evening_day, edit_state> edits_;
  std::set<message_id> shown_;             ///< Messages of ours whose deletion matters.
  std::map<message_id, instant> answered_; ///< When a press on that message was answered last.

  std::map<user_id, voice_member> voice_; ///< Everybody in voice.
  std::optional<evening_slot> voice_slot_;
  std::set<user_id> voice_told_; ///< Whom the store knows to be there in voice_slot_.
};

/// A number in base 36: ids short enough for a nonce of 25 characters.
std::string base36(uint64_t number);
/// The answer of that kind with rendered JSON.
interaction_response rendered(interaction_response::kind kind, std::string data,
                              bool ephemeral = true);
/// The body of a message that pings nobody, with a nonce against doubles.
std::string plain_body(std::string_view text, const std::string& nonce, user_id pinged = {});

} // namespace hearth
