#pragma once
// How the messages of inspect.hpp travel between actor systems, and who answers them.
#include "messages/inspect.hpp"
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/none.hpp>
#include <caf/replies_to.hpp>
#include <caf/sec.hpp>
#include <caf/typed_actor.hpp>

namespace hearth {

/// Longest block that is read; a status with everything in it has some 20 kB.
constexpr size_t wire_bytes_max = 8 * 1024 * 1024;

template <class T>
concept wire_message = requires {
  T::wire_name;
};

/// CAF's hook: one block with its length, as inspect.hpp promises. Found by argument-dependent
/// lookup.
template <class Inspector, wire_message T> auto inspect(Inspector& f, T& x) {
  constexpr auto writes = std::is_base_of_v<caf::serializer, Inspector>;
  constexpr auto reads = std::is_base_of_v<caf::deserializer, Inspector>;
  if constexpr (writes) {
    auto block = std::vector<char>{};
    auto into = caf::binary_serializer{f.context(), block};
    auto trouble = caf::error{};
    const auto put = [&](auto& field) {
      if (!trouble)
        trouble = into(field);
    };
    std::apply([&](auto&... fields) { (put(fields), ...); }, x.tied());
    return trouble ? trouble : f(block);
  } else if constexpr (reads) {
    auto size = size_t{0};
    if (auto trouble = f.begin_sequence(size))
      return trouble;
    if (size > wire_bytes_max)
      return caf::error{caf::sec::end_of_stream};
    auto block = std::vector<char>{};
    // Grows with what really comes: a forged length costs nothing.
    for (auto left = size; left > 0;) {
      const auto step = std::min<size_t>(left, 64 * 1024);
      block.resize(block.size() + step);
      if (auto trouble = f.apply_raw(step, block.data() + block.size() - step))
        return trouble;
      left -= step;
    }
    if (auto trouble = f.end_sequence())
      return trouble;
    auto from = caf::binary_deserializer{f.context(), block};
    auto trouble = caf::error{};
    const auto take = [&](auto& field) {
      if (!trouble && from.remaining() > 0)
        trouble = from(field);
    };
    std::apply([&](auto&... fields) { (take(fields), ...); }, x.tied());
    return trouble;
  } else {
    return std::apply(
        [&](auto&... fields) { return f(caf::meta::type_name(T::wire_name), fields...); },
        x.tied());
  }
}

/// Makes a configuration know every message above; both ends need it.
template <class Config> void add_inspect_messages(Config& config) {
  const auto add = [&]<class... Ts>(std::tuple<Ts...>*) {
    (config.template add_message_type<Ts>(Ts::wire_name), ...);
  };
  add(static_cast<
      std::tuple<ask_status, ask_actors, ask_gates, ask_jobs, ask_guild, ask_events, ask_log,
                 ask_trace, daemon_status, actor_list, gate_list, job_list, guild_view, event_list,
                 log_page, trace_page, order_reload, order_job, order_restart, order_feature,
                 order_log_level, order_backup, order_drain, order_stop, order_renew, order_done>*>(
      nullptr));
}

/// Answers what only looks. One `inspector` in the main system; a facade of it is published.
/// @errors queue_full, not_found, deadline, stopping
using inspect_actor = caf::typed_actor<
    caf::replies_to<ask_status>::with<daemon_status>, caf::replies_to<ask_actors>::with<actor_list>,
    caf::replies_to<ask_gates>::with<gate_list>, caf::replies_to<ask_jobs>::with<job_list>,
    caf::replies_to<ask_guild>::with<guild_view>, caf::replies_to<ask_events>::with<event_list>,
    caf::replies_to<ask_log>::with<log_page>, caf::replies_to<ask_trace>::with<trace_page>>;

/// Carries out what changes something. One `steerer` in the main system; a facade of it is
/// published on a port of its own.
/// @errors as inspect_actor; invalid, store_failed
using steer_actor = caf::typed_actor<
    caf::replies_to<order_reload>::with<order_done>, caf::replies_to<order_job>::with<order_done>,
    caf::replies_to<order_restart>::with<order_done>,
    caf::replies_to<order_feature>::with<order_done>,
    caf::replies_to<order_log_level>::with<order_done>,
    caf::replies_to<order_backup>::with<order_done>, caf::replies_to<order_drain>::with<order_done>,
    caf::replies_to<order_stop>::with<order_done>, caf::replies_to<order_renew>::with<order_done>>;

} // namespace hearth
