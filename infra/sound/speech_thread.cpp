#include "infra/sound/speech_thread.hpp"
#include "infra/sound/frame.hpp"
#include "infra/sound/module_context.hpp"
#include "infra/sound/modules/speech_module.hpp"
#include "infra/sound/speech_level.hpp"
#include <array>

namespace hearth::sound {

std::vector<std::string> speech_command(const speech_options& options,
                                        const std::string& language) {
  const auto filled = [&](std::string word) {
    const auto places = std::array<std::pair<std::string, std::string>, 3>{
        std::pair("{voice}", language == "fr" ? options.french : options.english),
        std::pair("{language}", language), std::pair("{speed}", std::to_string(options.speed))};
    for (const auto& [place, value] : places)
      if (const auto at = word.find(place); at != std::string::npos)
        word.replace(at, place.size(), value);
    return word;
  };
  auto words = std::vector<std::string>{};
  for (auto at = size_t{0}; at < options.command.size();) {
    const auto end = std::min(options.command.find(' ', at), options.command.size());
    if (end > at)
      words.push_back(filled(options.command.substr(at, end - at)));
    at = end + 1;
  }
  return words;
}

speech::~speech() {
  {
    const auto held = std::lock_guard(lock_);
    ending_ = true;
  }
  some_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

bool speech::ask(std::string text, std::string language, taker done) {
  if (text.empty() || text.size() > speech_text_bytes_max || text.find('\0') != std::string::npos)
    return false;
  const auto held = std::lock_guard(lock_);
  if (waiting_.size() >= speech_texts_waiting_max)
    return false;
  if (!thread_.joinable())
    thread_ = std::thread([this] { run(); });
  waiting_.push_back({std::move(text), language == "fr" ? "fr" : "en", std::move(done)});
  some_.notify_one();
  return true;
}

void speech::run() {
  while (true) {
    auto next = order{};
    {
      auto held = std::unique_lock(lock_);
      some_.wait(held, [this] { return ending_ || !waiting_.empty(); });
      if (ending_)
        return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    auto why = std::string{};
    auto sound = clip_ptr{};
    const auto which = key(next.language, next.text);
    if (const auto found = known_.find(which); found != known_.end()) {
      used_.splice(used_.begin(), used_, found->second.used);
      sound = found->second.sound;
    } else if ((sound = render(next, why))) {
      remember(which, sound);
    }
    next.done(sound, why);
  }
}

clip_ptr speech::render(const order& what, std::string& why) {
  ++rendered_;
  return options_.command.empty() ? render_by_espeak(what, why) : render_by_command(what, why);
}

clip_ptr speech::render_by_espeak(const order& what, std::string& why) {
  if (!module_ && !(module_ = open_module("speech", why)))
    return nullptr;
  auto raw = mono_sound{};
  auto trouble = std::array<char, 200>{};
  const auto take = [](void* user, const int16_t* samples, size_t count) {
    auto& all = static_cast<mono_sound*>(user)->samples;
    for (auto i = size_t{0}; i < count; ++i)
      all.push_back(static_cast<float>(samples[i]) / 32'768);
    return all.size() > clip_samples_max ? 1 : 0;
  };
  raw.rate = reinterpret_cast<hearth_speech_function>(module_)(
      what.text.c_str(), (what.language == "fr" ? options_.french : options_.english).c_str(),
      options_.speed, take, &raw, trouble.data(), trouble.size());
  if (raw.rate == 0) {
    why = trouble.data();
    return nullptr;
  }
  auto words = clip{level_speech(raw)};
  if (words.samples.empty())
    why = "espeak-ng was silent";
  return words.samples.empty() ? nullptr : std::make_shared<const clip>(std::move(words));
}

clip_ptr speech::render_by_command(const order& what, std::string& why) const {
  // A line: engines such as piper speak line by line.
  const auto output =
      run_command(speech_command(options_, what.language), what.text + "\n", options_.limits);
  if (!output.trouble.empty()) {
    why = output.trouble;
    return nullptr;
  }
  const auto raw = read_wav(output.bytes);
  auto words = clip{raw && raw->rate <= sample_rate ? level_speech(*raw) : std::vector<float>{}};
  if (words.samples.empty())
    why = "the speech command gave no WAV with sound of at most 48 kHz";
  return words.samples.empty() ? nullptr : std::make_shared<const clip>(std::move(words));
}

void speech::remember(const key& which, const clip_ptr& sound) {
  used_.push_front(which);
  known_[which] = {sound, used_.begin()};
  known_samples_ += sound->samples.size();
  while (known_samples_ > speech_cached_samples_max && used_.size() > 1) {
    const auto oldest = known_.find(used_.back());
    known_samples_ -= oldest->second.sound->samples.size();
    known_.erase(oldest);
    used_.pop_back();
  }
}

} // namespace hearth::sound
