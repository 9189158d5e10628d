#pragma once
// The protocol of the whole program: who may be told or asked what. Structs are in
// messages/<area>.hpp. Areas with a store of their own add its interface in
// messages/<area>_store.hpp.
#include "messages/clock.hpp"
#include "messages/errc.hpp"
#include "messages/gateway.hpp"
#include "messages/guild.hpp"
#include "messages/interactions.hpp"
#include "messages/rest.hpp"
#include "messages/settings.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

// Nothing here crosses a process: no serialisation is wanted.
#define HEARTH_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::type)
HEARTH_LOCAL_MESSAGE(guild_batch)
HEARTH_LOCAL_MESSAGE(update_voice_state)
HEARTH_LOCAL_MESSAGE(update_presence)
HEARTH_LOCAL_MESSAGE(stop_shard)
HEARTH_LOCAL_MESSAGE(shard_stopped)
HEARTH_LOCAL_MESSAGE(get_shard_status)
HEARTH_LOCAL_MESSAGE(shard_status)
HEARTH_LOCAL_MESSAGE(get_event_counts)
HEARTH_LOCAL_MESSAGE(event_list_ptr)
HEARTH_LOCAL_MESSAGE(want_guild)
HEARTH_LOCAL_MESSAGE(guild_wants)
HEARTH_LOCAL_MESSAGE(guild_lost)
HEARTH_LOCAL_MESSAGE(bot_identity)
HEARTH_LOCAL_MESSAGE(fatal)
HEARTH_LOCAL_MESSAGE(interaction_ptr)
HEARTH_LOCAL_MESSAGE(interaction_response)
HEARTH_LOCAL_MESSAGE(rest_request)
HEARTH_LOCAL_MESSAGE(rest_response)
HEARTH_LOCAL_MESSAGE(get_rest_status)
HEARTH_LOCAL_MESSAGE(rest_status)
HEARTH_LOCAL_MESSAGE(get_gates)
HEARTH_LOCAL_MESSAGE(gate_list_ptr)
HEARTH_LOCAL_MESSAGE(wake_at)
HEARTH_LOCAL_MESSAGE(woken)
HEARTH_LOCAL_MESSAGE(plan_jobs)
HEARTH_LOCAL_MESSAGE(job_due)
HEARTH_LOCAL_MESSAGE(job_done)
HEARTH_LOCAL_MESSAGE(drop_guild_jobs)
HEARTH_LOCAL_MESSAGE(get_jobs)
HEARTH_LOCAL_MESSAGE(job_list_ptr)
HEARTH_LOCAL_MESSAGE(pause_jobs)
HEARTH_LOCAL_MESSAGE(time_moved)
HEARTH_LOCAL_MESSAGE(time_settled)
HEARTH_LOCAL_MESSAGE(guild_settings_ptr)
HEARTH_LOCAL_MESSAGE(load_guild_settings)
HEARTH_LOCAL_MESSAGE(set_guild_option)
HEARTH_LOCAL_MESSAGE(set_guild_channel)
HEARTH_LOCAL_MESSAGE(track_voice_channel)
HEARTH_LOCAL_MESSAGE(purge_guild)
HEARTH_LOCAL_MESSAGE(mark_guild_removed)
HEARTH_LOCAL_MESSAGE(note_guilds)
HEARTH_LOCAL_MESSAGE(guild_facts)
HEARTH_LOCAL_MESSAGE(voice_changes)
HEARTH_LOCAL_MESSAGE(member_news_ptr)
HEARTH_LOCAL_MESSAGE(message_deleted)
HEARTH_LOCAL_MESSAGE(stop_feature)
HEARTH_LOCAL_MESSAGE(stop_guild)
HEARTH_LOCAL_MESSAGE(stopped)
HEARTH_LOCAL_MESSAGE(get_guild_view)
HEARTH_LOCAL_MESSAGE(guild_view_ptr)
HEARTH_LOCAL_MESSAGE(switch_feature)
HEARTH_LOCAL_MESSAGE(restart_feature)
HEARTH_LOCAL_MESSAGE(drain_guild)
HEARTH_LOCAL_MESSAGE(draining)

