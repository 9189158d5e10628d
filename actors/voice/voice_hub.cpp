#include "actors/voice/voice_hub.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <map>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr double late_after_s = 0.010; // a frame that late eats into the listeners' buffers

class voice_hub final : public instrumented<voice_switch_actor::base> {
public:
  voice_hub(caf::actor_config& config, voice_env_ptr env)
      : instrumented(config), env_(std::move(env)) {}
  const char* name() const override { return "voice_hub"; }

protected:
  behavior_type make_behavior() override {
    set_down_handler([this](const caf::down_msg& down) {
      for (auto each = channels_.begin(); each != channels_.end(); ++each)
        if (each->second.address() == down.source) {
          spdlog::error("voice of guild {} has died: {}", each->first.value, describe(down.reason));
          env_->ask({each->first, {}, false, true}); // nobody is left to speak there
          channels_.erase(each);
          return;
        }
    });
    return {
        [this](open_voice asked, voice_owner_actor owner) {
          auto& channel = channels_[asked.guild];
          if (!channel) {
            channel = spawn_voice_channel(system(), asked.guild, self_, env_);
            monitor(channel);
            if (guard_.now() != voice::sound_quality::full)
              send(channel, new_quality{guard_.now(), "the machine is short"});
          }
          send(channel, set_voice_owner{std::move(owner)});
          return voice_channel_actor{channel};
        },
        [this](const guild_voice_news& news) {
          if (const auto found = channels_.find(news.guild); found != channels_.end())
            send(found->second, news);
          watch();
        },
        [this](const bot_identity& identity) {
          self_ = identity.user;
          for (const auto& [guild, channel] : channels_)
            send(channel, main_session_renewed{self_});
        },
        [this](const find_voice& asked) -> caf::result<voice_channel_actor> {
          const auto found = channels_.find(asked.guild);
          if (found == channels_.end())
            return make_error(errc::not_found, "voice of guild " + to_string(asked.guild));
          return voice_channel_actor{found->second};
        },
        [this](quality_due) { look(); },
    };
  }

  void on_exit() override {
    for (const auto& [guild, channel] : channels_)
      caf::anon_send_exit(channel, caf::exit_reason::user_shutdown);
    channels_.clear();
    env_ = nullptr;
  }

private:
  /// Looks now and then, while there is a session.
  void watch() {
    if (std::exchange(watching_, true))
      return;
    look_behind();
    delayed_send(this, std::chrono::milliseconds(voice::quality_look_ms), quality_due{});
  }
  /// The pacer's figures now. @return What they have grown by, as far as quality is concerned.
  voice::quality_look look_behind() {
    const auto& counted = *env_->counters;
    const auto lateness = counted.lateness.figures();
    auto late = uint64_t{0};
    for (auto at = size_t{0}; at < lateness.counts.size(); ++at)
      if (at == lateness.bounds.size() || lateness.bounds[at] > late_after_s)
        late += lateness.counts[at];
    auto grown = voice::quality_look{};
    grown.frames = counted.frames - std::exchange(frames_, counted.frames);
    grown.late = late - std::exchange(late_, late);
    grown.gaps = counted.underruns - std::exchange(gaps_, counted.underruns);
    return grown;
  }
  void look() {
    auto seen = look_behind();
    const auto machine = env_->health();
    seen.celsius = machine.celsius;
    seen.throttled = machine.throttled;
    if (const auto step = guard_.look(seen)) {
      spdlog::log(guard_.now() == voice::sound_quality::full ? spdlog::level::info
                                                             : spdlog::level::warn,
                  "voice: {}: sound quality is now {}", step->why, voice::to_string(step->to));
      env_->counters->quality.store(static_cast<int64_t>(step->to));
      for (const auto& [guild, channel] : channels_)
        send(channel, new_quality{step->to, step->why});
    }
    watching_ = env_->counters->sessions > 0 || guard_.now() != voice::sound_quality::full;
    if (watching_)
      delayed_send(this, std::chrono::milliseconds(voice::quality_look_ms), quality_due{});
  }

  voice_env_ptr env_;
  voice::quality_guard guard_;
  bool watching_ = false;
  uint64_t frames_ = 0, late_ = 0, gaps_ = 0; ///< At the last look.
  user_id self_;
  std::map<guild_id, voice_channel_self_actor> channels_;
};

} // namespace

voice_switch_actor spawn_voice_hub(caf::actor_system& system, voice_env_ptr env) {
  return system.spawn<voice_hub>(std::move(env));
}

void shard_way::lead_to(gateway_shard_actor shard) {
  const auto lock = std::lock_guard{mutex_};
  shard_ = std::move(shard);
}

void shard_way::tell(const update_voice_state& wish) {
  const auto lock = std::lock_guard{mutex_};
  if (shard_)
    caf::anon_send(shard_, wish);
}

} // namespace hearth
