#pragma once
// The actor behind spawn_voice_channel; for the .cpp files of this folder only.
#include "actors/voice/voice_channel.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <map>

namespace hearth {

class voice_channel final : public instrumented<voice_channel_self_actor::base> {
public:
  voice_channel(caf::actor_config& config, guild_id guild, user_id self, voice_env_ptr env);
  const char* name() const override { return "voice_channel"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  guild_id home_guild() const override { return id_; }

  struct waiting_join {
    channel_id channel;
    caf::typed_response_promise<join_answer> promise;
  };
  struct waiting_speech {
    uint64_t number;
    say_text what;
    int64_t until_ms; ///< Not begun by then: late.
    caf::typed_response_promise<text_said> promise;
    bool asked = false;    ///< Is being rendered.
    sound::clip_ptr sound; ///< Rendered.
  };

  // voice_channel.cpp: being in a channel
  voice::voice_moment moment() const;
  caf::result<join_answer> on_join(const join_voice& wish);
  caf::result<voice_left_answer> on_leave();
  void leave_now();
  void on_news(const guild_voice_news& news);
  void on_link(const voice_link_news& news);
  void on_down(const caf::down_msg& down);
  void on_owner(voice_owner_actor owner);
  void act(const voice::join_actions& actions);
  void open(const voice::voice_place& place);
  void drop();
  void stands();
  void answer_joins(voice_refusal why, const std::string& details);
  void went_out(voice_end how, const std::string& details);
  template <class What> void report(What what);
  void rearm();
  void on_tick(uint64_t number);

  // voice_channel_stage.cpp
  void check_stage();

  // voice_channel_sound.cpp: what is heard
  caf::result<voice_status> on_play(const play_layers& wish);
  caf::result<text_said> on_say(const say_text& what);
  void next_speech();
  void speech_rendered(uint64_t number, const sound::clip_ptr& sound);
  void finish_speech(speech_end how);
  void cut_speeches();
  void note_shared(bool shared);
  void update_sound();
  void fill();
  void filled();
  void stop_talk(bool drain);
  bool may_be_heard() const;

  // voice_channel_status.cpp
  caf::result<voice_status> status();
  voice_status own_status() const;
  caf::result<fingerprint_answer> on_fingerprint(get_fingerprint asked);

  guild_id id_;
  user_id self_user_;
  voice_env_ptr env_;
  voice_owner_actor owner_;
  uint64_t owners_ = 0; ///< Number of the present one.

  voice::voice_join join_;
  guild_snapshot_ptr guild_; ///< As of the last join.
  voice::join_verdict verdict_;
  std::vector<waiting_join> joins_;
  std::vector<caf::typed_response_promise<voice_left_answer>> leaves_;
  std::optional<int64_t> leave_by_ms_; ///< While we fade out.
  channel_id told_;                    ///< Where the owner believes us to be; 0: nowhere.
  bool was_linked_ = false;            ///< A voice server was named since the last wish.
  voice::voice_close lost_by_ = voice::voice_close::wait; ///< How the last session was lost.

  voice_link_actor link_; ///< Null: none.
  uint64_t links_ = 0;    ///< Number of the present one.
  voice::line_ptr line_;  ///< Of the present link.
  std::string endpoint_;
  bool standing_ = false; ///< As the link said last.
  bool linked_ = false;   ///< It has stood: packets go out even while it is interrupted.
  bool may_send_ = false;
  bool suppressed_ = false;

  std::unique_ptr<voice::channel_sound> sound_;
  voice::ring_ptr ring_; ///< Frames on their way to the pacer.
  bool talking_ = false;
  bool shared_ = false; ///< As counted.
  std::vector<voice_layer> layers_;
  int32_t volume_ = 100;
  bool paused_ = false;
  voice::sound_quality quality_ = voice::sound_quality::full;
  std::deque<waiting_speech> speeches_; ///< The first is being said or rendered.
  uint64_t speeches_asked_ = 0;
  bool saying_ = false;               ///< The first is being said.
  std::optional<int64_t> said_at_ms_; ///< When its last frame has been heard.

  std::optional<int64_t> render_ms_; ///< When frames are due.
  std::optional<int64_t> tick_ms_;   ///< Of the newest tick that is under way.
  uint64_t ticks_ = 0;
  uint64_t questions_ = 0;
  std::map<uint64_t, caf::typed_response_promise<voice_status>> statuses_; ///< Under way.
  std::map<uint64_t, caf::typed_response_promise<fingerprint_answer>> fingerprints_;
};

} // namespace hearth
