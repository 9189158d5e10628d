#pragma once
// Making, changing and showing messages: one place for bots, people and interaction answers.
#include "discord-sim/activity.hpp"
#include "discord-sim/request_body.hpp"
#include "discord-sim/validate_message.hpp"

namespace sim {

/// A message to be made. Checks of permissions and of the body have been done.
struct new_message {
  snowflake channel = 0;
  snowflake author = 0;
  message_body body;
  std::vector<upload> files;
  int type = 0;              ///< 0 default, 19 reply, 20 slash answer, 23 context menu answer
  long long extra_flags = 0; ///< 64 ephemeral, 128 loading
  snowflake shown_to = 0;    ///< who sees an ephemeral one
  snowflake application = 0; ///< of an interaction answer, or a webhook's owner
  snowflake webhook = 0;     ///< sent through it; `extra` has its author
  snowflake interaction = 0;
  json extra = json::object(); ///< further keys: interaction_metadata, message_reference
};

/// Makes the message, stores it and dispatches MESSAGE_CREATE. Throws 50006 when it would show
/// nothing, 50035 when an attachment:// file is missing.
message& post_message(activity& a, new_message wish);

/// Applies a checked edit (absent fields stay) and dispatches MESSAGE_UPDATE. `edited` false keeps
/// edited_timestamp null (first edit of a deferral).
void edit_message(activity& a, message& m, message_body body, const std::vector<upload>& files,
                  bool edited = true);

/// Removes it and dispatches MESSAGE_DELETE.
void delete_message(activity& a, snowflake channel, snowflake id);

/// As REST gives it to `viewer`: with reactions and referenced_message.
json message_view(activity& a, const message& m, snowflake viewer);

/// Adds or removes one user's reaction and dispatches. Adding again changes nothing. Throws 30010.
void add_reaction(activity& a, message& m, const json& emoji, snowflake user);
/// Returns false when there was none.
bool remove_reaction(activity& a, message& m, const json& emoji, snowflake user);

/// The context for check_message when `m` is edited.
message_context edit_context(const message& m, message_route route, const request_body& request);

/// Dispatches TYPING_START of a user (discord-api 1.12).
void start_typing(activity& a, const channel& c, snowflake user);

/// The DM of two users, made when there was none.
channel& open_dm(activity& a, snowflake one, snowflake other);

} // namespace sim
