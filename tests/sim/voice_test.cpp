// All of hearthd with discord-sim's voice server: wss with its own authority, UDP, DAVE, people who
// listen. What they hear is opened and decoded by the simulator, which shares no code with ours.
#include "actors/voice/voice_link.hpp"
#include "actors/voice/voice_service.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "tests/support/whole_daemon.hpp"
#include <algorithm>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fstream>
#include <mutex>

using namespace hearth;
using nlohmann::json;

namespace {

sim::server_options with_rooms() {
  auto options = sim_test::sim_world::defaults();
  auto& world = options.world_text;
  const auto put = [&](const std::string& before, const std::string& text) {
    const auto at = world.find(before);
    REQUIRE(at != std::string::npos);
    world.insert(at, text);
  };
  put("  [[guild.member]]", "  [[guild.channel]]\n  name = \"Den\"\n  type = \"voice\"\n"
                            "  [[guild.channel]]\n  name = \"Stage\"\n  type = \"stage\"\n");
  put("\"PIN_MESSAGES\"", "\"MOVE_MEMBERS\", \"MUTE_MEMBERS\", ");
  options.voice.heartbeat = std::chrono::milliseconds{500};
  return options;
}

/// A feature's part: the daemon's hub asked from outside, its reports kept.
struct listener {
  listener() {
    auto& says = daemon.options.settings.value;
    says.voice.ca_file = daemon.folder.file("voice-ca.pem");
    std::ofstream{says.voice.ca_file} << daemon.discord.crowd.get("/sim/voice/ca.pem").text;
    daemon.hooks.stores = [this](caf::actor_system& made, store_context&) { system = &made; };
    daemon.hooks.voice = [this](voice_engine_options& options) {
      options.joining.backoff_ms_min = 20;
      options.joining.answer_ms = 2'000; // the second try leaves first
      options.ear = [this](guild_id, user_id, dave::byte_view opus) {
        const auto lock = std::lock_guard{mutex};
        heard += opus.size() > 3 ? 1 : 0;
      };
    };
    daemon.hooks.voice_hub = [this](const voice_hub_actor& made) { hub = made; };
    daemon.hooks.features = [](std::vector<feature_entry>& all) { // a guild's voice has one owner
      std::erase_if(all, [](const feature_entry& each) { return each.name == ambience_feature; });
    };
    daemon.start_online();
    REQUIRE(hub);
    lounge = daemon.discord.channel("Lounge");
    den = daemon.discord.channel("Den");
    stage = daemon.discord.channel("Stage");
    owner = system->spawn([this](voice_owner_actor::pointer) -> voice_owner_actor::behavior_type {
      return {[this](const voice_report& report) {
        const auto lock = std::lock_guard{mutex};
        reports.push_back(report);
      }};
    });
    auto self = caf::scoped_actor{*system};
    self->request(hub, wait, open_voice{guild()}, owner)
        .receive([this](const voice_channel_actor& found) { channel = found; }, failed);
  }
  ~listener() {
    caf::anon_send_exit(owner, caf::exit_reason::user_shutdown);
    owner = nullptr;
    channel = nullptr;
    hub = nullptr;
    CHECK(daemon.stop() == 0);
  }

  static constexpr auto wait = std::chrono::seconds{60};
  static inline const auto failed = [](const caf::error& why) { FAIL(describe(why)); };

  guild_id guild() const { return *parse_id<guild_id>(daemon.discord.guild); }
  guild_snapshot_ptr snapshot() const {
    auto made = std::make_shared<guild_snapshot>();
    made->id = guild();
    made->roles = {{role_id{guild().value}, "@everyone", ~uint64_t{0} >> 12U}};
    made->self.user = *parse_id<user_id>(daemon.discord.bot_id);
    for (const auto& name : {lounge, den, stage}) {
      auto facts = channel_facts{};
      facts.id = *parse_id<channel_id>(name);
      facts.kind = name == stage ? channel_kind::stage : channel_kind::voice;
      facts.bitrate = 64'000;
      made->channels.push_back(facts);
    }
    return made;
  }
  join_answer join(const std::string& where) {
    auto got = join_answer{};
    auto self = caf::scoped_actor{*system};
    self->request(channel, wait, join_voice{*parse_id<channel_id>(where), snapshot()})
        .receive([&](const join_answer& answer) { got = answer; }, failed);
    return got;
  }
  void play(std::vector<voice_layer> layers) {
    auto self = caf::scoped_actor{*system};
    self->request(channel, wait, play_layers{std::move(layers), 100})
        .receive([](const voice_status&) {}, failed);
  }
  voice_status look() {
    auto got = voice_status{};
    auto self = caf::scoped_actor{*system};
    self->request(channel, wait, get_voice_status{})
        .receive([&](const voice_status& status) { got = status; }, failed);
    return got;
  }
  void leave() {
    auto self = caf::scoped_actor{*system};
    self->request(channel, wait, leave_voice{}).receive([](voice_left_answer) {}, failed);
  }
  template <class What> size_t reported() {
    const auto lock = std::lock_guard{mutex};
    return static_cast<size_t>(
        std::count_if(reports.begin(), reports.end(), [](const voice_report& report) {
          return std::holds_alternative<What>(report.what);
        }));
  }

