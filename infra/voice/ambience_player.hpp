#pragma once
// How the player of a guild changes, and how it is written down. Pure.
#include "messages/ambience.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// Bytes of a sound's id as `fits_buttons` counts them: it travels in custom_ids (100 bytes).
inline constexpr size_t sound_id_max = 80;
/// Whether a sound can be named in buttons, selects and choices: it is short enough (':' and '%'
/// count three times) and UTF-8. What is not can be neither offered nor played.
bool fits_buttons(std::string_view sound);

struct ambience_outcome {
  ambience_player player;
  ambience_refusal refusal = ambience_refusal::none; ///< Anything else: nothing was changed.
};
/// What the player is after that change. Sounds at a time: `voice_layers_max`.
ambience_outcome apply(ambience_player player, const ambience_change& change, instant now);

/// The family of a sound: "rain" of "rain:2", "sea" of "file:sea/waves".
std::string_view family_of(std::string_view sound);

/// The layers as one line of JSON, and back; what is damaged is left out.
std::string layers_text(const std::vector<ambience_layer>& layers);
std::vector<ambience_layer> layers_in(std::string_view text);

enum class focus_phase : uint8_t { none, work, rest };
/// Where a focus timer stands.
struct focus_state {
  focus_phase phase = focus_phase::none; ///< none: over, or there is none.
  int round = 0;                         ///< 1..rounds.
  instant ends;                          ///< Of this phase.
  bool operator==(const focus_state&) const = default;
};
/// The last round's work ends the timer: no rest follows it.
focus_state focus_at(const focus_plan& plan, instant now);

} // namespace hearth
