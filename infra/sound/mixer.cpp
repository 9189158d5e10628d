#include "infra/sound/mixer.hpp"

namespace hearth::sound {
namespace {

constexpr size_t leaving_max =
    6; ///< Layers fading out at once; of further ones the quietest goes within a frame.
constexpr size_t once_max = 4;

} // namespace

mixer::layer* mixer::find(std::string_view name) {
  const auto found = std::find_if(layers_.begin(), layers_.end(),
                                  [&](const layer& one) { return one.name == name; });
  return found == layers_.end() ? nullptr : &*found;
}

const mixer::layer* mixer::find(std::string_view name) const {
  return const_cast<mixer*>(this)->find(name);
}

bool mixer::plays(std::string_view name) const {
  const auto* one = find(name);
  return one && !one->leaving;
}

bool mixer::sounds(std::string_view name) const { return find(name) != nullptr; }

bool mixer::play(std::string_view name, std::shared_ptr<source> from, float volume, float seconds) {
  const auto playing =
      std::count_if(layers_.begin(), layers_.end(), [](const layer& one) { return !one.leaving; });
  auto* there = find(name);
  if ((!there || there->leaving) && static_cast<size_t>(playing) >= layers_max)
    return false;
  if (there) {
    there->leaving = false;
    there->gain.steer(volume, seconds);
    return true;
  }
  auto& one = layers_.emplace_back(layer{std::string(name), std::move(from), fade(0)});
  one.gain.toward(volume, seconds);
  return true;
}

void mixer::set_volume(std::string_view name, float volume, float seconds) {
  if (auto* one = find(name); one && !one->leaving)
    one->gain.steer(volume, seconds);
}

void mixer::stop(std::string_view name, float seconds) {
  auto* one = find(name);
  if (!one || one->leaving)
    return;
  one->leaving = true;
  one->gain.toward(0, seconds);
  auto leaving = std::vector<layer*>{};
  for (auto& other : layers_)
    if (other.leaving)
      leaving.push_back(&other);
  if (leaving.size() > leaving_max)
    (*std::min_element(leaving.begin(), leaving.end(), [](const auto* a, const auto* b) {
      return a->gain.now() < b->gain.now();
    }))->gain.toward(0, 0);
}

void mixer::stop_all(float seconds) {
  for (const auto& name : names())
    stop(name, seconds);
}

std::vector<std::string> mixer::names() const {
  auto found = std::vector<std::string>{};
  for (const auto& one : layers_)
    if (!one.leaving)
      found.push_back(one.name);
  return found;
}

uint64_t mixer::say(clip_ptr words, float gain) {
  if (waiting_.size() >= clips_waiting_max)
    return 0;
  waiting_.push_back({std::move(words), gain, ++last_number_});
  return last_number_;
}

bool mixer::play_once(clip_ptr sound, float gain) {
  if (once_.size() >= once_max)
    return false;
  once_.push_back({std::move(sound), gain});
  return true;
}

void mixer::hush() {
  for (const auto& one : waiting_)
    finished_.push_back(one.number);
  waiting_.clear();
  if (voice_)
    voice_->leaving = true;
}

bool mixer::silent() const {
  const auto layers_silent = layers_.empty() || (paused() && running_.resting());
  return layers_silent && waiting_.empty() && !voice_ && once_.empty();
}

std::shared_ptr<source> mixer::plain() const {
  if (layers_.size() != 1 || duck_gain_ != 1 || limiter_.working() || !waiting_.empty() || voice_ ||
      !once_.empty())
    return nullptr;
  const auto as_it_is = [](const fade& one) { return one.resting() && one.now() == 1; };
  const auto& only = layers_.front();
  return as_it_is(only.gain) && as_it_is(master_) && as_it_is(running_) ? only.from : nullptr;
}

/// Adds 20 ms of a clip. @return Whether there is more of it.
bool mixer::add_clip(spoken& one, frame& out) const {
  const auto& samples = one.what->samples;
  const auto count = std::min(frame_samples, samples.size() - one.at);
  for (auto i = size_t{0}; i < count; ++i) {
    // Hushed, it goes away within this frame.
    const auto gain =
        one.leaving ? one.gain * (1 - static_cast<float>(i + 1) / frame_samples) : one.gain;
    out[2 * i] += gain * samples[one.at + i];
    out[2 * i + 1] += gain * samples[one.at + i];
  }
  one.at += count;
  return !one.leaving && one.at < samples.size();
}

void mixer::add_layers(frame& out) {
  const auto before = running_.now();
  const auto after = running_.next();
  if (before == 0 && after == 0) { // paused: stands still, but what fades out is gone
    std::erase_if(layers_, [](const layer& one) { return one.leaving; });
    return;
  }
  auto sound = frame{};
  for (auto& one : layers_) {
    const auto from = one.gain.now() * before;
    const auto to = one.gain.next() * after;
    one.from->render(sound);
    if (from == 1 && to == 1) {
      for (auto i = size_t{0}; i < out.size(); ++i)
        out[i] += sound[i];
      continue;
    }
    auto gain = from;
    const auto step = (to - from) / static_cast<float>(frame_samples);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      gain += step;
      out[2 * i] += gain * sound[2 * i];
      out[2 * i + 1] += gain * sound[2 * i + 1];
    }
  }
  std::erase_if(layers_, [](const layer& one) { return one.leaving && one.gain.now() == 0; });
}

/// Moves the ducking on by a frame.
void mixer::duck() {
  const auto per_frame = -ducking_.depth_db / static_cast<float>(frames_per_second);
  duck_db_ = speaking() ? std::max(ducking_.depth_db, duck_db_ - per_frame / ducking_.attack_s)
                        : std::min(0.0F, duck_db_ + per_frame / ducking_.recovery_s);
}

void mixer::render(frame& out) {
  out.fill(0);
  const auto heard = !layers_.empty() && !(paused() && running_.resting());
  duck();
  if (!voice_ && !waiting_.empty() && (!heard || duck_db_ <= ducking_.depth_db)) {
    voice_ = std::move(waiting_.front());
    waiting_.pop_front();
  }
  add_layers(out);
  const auto duck_to = gain_of_db(duck_db_);
  const auto master_from = master_.now(), master_to = master_.next();
  if (duck_gain_ != 1 || duck_to != 1) {
    auto gain = duck_gain_;
    const auto step = (duck_to - gain) / static_cast<float>(frame_samples);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      gain += step;
      out[2 * i] *= gain;
      out[2 * i + 1] *= gain;
    }
    duck_gain_ = duck_to;
  }
  if (voice_ && !add_clip(*voice_, out)) {
    finished_.push_back(voice_->number);
    voice_.reset();
  }
  std::erase_if(once_, [&](spoken& one) { return !add_clip(one, out); });
  if (master_from != 1 || master_to != 1) {
    auto gain = master_from;
    const auto step = (master_to - gain) / static_cast<float>(frame_samples);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      gain += step;
      out[2 * i] *= gain;
      out[2 * i + 1] *= gain;
    }
  }
  limiter_.apply(out);
}

} // namespace hearth::sound
