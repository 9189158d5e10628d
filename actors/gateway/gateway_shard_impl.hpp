#pragma once
// The actor behind spawn_gateway_shard; for the .cpp files of this folder only.
#include "actors/gateway/gateway_shard.hpp"
#include "infra/gateway/envelope.hpp"
#include "infra/gateway/flow_window.hpp"
#include "infra/gateway/send_window.hpp"
#include "infra/gateway/session_file.hpp"
#include "infra/gateway/transport_codec_context.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/inspect/process_counters.hpp"
#include <boost/asio/steady_timer.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <unordered_map>

namespace hearth {

class gateway_shard final : public on_asio<instrumented<shard_actor::base>> {
public:
  gateway_shard(caf::actor_config& config, asio_context& io, gateway_shard_options options,
                gateway_shard_handles handles);
  const char* name() const override { return "gateway_shard"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// The way to one guild's actor.
  struct guild_link {
    guild_actor actor;                 ///< Null while nobody is there.
    std::optional<flow_window> window; ///< To the actor.
    bool asking = false;               ///< The supervisor was asked and has not answered.
    bool death_seen = false;           ///< The supervisor's word for it is still to come.
    bool complained = false;           ///< What waits was cut since all was told.
    bool introduce = true;             ///< The next actor must first hear what the guild is like.
    bool forget = false;               ///< The guild is gone: drop the link when all is told.
    std::vector<guild_event> waiting;  ///< In order, bounded.
  };
  /// An interaction that its guild may not take in time.
  struct unclaimed {
    interaction_ptr asked;
    int64_t busy_at_ms; ///< Steady.
  };
  /// A payload that has to wait for its place in the send window.
  struct outgoing {
    std::string text;
    bool presence = false;
    guild_id voice; ///< Of an op 4: a newer one replaces it.
  };

  // gateway_shard.cpp: the session
  void start();
  moment now();
  template <class Do> void guard(Do&& act);
  void act(const session_actions& actions);
  void obey(const session_do::fetch_info&);
  void obey(const session_do::connect& what);
  void obey(const session_do::heartbeat& what);
  void obey(const session_do::identify&);
  void obey(const session_do::resume&);
  void obey(const session_do::close& what);
  void obey(const session_do::give_up& what);
  void obey(const session_do::stopped&);
  void obey(const session_do::log& what);
  void send_urgent(const std::string& text);
  void queue(outgoing payload);
  void pump();
  void rearm();
  void publish();
  void on_timer();
  void on_info(const rest_response& answer);
  shard_status status() const;
  event_list_ptr event_counts() const;

  // gateway_shard_events.cpp: what the socket brings
  void on_message(padded_text text, bool binary);
  void on_payload(padded_text payload);
  void on_dispatch(const envelope& head, padded_text payload);
  void on_ready(padded_text payload);
  void on_sim_time(padded_text payload);
  void sim_time_settled(uint64_t connection, int64_t now_ms);
  void let_go();
  void broken(std::string_view what, const envelope& head);
  int64_t domain_ms() const;

  // gateway_shard_guilds.cpp: what guilds are told
  void introduce_bot(const std::vector<guild_id>& guilds);
  void drained();
  void flush();
  void deliver(guild_batch batch);
  void on_http_interaction(const interaction_ptr& asked);
  void send_on(guild_id guild, guild_link& link, std::vector<guild_event> events,
               member_news news = {});
  void send_interactions(guild_id guild, guild_link& link, std::vector<guild_event>& events);
  void keep_waiting(guild_link& link, std::vector<guild_event> events);
  void add_picture(guild_id guild, guild_link& link);
  bool catch_up(guild_id guild, guild_link& link);
  void catch_up_all();
  static bool is_behind(const guild_link& link);
  void retry_soon();
  size_t waiting_events() const;
  void ask_for(guild_id guild, guild_link& link);
  void on_guild_found(guild_id guild, const guild_actor& actor);
  void on_guild_refused(guild_id guild, const caf::error& why);
  void ask_again();
  void on_guild_lost(guild_id guild);
  void on_down(const caf::down_msg& down);
  void renew(guild_id guild, guild_link& link);
  bool all_delivered() const;

  // gateway_shard_busy.cpp: interactions whose guild does not take them
  void watch(const std::vector<guild_event>& events);
  void answer_overdue();
  void answer_busy(const interaction_ptr& asked);

  // gateway_shard_files.cpp: what survives
  resume_point load_session();
  void apply_saved();
  void save_session();
  std::vector<int64_t> load_identifies();
  void note_identify();
  void note_identify_read();
  session_place place() const;
  std::string file(const char* suffix) const;
  caf::result<shard_stopped> on_stop(const stop_shard& how);
  void finish_stop(bool in_time);

  gateway_shard_options options_;
  gateway_shard_handles handles_;
  const uint32_t intents_;
  const bool follows_time_;
  caf::strong_actor_ptr self_; ///< Held while callbacks may come; let go in on_exit.

  gateway_session session_;
  event_router router_;
  event_decoder decoder_;
  std::unique_ptr<websocket_client> socket_;
  std::unique_ptr<transport_codec> codec_;
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::optional<int64_t> armed_ms_; ///< When timer_ fires.
  bool defunct_ = false;            ///< A callback failed: the actor is about to end.
  uint64_t connections_ = 0;        ///< Number of the present connection.
  std::minstd_rand random_;
  uint64_t fetches_ = 0; ///< Number of the last GET /gateway/bot: older answers are stale.

  send_window window_;
  std::deque<outgoing> outgoing_;
  std::optional<int64_t> pump_ms_;
  std::string presence_;

  std::unordered_map<guild_id, guild_link> links_;
  std::shared_ptr<flow_total> total_ = std::make_shared<flow_total>();
  std::optional<int64_t> catch_up_ms_;  ///< For guilds that are behind.
  std::deque<unclaimed> unclaimed_;     ///< In order of arrival.
  std::optional<int64_t> look_ms_;      ///< When the first of them may be due.
  std::optional<int64_t> flush_ms_;     ///< When what may wait has waited long enough.
  std::optional<int64_t> ask_again_ms_; ///< For guilds that the supervisor refused.
  application_id application_;
  std::optional<saved_session> saved_; ///< Until Discord shows that it resumes it.
  std::vector<int64_t> identifies_ms_; ///< Unix milliseconds, last 24 h.

  bool holding_ = false; ///< Nothing is told before the simulator has set the time.
  std::optional<int64_t> hold_until_ms_;
  std::vector<std::vector<guild_id>> held_identity_;

  std::optional<caf::typed_response_promise<shard_stopped>> stop_promise_;
  std::optional<int64_t> stop_by_ms_;
  bool keep_session_ = false;
  bool session_over_ = false;

  shard_status counters_;
  gateway_counters& figures_; ///< Of the process: they outlive this actor.
  bool reading_ = false;      ///< Messages of one socket read are being handled.
};

} // namespace hearth
