#include "discord-sim/voice_session.hpp"
#include "discord-sim/mls_codec.hpp"

namespace sim {

namespace {

constexpr std::size_t remembered_max = 2000;

} // namespace

const voice_session::sent& voice_session::remember(sent what) {
  last_seq_ = what.seq;
  memory_.push_back(std::move(what));
  if (memory_.size() > remembered_max)
    memory_.pop_front();
  return memory_.back();
}

const voice_session::sent& voice_session::number(int op, const std::string& d) {
  const auto seq = static_cast<std::uint16_t>(last_seq_ + 1);
  return remember(
      {seq,
       R"({"op":)" + std::to_string(op) + R"(,"d":)" + d + R"(,"seq":)" + std::to_string(seq) + "}",
       false});
}

const voice_session::sent& voice_session::number_binary(std::uint8_t op, std::string_view payload) {
  const auto seq = static_cast<std::uint16_t>(last_seq_ + 1);
  mls_writer w;
  w.u16(seq);
  w.u8(op);
  w.raw(payload);
  return remember({seq, w.take(), true});
}

// Numbers wrap at 65536: what counts is how many of the remembered ones come after.
bool voice_session::acknowledge(int seq) {
  const auto rest = replay(seq);
  if (!rest)
    return false;
  while (memory_.size() > rest->size())
    memory_.pop_front();
  return true;
}

std::optional<std::vector<voice_session::sent>> voice_session::replay(int seq) const {
  std::size_t after = memory_.size();
  if (seq >= 0) {
    after = static_cast<std::uint16_t>(last_seq_ - seq);
    if (seq > 0xffff || last_seq_ < 0 || after > memory_.size())
      return std::nullopt;
  } else if (!memory_.empty() && memory_.size() == remembered_max) {
    return std::nullopt;
  }
  return std::vector<sent>(memory_.end() - static_cast<std::ptrdiff_t>(after), memory_.end());
}

void voice_session::begin_again() {
  at = stage::expected;
  peer.reset();
  nonce = 0;
  spoke = false;
  speaking = 0;
  media = {};
  held.clear();
  held_limit.reset();
  swapped.clear();
  told_sender = false;
  expiry.reset();
  last_seq_ = -1;
  memory_.clear();
}

} // namespace sim
