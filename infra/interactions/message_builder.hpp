#pragma once
// Builds the JSON of messages, components and modals inside Discord's limits. Pure.
// Source: discord-api 3.5, 4.
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

// -- text -----------------------------------------------------------------------------------------

/// Length as the strictest Discord client counts it: UTF-16 units.
size_t text_length(std::string_view text);
/// `text` in at most `max` units, cut between characters (marks, joiners and flags stay whole) with
/// "…" at the end. Broken UTF-8 becomes U+FFFD.
std::string truncate(std::string_view text, size_t max);
/// A name without control characters, line breaks, invisible and direction-changing characters;
/// "?" when nothing is left. For button labels and select options, which show no markdown.
std::string clean_name(std::string_view name);
/// `clean_name`, then escaped so that markdown, mentions, links and code show as written.
std::string escape_markdown(std::string_view name);

// -- custom_id ------------------------------------------------------------------------------------

/// What a component carries: the area that handles it and its own state.
struct custom_id {
  std::string area;
  std::vector<std::string> parts;
};
/// "schedule:vote:2026-11-20:18". Any text is allowed in a part.
/// @throws std::length_error above 100 bytes: a bug of the caller.
std::string make_custom_id(std::string_view area, std::initializer_list<std::string_view> parts);
/// Undoes make_custom_id; nullopt for what it cannot have made.
std::optional<custom_id> parse_custom_id(std::string_view text);

// -- message --------------------------------------------------------------------------------------

/// {"content": text} of at most 2000 units.
nlohmann::json message_text(std::string_view content);

struct embed_field {
  std::string name, value; ///< Empty ones become U+200B: Discord refuses them.
  bool is_inline = false;
};
struct embed_spec {
  std::string title, description;
  std::vector<embed_field> fields = {}; ///< 25 at most; more are left out.
  std::optional<uint32_t> color = {};   ///< 0xRRGGBB.
  std::string footer = {};
  std::string image = {}; ///< "https://…" or "attachment://name.png".
};
/// One embed, cut to its limits one by one and to 6000 units in total.
nlohmann::json make_embed(const embed_spec& spec);

// -- components -----------------------------------------------------------------------------------

enum class button_style : uint8_t { primary = 1, secondary = 2, success = 3, danger = 4 };
struct button_spec {
  std::string custom_id;
  std::string label; ///< 80 units at most; label or emoji.
  button_style style = button_style::secondary;
  std::string emoji = {}; ///< Unicode, or "name:id" of a custom one.
  bool disabled = false;
};
nlohmann::json make_button(const button_spec& spec);
nlohmann::json make_link_button(std::string_view label, std::string_view url);
/// An action row: up to 5 buttons or 1 select.
nlohmann::json make_row(std::vector<nlohmann::json> components);
/// Buttons in rows of `width` (1..5), five rows at most.
nlohmann::json make_rows(const std::vector<nlohmann::json>& buttons, size_t width = 5);

struct select_option {
  std::string label, value;     ///< 100 units at most each.
  std::string description = {}; ///< 100 units at most.
  bool chosen = false;
  std::string emoji = {};
};
struct select_spec {
  std::string custom_id;
  std::string placeholder = {}; ///< 150 units at most.
  uint8_t min_values = 1, max_values = 1;
  std::vector<select_option> options = {}; ///< String selects: 1..25.
  std::vector<uint8_t> channel_kinds = {}; ///< Channel selects: numbers of channel_kind.
  std::vector<uint64_t> default_ids = {};  ///< User, role and channel selects.
  bool required = true;                    ///< In modals only.
};
nlohmann::json make_string_select(const select_spec& spec);
nlohmann::json make_user_select(const select_spec& spec);
nlohmann::json make_role_select(const select_spec& spec);
nlohmann::json make_channel_select(const select_spec& spec);

// -- modal ----------------------------------------------------------------------------------------

struct text_input_spec {
  std::string custom_id;
  bool paragraph = false;
  uint16_t min_length = 0, max_length = 4000;
  bool required = true;
  std::string value = {};
  std::string placeholder = {}; ///< 100 units at most.
};
nlohmann::json make_text_input(const text_input_spec& spec);
/// A labelled entry of a modal. `component` is a text input or a select.
nlohmann::json make_label(std::string_view label, nlohmann::json component,
                          std::string_view description = {});
/// `data` of a modal answer: 1..5 labels.
nlohmann::json make_modal(std::string_view custom_id, std::string_view title,
                          std::vector<nlohmann::json> labels);

/// Choices of an autocomplete answer, 25 at most: `data` for kind::choices.
struct completion {
  std::string name; ///< 100 units at most.
  std::string value;
};
nlohmann::json make_choices(const std::vector<completion>& choices);

} // namespace hearth
