#pragma once
// A guild's voice actor between fakes, on a clock of numbers: links that the test speaks for, a
// pacer with a socket that keeps packets, sound made of numbered frames.
#include "actors/voice/voice_channel.hpp"
#include "actors/voice/voice_hub.hpp"
#include "actors/voice/voice_parts.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/transport_key_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth::test {

/// Frames count up; the first byte tells what was heard: 'l' layers, 's' speech, 'o' one sound.
struct fake_sound final : voice::channel_sound {
  struct record {
    std::vector<voice_layer> layers;
    int32_t fade_ms = -1, volume = -1, bitrate = -1;
    bool paused = false;
    voice::sound_quality quality = voice::sound_quality::full;
    int speech_frames = 0; ///< Still to be said.
    int once_frames = 0;
    int hushed = 0;
    int rendered = 0;
  };
  explicit fake_sound(std::shared_ptr<record> kept) : kept(std::move(kept)) {}
  std::shared_ptr<record> kept;

  std::optional<std::string> set_layers(const std::vector<voice_layer>& layers,
                                        int32_t fade_ms) override {
    for (const auto& layer : layers)
      if (layer.sound == "nothing:1")
        return layer.sound;
    kept->layers = layers;
    kept->fade_ms = fade_ms;
    return std::nullopt;
  }
  void set_volume(int32_t percent) override { kept->volume = percent; }
  void set_paused(bool paused) override { kept->paused = paused; }
  void set_bitrate(int32_t bits) override { kept->bitrate = bits; }
  void set_quality(voice::sound_quality quality) override { kept->quality = quality; }
  bool play_once(const std::string& sound, int32_t) override {
    if (sound != "bell")
      return false;
    kept->once_frames += 10;
    return true;
  }
  void say(sound::clip_ptr speech) override {
    kept->speech_frames = static_cast<int>(speech->samples.size());
  }
  void hush() override {
    kept->speech_frames = 0;
    ++kept->hushed;
  }
  bool audible() const override {
    return kept->speech_frames > 0 || kept->once_frames > 0 ||
           (!kept->paused && !kept->layers.empty());
  }
  bool saying() const override { return kept->speech_frames > 0; }
  voice::frame_ptr render() override {
    if (!audible())
      return nullptr;
    auto kind = uint8_t{'l'};
    if (kept->speech_frames > 0) {
      --kept->speech_frames;
      kind = 's';
    } else if (kept->once_frames > 0) {
      --kept->once_frames;
      kind = 'o';
    }
    const auto number = kept->rendered++;
    return std::make_shared<const voice::opus_frame>(
        voice::opus_frame{kind, static_cast<uint8_t>(number), static_cast<uint8_t>(number >> 8)});
  }
  bool shared() const override { return kept->layers.size() == 1; }
  std::vector<sound_failed> take_failures() override { return {}; }
};

struct steady_pacing final : voice::pacing_clock {
  int64_t now = 0;
  int64_t now_ns() override { return now; }
  void sleep_until(int64_t deadline) override { now = std::max(now, deadline); }
  void wait() override { waiting = true; }
  void wake() override { waiting = false; }
  bool waiting = false;
};
struct frames_port final : voice::packet_port {
  explicit frames_port(std::unique_ptr<voice::packet_opener> opener) : opener(std::move(opener)) {}
  std::unique_ptr<voice::packet_opener> opener;
  std::vector<std::vector<uint8_t>> frames;
  std::vector<voice::rtp_header> headers;
  size_t send(std::span<const voice::udp_packet> packets) override {
    for (const auto& packet : packets) {
      const auto opened = opener->open(packet.bytes);
      REQUIRE(opened);
      frames.emplace_back(opened->payload.begin(), opened->payload.end());
      headers.push_back(opened->header);
    }
    return packets.size();
  }
};

struct fake_link {
  link_order order;
  voice_link_actor actor;
  std::vector<voice_talk> talks;
  int quiets = 0;
  bool hung_up = false;
  link_status status;
};

struct voice_world : ::test::det_system {
  static constexpr auto guild = guild_id{100};
  static constexpr auto bot = user_id{9};
  static constexpr auto lounge = channel_id{20}, den = channel_id{21}, stage = channel_id{22};

