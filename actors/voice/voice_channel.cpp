// Being in a channel: wishes, what the gateway says, the one link there is.
#include "actors/voice/voice_channel_impl.hpp"
#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {

voice_channel_self_actor spawn_voice_channel(caf::actor_system& system, guild_id guild,
                                             user_id self, voice_env_ptr env) {
  return system.spawn<voice_channel>(guild, self, std::move(env));
}

voice_channel::voice_channel(caf::actor_config& config, guild_id guild, user_id self,
                             voice_env_ptr env)
    : instrumented(config), id_(guild), self_user_(self), env_(std::move(env)),
      join_(env_->timing) {}

voice_channel_self_actor::behavior_type voice_channel::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  sound_ = env_->make_sound(id_);
  return {
      [this](const join_voice& wish) { return on_join(wish); },
      [this](leave_voice) { return on_leave(); },
      [this](const play_layers& wish) { return on_play(wish); },
      [this](set_voice_volume wish) {
        volume_ = std::clamp(wish.percent, 0, voice_volume_max);
        sound_->set_volume(volume_);
        return status();
      },
      [this](pause_voice wish) {
        paused_ = wish.paused;
        sound_->set_paused(paused_);
        update_sound();
        return status();
      },
      [this](const play_once& wish) {
        if (!sound_->play_once(wish.sound, std::clamp(wish.volume, 0, voice_volume_max)))
          spdlog::warn("voice of guild {}: there is no sound {}", id_.value, wish.sound);
        update_sound();
      },
      [this](const say_text& what) { return on_say(what); },
      [this](get_voice_status) { return status(); },
      [this](get_fingerprint asked) { return on_fingerprint(asked); },
      [this](set_voice_owner& given) { on_owner(std::move(given.owner)); },
      [this](main_session_renewed renewed) {
        self_user_ = renewed.self;
        act(join_.main_session_renewed(moment()));
      },
      [this](const guild_voice_news& news) { on_news(news); },
      [this](const new_quality& made) {
        quality_ = made.quality;
        sound_->set_quality(made.quality);
        report(quality_changed{std::string{voice::to_string(made.quality)}, made.why});
      },
      [this](const voice_link_news& news) { on_link(news); },
      [this](line_quiet) {
        if (leave_by_ms_)
          return leave_now();
        if (link_ && !talking_)
          send(link_, line_quiet{});
      },
      [this](voice_tick tick) { on_tick(tick.number); },
      [this](owner_missing gone) {
        if (gone.number == owners_ && !owner_ && join_.wanted()) {
          spdlog::warn("voice of guild {}: nobody plays here any more: leaving", id_.value);
          leave_now();
        }
      },
  };
}

void voice_channel::on_exit() {
  for (auto& join : joins_)
    join.promise.deliver(join_answer{join.channel, voice_refusal::stopping, {}});
  joins_.clear();
  for (auto& leave : leaves_)
    leave.deliver(voice_left_answer{});
  leaves_.clear();
  for (auto& speech : speeches_)
    speech.promise.deliver(text_said{speech_end::cut});
  speeches_.clear();
  for (auto& [number, asked] : statuses_)
    asked.deliver(make_error(errc::stopping));
  statuses_.clear();
  for (auto& [number, asked] : fingerprints_)
    asked.deliver(make_error(errc::stopping));
  fingerprints_.clear();
  note_shared(false);
  if (link_)
    caf::anon_send_exit(link_, caf::exit_reason::user_shutdown);
  link_ = nullptr;
  owner_ = nullptr;
  line_ = nullptr;
  env_ = nullptr;
}

voice::voice_moment voice_channel::moment() const { return {env_->steady_ms(), env_->random()}; }

// -- wishes ---------------------------------------------------------------------------------------

caf::result<join_answer> voice_channel::on_join(const join_voice& wish) {
  if (!wish.guild)
    return join_answer{wish.channel, voice_refusal::unknown_channel, "the guild is not known"};
  const auto verdict = voice::check_join(*wish.guild, wish.channel);
  if (verdict.refusal != voice_refusal::none)
    return join_answer{wish.channel, verdict.refusal, {}};
  guild_ = wish.guild;
  verdict_ = verdict;
  sound_->set_bitrate(verdict.bitrate);
  leave_by_ms_.reset();
  for (auto& leave : leaves_) // somebody changed their mind
    leave.deliver(voice_left_answer{});
  leaves_.clear();
  if (standing_ && join_.present() == wish.channel && join_.wanted() == wish.channel)
    return join_answer{wish.channel, voice_refusal::none, {}};
  if (join_.wanted() != wish.channel) {
    answer_joins(voice_refusal::unanswered, "another channel was asked for meanwhile");
    was_linked_ = false;
  }
  auto promise = make_response_promise<join_answer>();
  joins_.push_back({wish.channel, promise});
  act(join_.want(moment(), wish.channel));
  return promise;
}

