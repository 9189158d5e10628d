#include "infra/sound/channel_encoder.hpp"

namespace hearth::sound {
namespace {

constexpr size_t plain_frames_min =
    2; ///< Encoded by ourselves before the way back: transforms overlap.
constexpr size_t primed_frames = 3;

} // namespace

void channel_encoder::set(const opus_options& options, int shared_complexity) {
  if (own_)
    own_->set(options);
  // Another bitrate is another encoding: it is joined at an independent frame as well.
  if (reader_ && options.bitrate != options_.bitrate) {
    own_ = std::make_unique<opus_stream_encoder>(options);
    reader_->recent(primed_frames, [&](const frame& sound) { own_->prime(sound); });
    reader_.reset();
    plain_frames_ = 0;
  }
  options_ = options;
  shared_options_ = {options.bitrate, shared_complexity};
}

opus_frame_ptr channel_encoder::next() {
  if (mixer_.silent()) {
    own_.reset();
    reader_.reset();
    return nullptr;
  }
  const auto plain = std::dynamic_pointer_cast<stream_reader>(mixer_.plain());
  if (!plain) {
    plain_frames_ = 0;
    return own_frame();
  }
  const auto may_join = plain_frames_ >= plain_frames_min && plain->may_join(shared_options_);
  if (plain != reader_ && !may_join) {
    ++plain_frames_;
    return own_frame();
  }
  own_.reset();
  reader_ = plain;
  return reader_->encoded(shared_options_);
}

opus_frame_ptr channel_encoder::own_frame() {
  auto sound = frame{};
  const auto begins = !own_;
  if (begins) {
    own_ = std::make_unique<opus_stream_encoder>(options_);
    if (reader_)
      reader_->recent(primed_frames, [&](const frame& heard) { own_->prime(heard); });
    reader_.reset();
  }
  mixer_.render(sound);
  return std::make_shared<const opus_frame>(own_->encode(sound, begins));
}

} // namespace hearth::sound
