#pragma once
// One guild: what it looks like, what is set for it, its features and its open interactions.
#include "actors/root/guild_env.hpp"
#include "infra/gateway/flow_window.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/interactions/command_table.hpp"
#include "infra/interactions/permission_rules.hpp"
#include "infra/root/asio_context.hpp"
#include "messages/guild.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// INTERNAL: the deferral of some interaction may be due.
struct interaction_tick {
  int64_t due_ms = 0; ///< Steady; other than `tick_at_ms_` when an earlier one took its place.
};
/// INTERNAL: the wait before a feature's restart is over.
struct feature_restart {
  std::string feature;
};
/// INTERNAL: a feature that was behind may be told again how things are.
struct feature_catch_up {
  std::string feature;
};
/// INTERNAL: read the settings (again).
struct settings_retry {};
/// INTERNAL: what is not finished now is given up.
struct stop_deadline {};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(interaction_tick)
HEARTH_LOCAL_MESSAGE(feature_restart)
HEARTH_LOCAL_MESSAGE(feature_catch_up)
HEARTH_LOCAL_MESSAGE(settings_retry)
HEARTH_LOCAL_MESSAGE(stop_deadline)

namespace hearth {

using guild_self_actor =
    guild_actor::extend<caf::reacts_to<interaction_tick>, caf::reacts_to<feature_restart>,
                        caf::reacts_to<feature_catch_up>, caf::reacts_to<settings_retry>,
                        caf::reacts_to<stop_deadline>>;

class core_call;

/// Spawned by root when the shard has events for a guild; one per guild, and one for "no guild"
/// (id 0: direct messages, core commands only). Lives until stop_guild. What survives its death:
/// settings in the store; the shard tells the new one what the guild looks like.
class guild final : public on_asio<instrumented<guild_self_actor::base>> {
public:
  guild(caf::actor_config& config, guild_id id, guild_env_ptr env);
  const char* name() const override { return "guild"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  guild_id home_guild() const override { return id_; }

  friend class core_call; // the guild's own commands see and change what is here

  struct feature_child {
    const feature_entry* entry = nullptr; ///< In env_.
    feature_actor actor;                  ///< Null while off, or waiting for its restart.
    restart_history history;
    bool wanted = false;              ///< On by the guild's settings.
    bool stopping = false;            ///< Was told to stop and has not ended yet.
    std::optional<flow_window> told;  ///< Facts and events on their way to it.
    std::optional<flow_window> asked; ///< Interactions that it has.
    uint64_t shed = 0;                ///< Messages it was spared because it was behind.
    bool behind = false; ///< Was not told all: it hears how things are once there is room.
  };

  /// One open interaction and the feature that was asked, if any.
  struct flight {
    open_interaction open;
    const feature_entry* at = nullptr;
    bool told = false; ///< Discord has acknowledged a first callback.
  };

  // -- guild.cpp: events and settings
  void on_batch(guild_batch& batch);
  void tell_news(member_news news);
  void on_other(const guild_event& event);
  void tell_voice(guild_voice_news news);
  void on_available(const guild_available& event);
  void on_removed();
  void on_voice(const voice_changed& change);
  void on_settings_trouble(const caf::error& error);
  void load_settings();
  void apply(guild_settings_ptr settings);
  /// Reads the settings again after a feature may have changed them.
  void refresh_settings();
  void set_snapshot(guild_snapshot_ptr snapshot);
  /// The snapshot with voice as it is now.
  guild_snapshot_ptr current_snapshot() const;
  const std::string* option(std::string_view key) const;
  std::string language() const;
  std::string zone() const;

  // -- guild_features.cpp: supervision and jobs
  bool feature_on(const feature_entry& entry) const;
  feature_child* find_feature(std::string_view name);
  void run_features();
  void start_feature(feature_child& child);
  void stop_one(feature_child& child);
  void feature_died(feature_child& child, const std::string& why);
  void on_down(const caf::down_msg& down);
  void on_restart(const std::string& feature);
  void tell_facts();
  void plan();
  void declare_commands();
  void declare_wants();
  template <class Message> void tell_features(const Message& message);
  template <class Message> void tell(feature_child& child, Message message);
  void on_catch_up(const std::string& feature);
  caf::result<job_done> on_job(const job_due& due);
  caf::result<stopped> on_stop();
  void finish_when_done();

  // -- guild_interactions.cpp: exactly one first answer each
  void on_interaction(const interaction_ptr& asked);
  void dispatch(const interaction_ptr& asked);
  void to_feature(const interaction_ptr& asked, feature_child& child, const command_spec* command);
  void run_command(const interaction_ptr& asked, const command_spec& command);
  void run_custom_id(const interaction_ptr& asked);
  void refuse(const interaction_ptr& asked, std::string_view text);
  caller_facts caller_of(const interaction& asked) const;
  void answer(interaction_id id, interaction_response response);
  void fail(interaction_id id);
  void on_tick(int64_t due_ms);
  void fail_all_at(const feature_entry& entry);
  void send_out(interaction_id id, std::optional<rest_request> request);
  void arm(const open_interaction& open);
  std::string text_for(const interaction& asked, std::string_view key) const;
  channel_id voice_of(user_id user) const;
  role_id mod_role() const;

  // -- guild_inspect.cpp: what operators see and change
  guild_view_ptr view() const;
  caf::result<stopped> on_switch(const switch_feature& asked);
  caf::result<stopped> on_restart_asked(const restart_feature& asked);

  // -- guild_notices.cpp: what the guild writes by itself
  void welcome();
  void look_for_welcome(channel_id channel);
  void post_welcome(channel_id channel);
  void note_welcome(const std::string& state, std::function<void()> then);
  void on_legacy(const legacy_command& command);
  void on_woken(const woken& wake);
  void keep_name(const member_facts& member);

  guild_id id_;
  guild_env_ptr env_;
  guild_snapshot_ptr snapshot_;     ///< Null until guild_available.
  std::vector<voice_member> voice_; ///< As of now.
  guild_settings_ptr settings_;     ///< Null until read.
  uint32_t settings_failures_ = 0;
  bool removed_ = false;
  bool welcoming_ = false;
  bool stopping_ = false;
  bool draining_ = false;               ///< An operator wants no new interactions.
  std::vector<feature_child> features_; ///< One for each of env_->features.
  std::map<interaction_id, flight> open_;
  std::optional<int64_t> tick_at_ms_;       ///< Steady time of the tick that is under way.
  std::vector<interaction_id> seen_;        ///< The newest ones: a second delivery is ignored.
  size_t seen_oldest_ = 0;                  ///< In seen_, once it is full.
  std::list<interaction_ptr> undispatched_; ///< Wait for the settings; all are in open_.
  std::list<guild_event> waiting_; ///< Others that do. Mostly empty, where a deque takes 0.5 kB.
  uint64_t lost_waiting_ = 0;      ///< Events that found no room there.
  std::map<std::string, std::string> notices_; ///< Clock tag -> path of the message to delete.
  std::map<channel_id, int64_t> noticed_ms_;   ///< Steady time of the last legacy notice there.
  std::map<user_id, std::string> names_;       ///< As the people's store was told last; bounded.
  std::vector<std::string> registered_;        ///< Features whose commands were declared last.
  bool declared_ = false;
  std::vector<caf::typed_response_promise<stopped>> stop_promises_;
};

/// Spawns the actor of one guild (0: direct messages).
guild_actor spawn_guild(caf::actor_system& system, guild_id id, guild_env_ptr env);

} // namespace hearth