  json server() { return daemon.discord.crowd.get("/sim/voice").body; }
  /// Our session as the voice server sees it; null when there is none.
  json session() {
    const auto all = server();
    for (const auto& each : all.at("sessions"))
      if (each.value("stage", "") == "live")
        return each;
    return nullptr;
  }
  /// What a person has heard so far.
  json person(const std::string& user) {
    const auto all = server();
    for (const auto& room : all.at("rooms"))
      for (const auto& each : room.at("people"))
        if (each.value("user_id", "") == user)
          return each;
    return json::object();
  }
  /// Waits until that person has heard so many frames more.
  void hear(const std::string& user, int frames) {
    const auto from = person(user).value("heard", 0);
    test::until("a person to hear it",
                [&] { return person(user).value("heard", 0) >= from + frames; });
  }
  void fault(const char* name, json value) {
    REQUIRE(daemon.discord.crowd.post("/sim/faults", {{name, std::move(value)}}).status < 300);
  }

  test::whole_daemon daemon{with_rooms()};
  caf::actor_system* system = nullptr;
  voice_hub_actor hub;
  voice_channel_actor channel;
  voice_owner_actor owner;
  std::string lounge, den, stage;
  std::mutex mutex;
  std::vector<voice_report> reports;
  int heard = 0;
};

} // namespace

TEST_CASE("voice and sim: a member hears the rain, end-to-end encrypted", "[voice]") {
  auto l = listener{};
  auto& crowd = l.daemon.discord.crowd;
  const auto ann = l.daemon.discord.ann;
  crowd.act(ann, "voice_join", {{"channel_id", l.lounge}});
  REQUIRE(l.join(l.lounge).why == voice_refusal::none);
  l.play({{"rain:1", 100}});
  l.hear(ann, 50);
  const auto wav = l.daemon.folder.file("ann.wav");
  crowd.post("/sim/voice/record", {{"as", ann}, {"file", wav}});
  l.hear(ann, 150);
  const auto recorded = crowd.post("/sim/voice/record", {{"as", ann}, {"stop", true}}).body;
  INFO(recorded.dump());
  CHECK(recorded.value("gaps", -1) == 0);
  CHECK(recorded.value("frames", 0) >= 150);
  CHECK(recorded.value("rms", 0.0) > 0);
  const auto status = l.look();
  CHECK(status.phase == "live");
  CHECK(status.dave_version == 1);
  CHECK(status.members.size() == 2);
  CHECK(status.privacy_code.size() == 30);
  CHECK(status.shared);
  CHECK(status.frames_sent >= 200);
  CHECK(status.drops == 0);
  const auto seen = l.session();
  INFO(seen.dump());
  CHECK(seen.value("mode", "") == status.mode);
  const auto known = l.person(ann);
  INFO(known.dump());
  CHECK(known.value("plain", -1) == 0);
  CHECK(known.value("undecryptable", -1) == 0);
  {
    auto code = std::string{};
    auto self = caf::scoped_actor{*l.system};
    self->request(l.channel, l.wait, get_fingerprint{*parse_id<user_id>(ann)})
        .receive([&](const fingerprint_answer& answer) { code = answer.code; }, l.failed);
    CHECK(code.size() == 45);
  }
  // And the other way round: what she says is opened here.
  crowd.act(ann, "voice_speak", {{"ms", 400}});
  test::until("her voice", [&] {
    const auto lock = std::lock_guard{l.mutex};
    return l.heard >= 10;
  });
  l.leave();
  test::until("the session to end", [&] { return l.session().is_null(); });
  CHECK(l.reported<voice_left>() == 1);
  l.daemon.check_no_violation();
}

