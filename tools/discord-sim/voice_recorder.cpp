#include "discord-sim/voice_recorder.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sim {

namespace {

constexpr std::size_t header_bytes = 44;
/// What may still be mixed into; older samples are on disk.
constexpr std::int64_t window_samples = voice_rate;
/// Further from its arrival a timestamp begins anew: senders stop their clocks while they pause.
constexpr std::int64_t drift_max = voice_rate / 5;

void put(std::string& to, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    to += static_cast<char>(value >> (8 * i));
}

// RIFF, 16-bit stereo.
std::string header(std::uint32_t data_bytes) {
  std::string h = "RIFF";
  put(h, data_bytes + header_bytes - 8, 4);
  h += "WAVEfmt ";
  put(h, 16, 4);
  put(h, 1, 2);
  put(h, 2, 2);
  put(h, voice_rate, 4);
  put(h, voice_rate * 4, 4);
  put(h, 4, 2);
  put(h, 16, 2);
  h += "data";
  put(h, data_bytes, 4);
  return h;
}

} // namespace

voice_recorder::voice_recorder(std::string file, std::int64_t now_us)
    : name_(std::move(file)), file_(name_, std::ios::binary | std::ios::trunc), began_us_(now_us) {
  if (!(file_ << header(0)))
    throw std::runtime_error("cannot write " + name_);
}

void voice_recorder::frame(snowflake from, std::uint32_t timestamp, const voice_pcm& pcm,
                           std::int64_t now_us) {
  const auto samples = static_cast<std::int64_t>(pcm.size() / 2);
  const auto arrival = (now_us - began_us_) * voice_rate / 1000000;
  const auto [it, fresh] = voices_.try_emplace(from);
  auto& v = it->second;
  const auto ahead = static_cast<std::int32_t>(timestamp - v.timestamp);
  if (fresh || std::abs(v.at + ahead - arrival) > drift_max) {
    ++spurts_;
    v.at = std::max(arrival, base_);
  } else if (ahead != 0) {
    if (v.at + ahead < base_)
      return; // late beyond use
    v.at += ahead;
    if (ahead > 0) {
      ++gaps_;
      missing_ += static_cast<std::uint64_t>(ahead);
    }
  }
  if (v.at - base_ > 2 * window_samples)
    flush(v.at - window_samples);
  ++frames_;
  if (first_ < 0)
    first_ = v.at;
  else
    silence_ = std::max(silence_, v.at - end_);
  mix(v.at, pcm);
  v.at += samples;
  v.timestamp = timestamp + static_cast<std::uint32_t>(samples);
  end_ = std::max(end_, v.at);
  if (end_ - base_ > 2 * window_samples)
    flush(end_ - window_samples);
}

void voice_recorder::mix(std::int64_t at, const voice_pcm& pcm) {
  const auto begin = static_cast<std::size_t>(at - base_) * 2;
  if (window_.size() < begin + pcm.size())
    window_.resize(begin + pcm.size());
  for (std::size_t i = 0; i < pcm.size(); ++i)
    window_[begin + i] += pcm[i];
}

// In pieces: what nobody said for an hour is an hour of silence, not of memory.
void voice_recorder::flush(std::int64_t until) {
  std::string bytes;
  while (base_ < until) {
    const auto samples = std::min(until - base_, window_samples);
    const auto count = static_cast<std::size_t>(samples) * 2;
    const auto known = std::min(window_.size(), count);
    bytes.clear();
    for (std::size_t i = 0; i < known; ++i) {
      const auto sample = std::clamp<std::int32_t>(window_[i], -32768, 32767);
      peak_ = std::max(peak_, std::abs(window_[i]));
      power_ += static_cast<double>(sample) * sample;
      put(bytes, static_cast<std::uint32_t>(sample), 2);
    }
    bytes.resize(count * 2, '\0');
    file_ << bytes;
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(known));
    base_ += samples;
  }
}

json voice_recorder::finish() {
  flush(end_);
  const auto bytes = static_cast<std::uint32_t>(base_ * 4);
  file_.seekp(0);
  file_ << header(bytes);
  file_.close();
  constexpr double full = 32768;
  const auto heard = std::max<std::int64_t>(first_ < 0 ? 1 : base_ - first_, 1);
  return {{"file", name_},
          {"seconds", static_cast<double>(base_) / voice_rate},
          {"frames", frames_},
          {"spurts", spurts_},
          {"gaps", gaps_},
          {"missing_ms", static_cast<double>(missing_) * 1000 / voice_rate},
          {"silence_ms", static_cast<double>(silence_) * 1000 / voice_rate},
          {"peak", peak_ / full},
          {"rms", std::sqrt(power_ / (2.0 * static_cast<double>(heard))) / full}};
}

} // namespace sim