caf::result<voice_left_answer> voice_channel::on_leave() {
  layers_.clear();
  cut_speeches();
  if (!join_.wanted())
    return voice_left_answer{};
  auto promise = make_response_promise<voice_left_answer>();
  leaves_.push_back(promise);
  if (!talking_) {
    leave_now();
    return promise;
  }
  sound_->set_layers({}, 300);
  leave_by_ms_ = env_->steady_ms() + env_->leave_ms_max;
  update_sound();
  rearm();
  return promise;
}

void voice_channel::leave_now() {
  leave_by_ms_.reset();
  sound_->set_layers({}, 0);
  layers_.clear();
  act(join_.want(moment(), {}));
  went_out(voice_end::asked, {});
}

/// We are in no channel any more, and whoever waits hears so.
void voice_channel::went_out(voice_end how, const std::string& details) {
  cut_speeches();
  for (auto& leave : leaves_)
    leave.deliver(voice_left_answer{});
  leaves_.clear();
  answer_joins(how == voice_end::asked ? voice_refusal::unanswered : voice_refusal::session,
               details);
  if (const auto from = std::exchange(told_, {}))
    report(voice_left{from, how, details});
}

void voice_channel::answer_joins(voice_refusal why, const std::string& details) {
  for (auto& join : std::exchange(joins_, {}))
    join.promise.deliver(join_answer{join.channel, why, details});
}

// -- what the gateway says ------------------------------------------------------------------------

void voice_channel::on_news(const guild_voice_news& news) {
  if (const auto* server = std::get_if<voice_server>(&news.what))
    return act(join_.server(moment(), server->endpoint, secret{server->token}));
  const auto& own = std::get<own_voice>(news.what);
  const auto was_suppressed = std::exchange(suppressed_, own.suppressed);
  const auto phase = join_.phase();
  const auto meant = join_.wanted();
  const auto moved = own.channel && told_ && own.channel != told_ && meant == told_ &&
                     (phase == voice::join_phase::in || phase == voice::join_phase::waiting);
  if (moved) {
    report(voice_moved{told_, own.channel});
    told_ = own.channel;
    if (guild_)
      verdict_ = voice::check_join(*guild_, own.channel);
    sound_->set_bitrate(verdict_.bitrate);
  }
  act(join_.own_state(moment(), own.channel, own.session_id));
  if (standing_ && was_suppressed != suppressed_) {
    if (suppressed_)
      check_stage();
    else
      report(voice_ready{join_.present()});
    next_speech();
    update_sound();
    rearm();
  }
}

void voice_channel::act(const voice::join_actions& actions) {
  namespace join_do = voice::join_do;
  for (const auto& action : actions) {
    if (const auto* ask = std::get_if<join_do::ask>(&action)) {
      env_->ask({id_, ask->channel, false, !env_->hears}); // deaf: no sound is sent to us
    } else if (const auto* place = std::get_if<join_do::open>(&action)) {
      open(place->place);
    } else if (std::holds_alternative<join_do::drop>(action)) {
      drop();
    } else if (const auto* left = std::get_if<join_do::left>(&action)) {
      const auto how = lost_by_ == voice::voice_close::fatal   ? voice_end::failed
                       : lost_by_ == voice::voice_close::leave ? voice_end::call_ended
                                                               : voice_end::disconnected;
      went_out(how, left->why);
    } else if (const auto* refused = std::get_if<join_do::refused>(&action)) {
      const auto why = was_linked_ ? voice_refusal::session : voice_refusal::unanswered;
      const auto channel = told_ ? told_ : joins_.empty() ? channel_id{} : joins_.back().channel;
      told_ = {};
      cut_speeches();
      answer_joins(why, refused->why);
      report(voice_refused{channel, why, refused->why});
    }
  }
  rearm();
}

// -- the link -------------------------------------------------------------------------------------

void voice_channel::open(const voice::voice_place& place) {
  drop();
  was_linked_ = true;
  lost_by_ = voice::voice_close::wait;
  endpoint_ = place.endpoint;
  line_ = std::make_shared<voice::pacer_line>(
      [weak = caf::actor_cast<caf::weak_actor_ptr>(caf::actor_cast<caf::strong_actor_ptr>(this))] {
        if (const auto strong = weak.lock())
          caf::anon_send(caf::actor_cast<voice_channel_self_actor>(strong), line_quiet{});
      });
  link_ = env_->open_link({id_, self_user_, place, ++links_, line_, voice_link_owner_actor{this}});
  monitor(link_);
  ring_ = std::make_shared<voice::frame_ring>(frames_ahead); // nothing of the last place
  env_->order(line_, voice::pacer_do::play{ring_});
}

