#pragma once
// Rules of message and modal components (discord-api 3.5, 15.2, 16).
#include "discord-sim/form_errors.hpp"

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sim {

/// Where components stand; each place allows its own kinds.
enum class component_surface {
  message,    ///< Action rows only.
  message_v2, ///< With message flag 32768.
  modal       ///< Labels, text displays, legacy rows of one text input.
};

/// What a checked list of components amounts to.
struct checked_components {
  nlohmann::json components = nlohmann::json::array(); ///< As Discord sends it back: ids filled.
  std::vector<std::string> texts;       ///< Text displays in order: they count as content.
  std::vector<std::string> attachments; ///< File names behind attachment:// addresses.
  std::size_t total = 0;                ///< Components, nested ones included.
};

/// Checks `list` (a JSON array found at `at`) and reports to `errors`. The result is meaningful
/// only when nothing was reported.
checked_components check_components(const nlohmann::json& list, component_surface surface,
                                    const form_path& at, form_errors& errors);

/// Replaces attachment:// addresses by what `find_attachment` gives for the file name (an
/// attachment object, or null), in place, as Discord does in its answer (discord-api 15.9).
using attachment_finder = std::function<nlohmann::json(const std::string& filename)>;
void resolve_media(nlohmann::json& components, const attachment_finder& find_attachment);

/// The component with this custom_id anywhere in the list, or null.
const nlohmann::json* find_component(const nlohmann::json& components,
                                     const std::string& custom_id);

} // namespace sim
