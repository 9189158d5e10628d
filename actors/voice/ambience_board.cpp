#include "actors/voice/ambience_board.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <map>
#include <utility>

namespace hearth {

namespace {

constexpr auto turn_tag = "presence";
constexpr int64_t minute_ms = 60'000;
constexpr size_t turns = 3;

class ambience_board final : public instrumented<ambience_board_actor::base> {
public:
  ambience_board(caf::actor_config& config, board_parts parts)
      : instrumented(config), parts_(std::move(parts)) {}
  const char* name() const override { return "ambience_board"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const note_listeners& said) {
          if (said.on)
            guilds_[said.guild] = said.listeners;
          else
            guilds_.erase(said.guild);
        },
        [this](count_listeners) { return count(); },
        [this](const set_presence_plan& plan) {
          plan_ = plan;
          show();
          arm();
        },
        [this](const woken& wake) {
          if (wake.tag != turn_tag || plan_.minutes == 0)
            return;
          ++turn_;
          show();
          arm();
        },
    };
  }
  void on_exit() override { parts_ = {}; }

private:
  listener_count count() const {
    auto sum = listener_count{};
    for (const auto& [guild, listeners] : guilds_) {
      ++sum.guilds;
      sum.listeners += listeners;
    }
    return sum;
  }

  std::string text() const {
    if (!plan_.fixed.empty() || plan_.minutes == 0)
      return plan_.fixed;
    const auto sum = count();
    const auto say = [&](std::string_view key, uint32_t number) {
      return parts_.texts->text(plan_.language, key, {{"count", number}});
    };
    const auto turn = turn_ % turns;
    if (turn == 1 && sum.guilds > 0)
      return say("voice.presence.servers", sum.guilds);
    if (turn == 2 && sum.listeners > 0)
      return say("voice.presence.listeners", sum.listeners);
    return parts_.texts->text(plan_.language, "voice.presence.hint");
  }

  void show() {
    auto next = text();
    if (next != shown_)
      parts_.show(shown_ = std::move(next));
  }

  void arm() {
    const auto at = plan_.minutes > 0 && plan_.fixed.empty()
                        ? instant{parts_.time->now().ms + plan_.minutes * minute_ms}
                        : instant{};
    send(parts_.clock, wakeable_actor{this}, wake_at{turn_tag, at});
  }

  board_parts parts_;
  set_presence_plan plan_;
  std::map<guild_id, uint32_t> guilds_;
  std::string shown_;
  size_t turn_ = 0;
};

} // namespace

ambience_board_actor spawn_ambience_board(caf::actor_system& system, board_parts parts) {
  return system.spawn<ambience_board>(std::move(parts));
}

} // namespace hearth
