#pragma once
// A guild's ambience with its real stores on a real database, a voice, a REST and a clock that the
// test plays, and members who come, go, press and ask.
#include "actors/schedule/schedule_store.hpp"
#include "actors/settings/settings_store.hpp"
#include "actors/voice/ambience.hpp"
#include "actors/voice/ambience_board.hpp"
#include "actors/voice/ambience_store.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/ambience_player.hpp"
#include "infra/voice/listening_clock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include "tests/support/test_store.hpp"
#include <deque>
#include <map>
#include <nlohmann/json.hpp>

namespace test {

using nlohmann::json;

/// What the voice was asked, and what it answers.
struct voice_record {
  std::vector<std::string> log; ///< "join 600", "leave", "play rain:2=100", "volume 40", ...
  hearth::voice_refusal why = hearth::voice_refusal::none;
  hearth::speech_end how = hearth::speech_end::said;
  bool hold_speech = false; ///< Speeches do not end by themselves.
  hearth::voice_status now;
  hearth::errc fail = hearth::errc::none; ///< Of everything.
  int opened = 0;
  hearth::voice_owner_actor owner;
  std::vector<caf::typed_response_promise<hearth::text_said>> held;

  std::vector<std::string> of(std::string_view what) const {
    auto found = std::vector<std::string>{};
    for (const auto& line : log)
      if (line.compare(0, what.size(), what) == 0)
        found.push_back(line);
    return found;
  }
  std::string last(std::string_view what) const {
    const auto found = of(what);
    return found.empty() ? std::string{} : found.back();
  }
};

class fake_voice final : public hearth::voice_channel_actor::base {
public:
  fake_voice(caf::actor_config& config, std::shared_ptr<voice_record> record)
      : hearth::voice_channel_actor::base(config), record_(std::move(record)) {}

  /// Played once, it ends the speeches that are held: a promise is kept in its own actor.
  static constexpr auto speech_ends = "end of speech";

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::join_voice& asked) -> caf::result<hearth::join_answer> {
          record_->log.push_back("join " + to_string(asked.channel));
          if (record_->fail != hearth::errc::none)
            return hearth::make_error(record_->fail);
          if (record_->why == hearth::voice_refusal::none) {
            record_->now.channel = asked.channel;
            record_->now.phase = "live";
          }
          return hearth::join_answer{asked.channel, record_->why, "test"};
        },
        [this](hearth::leave_voice) {
          record_->log.push_back("leave");
          record_->now = {};
          return hearth::voice_left_answer{};
        },
        [this](const hearth::play_layers& asked) -> caf::result<hearth::voice_status> {
          auto line = std::string{"play"};
          for (const auto& layer : asked.layers)
            line += " " + layer.sound + "=" + std::to_string(layer.volume);
          record_->log.push_back(line);
          record_->now.layers = asked.layers;
          return status();
        },
        [this](const hearth::set_voice_volume& asked) -> caf::result<hearth::voice_status> {
          record_->log.push_back("volume " + std::to_string(asked.percent));
          record_->now.volume = asked.percent;
          return status();
        },
        [this](const hearth::pause_voice& asked) -> caf::result<hearth::voice_status> {
          record_->log.push_back(asked.paused ? "pause" : "resume");
          record_->now.paused = asked.paused;
          return status();
        },
        [this](const hearth::play_once& asked) {
          if (asked.sound != speech_ends)
            return record_->log.push_back("once " + asked.sound);
          for (auto& promise : std::exchange(record_->held, {}))
            promise.deliver(hearth::text_said{});
        },
        [this](const hearth::say_text& asked) -> caf::result<hearth::text_said> {
          record_->log.push_back("say " + asked.language + " " + asked.text);
          if (record_->hold_speech) {
            record_->held.push_back(make_response_promise<hearth::text_said>());
            return record_->held.back();
          }
          return hearth::text_said{record_->how};
        },
        [this](hearth::get_voice_status) -> caf::result<hearth::voice_status> { return status(); },
        [](const hearth::get_fingerprint&) -> caf::result<hearth::fingerprint_answer> {
          FAIL("get_fingerprint");
          return hearth::fingerprint_answer{};
        },
    };
  }

