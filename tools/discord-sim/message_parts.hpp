#pragma once
// The parts of a message's JSON, each filled from a checked body. Private to post.
#include "discord-sim/post.hpp"

namespace sim {

/// Fills mentions, mention_roles, mention_everyone: text AND allowed_mentions AND permissions; a
/// reply also mentions whom it answers (discord-api 15.11, 16).
void set_mentions(activity& a, json& data, const channel& where, snowflake author,
                  const message_body& body);

/// The attachments after a create or edit: kept ones by id, then new files (discord-api 15.10).
void set_attachments(activity& a, json& data, const message_body& body,
                     const std::vector<upload>& files, const message& m, bool is_new);

/// Components with their attachment:// addresses resolved. Throws 50035 for a missing file.
void set_components(json& data, const message_body& body);

/// Replaces attachment:// in embeds. A file shown by an embed leaves the list below the message
/// (observed in clients; assumed).
void resolve_embeds(json& data);

/// Throws 50006 for a message that would show nothing.
void require_something(const json& data);

} // namespace sim
