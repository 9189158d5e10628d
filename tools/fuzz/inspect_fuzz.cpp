// Messages of hearthctl as CAF reads them from a connection: the first byte chooses the type, the
// rest is its bytes. What is read is written and read again, and is the same.
#include "messages/inspect_wire.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <array>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

using namespace hearth;
using fuzz::must;

namespace {

/// Never destroyed: at the end of the process CAF's own globals may be gone already.
caf::actor_system& local_system() {
  static auto& config = *new caf::actor_system_config;
  static auto& system = *[] {
    config.set("scheduler.max-threads", size_t{1});
    return new caf::actor_system{config};
  }();
  return system;
}

template <class T> std::vector<char> written(T& value) {
  auto bytes = std::vector<char>{};
  auto sink = caf::binary_serializer{local_system(), bytes};
  must(!sink(value), "what was read can be written");
  return bytes;
}

template <class T> void take(const char* data, size_t size) {
  auto value = T{};
  auto source = caf::binary_deserializer{local_system(), data, size};
  if (source(value))
    return;
  const auto first = written(value);
  auto again = T{};
  auto second_source = caf::binary_deserializer{local_system(), first};
  must(!second_source(again), "what was written can be read");
  must(written(again) == first, "and says the same");
}

using taker = void (*)(const char*, size_t);
constexpr auto takers = std::array<taker, 26>{
    take<ask_status>,      take<ask_actors>,   take<ask_gates>,     take<ask_jobs>,
    take<ask_guild>,       take<ask_events>,   take<ask_log>,       take<ask_trace>,
    take<daemon_status>,   take<actor_list>,   take<gate_list>,     take<job_list>,
    take<guild_view>,      take<event_list>,   take<log_page>,      take<trace_page>,
    take<order_reload>,    take<order_job>,    take<order_restart>, take<order_feature>,
    take<order_log_level>, take<order_backup>, take<order_drain>,   take<order_stop>,
    take<order_renew>,     take<order_done>};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  const auto copy = fuzz::exact_copy{fuzz::text_of(data + 1, size - 1), 0};
  takers[data[0] % takers.size()](copy.data(), size - 1);
  return 0;
}