TEST_CASE("voice and sim: people come and go, each epoch is heard by all", "[voice]") {
  auto l = listener{};
  auto& discord = l.daemon.discord;
  REQUIRE(l.join(l.lounge).why == voice_refusal::none); // alone: no key, nothing is sent
  l.play({{"sea:1", 100}, {"fire:1", 50}});
  CHECK(l.look().frames_sent == 0);
  discord.crowd.act(discord.ann, "voice_join", {{"channel_id", l.lounge}});
  l.hear(discord.ann, 25);
  CHECK_FALSE(l.look().shared); // a mix of its own
  discord.crowd.act(discord.bob, "voice_join", {{"channel_id", l.lounge}});
  l.hear(discord.bob, 25);
  const auto with_three = l.look();
  CHECK(with_three.members.size() == 3);
  // Frames of the epoch before may reach who has just come; from here on none may be lost.
  const auto foreign = l.person(discord.bob).value("undecryptable", -1);
  discord.crowd.act(discord.ann, "voice_leave");
  test::until("the next epoch", [&] { return l.look().epoch > with_three.epoch; });
  l.hear(discord.bob, 25);
  CHECK(l.look().privacy_code != with_three.privacy_code);
  CHECK(l.person(discord.bob).value("undecryptable", -1) == foreign);
  discord.crowd.act(discord.bob, "voice_leave");
  const auto before = l.session().value("packets", 0);
  discord.crowd.act(discord.ann, "voice_join", {{"channel_id", l.lounge}});
  l.hear(discord.ann, 25); // the group was begun anew
  CHECK(l.session().value("packets", 0) > before);
  l.daemon.check_no_violation();
}

TEST_CASE("voice and sim: lost lines are resumed, lost servers replaced, moves followed",
          "[voice]") {
  auto l = listener{};
  auto& discord = l.daemon.discord;
  discord.crowd.act(discord.ann, "voice_join", {{"channel_id", l.lounge}});
  discord.crowd.act(discord.bob, "voice_join", {{"channel_id", l.den}});
  REQUIRE(l.join(l.lounge).why == voice_refusal::none);
  l.play({{"rain:1", 100}});
  l.hear(discord.ann, 25);

  l.fault("voice_close", {{"code", 0}});
  test::until("the resume", [&] { return l.look().resumes == 1 && l.look().phase == "live"; });
  l.hear(discord.ann, 25);
  CHECK(l.session().value("spurts", 0) == 1); // the sound went on

  l.fault("voice_close", {{"code", 4006}});
  test::until("a new session", [&] { return l.reported<voice_ready>() >= 3; });
  l.hear(discord.ann, 25);

  l.fault("voice_server", {{"guild_id", discord.guild}, {"gone", true}});
  test::until("the loss", [&] { return l.look().phase != "live"; });
  l.fault("voice_server", {{"guild_id", discord.guild}});
  test::until("the other server", [&] { return l.look().phase == "live"; });
  l.hear(discord.ann, 25);

  const auto member = "/guilds/" + discord.guild + "/members/" + discord.bot_id;
  REQUIRE(discord.robot.call("PATCH", member, {{"channel_id", l.den}}).status == 200);
  l.hear(discord.bob, 50);
  CHECK(l.reported<voice_moved>() == 1);
  CHECK(to_string(l.look().channel) == l.den);

  CHECK(l.person(discord.bob).value("plain", -1) == 0);

  REQUIRE(discord.robot.call("PATCH", member, {{"channel_id", nullptr}}).status == 200);
  test::until("the end", [&] { return l.reported<voice_left>() == 1; });
  CHECK(l.look().phase == "out");
}

TEST_CASE("voice and sim: heard through bad commits, lost packets and both ciphers", "[voice]") {
  const auto* mode = GENERATE("aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize");
  auto l = listener{};
  auto& discord = l.daemon.discord;
  l.fault("voice_modes", json::array({mode}));
  l.fault("voice_bad_commits", 1);
  l.fault("voice_udp", {{"lose", 7}, {"twice", 5}, {"reorder", 11}});
  discord.crowd.act(discord.ann, "voice_join", {{"channel_id", l.lounge}});
  discord.crowd.act(discord.bob, "voice_join", {{"channel_id", l.lounge}});
  REQUIRE(l.join(l.lounge).why == voice_refusal::none);
  l.play({{"rain:2", 100}});
  l.hear(discord.ann, 50);
  l.hear(discord.bob, 50);
  CHECK(l.look().mode == mode);
  CHECK(l.session().value("mode", "") == mode);
}

TEST_CASE("voice and sim: on a stage the bot speaks up", "[voice]") {
  auto l = listener{};
  auto& discord = l.daemon.discord;
  discord.crowd.act(discord.ann, "voice_join", {{"channel_id", l.stage}});
  l.play({{"wind:1", 100}});
  REQUIRE(l.join(l.stage).why == voice_refusal::none);
  l.hear(discord.ann, 25);
  CHECK(l.reported<voice_suppressed>() == 1);
  CHECK_FALSE(l.look().suppressed);
}
