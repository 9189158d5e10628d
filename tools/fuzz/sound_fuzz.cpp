// Sound that somebody else made: what a speech engine writes, and an operator's own files as
// hearth-media.so reads them. The first byte chooses which, the rest is the file.
#include "infra/sound/modules/media_module.hpp"
#include "infra/sound/wav.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

extern "C" const hearth_media_functions* hearth_media();

using namespace hearth;
using fuzz::must;

namespace {

void check(std::span<const float> samples) {
  must(std::all_of(samples.begin(), samples.end(),
                   [](float x) { return std::isfinite(x) && std::abs(x) <= 8; }),
       "every sample is a number, and no louder than sound can be");
}

void take_wav(std::span<const uint8_t> file) {
  const auto bytes = std::vector<uint8_t>(file.begin(), file.end()); // of exactly its size
  auto sound = sound::read_wav(bytes);
  if (!sound)
    return;
  must(sound->samples.size() <= bytes.size() / 2, "a sample has two bytes at least");
  check(sound->samples);
  sound->samples.resize(std::min<size_t>(sound->samples.size(), 500));
  if (sound->rate <= 48'000) {
    const auto up = sound::resample_up(*sound, 48'000);
    must(up.size() >= sound->samples.size(), "a higher rate has more samples");
    check(up);
  }
}

/// A file in memory under a path.
class memory_file {
public:
  explicit memory_file(std::span<const uint8_t> bytes) : number_(::memfd_create("sound", 0)) {
    must(number_ >= 0 &&
             ::write(number_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
         "memory for a file");
  }
  ~memory_file() { ::close(number_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }

private:
  int number_;
};

size_t play(const hearth_media_functions& media, hearth_recording* which) {
  auto some = std::array<float, 1'920>{};
  auto total = size_t{0};
  for (auto frames = 0; frames < 50; ++frames) {
    const auto count = media.read(which, some.data(), some.size() / 2);
    must(count <= some.size() / 2, "no more than asked for");
    check(std::span(some).first(2 * count));
    total += count;
    if (count < some.size() / 2)
      break;
  }
  return total;
}

void take_media(std::span<const uint8_t> bytes) {
  const auto& media = *hearth_media();
  const auto file = memory_file{bytes};
  auto why = std::array<char, 200>{};
  auto* which = media.open(file.path().c_str(), why.data(), why.size());
  if (!which) {
    must(why[0] != '\0', "a file that is refused has a reason");
    return;
  }
  must(!std::isnan(media.loudness(which, 0.3)), "a loudness is a number");
  play(media, which);
  if (media.rewind(which) != 0)
    play(media, which);
  media.close(which);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  const auto file = std::span(data + 1, size - 1);
  if (data[0] % 2 == 0)
    take_wav(file);
  else
    take_media(file);
  return 0;
}
