#pragma once
// Parts of interaction answers shared by the callback and the webhook routes (discord-api 15.6).
#include "discord-sim/post.hpp"

namespace sim {

enum class answer_kind { original, placeholder, follow_up };

/// Makes the message of an answer: author, type, metadata and references as 15.6 says.
message& post_answer(activity& a, const interaction& it, message_body body,
                     std::vector<upload> files, answer_kind kind);

/// Of an edit's flags only SUPPRESS_EMBEDS and components v2 count (discord-api 16).
void keep_edit_flags(message_body& body);

/// Checks `data.choices` of callback 8 for the focused option. Gives the list.
json check_choices(const interaction& it, const json& data, form_errors& errors);

/// Checks `data` of callback 9. Gives {custom_id, title, components}.
json check_modal(const json& data, form_errors& errors);

/// Takes the first answer, whatever its transport: `request` holds {type, data} and files. Gives
/// what with_response=true answers. Throws 40060, 50035, 50006; then nothing has changed.
json answer_interaction(activity& a, interaction& it, request_body request);

/// /webhooks/{application}/{token}...: follow-ups and @original.
void add_follow_up_routes(activity& a);

} // namespace sim
