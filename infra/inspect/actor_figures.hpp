#pragma once
// What is known about one actor at one moment. Plain data, for status pages and metrics.
#include "messages/ids.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

struct actor_figures {
  uint64_t id = 0;             ///< CAF's actor id; unique in the process, never used again.
  std::string name;            ///< "guild", "schedule": the class, not the instance.
  guild_id guild;              ///< 0: it works for all of them.
  uint64_t depth = 0;          ///< Messages in the mailbox now, the one being handled included.
  uint64_t depth_max = 0;      ///< The most there ever were.
  uint64_t handled = 0;        ///< Messages, and callbacks of its sockets and timers.
  uint64_t busy_ns = 0;        ///< Time spent in handlers.
  uint64_t longest_ns = 0;     ///< The longest handler so far.
  std::string longest_message; ///< What that one handled; a type's name, never its content.
  uint32_t restarts = 0;       ///< How often one of this name and guild died before this one.
  int64_t stuck_since_ns = 0;  ///< The handler that runs now began then (steady_ns); 0: idle.
  std::string handling;        ///< What the handler that runs now handles; empty: idle.
};

/// One handled message of an actor that somebody watches.
struct traced_message {
  uint64_t number = 0; ///< Counts up while the actor is traced.
  int64_t at_ns = 0;   ///< steady_ns when its handler began.
  int64_t took_ns = 0; ///< Time in the handler.
  uint64_t depth = 0;  ///< Messages left in the mailbox.
  std::string message; ///< The type's name.
};
struct actor_trace {
  std::vector<traced_message> messages; ///< Oldest first.
  uint64_t lost = 0;                    ///< Handled since the last question, but no longer kept.
  uint64_t next = 0;                    ///< Ask with this for what comes after.
};

/// Demangled C++ names as people read them: "hearth::rest_response" is "rest_response",
/// "std::shared_ptr<hearth::interaction const>" is "interaction". Names that begin with '@' are
/// labels of our own and CAF's names of builtin types: the rest of them.
std::string message_name(std::string_view demangled);

} // namespace hearth
