// How many channels one core plays, at sizes that no voice server beside it could take: hearthd's
// voice actors, mixers, encoders, pacer, both encryptions and UDP to sockets on loopback that
// nobody reads. Left out: the voice gateway's few messages a minute. Prints one line of JSON; the
// CPU of the pacer's thread (encryption and sending) apart from that of all others (actors, sound).
//   bench-voice-engine same|mix CHANNELS SECONDS [SERVERS]
// SERVERS: addresses of voice servers, 64 by default; so many packets go out by one system call.
#include "actors/root/system_config.hpp"
#include "actors/voice/voice_engine.hpp"
#include "actors/voice/voice_hub.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/mixed_sound_encoder.hpp"
#include "infra/voice/transport_key_context.hpp"
#include <arpa/inet.h>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <mutex>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>

using namespace hearth;

namespace {

constexpr auto bot = user_id{9};
constexpr auto lounge = channel_id{20};
std::mutex pool_lock; // the sockets belong to one thread; here they are taken from several

/// Ports that swallow what comes.
std::vector<uint16_t> sinks(size_t count) {
  auto ports = std::vector<uint16_t>{};
  while (ports.size() < count) {
    const auto socket = ::socket(AF_INET, SOCK_DGRAM, 0); // until the process ends
    auto at = sockaddr_in{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto size = socklen_t{sizeof at};
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (socket < 0 || ::bind(socket, address, sizeof at) != 0 ||
        ::getsockname(socket, address, &size) != 0)
      throw std::runtime_error("no UDP port");
    ports.push_back(ntohs(at.sin_port));
  }
  return ports;
}

/// Stands for a voice session: established at once, with keys.
voice_link_actor::behavior_type bench_link(voice_link_actor::pointer self, voice_engine* engine,
                                           link_order order, uint16_t port) {
  const auto& crypto = dave::openssl_suite();
  const auto& line = order.line;
  const auto mode = voice::transport_mode::aes256_gcm;
  const auto held = std::lock_guard{pool_lock};
  const auto lease = std::shared_ptr<voice::udp_lease>{
      engine->sockets().lease(*voice::parse_udp_address("127.0.0.1", port), {}).release(),
      [](const voice::udp_lease* done) {
        const auto again = std::lock_guard{pool_lock};
        delete done;
      }};
  auto first = voice::rtp_header{};
  first.ssrc = port;
  engine->pacer().order(line,
                        voice::pacer_do::connect{
                            lease->port(), lease->peer(),
                            std::make_unique<voice::packet_sealer>(
                                voice::make_transport_key(mode, crypto.random(32)), mode, first)});
  engine->pacer().order(line, voice::pacer_do::speak{
                                  dave::sending::encrypted,
                                  std::make_unique<dave::frame_sealer>(crypto, crypto.random(16))});
  const auto tell = [&](auto what) {
    self->send(order.owner, voice_link_news{order.number, what});
  };
  tell(link_news::stands{});
  tell(link_news::may_send{true});
  return {
      [engine, line, lease](voice_talk talk) {
        engine->pacer().order(line, voice::pacer_do::talk{talk.on, talk.drain});
      },
      [self](hang_up) { self->quit(); },
      [](get_link_status) { return link_status{}; },
      [](get_parties) -> caf::result<parties_ptr> { return make_error(errc::not_found); },
      [](line_quiet) {},
  };
}

guild_snapshot_ptr picture(guild_id guild) {
  auto made = std::make_shared<guild_snapshot>();
  made->id = guild;
  made->roles = {{role_id{guild.value}, "@everyone", permission_bit::all}};
  made->self.user = bot;
  auto room = channel_facts{};
  room.id = lounge;
  room.kind = channel_kind::voice;
  room.bitrate = 64'000;
  made->channels.push_back(room);
  return made;
}

/// Of the thread with that name.
double thread_seconds(std::string_view name) {
  namespace fs = std::filesystem;
  for (const auto& task : fs::directory_iterator{"/proc/self/task"}) {
    auto comm = std::ifstream{task.path() / "comm"};
    auto is = std::string{};
    auto ns = 0.0;
    if (std::getline(comm, is) && is == name && std::ifstream{task.path() / "schedstat"} >> ns)
      return ns / 1e9;
  }
  return 0;
}

double cpu_seconds() {
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Upper bound of the bucket in which that share of all lies, milliseconds.
double percentile(const histogram_figures& from, const histogram_figures& to, double share) {
  auto all = 0.0, seen = 0.0;
  for (size_t at = 0; at < to.counts.size(); ++at)
    all += static_cast<double>(to.counts[at] - from.counts[at]);
  for (size_t at = 0; at < to.bounds.size(); ++at) {
    seen += static_cast<double>(to.counts[at] - from.counts[at]);
    if (seen >= share * all)
      return to.bounds[at] * 1'000;
  }
  return -1; // above the last one
}

} // namespace

int main(int count, char** words) {
  if (count != 4 && count != 5) {
    std::cerr << "usage: bench-voice-engine same|mix CHANNELS SECONDS [SERVERS]\n";
    return 64;
  }
  const auto mix = std::string{words[1]} == "mix";
  const auto channels = std::stoul(words[2]);
  const auto span = std::chrono::seconds{std::stoi(words[3])};
  const auto ports = sinks(count == 5 ? std::stoul(words[4]) : 64);
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto counters = voice::voice_counters{};
  auto engine = std::make_unique<voice_engine>(system, counters, voice_engine_options{});
  auto library = voice::sound_library{};
  auto env = std::make_shared<voice_env>();
  env->ask = [](const update_voice_state&) {};
  env->open_link = [&](link_order order) {
    const auto port = ports[order.guild.value % ports.size()];
    return system.spawn(bench_link, engine.get(), std::move(order), port);
  };
  env->order = [&](voice::line_ptr line, voice::pacer_order what) {
    engine->pacer().order(std::move(line), std::move(what));
  };
  env->make_sound = [&](guild_id) { return voice::make_mixed_sound(library); };
  env->steady_ms = [] {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  };
  env->random = [] { return 0.5; };
  env->health = [] { return voice::quality_look{}; };
  env->counters = &counters;
  {
    auto self = caf::scoped_actor{system};
    auto hub = spawn_voice_hub(system, env);
    auto rooms = std::vector<voice_channel_actor>{};
    for (auto at = uint64_t{1}; at <= channels; ++at) {
      const auto guild = guild_id{at};
      auto layers = std::vector<voice_layer>{{"rain:2", 100}};
      if (mix)
        layers.push_back({"fire:1", static_cast<int32_t>(50 + at % 50)});
      self->request(hub, caf::infinite, open_voice{guild}, voice_owner_actor{})
          .receive([&](const voice_channel_actor& found) { rooms.push_back(found); },
                   [](const caf::error& why) { throw std::runtime_error(describe(why)); });
      self->send(rooms.back(), play_layers{std::move(layers), 0});
      self->send(rooms.back(), join_voice{lounge, picture(guild)});
      self->send(hub, guild_voice_news{guild, own_voice{lounge, "session"}});
      self->send(hub, guild_voice_news{guild, voice_server{"voice", "token"}});
      // As many at a time as may encode by themselves until they join the shared stream; and the
      // main gateway lets two a second in.
      const auto& settled = mix ? counters.playing : counters.shared;
      while (settled + 16 <= static_cast<int64_t>(at))
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    const auto& settled = mix ? counters.playing : counters.shared;
    while (settled < static_cast<int64_t>(channels))
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    std::this_thread::sleep_for(std::chrono::seconds{1});
    const auto cpu = cpu_seconds(), pacer_cpu = thread_seconds("voice-pacer");
    const auto frames = counters.frames.load();
    const auto gaps = counters.underruns.load(), drops = counters.drops.load();
    const auto late = counters.lateness.figures();
    std::this_thread::sleep_for(span);
    const auto sound = static_cast<double>(counters.frames - frames) * 0.02; // seconds of it
    const auto cost = (cpu_seconds() - cpu) / sound;
    const auto pacer_cost = (thread_seconds("voice-pacer") - pacer_cpu) / sound;
    const auto now = counters.lateness.figures();
    fmt::print("{{\"case\":\"{}\",\"channels\":{},\"servers\":{},\"sound_s\":{:.1f},"
               "\"us_per_frame\":{:.2f},\"us_per_frame_pacer\":{:.2f},\"channels_per_core\":{:.0f},"
               "\"shared\":{},\"quality\":{},\"late_p50_ms\":{},\"late_p99_ms\":{},\"gaps\":{},"
               "\"drops\":{}}}\n",
               mix ? "mix" : "same", channels, ports.size(), sound, cost * 2e4, pacer_cost * 2e4,
               1 / cost, counters.shared.load(), counters.quality.load(),
               percentile(late, now, 0.5), percentile(late, now, 0.99), counters.underruns - gaps,
               counters.drops - drops);
    rooms.clear();
    self->send_exit(hub, caf::exit_reason::user_shutdown);
  }
  system.await_all_actors_done();
  engine.reset();
  return 0;
}
