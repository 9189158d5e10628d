#include "infra/voice/pacer_thread.hpp"
#include <algorithm>
#include <exception>
#include <utility>

namespace hearth::voice {
namespace {

constexpr size_t batch_max = 64; // packets of one sendmmsg: they stay in the nearest cache
constexpr size_t packet_max = opus_frame_max + dave::sealed_overhead_max + packet_overhead;
const auto silence = std::make_shared<const opus_frame>(opus_frame{0xf8, 0xff, 0xfe});

} // namespace

pacer::pacer(pacing_clock& clock, voice_counters& counters) : clock_(clock), counters_(counters) {
  bytes_.resize(batch_max * packet_max);
  packets_.reserve(batch_max);
  senders_.reserve(batch_max);
}

void pacer::order(line_ptr line, pacer_order what) {
  const auto lock = std::lock_guard{mutex_};
  posted_.push_back({std::move(line), std::move(what)});
  if (std::exchange(waiting_, false))
    clock_.wake();
}

void pacer::stop() {
  const auto lock = std::lock_guard{mutex_};
  stopping_ = true;
  clock_.wake();
}

bool pacer::step() {
  if (deadline_ns_ != 0)
    clock_.sleep_until(deadline_ns_);
  {
    const auto lock = std::lock_guard{mutex_};
    if (stopping_)
      return false;
    taken_.swap(posted_);
  }
  take_orders();
  const auto due =
      std::any_of(lines_.begin(), lines_.end(), [](const line_ptr& line) { return is_due(*line); });
  if (!due) {
    deadline_ns_ = 0;
    counters_.playing.store(0, std::memory_order_relaxed);
    {
      const auto lock = std::lock_guard{mutex_};
      if (stopping_ || !posted_.empty())
        return !stopping_;
      waiting_ = true;
    }
    clock_.wait();
    return true;
  }
  const auto now = clock_.now_ns();
  if (deadline_ns_ == 0 || now - deadline_ns_ > catch_up_ns_max)
    deadline_ns_ = now; // somebody begins, or the machine slept: from here on
  // All that is due by now, one after the other: the listeners' buffers smooth what came late.
  do {
    tick();
    deadline_ns_ += frame_ns;
  } while (deadline_ns_ <= now);
  return true;
}

// -- orders ---------------------------------------------------------------------------------------

void pacer::take_orders() {
  for (auto& [line, what] : taken_)
    obey(line, what);
  taken_.clear();
}

void pacer::obey(const line_ptr& line, pacer_order& what) {
  if (line->removed_)
    return; // a late order must not bring it back
  const auto known = std::find(lines_.begin(), lines_.end(), line);
  if (std::holds_alternative<pacer_do::remove>(what)) {
    line->removed_ = true;
    line->port_.reset();
    line->transport_.reset();
    line->sealer_.reset();
    line->ring_.reset();
    if (known != lines_.end())
      lines_.erase(known);
    return;
  }
  if (known == lines_.end())
    lines_.push_back(line);
  if (auto* connect = std::get_if<pacer_do::connect>(&what)) {
    line->port_ = std::move(connect->port);
    line->to_ = connect->to;
    line->transport_ = std::move(connect->transport);
    line->last_ns_ = 0;
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const line_ptr& a, const line_ptr& b) { return a->port_ < b->port_; });
  } else if (std::holds_alternative<pacer_do::disconnect>(what)) {
    line->transport_.reset();
    line->port_.reset();
    line->how_ = dave::sending::nothing;
    line->sealer_.reset();
    fall_silent(*line);
  } else if (auto* speak = std::get_if<pacer_do::speak>(&what)) {
    line->how_ = speak->how;
    line->sealer_ = std::move(speak->sealer);
  } else if (auto* play = std::get_if<pacer_do::play>(&what)) {
    line->ring_ = std::move(play->ring);
  } else if (const auto* talk = std::get_if<pacer_do::talk>(&what)) {
    const auto ends = line->talking_ && !talk->on;
    line->talking_ = talk->on;
    line->draining_ = ends && talk->drain;
    line->silence_ = ends ? silence_frames : 0;
    if (ends && !may_send(*line)) // what is held would be heard when nobody expects it any more
      fall_silent(*line);
  }
}

