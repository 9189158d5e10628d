#pragma once
// One sound made and encoded once for all channels that play it.
#include "infra/sound/opus_stream_encoder.hpp"
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace hearth::sound {

/// Frames that a stream remembers: a reader may be so far behind the first one.
constexpr size_t stream_frames_kept = 128;
/// Frames that readers take before they are heard, at most. Who comes begins so far behind the
/// newest one: with what the others hear now. Beginning at the newest, each would push the stream
/// on by as much, until those who came first are left behind.
constexpr size_t stream_lead = 24;
/// Every so many frames one is independent: readers join the encoded stream there.
constexpr uint64_t independent_every = 50;

/// A sound and its encodings, made on demand by whoever reads first. Any thread.
class shared_stream {
public:
  explicit shared_stream(std::unique_ptr<source> from) : from_(std::move(from)) {}

  /// The frame that a new reader begins with.
  uint64_t frame_now() const;

private:
  friend class stream_reader;
  struct encoding {
    explicit encoding(const opus_options& options) : encoder(options) {}
    opus_stream_encoder encoder;
    std::array<opus_frame_ptr, stream_frames_kept> frames;
    uint64_t first = 0,
             next = 0; ///< The oldest frame that it has, and the one that it encodes next.
  };
  void make_until(uint64_t number);
  uint64_t place(uint64_t number) const;
  uint64_t now() const { return made_ - std::min<uint64_t>(made_, stream_lead); }
  encoding& encoding_for(const opus_options& options, uint64_t number);
  static void begin(encoding& one, const shared_stream& of, uint64_t number);
  const frame& at(uint64_t number) const { return sound_[number % stream_frames_kept]; }

  mutable std::mutex lock_;
  std::unique_ptr<source> from_;
  std::array<frame, stream_frames_kept> sound_{};
  uint64_t made_ = 0;
  std::map<int, encoding> encodings_; ///< By bitrate.
};

/// One listener's place in a stream. For one thread.
class stream_reader final : public source {
public:
  explicit stream_reader(std::shared_ptr<shared_stream> of);

  /// The next 20 ms as sound ...
  void render(frame& out) override;
  /// ... or encoded; all readers at this place with this bitrate are given the same.
  opus_frame_ptr encoded(const opus_options& options);
  /// Whether a listener of another encoder may be handed over now: the next frame is independent,
  /// and there.
  bool may_join(const opus_options& options) const;
  /// Calls back with the frames just before this place, the oldest first.
  void recent(size_t count, const std::function<void(const frame&)>& take) const;

private:
  std::shared_ptr<shared_stream> of_;
  uint64_t place_; ///< The frame that is read next.
};

/// Finds the stream of a sound that somebody plays already, or begins it. Any thread.
class stream_hub {
public:
  using maker = std::function<std::unique_ptr<source>()>;
  /// @param name As in the catalog. @param make Called when nobody plays it; null: null is
  /// returned.
  std::shared_ptr<stream_reader> open(const std::string& name, const maker& make);
  /// Streams that somebody plays.
  size_t playing() const;

private:
  mutable std::mutex lock_;
  std::map<std::string, std::weak_ptr<shared_stream>> streams_;
};

} // namespace hearth::sound
