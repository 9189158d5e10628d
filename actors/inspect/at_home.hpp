#pragma once
// For actors that two actor systems of one process share.
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <utility>

namespace hearth {

/// CAF lets an actor run where its message came from. Coming from another system, it would run on
/// that one's threads, and so would whomever it talks to. This one always runs in its own system.
template <class Base> class at_home : public Base {
public:
  using Base::Base;
  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    Base::enqueue(std::move(what), nullptr);
  }
};

} // namespace hearth