/// Ends what was still to come after the talk.
void pacer::fall_silent(pacer_line& line) {
  const auto waited = line.draining_ || line.silence_ > 0;
  line.draining_ = false;
  line.silence_ = 0;
  if (waited && line.quiet_)
    line.quiet_();
}

bool pacer::may_send(const pacer_line& line) {
  return line.transport_ && line.how_ != dave::sending::nothing;
}

/// Whether the line has something to send, or should have.
bool pacer::is_due(const pacer_line& line) {
  return may_send(line) && ((line.talking_ && line.ring_) || line.draining_ || line.silence_ > 0);
}

// -- one tick -------------------------------------------------------------------------------------

void pacer::tick() {
  auto playing = int64_t{0};
  for (const auto& line : lines_) {
    if (!is_due(*line))
      continue;
    ++playing;
    auto sound = false;
    if (const auto frame = next_frame(*line, sound))
      add_packet(*line, *frame, sound);
  }
  flush();
  counters_.playing.store(playing, std::memory_order_relaxed);
}

/// Null: there is nothing to send in this tick.
frame_ptr pacer::next_frame(pacer_line& line, bool& sound) {
  if ((line.talking_ || line.draining_) && line.ring_) {
    auto frame = line.ring_->take();
    sound = frame != nullptr;
    if (frame)
      return frame;
    if (line.talking_) {
      line.underruns.fetch_add(1, std::memory_order_relaxed);
      counters_.underruns.fetch_add(1, std::memory_order_relaxed);
      return nullptr;
    }
  }
  line.draining_ = false;
  if (line.silence_ == 0)
    return nullptr;
  if (--line.silence_ == 0 && line.quiet_)
    line.quiet_();
  return silence;
}

void pacer::add_packet(pacer_line& line, const opus_frame& frame, bool sound) {
  const auto drop = [&] {
    line.drops.fetch_add(1, std::memory_order_relaxed);
    counters_.drops.fetch_add(1, std::memory_order_relaxed);
  };
  if (frame.size() > opus_frame_max)
    return drop();
  if (packets_.size() == batch_max || (port_ != nullptr && port_ != line.port_.get()))
    flush();
  // Time that passed without packets shows in the timestamps.
  if (line.last_ns_ != 0) {
    const auto missed = (deadline_ns_ - line.last_ns_ + frame_ns / 2) / frame_ns - 1;
    if (missed > 0)
      line.transport_->skip(static_cast<uint32_t>(missed) * samples_per_frame);
  }
  line.last_ns_ = deadline_ns_ - frame_ns; // as far as the timestamps have come
  auto plain = byte_view{frame};
  std::array<uint8_t, opus_frame_max + dave::sealed_overhead_max> sealed; // filled below
  const auto out = std::span{bytes_}.subspan(used_);
  auto size = size_t{0};
  try {
    if (line.how_ == dave::sending::encrypted) {
      const auto sealed_size = line.sealer_ ? line.sealer_->seal(frame, sealed) : 0;
      if (sealed_size == 0)
        return drop();
      plain = byte_view{sealed}.first(sealed_size);
    }
    size = line.transport_->seal(plain, out);
  } catch (const std::exception&) { // OpenSSL is out of memory: the next frame may fare better
    size = 0;
  }
  if (size == 0)
    return drop();
  line.last_ns_ = deadline_ns_;
  used_ += size;
  port_ = line.port_.get();
  packets_.push_back({out.first(size), &line.to_});
  senders_.emplace_back(&line, sound);
}

void pacer::flush() {
  if (packets_.empty())
    return;
  const auto sent = port_->send(packets_);
  const auto late_ns = std::max<int64_t>(clock_.now_ns() - deadline_ns_, 0);
  counters_.lateness.observe(static_cast<uint64_t>(late_ns / 1'000), sent);
  auto with_sound = uint64_t{0};
  for (auto at = size_t{0}; at < senders_.size(); ++at) {
    auto& [line, sound] = senders_[at];
    if (at >= sent)
      line->drops.fetch_add(1, std::memory_order_relaxed);
    else if (sound)
      line->sent.fetch_add(1, std::memory_order_relaxed), ++with_sound;
  }
  counters_.frames.fetch_add(with_sound, std::memory_order_relaxed);
  counters_.drops.fetch_add(senders_.size() - sent, std::memory_order_relaxed);
  packets_.clear();
  senders_.clear();
  port_ = nullptr;
  used_ = 0;
}

} // namespace hearth::voice
