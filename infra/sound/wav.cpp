#include "infra/sound/wav.hpp"
#include "infra/sound/filters.hpp"
#include <cstring>

namespace hearth::sound {
namespace {

uint32_t number_at(std::span<const uint8_t> bytes, size_t at, size_t size) {
  auto value = uint32_t{0};
  for (auto i = size; i > 0; --i)
    value = value << 8U | bytes[at + i - 1];
  return value;
}

bool says(std::span<const uint8_t> bytes, size_t at, const char* tag) {
  return std::memcmp(bytes.data() + at, tag, 4) == 0;
}

struct wav_format {
  uint32_t kind = 0, channels = 0, rate = 0, bits = 0;
  bool known() const {
    return ((kind == 1 && bits == 16) || (kind == 3 && bits == 32)) &&
           (channels == 1 || channels == 2) && rate >= 4'000 && rate <= 192'000;
  }
};

std::vector<float> samples_of(std::span<const uint8_t> data, const wav_format& format) {
  const auto width = format.bits / 8;
  auto samples = std::vector<float>(data.size() / (width * format.channels));
  for (auto i = size_t{0}; i < samples.size(); ++i)
    for (auto n = size_t{0}; n < format.channels; ++n) {
      const auto raw = number_at(data, (i * format.channels + n) * width, width);
      auto x = static_cast<float>(static_cast<int16_t>(raw)) / 32'768;
      if (format.kind == 3) {
        std::memcpy(&x, &raw, sizeof x);
        x = std::isfinite(x) ? std::clamp(x, -4.0F, 4.0F) : 0;
      }
      samples[i] += x / static_cast<float>(format.channels);
    }
  return samples;
}

void put(std::string& out, uint32_t value, size_t size) {
  for (auto i = size_t{0}; i < size; ++i)
    out += static_cast<char>(value >> (8 * i) & 0xffU);
}

} // namespace

std::optional<mono_sound> read_wav(std::span<const uint8_t> bytes) {
  if (bytes.size() < 12 || !says(bytes, 0, "RIFF") || !says(bytes, 8, "WAVE"))
    return std::nullopt;
  auto format = wav_format{};
  for (auto at = size_t{12}; at + 8 <= bytes.size();) {
    const auto size = std::min<size_t>(number_at(bytes, at + 4, 4), bytes.size() - at - 8);
    if (says(bytes, at, "fmt ") && size >= 16)
      format = {number_at(bytes, at + 8, 2), number_at(bytes, at + 10, 2),
                number_at(bytes, at + 12, 4), number_at(bytes, at + 22, 2)};
    if (says(bytes, at, "data")) {
      if (!format.known())
        return std::nullopt;
      return mono_sound{format.rate, samples_of(bytes.subspan(at + 8, size), format)};
    }
    at += 8 + size + size % 2;
  }
  return std::nullopt;
}

std::string wav_header(uint32_t frames) {
  const auto size = frames * 4;
  auto out = std::string("RIFF");
  put(out, size + 36, 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, 1, 2);
  put(out, static_cast<uint32_t>(channel_count), 2);
  put(out, static_cast<uint32_t>(sample_rate), 4);
  put(out, static_cast<uint32_t>(sample_rate) * 4, 4);
  put(out, 4, 2);
  put(out, 16, 2);
  out += "data";
  put(out, size, 4);
  return out;
}

std::vector<float> resample_up(const mono_sound& sound, uint32_t to_rate) {
  if (sound.rate == to_rate)
    return sound.samples;
  constexpr auto reach = 16; // samples on each side
  constexpr auto pass = 0.95F;
  const auto size = static_cast<int64_t>(sound.samples.size());
  auto out = std::vector<float>(static_cast<size_t>(size) * to_rate / sound.rate);
  for (auto i = size_t{0}; i < out.size(); ++i) {
    const auto at = static_cast<double>(i) * sound.rate / to_rate;
    const auto middle = static_cast<int64_t>(at);
    auto sum = 0.0F;
    for (auto n = std::max<int64_t>(0, middle - reach + 1); n <= std::min(size - 1, middle + reach);
         ++n) {
      const auto away = static_cast<float>(at - static_cast<double>(n));
      const auto x = pi * pass * away;
      const auto window = 0.5F + 0.5F * std::cos(pi * away / reach);
      sum += sound.samples[static_cast<size_t>(n)] * window * pass *
             (std::abs(x) < 1e-5F ? 1 : std::sin(x) / x);
    }
    out[i] = sum;
  }
  return out;
}

} // namespace hearth::sound