private:
  caf::result<hearth::voice_status> status() const {
    if (record_->fail != hearth::errc::none)
      return hearth::make_error(record_->fail);
    return record_->now;
  }
  std::shared_ptr<voice_record> record_;
};

/// Gives out the one voice there is.
class fake_hub final : public hearth::voice_hub_actor::base {
public:
  fake_hub(caf::actor_config& config, hearth::voice_channel_actor voice,
           std::shared_ptr<voice_record> record)
      : hearth::voice_hub_actor::base(config), voice_(std::move(voice)),
        record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {[this](const hearth::open_voice&, const hearth::voice_owner_actor& owner) {
      ++record_->opened;
      record_->owner = owner;
      return voice_;
    }};
  }

private:
  hearth::voice_channel_actor voice_;
  std::shared_ptr<voice_record> record_;
};

/// Writes down who wants to be woken when.
class voice_wakes final : public hearth::clock_actor::base {
public:
  using wakes = std::map<std::string, hearth::instant>;
  voice_wakes(caf::actor_config& config, std::shared_ptr<wakes> record)
      : hearth::clock_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::wakeable_actor&, const hearth::wake_at& asked) {
          if (asked.at.ms == 0)
            record_->erase(asked.tag);
          else
            (*record_)[asked.tag] = asked.at;
        },
        [](const hearth::job_runner_actor&, const hearth::plan_jobs&) { FAIL("plan_jobs"); },
        [](const hearth::drop_guild_jobs&) { FAIL("drop_guild_jobs"); },
        [](hearth::get_jobs) { return hearth::job_list_ptr{}; },
        [](hearth::pause_jobs) { FAIL("pause_jobs"); },
        [](const hearth::job_due&) -> caf::result<hearth::job_done> {
          FAIL("job_due");
          return hearth::job_done{};
        },
        [](const hearth::time_moved&) -> caf::result<hearth::time_settled> {
          FAIL("time_moved");
          return hearth::time_settled{};
        },
    };
  }

private:
  std::shared_ptr<wakes> record_;
};

inline constexpr auto home = hearth::guild_id{1'000'000'000'000'000'001};
inline constexpr auto talk = hearth::channel_id{500};
inline constexpr auto lounge = hearth::channel_id{600};
inline constexpr auto attic = hearth::channel_id{601};
inline constexpr auto bot = hearth::user_id{9};
inline constexpr uint64_t ada = 10, bob = 11;

/// An evening on the US west coast: Friday 20 November 2026, 7:20 in the evening (3:20 UTC).
struct ambience_world : det_system {
  ambience_world() {
    namespace bit = hearth::permission_bit;
    time.set({1'795'231'200'000});
    settings.guild = home;
    settings.options["zone"] = "America/Los_Angeles";
    settings.voice_channels = {lounge};
    snapshot.id = home;
    snapshot.name = "Hearth";
    snapshot.preferred_locale = "en-US";
    snapshot.roles = {{{home.value},
                       "@everyone",
                       bit::view_channel | bit::connect | bit::speak | bit::send_messages |
                           bit::add_reactions | bit::read_message_history |
                           bit::set_voice_channel_status,
                       0,
                       false}};
    snapshot.channels = {{talk, {}, hearth::channel_kind::text, 0, "talk", {}},
                         {lounge, {}, hearth::channel_kind::voice, 1, "Lounge", {}},
                         {attic, {}, hearth::channel_kind::voice, 2, "Attic", {}}};
    snapshot.self.user = bot;
    clock = sys.spawn<voice_wakes>(wakes);
    rest_ = sys.spawn<fake_rest>(rest);
    voice_one = sys.spawn<fake_voice>(voice);
    hub = sys.spawn<fake_hub>(voice_one, voice);
    evenings = hearth::spawn_schedule_store(sys, store.context);
    players = hearth::spawn_ambience_store(sys, store.context);
    set = sys.spawn<hearth::settings_store>(store.context, time);
    auto parts = hearth::board_parts{};
    parts.clock = clock;
    parts.texts = &hearth::embedded_catalog();
    parts.time = &time;
    parts.show = [this](const std::string& text) { presences.push_back(text); };
    board = hearth::spawn_ambience_board(sys, parts);
    start();
  }
  ~ambience_world() {
    voice->owner = nullptr;
    voice->held.clear();
    stop(subject);
    stop(board);
    stop(set);
    stop(players);
    stop(evenings);
    stop(hub);
    stop(voice_one);
    stop(rest_);
    stop(clock);
  }