  std::shared_ptr<::test::rest_record> told_rest = std::make_shared<::test::rest_record>();
  ::test::fake_rest_actor rest = sys.spawn<::test::fake_rest>(told_rest);
  std::shared_ptr<fake_sound::record> sound = std::make_shared<fake_sound::record>();
  std::vector<update_voice_state> asked; ///< op 4s.
  std::vector<std::shared_ptr<fake_link>> links;
  std::vector<voice_report> reports;
  std::vector<render_speech> spoken;
  int speech_frames = 5; ///< Of each text; 0: the engine fails.
  voice::voice_counters counters;
  steady_pacing pacing;
  voice::pacer pacer{pacing, counters};
  std::shared_ptr<frames_port> port;
  voice::quality_look machine;
  std::shared_ptr<voice_env> env = std::make_shared<voice_env>();
  voice_owner_actor owner = make_owner();
  speech_actor speech = make_speech();
  voice_switch_actor hub;
  voice_channel_actor channel;

  voice_world() {
    env->rest = rest;
    env->speech = speech;
    env->ask = [this](const update_voice_state& wish) { asked.push_back(wish); };
    env->open_link = [this](link_order order) { return make_link(std::move(order)); };
    env->order = [this](voice::line_ptr line, voice::pacer_order what) {
      pacer.order(std::move(line), std::move(what));
    };
    env->make_sound = [this](guild_id) { return std::make_unique<fake_sound>(sound); };
    env->steady_ms = [this] { return steady_ms(); };
    env->domain_ms = [] { return int64_t{1'795'602'000'000}; };
    env->random = [] { return 0.5; };
    env->health = [this] { return machine; };
    env->counters = &counters;
    hub = spawn_voice_hub(sys, env);
    tell(hub, bot_identity{bot, {}, "Hearth", {guild}});
    ask_pair(owner);
    REQUIRE(channel);
  }
  ~voice_world() {
    stop(hub);
    channel = nullptr;
    for (auto& link : links) {
      stop(link->actor);
      link->actor = nullptr;
      link->order = {};
    }
    stop(owner);
    stop(speech);
    stop(rest);
    env->rest = nullptr;
    env->speech = nullptr;
  }

  void ask_pair(const voice_owner_actor& who) {
    callers.push_back(sys.spawn([this, who](caf::event_based_actor* caller) {
      caller->request(hub, caf::infinite, open_voice{guild}, who)
          .then([this](const voice_channel_actor& found) { channel = found; });
    }));
    run();
  }
  voice_owner_actor make_owner() {
    return sys.spawn([this](voice_owner_actor::pointer) -> voice_owner_actor::behavior_type {
      return {[this](const voice_report& report) { reports.push_back(report); }};
    });
  }
  speech_actor make_speech() {
    return sys.spawn([this](speech_actor::pointer) -> speech_actor::behavior_type {
      return {[this](const render_speech& wanted) {
        spoken.push_back(wanted);
        auto out = rendered_speech{};
        if (speech_frames > 0)
          out.sound = std::make_shared<const sound::clip>(
              sound::clip{std::vector<float>(static_cast<size_t>(speech_frames))});
        return out;
      }};
    });
  }
  voice_link_actor make_link(link_order order) {
    auto link = std::make_shared<fake_link>();
    link->order = std::move(order);
    link->actor = sys.spawn(
        [this, link = link.get()](voice_link_actor::pointer) -> voice_link_actor::behavior_type {
          return {
              [this, link](voice_talk talk) {
                link->talks.push_back(talk);
                pacer.order(link->order.line, voice::pacer_do::talk{talk.on, talk.drain});
              },
              [link](hang_up) { link->hung_up = true; },
              [link](get_link_status) { return link->status; },
              [](get_parties) -> caf::result<parties_ptr> { return make_error(errc::not_found); },
              [link](line_quiet) { ++link->quiets; },
          };
        });
    links.push_back(link);
    return link->actor;
  }

  static guild_snapshot_ptr snapshot() {
    auto made = std::make_shared<guild_snapshot>();
    made->id = guild;
    made->roles = {
        {role_id{guild.value}, "@everyone",
         permission_bit::view_channel | permission_bit::connect | permission_bit::speak}};
    made->self.user = bot;
    for (const auto id : {lounge, den, stage}) {
      auto facts = channel_facts{};
      facts.id = id;
      facts.kind = id == stage ? channel_kind::stage : channel_kind::voice;
      facts.bitrate = 96'000;
      made->channels.push_back(facts);
    }
    return made;
  }

