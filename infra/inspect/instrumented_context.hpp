#pragma once
// The mixin of every actor: it counts messages and the time they take, for `telemetry`.
//
//   class root final : public instrumented<root_actor::base>
//   class rest_client final : public on_asio<instrumented<rest_actor::base>>
//
// Innermost, so that a message which an outer mixin refuses is not counted. It costs 42 ns a
// message (x86-64, CPU time of sender and receiver; tests/actors/inspect/instrumented_test.cpp,
// [.cost]).
#include "infra/inspect/telemetry_context.hpp"
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>
#include <memory>
#include <utility>

namespace hearth {

/// The registry that the system's configuration names; null when nothing is counted.
inline telemetry* telemetry_of(const caf::actor_system& system) {
  const auto* owner = dynamic_cast<const telemetry_owner*>(&system.config());
  return owner ? owner->figures : nullptr;
}

/// What a message is: the name of its last element's type (those before it are mere handles).
inline const char* label_of(const caf::mailbox_element& what) {
  const auto& content = what.content();
  if (content.empty())
    return "@nothing";
  const auto [number, info] = content.type(content.size() - 1);
  return info ? info->name() : caf::numbered_type_names[number - 1];
}

/// An end that nobody asked for.
inline bool is_death(const caf::error& reason) {
  return reason && reason != caf::exit_reason::normal && reason != caf::exit_reason::user_shutdown;
}

template <class Base> class instrumented : public Base {
public:
  template <class... Ts>
  explicit instrumented(caf::actor_config& config, Ts&&... args)
      : Base(config, std::forward<Ts>(args)...), telemetry_(telemetry_of(this->home_system())) {
    if (telemetry_)
      cell_ = std::make_shared<actor_cell>();
  }

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* unit) override {
    if (cell_)
      cell_->enqueued();
    Base::enqueue(std::move(what), unit);
  }
  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    if (!cell_)
      return Base::consume(what);
    // Counted even if the handler throws, which ends the actor.
    auto handling = handler{*cell_, label_of(what)};
    const auto result = Base::consume(what);
    handling.counts = result != caf::invoke_message_result::skipped;
    return result;
  }
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    if (cell_)
      telemetry_->join(cell_, this->id(), this->name(), home_guild());
    Base::launch(unit, lazy, hide);
  }
  bool cleanup(caf::error&& reason, caf::execution_unit* host) override {
    if (cell_)
      telemetry_->leave(cell_, is_death(reason));
    return Base::cleanup(std::move(reason), host);
  }

protected:
  /// Counts what an I/O actor does outside of its mailbox, between these two: all that one socket
  /// read brought is one. The label is a literal that begins with '@'. Between the two no message
  /// of the mailbox may be handled.
  void work_began(const char* what) noexcept {
    if (cell_)
      cell_->began(what, steady_ns());
  }
  void work_ended(const char* what) noexcept {
    if (cell_)
      cell_->ended(what, steady_ns(), false, true);
  }
  /// Who counts this actor; null for nobody.
  telemetry* counted_by() const noexcept { return telemetry_; }
  /// Where the process counts; a place that nobody reads where nothing is counted.
  process_counters& counts() const noexcept {
    return telemetry_ ? telemetry_->counters() : unread_counters();
  }

private:
  struct handler {
    handler(actor_cell& cell, const char* what) : cell(cell), what(what) {
      cell.began(what, steady_ns());
    }
    handler(const handler&) = delete;
    handler& operator=(const handler&) = delete;
    ~handler() { cell.ended(what, steady_ns(), true, counts); }
    actor_cell& cell;
    const char* what;
    bool counts = true;
  };

  /// The guild this actor works for; 0 for all.
  virtual guild_id home_guild() const { return {}; }

  telemetry* telemetry_;
  actor_cell_ptr cell_;
};

} // namespace hearth