  void start() {
    auto parts = std::make_shared<hearth::ambience_parts>();
    parts->rest = rest_;
    parts->store = players;
    parts->evenings = evenings;
    parts->settings = set;
    parts->clock = clock;
    parts->hub = hub;
    parts->board = board;
    parts->texts = &hearth::embedded_catalog();
    parts->time = &time;
    parts->keyword_reactions = [this] { return operator_reads; };
    parts->own = [this] { return own; };
    subject = hearth::spawn_ambience(sys, home, parts);
    facts();
  }
  /// As after a crash of the whole daemon: the voice has forgotten everything, too.
  void restart() {
    caf::anon_send_exit(subject, caf::exit_reason::kill);
    run();
    wakes->clear();
    voice->now = {};
    voice->log.clear();
    start();
  }
  /// Tells what `settings` and `snapshot` say now; the store knows the settings, too.
  void facts() {
    auto db = store.db();
    db.exec_script("DELETE FROM guild_option; DELETE FROM tracked_voice_channel");
    for (const auto& [key, value] : settings.options)
      db.exec("INSERT INTO guild_option VALUES(?,?,?)", home, key, value);
    for (const auto id : settings.voice_channels)
      db.exec("INSERT INTO tracked_voice_channel VALUES(?,?)", home, id);
    tell(subject, hearth::guild_facts{std::make_shared<hearth::guild_settings>(settings),
                                      std::make_shared<hearth::guild_snapshot>(snapshot)});
  }

  // -- time
  void pass(std::chrono::milliseconds by) { time.set({time.now().ms + by.count()}); }
  bool will_wake(const std::string& tag) const { return wakes->count(tag) > 0; }
  /// Lets time go to when the ambience wanted to be woken, if later, and wakes it.
  void wake(const std::string& tag) {
    CAPTURE(tag);
    REQUIRE(will_wake(tag));
    const auto due = wakes->at(tag);
    wakes->erase(tag);
    if (due > time.now())
      time.set(due);
    tell(subject, hearth::woken{tag, time.now()});
  }

  // -- members
  hearth::member_facts member(uint64_t user, bool is_bot = false) const {
    auto made = hearth::member_facts{};
    made.user = {user};
    made.name = user == ada ? "Ada" : user == bob ? "Bob" : "Member" + std::to_string(user);
    made.bot = is_bot;
    return made;
  }
  void move(uint64_t user, hearth::channel_id to, bool is_bot = false) {
    auto from = hearth::channel_id{};
    auto& list = snapshot.voice;
    for (auto at = list.begin(); at != list.end(); ++at)
      if (at->member.user.value == user) {
        from = at->channel;
        list.erase(at);
        break;
      }
    if (to)
      list.push_back({member(user, is_bot), to});
    tell(subject, hearth::voice_changes{{{member(user, is_bot), from, to}}});
  }
  void leave(uint64_t user) { move(user, {}); }

  hearth::interaction asked(hearth::interaction_kind kind, uint64_t user) {
    auto made = hearth::interaction{};
    made.id = {static_cast<uint64_t>(time.now().ms - 1420070400000) << 22 | ++last_id};
    made.kind = kind;
    made.token = "secret" + std::to_string(last_id);
    made.application = {77};
    made.guild = home;
    made.channel = talk;
    made.member = member(user);
    made.locale = "en-GB";
    return made;
  }
  hearth::interaction command(const std::string& name,
                              std::vector<hearth::option_input> options = {}, uint64_t user = ada) {
    auto made = asked(hearth::interaction_kind::command, user);
    const auto space = name.find(' ');
    made.command = name.substr(0, space);
    if (space != std::string::npos)
      made.subcommand = name.substr(space + 1);
    made.options = std::move(options);
    return made;
  }
  hearth::interaction press(const std::string& custom_id, uint64_t user = ada,
                            uint64_t message = 8001, std::vector<std::string> values = {}) {
    auto made = asked(hearth::interaction_kind::component, user);
    made.custom_id = custom_id;
    made.message = {message};
    made.values = std::move(values);
    return made;
  }