  template <class What> std::vector<What> reported() const {
    auto out = std::vector<What>{};
    for (const auto& report : reports)
      if (const auto* one = std::get_if<What>(&report.what))
        out.push_back(*one);
    return out;
  }

  // -- what Discord says --------------------------------------------------------------------------
  void state(channel_id where, std::string session = "s", bool suppressed = false) {
    tell(hub, guild_voice_news{guild, own_voice{where, std::move(session), suppressed}});
  }
  void server(std::string endpoint, std::string token = "t") {
    tell(hub, guild_voice_news{guild, voice_server{std::move(endpoint), std::move(token)}});
  }
  template <class What> void news(const fake_link& from, What what) {
    tell(from.order.owner, voice_link_news{from.order.number, what});
  }
  /// A link's session stands, its packets go to `port`.
  void stand(const fake_link& link, bool may_send = true) {
    const auto key = dave::bytes(voice::transport_key_size, 7);
    const auto mode = voice::transport_mode::xchacha20;
    port = std::make_shared<frames_port>(
        std::make_unique<voice::packet_opener>(voice::make_transport_key(mode, key), mode));
    auto to = voice::udp_address{};
    to.size = 16;
    pacer.order(link.order.line, voice::pacer_do::connect{port, to,
                                                          std::make_unique<voice::packet_sealer>(
                                                              voice::make_transport_key(mode, key),
                                                              mode, voice::rtp_header{})});
    news(link, link_news::stands{});
    may(link, may_send);
  }
  void may(const fake_link& link, bool send) {
    pacer.order(
        link.order.line,
        voice::pacer_do::speak{send ? dave::sending::plain : dave::sending::nothing, nullptr});
    news(link, link_news::may_send{send});
  }

  // -- what a feature asks ------------------------------------------------------------------------
  std::vector<join_answer> joins;
  void join(channel_id where, guild_snapshot_ptr seen = snapshot()) {
    ask(
        channel, join_voice{where, std::move(seen)},
        [this](const join_answer& answer) { joins.push_back(answer); },
        [](const caf::error& error) { FAIL_CHECK(describe(error)); });
  }
  int left = 0;
  void leave() {
    ask(
        channel, leave_voice{}, [this](voice_left_answer) { ++left; },
        [](const caf::error& error) { FAIL_CHECK(describe(error)); });
  }
  caf::error play(std::vector<voice_layer> layers) {
    auto refused = caf::error{};
    ask(
        channel, play_layers{std::move(layers)}, [](const voice_status&) {},
        [&](const caf::error& error) { refused = error; });
    return refused;
  }
  voice_status look() {
    auto got = voice_status{};
    ask(
        channel, get_voice_status{}, [&](const voice_status& status) { got = status; },
        [](const caf::error& error) { FAIL_CHECK(describe(error)); });
    return got;
  }
  /// Asks for a text; the answer is kept at the same place.
  std::vector<std::optional<speech_end>> said;
  void say(std::string text, speech_priority priority = speech_priority::ordinary,
           int64_t useful_ms = 30'000) {
    const auto at = said.size();
    said.emplace_back();
    ask(
        channel, say_text{std::move(text), "en", priority, useful_ms},
        [this, at](text_said answer) { said[at] = answer.how; },
        [](const caf::error& error) { FAIL_CHECK(describe(error)); });
  }
  /// In the lounge, heard by all.
  fake_link& settle() {
    join(lounge);
    state(lounge);
    server("eu.example:443");
    REQUIRE(links.size() == 1);
    stand(*links.back());
    return *links.back();
  }
  /// Lets time pass in steps of 20 ms. @param actors Whether the voice actor runs meanwhile.
  void play_for(int64_t ms, bool actors = true) {
    for (auto passed = int64_t{0}; passed < ms; passed += 20) {
      pacing.now = std::max(pacing.now, (steady_ms() + 1'000) * 1'000'000);
      pacer.step();
      if (actors)
        run(); // what the pacer told
      timers += sched.advance_time(std::chrono::milliseconds{20});
      if (actors)
        run();
    }
  }
  size_t timers = 0; ///< That went off in play_for.
};

} // namespace hearth::test
