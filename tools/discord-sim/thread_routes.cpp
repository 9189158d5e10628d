// Threads, as far as webhooks and messages need them: made from a message or by themselves, public
// only. Members, archiving, private threads and forums are not simulated (discord-api 1.11, 4).
#include "discord-sim/access.hpp"
#include "discord-sim/activity.hpp"
#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/route_help.hpp"

namespace sim {

namespace {

/// @param source The message it starts from; its id becomes the thread's. 0: none.
http_response create(activity& a, rest_call& call, snowflake source) {
  const auto& parent = channel_of(call);
  const auto& home = guild_with(call, parent);
  if (parent.type != channel_type::text && parent.type != channel_type::announcement)
    throw fail(50024);
  form_errors errors;
  const form_fields fields{call.object(), {}, errors};
  const auto kind = parent.type == channel_type::announcement ? channel_type::announcement_thread
                                                              : channel_type::public_thread;
  channel thread;
  thread.name = fields.text("name", {1, 100, true}).value_or("");
  // Without a type a private one would be made (16): not simulated, so it must be said.
  if (source == 0 && fields.integer("type").value_or(12) != static_cast<int>(kind))
    errors.choices(form_path{} / "type", {static_cast<int>(kind)});
  check(errors);
  require(call, parent, 1ull << 35); // CREATE_PUBLIC_THREADS
  if (source != 0 && a.core.world.find_message(parent.id, source) == nullptr)
    throw fail(10008);
  if (source != 0 && a.core.world.find_channel(source) != nullptr)
    throw api_error{400, 160004, "A thread has already been created for this message", {}};
  thread.id = source != 0 ? source : a.core.new_id();
  thread.guild = home.id;
  thread.type = kind;
  thread.parent = parent.id;
  thread.creator = call.self();
  auto& made = a.core.world.channels[thread.id] = std::move(thread);
  event happened;
  happened.type = "THREAD_CREATE";
  happened.data = channel_json(a.core.world, made);
  happened.data["newly_created"] = true;
  happened.guild = made.guild;
  happened.channel = made.id;
  happened.intents = intent::guilds;
  a.core.events().send(std::move(happened));
  return http_response::of(201, channel_json(a.core.world, made));
}

} // namespace

void add_thread_routes(activity& a) {
  a.core.api.add("POST", "/channels/{channel}/threads",
                 [&a](rest_call& call) { return create(a, call, 0); });
  a.core.api.add("POST", "/channels/{channel}/messages/{message}/threads",
                 [&a](rest_call& call) { return create(a, call, call.id("message")); });
}

} // namespace sim
