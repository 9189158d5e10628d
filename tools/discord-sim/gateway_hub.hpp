#pragma once
// All sessions and connections of the gateway; the one place where events fan out to bots.
#include "discord-sim/gateway_connection.hpp"
#include "discord-sim/gateway_server.hpp"

namespace sim {

class gateway_hub : public gateway_server, public dispatcher {
public:
  gateway_hub(core& c, event_loop& loop, gateway_options options);

  /// Takes a websocket upgrade.
  void accept(std::shared_ptr<websocket> socket, const http_request& request);

  // dispatcher
  void send(event what) override;
  int add_listener(event_listener listener) override;
  void remove_listener(int number) override;
  /// At the end of the simulator.
  void remove_listeners() { listeners_.clear(); }

  // gateway_server
  std::vector<session_info> sessions() const override;
  gateway_options& options() override { return options_; }
  void drop_acks(std::string_view session, bool on) override;
  void close(std::string_view session, std::uint16_t code) override;
  void drop_connections() override;
  void expire_sessions() override;
  void end_sessions(snowflake application, std::uint16_t code) override {
    end_all(application, code);
  }
  void reconnect(std::string_view session) override;
  void invalidate(std::string_view session, bool resumable) override;
  void refuse_resumes(int count) override { refuse_resumes_ = count; }
  void ask_beat(std::string_view session) override;
  void reconnect_before_hello(int count) override { op7_before_hello_ = count; }
  void refuse_resume_connections(int count) override { refuse_connections_ = count; }
  void split_next(int count) override;
  void send_garbage(std::string_view session) override;
  void duplicate_next(int count) override;
  void reorder_next(int count) override;
  void delay_dispatches(std::chrono::milliseconds by) override { delay_ = by; }
  void set_unavailable(snowflake guild, bool on) override;
  void announce_guild(snowflake guild, snowflake application) override;
  void forget_guild(snowflake guild, snowflake application) override;
  int starts_left(snowflake application) override;
  void set_starts_left(snowflake application, int left) override;
  std::int64_t starts_reset_after_ms(snowflake application) override;
  void flood(snowflake application, std::string_view type,
             std::shared_ptr<const std::string> data) override;
  void ask_heartbeat(snowflake application) override;

  /// See core::announce_time.
  void announce_time(std::function<void(time_moved)> done);

  // For connections.
  core& world_core() { return core_; }
  event_loop& loop() { return loop_; }
  /// What an IDENTIFY meets: started, too soon (op 9), or beyond the day's limit.
  enum class start { ok, too_soon, exhausted };
  start try_start(snowflake application, int shard);
  void add(std::shared_ptr<gateway_session> session);
  std::shared_ptr<gateway_session> find(std::string_view id) const;
  /// Ends a session: the bot goes offline and leaves voice unless another one is left.
  void end(std::shared_ptr<gateway_session> session);
  void end_all(snowflake application, std::uint16_t code);
  /// The connection of a session is gone: it waits for a resume.
  void detach(const std::shared_ptr<gateway_session>& session);
  void forget(gateway_connection& connection);
  /// Sends one dispatch to one session, through the faults.
  void deliver(gateway_session& session, outgoing what);
  void deliver(gateway_session& session, std::string type, const json& data);
  bool acks_dropped(const gateway_session* session) const {
    return drop_all_acks_ || (session && session->drop_acks);
  }
  bool take_refused_resume() { return refuse_resumes_ > 0 && refuse_resumes_-- > 0; }
  bool take_op7_before_hello() { return op7_before_hello_ > 0 && op7_before_hello_-- > 0; }
  bool take_refused_connection() { return refuse_connections_ > 0 && refuse_connections_-- > 0; }
  void time_acknowledged();
  /// Op 8 (gateway_members.cpp).
  void request_members(gateway_session& session, const json& d);

private:
  struct app_starts {
    int left = 0;
    steady::time_point resets{};
    std::map<int, steady::time_point> last; ///< by shard % max_concurrency
  };
  struct time_wait {
    std::uint64_t number = 0;
    unix_ms at = 0;
    std::size_t asked = 0;
    std::function<void(time_moved)> done;
    std::unique_ptr<timer_handle> timer;
  };
  app_starts& starts_of(snowflake application);
  bool wants(const gateway_session& s, const event& what);
  bool content_visible(const gateway_session& s, const event& what) const;
  void emit(gateway_session& session, outgoing what);
  void release_held(gateway_session& session);
  std::size_t time_pending() const;
  void finish_wait(std::uint64_t number);
  template <class F> void each(std::string_view session, F f);

  core& core_;
  event_loop& loop_;
  gateway_options options_;
  std::vector<std::shared_ptr<gateway_session>> sessions_;
  std::vector<std::shared_ptr<gateway_connection>> connections_;
  std::map<int, event_listener> listeners_;
  int next_listener_ = 1;
  std::map<snowflake, app_starts> starts_;
  /// When a bot last asked for everybody in a guild (op 8, 1.10).
  std::map<std::pair<snowflake, snowflake>, steady::time_point> everybody_;
  std::vector<time_wait> waits_;
  std::uint64_t next_wait_ = 1;
  bool drop_all_acks_ = false;
  int refuse_resumes_ = 0;
  int op7_before_hello_ = 0;
  int refuse_connections_ = 0;
  std::chrono::milliseconds delay_{0};
};

} // namespace sim
