#pragma once
// What is kept of jobs, behind messages.
#include "infra/inspect/instrumented_context.hpp"
#include "infra/store/store_context.hpp"
#include "messages/clock_store.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {

/// One, on the store thread; spawned by main, stopped after the clock. Holds nothing in memory.
class clock_store final : public on_store<instrumented<clock_store_actor::base>> {
public:
  using on_store::on_store;
  const char* name() const override { return "clock_store"; }

protected:
  behavior_type make_behavior() override;
};

} // namespace hearth
