#include "actors/voice/voice_speech.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <map>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

class voice_speech final : public instrumented<voice_speech_actor::base> {
public:
  voice_speech(caf::actor_config& config, sound::speech* engine)
      : instrumented(config), engine_(*engine) {
    set_down_handler([this](const caf::down_msg&) { quit(); });
  }
  const char* name() const override { return "voice_speech"; }

  void on_exit() override {
    for (auto& [number, promise] : waiting_)
      promise.deliver(rendered_speech{});
    waiting_.clear();
  }

protected:
  behavior_type make_behavior() override {
    return {[this](const render_speech& what) { return begin(what); },
            [this](const speech_done& done) { finish(done); },
            [this](const end_with& what) { monitor(what.whom); }};
  }

private:
  caf::result<rendered_speech> begin(const render_speech& what) {
    const auto number = ++last_number_;
    const auto me = voice_speech_actor{this};
    const auto taken = engine_.ask(what.text, what.language,
                                   [me, number](sound::clip_ptr sound, const std::string& why) {
                                     caf::anon_send(me, speech_done{number, std::move(sound), why});
                                   });
    if (!taken)
      return rendered_speech{};
    auto promise = make_response_promise<rendered_speech>();
    waiting_.emplace(number, promise);
    return promise;
  }

  void finish(const speech_done& done) {
    if (!done.sound)
      spdlog::warn("A text could not be spoken: {}", done.why);
    const auto found = waiting_.find(done.number);
    if (found == waiting_.end())
      return;
    found->second.deliver(rendered_speech{done.sound});
    waiting_.erase(found);
  }

  sound::speech& engine_;
  std::map<uint64_t, caf::typed_response_promise<rendered_speech>> waiting_;
  uint64_t last_number_ = 0;
};

} // namespace

voice_speech_actor spawn_voice_speech(caf::actor_system& system, sound::speech& engine) {
  return system.spawn<voice_speech>(&engine);
}

} // namespace hearth
