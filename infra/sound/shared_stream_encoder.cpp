#include "infra/sound/shared_stream_encoder.hpp"

namespace hearth::sound {
namespace {

constexpr size_t primed_frames = 3; ///< Taken in before an encoder's first frame.

} // namespace

uint64_t shared_stream::frame_now() const {
  const auto held = std::lock_guard(lock_);
  return now();
}

void shared_stream::make_until(uint64_t number) {
  for (; made_ <= number; ++made_)
    from_->render(sound_[made_ % stream_frames_kept]);
}

/// Where a reader that wants this frame goes on: there, or with the others when that one is
/// forgotten.
uint64_t shared_stream::place(uint64_t number) const {
  return number + stream_frames_kept > made_ ? number : now();
}

/// Lets an encoding go on at `number` as if it had always been running.
void shared_stream::begin(encoding& one, const shared_stream& of, uint64_t number) {
  one.first = one.next = number;
  for (auto n = number > primed_frames ? number - primed_frames : 0; n < number; ++n)
    if (n + stream_frames_kept >= of.made_)
      one.encoder.prime(of.at(n));
}

shared_stream::encoding& shared_stream::encoding_for(const opus_options& options, uint64_t number) {
  auto found = encodings_.find(options.bitrate);
  if (found == encodings_.end()) {
    // Those that nobody has read for as long as frames are kept are given up.
    std::erase_if(encodings_,
                  [&](const auto& one) { return one.second.next + stream_frames_kept < made_; });
    found = encodings_.try_emplace(options.bitrate, options).first;
    begin(found->second, *this, number);
  }
  auto& one = found->second;
  if (one.encoder.options().complexity != options.complexity)
    one.encoder.set(options);
  if (one.next + primed_frames < number) // nobody has listened for a while
    begin(one, *this, number);
  for (; one.next <= number; ++one.next)
    one.frames[one.next % stream_frames_kept] =
        std::make_shared<const opus_frame>(one.encoder.encode(
            at(one.next), one.next == one.first || one.next % independent_every == 0));
  return one;
}

stream_reader::stream_reader(std::shared_ptr<shared_stream> of)
    : of_(std::move(of)), place_(of_->frame_now()) {}

void stream_reader::render(frame& out) {
  const auto held = std::lock_guard(of_->lock_);
  place_ = of_->place(place_);
  of_->make_until(place_);
  out = of_->at(place_++);
}

opus_frame_ptr stream_reader::encoded(const opus_options& options) {
  const auto held = std::lock_guard(of_->lock_);
  place_ = of_->place(place_);
  of_->make_until(place_);
  const auto& by = of_->encoding_for(options, place_);
  place_ = std::max(place_, by.first); // what was never encoded cannot be had
  return by.frames[place_++ % stream_frames_kept];
}

bool stream_reader::may_join(const opus_options& options) const {
  const auto held = std::lock_guard(of_->lock_);
  if (place_ % independent_every != 0 || place_ + stream_frames_kept <= of_->made_)
    return false;
  const auto found = of_->encodings_.find(options.bitrate);
  return found == of_->encodings_.end() || place_ >= found->second.first;
}

void stream_reader::recent(size_t count, const std::function<void(const frame&)>& take) const {
  const auto held = std::lock_guard(of_->lock_);
  for (auto n = place_ > count ? place_ - count : 0; n < place_; ++n)
    if (n + stream_frames_kept >= of_->made_ && n < of_->made_)
      take(of_->at(n));
}

std::shared_ptr<stream_reader> stream_hub::open(const std::string& name, const maker& make) {
  const auto held = std::lock_guard(lock_);
  std::erase_if(streams_, [](const auto& one) { return one.second.expired(); });
  auto& known = streams_[name];
  auto stream = known.lock();
  if (!stream) {
    auto from = make();
    if (!from) {
      streams_.erase(name);
      return nullptr;
    }
    known = stream = std::make_shared<shared_stream>(std::move(from));
  }
  return std::make_shared<stream_reader>(std::move(stream));
}

size_t stream_hub::playing() const {
  const auto held = std::lock_guard(lock_);
  auto count = size_t{0};
  for (const auto& one : streams_)
    count += one.second.expired() ? 0 : 1;
  return count;
}

} // namespace hearth::sound
