// What can be told about a guild's voice.
#include "actors/voice/voice_channel_impl.hpp"
#include "actors/voice/voice_codes.hpp"
#include <chrono>

namespace hearth {
namespace {

constexpr auto code_time_max = std::chrono::seconds{10};

/// Delivers once, wherever the promise is kept until then.
template <class Kept, class Answer> void deliver(Kept& kept, uint64_t number, Answer answer) {
  const auto found = kept.find(number);
  if (found == kept.end())
    return;
  auto promise = std::move(found->second);
  kept.erase(found);
  promise.deliver(std::move(answer));
}

} // namespace

voice_status voice_channel::own_status() const {
  auto out = voice_status{};
  out.channel = join_.wanted();
  out.phase = !join_.wanted() ? "out" : standing_ ? "live" : told_ ? "away" : "joining";
  out.suppressed = suppressed_ && standing_;
  out.layers = layers_;
  out.volume = volume_;
  out.paused = paused_;
  out.shared = shared_;
  out.quality = std::string{voice::to_string(quality_)};
  if (line_) {
    out.endpoint = endpoint_;
    out.frames_sent = line_->sent.load(std::memory_order_relaxed);
    out.underruns = line_->underruns.load(std::memory_order_relaxed);
    out.drops = line_->drops.load(std::memory_order_relaxed);
  }
  return out;
}

/// With what the link knows, when there is one that answers.
caf::result<voice_status> voice_channel::status() {
  if (!link_)
    return own_status();
  auto promise = make_response_promise<voice_status>();
  const auto number = ++questions_;
  statuses_.emplace(number, promise);
  request(link_, std::chrono::milliseconds(env_->status_ms_max), get_link_status{})
      .then(
          [this, number](const link_status& link) {
            auto whole = own_status();
            whole.dave_version = link.dave_version;
            whole.epoch = link.epoch;
            whole.privacy_code = link.privacy_code;
            whole.members = link.members;
            whole.mode = link.mode;
            whole.latency_ms = link.latency_ms;
            whole.resumes = link.resumes;
            deliver(statuses_, number, std::move(whole));
          },
          [this, number](const caf::error&) { // it is just ending: the rest is true all the same
            deliver(statuses_, number, own_status());
          });
  return promise;
}

caf::result<fingerprint_answer> voice_channel::on_fingerprint(get_fingerprint asked) {
  if (!link_)
    return make_error(errc::not_found, "there is no voice session");
  auto promise = make_response_promise<fingerprint_answer>();
  const auto number = ++questions_;
  fingerprints_.emplace(number, promise);
  const auto failed = [this, number](const caf::error& why) {
    deliver(fingerprints_, number, why);
  };
  request(link_, std::chrono::milliseconds(env_->status_ms_max), get_parties{asked.member})
      .then(
          [this, number, failed](const parties_ptr& parties) {
            request(spawn_voice_codes(system()), code_time_max, parties)
                .then(
                    [this, number](const fingerprint_answer& answer) {
                      deliver(fingerprints_, number, answer);
                    },
                    failed);
          },
          failed);
  return promise;
}

} // namespace hearth
