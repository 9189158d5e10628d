#include "discord-sim/voice_ears.hpp"
#include "discord-sim/mls_codec.hpp"

namespace sim {

namespace {

/// A page that reads so slowly misses frames.
constexpr std::size_t queued_max = 512u << 10;

std::shared_ptr<const std::string> page_frame(snowflake from, std::uint32_t timestamp,
                                              const voice_pcm& pcm) {
  mls_writer w;
  w.u64(from);
  w.u32(timestamp);
  auto bytes = w.take();
  bytes.reserve(bytes.size() + 2 * pcm.size());
  for (const auto sample : pcm) {
    bytes += static_cast<char>(sample);
    bytes += static_cast<char>(static_cast<std::uint16_t>(sample) >> 8);
  }
  return std::make_shared<const std::string>(std::move(bytes));
}

} // namespace

void voice_ears::listen(snowflake user, std::shared_ptr<websocket> socket) {
  const auto number = next_page_++;
  socket->on_close = [this, user, number](std::uint16_t) {
    if (const auto it = ears_.find(user); it != ears_.end())
      it->second.pages.erase(number);
    drop_if_idle(user);
  };
  ears_[user].pages[number] = std::move(socket);
}

void voice_ears::record(snowflake user, std::string file, std::int64_t now_us) {
  voice_recorder recorder(std::move(file), now_us);
  stop_recording(user);
  ears_[user].recorder.emplace(std::move(recorder));
}

std::optional<json> voice_ears::stop_recording(snowflake user) {
  const auto it = ears_.find(user);
  if (it == ears_.end() || !it->second.recorder)
    return std::nullopt;
  auto numbers = it->second.recorder->finish();
  it->second.recorder.reset();
  drop_if_idle(user);
  return numbers;
}

void voice_ears::drop_if_idle(snowflake user) {
  const auto it = ears_.find(user);
  if (it != ears_.end() && it->second.pages.empty() && !it->second.recorder)
    ears_.erase(it);
}

void voice_ears::heard(snowflake user, snowflake from, std::uint32_t timestamp,
                       std::string_view opus, std::int64_t now_us) {
  const auto it = ears_.find(user);
  if (it == ears_.end())
    return;
  auto& ear = it->second;
  const auto pcm = ear.decoders[from].decode(opus);
  if (!pcm)
    return;
  if (ear.recorder)
    ear.recorder->frame(from, timestamp, *pcm, now_us);
  if (ear.pages.empty())
    return;
  const auto bytes = page_frame(from, timestamp, *pcm);
  for (const auto& [number, page] : ear.pages)
    if (page->queued() < queued_max)
      page->send(bytes, true);
}

std::size_t voice_ears::pages() const {
  std::size_t count = 0;
  for (const auto& [user, ear] : ears_)
    count += ear.pages.size();
  return count;
}

} // namespace sim