namespace hearth {

/// The only way to Discord's REST API; owner of every limit. Runs on the REST I/O thread. One.
/// @errors queue_full, deadline, unreachable, unauthorized, stopping, invalid (a path that cannot
/// be)
using rest_actor =
    caf::typed_actor<caf::replies_to<rest_request>::with<rest_response>, // asked by: everybody
                     caf::replies_to<get_rest_status>::with<rest_status>,
                     caf::replies_to<get_gates>::with<gate_list_ptr>>; // asked by: inspector

/// Told when a wait is over.
using wakeable_actor = caf::typed_actor<caf::reacts_to<woken>>;
/// Runs jobs of a guild.
using job_runner_actor = caf::typed_actor<caf::replies_to<job_due>::with<job_done>>;

/// Owner of domain time. One.
using clock_actor =
    caf::typed_actor<caf::reacts_to<wakeable_actor, wake_at>,     // told by: features
                     caf::reacts_to<job_runner_actor, plan_jobs>, // told by: guild, at start and
                                                                  // when settings change
                     caf::reacts_to<drop_guild_jobs>,
                     caf::replies_to<job_due>::with<job_done>, // forced runs (panel, hearthctl,
                                                               // commands)
                     caf::replies_to<get_jobs>::with<job_list_ptr>,    // asked by: inspector
                     caf::reacts_to<pause_jobs>,                       // told by: steerer
                     caf::replies_to<time_moved>::with<time_settled>>; // asked by: gateway_shard
                                                                       // under discord-sim only

/// One per guild and feature that is on; spawned and restarted by the guild.
using feature_actor =
    caf::typed_actor<caf::reacts_to<guild_facts>,
                     caf::replies_to<interaction_ptr>::with<interaction_response>,
                     caf::reacts_to<voice_changes>, caf::reacts_to<member_news_ptr>,
                     caf::reacts_to<message_deleted>, caf::replies_to<job_due>::with<job_done>,
                     caf::reacts_to<woken>, caf::replies_to<stop_feature>::with<stopped>>;

/// One per guild: keeps its facts, runs core commands, supervises its features. Spawned by the
/// supervisor.
using guild_actor =
    caf::typed_actor<caf::reacts_to<guild_batch>,              // told by: gateway_shard
                     caf::replies_to<job_due>::with<job_done>, // asked by: clock
                     caf::reacts_to<woken>, caf::replies_to<stop_guild>::with<stopped>,
                     caf::replies_to<get_guild_view>::with<guild_view_ptr>, // asked by: inspector
                     caf::replies_to<switch_feature>::with<stopped>,        // asked by: steerer
                     caf::replies_to<restart_feature>::with<stopped>,
                     caf::replies_to<drain_guild>::with<draining>>; // asked by: steerer, root

/// Makes and restarts guild actors. One (root).
using guild_supervisor_actor =
    caf::typed_actor<caf::replies_to<want_guild>::with<guild_actor>, // asked by: gateway_shard
                     caf::reacts_to<bot_identity>, // told by: gateway_shard at READY
                     caf::reacts_to<guild_wants>,  // told by: guild; passed on to the shard
                     caf::reacts_to<fatal>>;       // told by: gateway_shard, rest_client

/// One gateway connection. Runs on the gateway I/O thread. One per shard.
using gateway_shard_actor =
    caf::typed_actor<caf::reacts_to<update_voice_state>, caf::reacts_to<update_presence>,
                     caf::reacts_to<guild_lost>,  // told by: supervisor
                     caf::reacts_to<guild_wants>, // told by: supervisor
                     caf::replies_to<get_shard_status>::with<shard_status>,
                     caf::replies_to<get_event_counts>::with<event_list_ptr>, // by: inspector
                     caf::replies_to<stop_shard>::with<shard_stopped>>;

/// Guild settings, channels, tracked voice channels, audit log. On the store thread. Answers after
/// COMMIT.
/// @errors store_failed
using settings_store_actor =
    caf::typed_actor<caf::replies_to<load_guild_settings>::with<guild_settings_ptr>,
                     caf::replies_to<set_guild_option>::with<guild_settings_ptr>,
                     caf::replies_to<set_guild_channel>::with<guild_settings_ptr>,
                     caf::replies_to<track_voice_channel>::with<guild_settings_ptr>,
                     caf::replies_to<mark_guild_removed>::with<guild_settings_ptr>,
                     caf::reacts_to<note_guilds>, // told by: root, at READY
                     caf::reacts_to<purge_guild>>;

} // namespace hearth
