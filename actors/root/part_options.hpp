#pragma once
// What each part of the daemon is told, out of the operator's settings.
#include "actors/gateway/gateway_shard.hpp"
#include "actors/root/guild_env.hpp"
#include "actors/voice/voice_engine.hpp"
#include "infra/rest/rest_options.hpp"
#include "infra/settings/startup_session.hpp"
#include "infra/store/store_context.hpp"
#include "messages/store.hpp"

namespace hearth {

/// Of every guild, before its own settings.
guild_limits limits_of(const settings& s);
/// Of the REST client; with the token.
rest_options rest_options_of(const startup& start);
store_options store_options_of(const settings& s);
/// When backups are made and what is deleted.
keeper_plan keeper_plan_of(const settings& s);
/// @param s As last read again; the token and folder are of the start.
gateway_shard_options shard_options_of(const startup& start, const settings& s);

/// @param more What tests add; empty for nothing.
voice_engine_options voice_options_of(const startup& start,
                                      const std::function<void(voice_engine_options&)>& more);

} // namespace hearth
