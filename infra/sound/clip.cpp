#include "infra/sound/clip.hpp"
#include "infra/sound/tones.hpp"

namespace hearth::sound {

clip_ptr soft_bell() {
  auto bank = tone_bank{};
  // A fourth upwards, the second one a little later and softer.
  bank.strike({523.25F, 0.22F, 0, 0.006F, 0.75F}, timbres::bowl, 0);
  bank.strike({1046.5F, 0.05F, 0, 0.003F, 0.45F}, timbres::glass, 0);
  auto whole = clip{};
  for (auto n = 0; n < 175; ++n) {
    if (n == 16)
      bank.strike({698.46F, 0.16F, 0, 0.006F, 0.8F}, timbres::bowl, 0);
    auto out = split_frame{};
    bank.add(out);
    // Its end is faded: half a second.
    const auto left = static_cast<float>(175 - n) / 25;
    for (const auto x : out.left)
      whole.samples.push_back(std::sqrt(2.0F) * x * std::min(1.0F, left * left));
  }
  return std::make_shared<const clip>(std::move(whole));
}

clip_ptr find_clip(std::string_view name) { return name == "bell" ? soft_bell() : nullptr; }

} // namespace hearth::sound
