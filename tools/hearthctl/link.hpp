#pragma once
// A connection to the running daemon: asks one question after the other.
#include "hearthctl/place.hpp"
#include "messages/inspect_wire.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace hearth::ctl {

/// Text of an error that came over the wire.
std::string error_text(const caf::error& error);

/// "alice@pi": what we say of ourselves.
std::string myself();

/// Owns the actor system of one right; without a facade nothing can be asked.
class link_base {
public:
  virtual ~link_base();

protected:
  /// Connects; throws trouble that says what, where and how to fix it.
  link_base(const daemon_place& place, inspect_right right, int64_t patience_ms);
  /// The published actor, whose interface must have every clause of `wanted`.
  caf::strong_actor_ptr connect(const std::set<std::string>& wanted);
  caf::actor_system& system();
  caf::scoped_actor& self();
  [[noreturn]] void refused(const caf::error& why) const;

private:
  [[noreturn]] void explain(const std::string& caf_says) const;
  struct parts;
  std::unique_ptr<parts> parts_;
};

template <class Facade, inspect_right Right> class link final : public link_base {
public:
  /// `patience_ms`: for a daemon that is just starting.
  explicit link(const daemon_place& place, int64_t patience_ms = 3'000)
      : link_base(place, Right, patience_ms),
        facade_(caf::actor_cast<Facade>(connect(system().message_types(Facade{})))) {}
  ~link() override { facade_ = nullptr; }

  /// Throws trouble (exit_refused, or exit_unreachable when the daemon has gone).
  template <class Answer, class Question>
  Answer ask(const Question& question,
             std::chrono::milliseconds patience = std::chrono::seconds{30}) {
    auto answer = Answer{};
    auto why = caf::error{};
    self()
        ->request(facade_, patience, question)
        .receive([&](Answer& given) { answer = std::move(given); },
                 [&](caf::error& error) { why = std::move(error); });
    if (why)
      refused(why);
    return answer;
  }

private:
  Facade facade_;
};

using inspect_link = link<inspect_actor, inspect_right::inspect>;
using steer_link = link<steer_actor, inspect_right::steer>;

} // namespace hearth::ctl