/// Nothing may be sent any more on what there is.
void voice_channel::drop() {
  standing_ = false;
  linked_ = false;
  may_send_ = false;
  talking_ = false;
  render_ms_.reset();
  note_shared(false);
  if (!link_)
    return;
  env_->order(line_, voice::pacer_do::remove{});
  demonitor(link_.address());
  caf::anon_send(link_, hang_up{});
  link_ = nullptr;
  line_ = nullptr;
  ring_ = nullptr;
  ++links_; // its news are stale from here on
}

void voice_channel::on_link(const voice_link_news& news) {
  if (news.number != links_ || !link_)
    return;
  if (std::holds_alternative<link_news::stands>(news.what)) {
    stands();
  } else if (const auto* may = std::get_if<link_news::may_send>(&news.what)) {
    may_send_ = may->now;
    next_speech(); // it may have waited for this
    update_sound();
    rearm();
  } else if (const auto* gap = std::get_if<link_news::interrupted>(&news.what)) {
    standing_ = false;
    report(voice_interrupted{join_.present(), gap->why});
  } else if (const auto* lost = std::get_if<link_news::lost>(&news.what)) {
    lost_by_ = lost->what;
    drop();
    report(voice_interrupted{join_.present(), lost->why});
    act(join_.session_lost(moment(), lost->what, lost->why));
  }
}

void voice_channel::stands() {
  standing_ = true;
  linked_ = true;
  told_ = join_.present();
  answer_joins(voice_refusal::none, {});
  if (suppressed_)
    check_stage();
  else
    report(voice_ready{told_});
  next_speech();
  update_sound();
  rearm();
}

void voice_channel::on_down(const caf::down_msg& down) {
  if (owner_ && down.source == owner_.address()) {
    owner_ = nullptr;
    delayed_send(this, std::chrono::milliseconds(env_->owner_ms_max), owner_missing{owners_});
    return;
  }
  if (!link_ || down.source != link_.address())
    return;
  spdlog::error("voice of guild {}: the session has died ({})", id_.value, describe(down.reason));
  drop();
  report(voice_interrupted{join_.present(), "the voice session failed"});
  act(join_.session_lost(moment(), voice::voice_close::join_again, "the voice session failed"));
}

void voice_channel::on_owner(voice_owner_actor owner) {
  if (owner_)
    demonitor(owner_.address());
  owner_ = std::move(owner);
  ++owners_;
  if (owner_)
    monitor(owner_);
}

template <class What> void voice_channel::report(What what) {
  if (owner_)
    caf::anon_send(owner_, voice_report{id_, std::move(what)});
}
template void voice_channel::report(voice_suppressed);
template void voice_channel::report(sound_failed);

// -- time -----------------------------------------------------------------------------------------

/// One tick serves the rules of joining, a fade before leaving, frames and speeches.
void voice_channel::rearm() {
  auto wake = join_.next_wake();
  const auto add = [&](std::optional<int64_t> when) {
    if (when && (!wake || *when < *wake))
      wake = when;
  };
  add(leave_by_ms_);
  add(render_ms_);
  add(said_at_ms_);
  if (!saying_ && !speeches_.empty())
    add(std::min_element(speeches_.begin(), speeches_.end(), [](const auto& a, const auto& b) {
          return a.until_ms < b.until_ms;
        })->until_ms);
  if (!wake || (tick_ms_ && *tick_ms_ <= *wake))
    return;
  tick_ms_ = wake;
  const auto wait = std::max<int64_t>(*wake - env_->steady_ms(), 0);
  // On a whole millisecond, as all channels: the clock's thread wakes once for all that are due.
  using std::chrono::milliseconds;
  scheduled_send(this, std::chrono::floor<milliseconds>(clock().now()) + milliseconds(wait),
                 voice_tick{++ticks_});
}

void voice_channel::on_tick(uint64_t number) {
  if (number != ticks_)
    return;
  tick_ms_.reset();
  const auto now_ms = env_->steady_ms();
  if (leave_by_ms_ && *leave_by_ms_ <= now_ms)
    leave_now();
  if (const auto due = join_.next_wake(); due && *due <= now_ms)
    act(join_.tick(moment()));
  if (said_at_ms_ && *said_at_ms_ <= now_ms) {
    said_at_ms_.reset();
    finish_speech(speech_end::said);
  }
  next_speech();
  if (render_ms_ && *render_ms_ <= now_ms) {
    fill();
    filled();
  }
  rearm();
}

} // namespace hearth
