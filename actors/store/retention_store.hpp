#pragma once
// The part of looking after the database that writes to it.
#include "infra/inspect/instrumented_context.hpp"
#include "infra/store/store_context.hpp"
#include "messages/store.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {

/// One, on the store thread; spawned by main, stopped after the keeper.
class retention_store final : public on_store<instrumented<retention_store_actor::base>> {
public:
  using on_store::on_store;
  const char* name() const override { return "retention_store"; }

protected:
  behavior_type make_behavior() override;
};

} // namespace hearth
