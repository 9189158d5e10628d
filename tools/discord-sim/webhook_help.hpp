#pragma once
// What the routes that manage webhooks and those that post through them share (discord-api 4).
#include "discord-sim/activity.hpp"

namespace sim {

/// A webhook as REST gives it. `token` and `user` only to those who may have them: the user is left
/// out of the routes that need the token alone.
json webhook_json(core& c, const webhook& hook, bool token, bool user = true);

/// The webhook of {webhook} and {token}. Throws 10015 when there is none, 50027 for a wrong token
/// (discord-api 15.1). Asking again for one that is gone is counted: it should be forgotten.
webhook& webhook_of(activity& a, rest_call& call);

/// True when the path's token belongs to an interaction, whose routes look the same.
bool is_interaction_token(activity& a, const rest_call& call);

/// Dispatches WEBHOOKS_UPDATE.
void webhooks_changed(core& c, snowflake guild, snowflake channel);

/// POST /webhooks/{webhook}/{token}, by a webhook's token.
http_response execute_webhook(activity& a, rest_call& call);
/// GET, PATCH and DELETE of a message that the webhook sent.
http_response webhook_message(activity& a, rest_call& call);

} // namespace sim
