#pragma once
// A guild's settings, channels, tracked voice channels, and the audit log of who changed them.
#include "infra/clock/time_source.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/store/store_context.hpp"
#include "messages/actors.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {

/// One, on the store thread; spawned by main, stopped as one of root's sinks. What was answered is
/// on disk.
/// @errors store_failed; invalid: a key or value too long, a channel 0 to track
class settings_store final : public on_store<instrumented<settings_store_actor::base>> {
public:
  settings_store(caf::actor_config& config, store_context& store, const time_source& time);
  const char* name() const override { return "settings_store"; }

protected:
  behavior_type make_behavior() override;

private:
  /// Applies a change once per interaction, with its line in the audit log, and answers the whole.
  template <class Change>
  caf::result<guild_settings_ptr> change(guild_id guild, const moderator_action& by, Change&& fn);

  const time_source& time_;
};

} // namespace hearth
