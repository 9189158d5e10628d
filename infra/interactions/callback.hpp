#pragma once
// The REST calls that answer an interaction. Pure. Source: discord-api 3.3, 15.6.
#include "messages/interactions.hpp"
#include "messages/rest.hpp"
#include <cstdint>
#include <string_view>

namespace hearth {

/// Milliseconds after its arrival at which a first answer is useless: Discord allows 3 s from
/// creation, and the way here and back takes its share.
constexpr int64_t first_answer_ms_max = 2'800;
/// Milliseconds a token lives after creation, with margin (discord-api 3.3: 15 min).
constexpr int64_t token_ms_max = 15 * 60'000 - 5'000;

/// Whether the first answer can be a deferral: not for autocomplete.
bool can_defer(const interaction& asked);
/// Whether the deferral is type 6 (the message of the component stays) instead of "thinking".
bool defers_as_update(const interaction& asked);

/// The first answer. A type that does not fit the interaction is replaced by one that does:
/// `update` of nothing becomes a message, `choices` fit autocomplete only and nothing else fits it.
/// `allowed_mentions` is `{"parse":[]}` unless `data` has its own.
/// @param now_ms Steady milliseconds; the deadline ends `first_answer_ms_max` after the arrival.
rest_request callback_request(const interaction& asked, const interaction_response& answer,
                              int64_t now_ms);

/// "Thinking" (type 5), or nothing visible (type 6) for components and modals opened from one.
/// @param ephemeral Type 5 only: fixes it for the answer.
rest_request defer_request(const interaction& asked, bool ephemeral, int64_t now_ms);

/// The answer after a deferral, or a change of the first answer: PATCH .../messages/@original.
/// For kinds message and update.
rest_request edit_original_request(const interaction& asked, const interaction_response& answer,
                                   int64_t now_ms);

/// Removes the first answer or the deferral's placeholder.
rest_request delete_original_request(const interaction& asked, int64_t now_ms);

/// One more message after the first answer. At most once: it is not repeated on doubt.
rest_request follow_up_request(const interaction& asked, const interaction_response& answer,
                               int64_t now_ms);

/// A message answer of plain text.
interaction_response text_response(std::string_view content, bool ephemeral = true);

} // namespace hearth
