// What is heard: layers, speech, and frames rendered ahead.
#include "actors/voice/voice_channel_impl.hpp"
#include "infra/sound/shared_stream_encoder.hpp"
#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <set>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr int32_t fade_ms_max = 60'000;
static_assert(frames_ahead <= sound::stream_lead);

} // namespace

caf::result<voice_status> voice_channel::on_play(const play_layers& wish) {
  auto names = std::set<std::string>{};
  for (const auto& layer : wish.layers)
    if (!names.insert(layer.sound).second)
      return make_error(errc::invalid, layer.sound + " is there twice");
  if (wish.layers.size() > voice_layers_max)
    return make_error(errc::invalid, "too many layers");
  auto layers = wish.layers;
  for (auto& layer : layers)
    layer.volume = std::clamp(layer.volume, 0, voice_volume_max);
  if (auto missing = sound_->set_layers(layers, std::clamp(wish.fade_ms, 0, fade_ms_max)))
    return make_error(errc::not_found, *missing);
  layers_ = std::move(layers);
  update_sound();
  rearm();
  return status();
}

/// Whether what we render is sent to anybody.
bool voice_channel::may_be_heard() const { return link_ && linked_ && may_send_ && !suppressed_; }

/// Begins or ends the sending, after anything changed that decides about it.
void voice_channel::update_sound() {
  const auto audible = sound_->audible();
  const auto heard = audible && may_be_heard();
  if (heard && !talking_) {
    talking_ = true;
    fill(); // before the pacer looks for frames
    send(link_, voice_talk{true, true});
    filled();
  } else if (!heard && talking_) {
    stop_talk(!audible);
  }
}

/// @param drain What is rendered already is still heard.
void voice_channel::stop_talk(bool drain) {
  talking_ = false;
  render_ms_.reset();
  note_shared(false);
  if (link_)
    send(link_, voice_talk{false, drain});
  if (saying_ && sound_->saying()) { // it is not heard to its end
    sound_->hush();
    finish_speech(speech_end::cut);
  }
}

/// Frames ahead of time. Those that are there when the sending is held stay for later.
void voice_channel::fill() {
  while (ring_->size() < frames_ahead) {
    auto frame = sound_->render();
    if (!frame)
      break;
    ring_->put(std::move(frame));
  }
  for (auto& failed : sound_->take_failures()) {
    spdlog::warn("voice of guild {}: {} is left out: {}", id_.value, failed.sound, failed.details);
    report(std::move(failed));
  }
  note_shared(sound_->shared());
}

/// What follows from what was rendered: the next time, or the end.
void voice_channel::filled() {
  render_ms_.reset();
  const auto now_ms = env_->steady_ms();
  if (saying_ && !said_at_ms_ && !sound_->saying())
    said_at_ms_ = now_ms + static_cast<int64_t>(ring_->size()) * voice::frame_ms;
  if (!sound_->audible())
    return stop_talk(true);
  // All channels at the same moments: the machine wakes once for them.
  render_ms_ = (now_ms / render_every_ms + 1) * render_every_ms;
  rearm();
}

void voice_channel::note_shared(bool shared) {
  if (std::exchange(shared_, shared) != shared && env_->counters != nullptr)
    env_->counters->shared.fetch_add(shared ? 1 : -1);
}

// -- speech ---------------------------------------------------------------------------------------

caf::result<text_said> voice_channel::on_say(const say_text& what) {
  if (what.text.empty() || what.text.size() > speech_characters_max)
    return make_error(errc::invalid, "a text to be said has 1 to 500 bytes");
  if (!env_->speech)
    return text_said{speech_end::failed};
  if (speeches_.size() >= speech_waiting_max)
    return make_error(errc::queue_full, "too many texts wait to be said");
  auto promise = make_response_promise<text_said>();
  auto waiting = waiting_speech{++speeches_asked_, what,  env_->steady_ms() + what.useful_ms,
                                promise,           false, nullptr};
  const auto first = speeches_.begin() + (saying_ ? 1 : 0);
  if (what.priority == speech_priority::urgent)
    speeches_.insert(first, std::move(waiting));
  else
    speeches_.push_back(std::move(waiting));
  next_speech();
  rearm();
  return promise;
}

/// Has the first text rendered, says it when it can be heard, and drops those that are too late.
void voice_channel::next_speech() {
  const auto now_ms = env_->steady_ms();
  for (auto at = speeches_.begin() + (saying_ ? 1 : 0); at != speeches_.end();) {
    if (at->until_ms > now_ms) {
      ++at;
      continue;
    }
    at->promise.deliver(text_said{speech_end::late});
    at = speeches_.erase(at);
  }
  if (saying_ || speeches_.empty())
    return;
  auto& next = speeches_.front();
  if (!next.asked) {
    next.asked = true;
    request(env_->speech, std::chrono::milliseconds(env_->speech_ms_max),
            render_speech{next.what.text, next.what.language})
        .then([this, number = next.number](
                  const rendered_speech& done) { speech_rendered(number, done.sound); },
              [this, number = next.number](const caf::error& why) {
                spdlog::warn("voice of guild {}: a text could not be said: {}", id_.value,
                             describe(why));
                speech_rendered(number, nullptr);
              });
  }
  if (!next.sound || !may_be_heard())
    return;
  saying_ = true;
  said_at_ms_.reset();
  sound_->say(next.sound);
  update_sound();
}

void voice_channel::speech_rendered(uint64_t number, const sound::clip_ptr& sound) {
  const auto found = std::find_if(speeches_.begin(), speeches_.end(),
                                  [&](const auto& each) { return each.number == number; });
  if (found == speeches_.end())
    return; // it came too late
  if (!sound || sound->samples.empty()) {
    found->promise.deliver(text_said{speech_end::failed});
    speeches_.erase(found);
  } else {
    found->sound = sound;
  }
  next_speech();
  rearm();
}

/// The text that is being said has come to its end.
void voice_channel::finish_speech(speech_end how) {
  if (!std::exchange(saying_, false) || speeches_.empty())
    return;
  said_at_ms_.reset();
  auto done = std::move(speeches_.front());
  speeches_.pop_front();
  done.promise.deliver(text_said{how});
}

void voice_channel::cut_speeches() {
  if (std::exchange(saying_, false))
    sound_->hush();
  said_at_ms_.reset();
  for (auto& speech : std::exchange(speeches_, {}))
    speech.promise.deliver(text_said{speech_end::cut});
}

} // namespace hearth