  struct pending {
    std::optional<hearth::interaction_response> answer;
    caf::error error;
  };
  std::shared_ptr<pending> send_in(const hearth::interaction& what) {
    auto place = std::make_shared<pending>();
    ask(
        subject, std::make_shared<const hearth::interaction>(what),
        [place](const hearth::interaction_response& given) { place->answer = given; },
        [place](const caf::error& why) { place->error = why; });
    return place;
  }
  hearth::interaction_response answer(const hearth::interaction& what) {
    const auto place = send_in(what);
    INFO(hearth::describe(place->error));
    REQUIRE(place->answer);
    return *place->answer;
  }
  /// The sentence that only the member sees.
  std::string told(const hearth::interaction& what) {
    const auto given = answer(what);
    CHECK(given.type == hearth::interaction_response::kind::message);
    CHECK(given.ephemeral);
    const auto data = json::parse(given.data);
    return data.contains("content") ? data["content"].get<std::string>() : shown(given.data);
  }
  /// The text of a player message that everybody sees.
  std::string shown(const hearth::interaction& what) {
    const auto given = answer(what);
    CHECK_FALSE(given.ephemeral);
    return shown(given.data);
  }
  static std::string shown(const std::string& data) {
    const auto message = json::parse(data);
    REQUIRE(message.contains("embeds"));
    return message["embeds"][0].value("title", "") + "\n" +
           message["embeds"][0].value("description", "");
  }
  /// Ada sits in the lounge and has run /rain; its message is 8001.
  void rain() {
    move(ada, lounge);
    answer(command("rain"));
    rest->answer = [](const hearth::rest_request&) {
      auto made = hearth::rest_response{};
      made.status = 200;
      made.body = R"({"id":"8001"})";
      return made;
    };
    wake("message");
    rest->asked.clear();
  }
  std::vector<hearth::rest_request> sent(hearth::http_method method,
                                         std::string_view part = {}) const {
    auto found = std::vector<hearth::rest_request>{};
    for (const auto& each : rest->asked)
      if (each.method == method && each.path.find(part) != std::string::npos)
        found.push_back(each);
    return found;
  }
  std::vector<hearth::rest_request> edits() const {
    return sent(hearth::http_method::patch, "/channels/500/messages/8001");
  }
  void report(decltype(hearth::voice_report::what) what) {
    tell(voice->owner, hearth::voice_report{home, std::move(what)});
  }

  hearth::ambience_player player() {
    auto kept = hearth::ambience_player{};
    ask(
        players, hearth::load_player{home},
        [&](const hearth::ambience_player& found) { kept = found; }, [](const caf::error&) {});
    return kept;
  }
  std::string layers() { return hearth::layers_text(player().layers); }
  int64_t listened(uint64_t user) {
    auto db = store.db();
    return db
        .value<int64_t>("SELECT total_ms FROM ambience_time WHERE guild=? AND user=?", home,
                        hearth::user_id{user})
        .value_or(0);
  }
  int64_t count(const std::string& table) {
    auto db = store.db();
    return *db.value<int64_t>("SELECT count(*) FROM " + table);
  }
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  hearth::driven_time time;
  hearth::guild_settings settings;
  hearth::guild_snapshot snapshot;
  bool operator_reads = true;
  hearth::own_sounds own;
  test_store store{sys};
  std::shared_ptr<rest_record> rest = std::make_shared<rest_record>();
  std::shared_ptr<voice_record> voice = std::make_shared<voice_record>();
  std::shared_ptr<voice_wakes::wakes> wakes = std::make_shared<voice_wakes::wakes>();
  std::vector<std::string> presences;
  hearth::clock_actor clock;
  fake_rest_actor rest_;
  hearth::voice_channel_actor voice_one;
  hearth::voice_hub_actor hub;
  hearth::schedule_store_actor evenings;
  hearth::ambience_store_actor players;
  hearth::settings_store_actor set;
  hearth::ambience_board_actor board;
  hearth::feature_actor subject;
  uint64_t last_id = 1000;
};

} // namespace test
