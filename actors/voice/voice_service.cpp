#include <utility> // Asio 1.74 needs it first in C++20

#include "actors/voice/voice_link.hpp"
#include "actors/voice/voice_service.hpp"
#include "actors/voice/voice_speech.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/inspect/host_health_context.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_player.hpp"
#include <random>
#include <set>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

/// Spreads waits; nothing secret.
double chance() {
  thread_local auto random = std::minstd_rand{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(random);
}

constexpr int64_t list_fresh_ms = 2'000; // a file that is dropped in is soon offered

/// Looks into the folder and tells once of each file that no button could name.
std::function<sound::sound_list::names()> look_into(const sound::sound_files& files) {
  return [&files, told = std::set<std::string>{}]() mutable {
    auto found = sound::sound_list::names{};
    for (auto& name : files.names())
      if (fits_buttons(name))
        found.push_back(std::move(name));
      else if (told.insert(name).second)
        spdlog::warn("{} cannot be offered: its name has to be UTF-8 and, with its family, ':' and "
                     "'%' counted three times, at most {} bytes long",
                     truncate(name, sound_id_max), sound_id_max);
    return found;
  };
}

voice::quality_look health_of(const std::string& folder) {
  const auto machine = read_host_health(folder);
  auto seen = voice::quality_look{};
  if (machine.temperature_mc >= 0)
    seen.celsius = static_cast<double>(machine.temperature_mc) / 1'000;
  seen.throttled = machine.throttled == 1;
  return seen;
}

} // namespace

voice_service::voice_service(caf::actor_system& system, voice::voice_counters& counters,
                             voice_engine_options options)
    : system_(system), engine_(system, counters, std::move(options)),
      speech_(engine_.options().speech),
      files_(engine_.options().sounds_folder,
             [](const std::string& file, const std::string& why) {
               spdlog::warn("{} cannot be played and is left out: {}", file, why);
             }),
      list_(look_into(files_), steady_ms, list_fresh_ms) {
  library_.knows = [this](const std::string& name) { return files_.knows(name); };
  library_.open = [this](const std::string& name, std::string& why) {
    return files_.open(name, why);
  };
}

voice_switch_actor voice_service::spawn(const rest_actor& rest, const time_source& time) {
  auto env = std::make_shared<voice_env>();
  env->rest = rest;
  env->ask = [this](const update_voice_state& wish) { shard_.tell(wish); };
  env->open_link = [this](link_order order) {
    return spawn_voice_link(system_, engine_, std::move(order));
  };
  env->order = [this](voice::line_ptr line, voice::pacer_order what) {
    engine_.pacer().order(std::move(line), std::move(what));
  };
  env->make_sound = [this](guild_id) { return voice::make_mixed_sound(library_); };
  env->steady_ms = steady_ms;
  env->domain_ms = [&time] { return time.now().ms; };
  env->random = chance;
  env->health = [this] { return health_of(engine_.options().data_folder); };
  env->counters = &engine_.counters();
  env->hears = static_cast<bool>(engine_.options().ear);
  env->timing = engine_.options().joining;
  const auto speech = spawn_voice_speech(system_, speech_);
  env->speech = speech;
  auto hub = spawn_voice_hub(system_, std::move(env));
  caf::anon_send(speech, end_with{hub.address()});
  return hub;
}

} // namespace hearth
