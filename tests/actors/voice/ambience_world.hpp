#pragma once
// A guild's ambience with its real stores in the world of a feature: a voice that the test plays,
// and members who come and go.
#include "actors/schedule/schedule_store.hpp"
#include "actors/voice/ambience.hpp"
#include "actors/voice/ambience_board.hpp"
#include "actors/voice/ambience_store.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/ambience_player.hpp"
#include "infra/voice/listening_clock.hpp"
#include "tests/support/feature_world.hpp"

namespace test {

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

inline constexpr auto talk = channel;
inline constexpr auto attic = hearth::channel_id{601};

/// An evening on the US west coast: Friday 20 November 2026, 7:20 in the evening (3:20 UTC).
struct ambience_world : feature_world {
  ambience_world() : feature_world({1'795'231'200'000}, 8001) {
    namespace bit = hearth::permission_bit;
    settings.voice_channels = {lounge};
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
    voice_one = sys.spawn<fake_voice>(voice);
    hub = sys.spawn<fake_hub>(voice_one, voice);
    evenings = hearth::spawn_schedule_store(sys, store.context);
    players = hearth::spawn_ambience_store(sys, store.context);
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
    stop(players);
    stop(evenings);
    stop(hub);
    stop(voice_one);
  }

  void start() {
    auto parts = std::make_shared<hearth::ambience_parts>();
    give(*parts);
    parts->store = players;
    parts->evenings = evenings;
    parts->hub = hub;
    parts->board = board;
    parts->keyword_reactions = [this] { return operator_reads; };
    parts->own = [this] { return own; };
    subject = hearth::spawn_ambience(sys, home, parts);
    facts();
  }
  /// As after a crash of the whole daemon: the voice has forgotten everything, too.
  void restart() {
    kill_subject();
    wakes->clear();
    voice->now = {};
    voice->log.clear();
    start();
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

  /// The sentence that only the member sees.
  std::string told(const hearth::interaction& what) {
    const auto data = told_message(what);
    return data.contains("content") ? data["content"].get<std::string>() : shown(data.dump());
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
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  bool operator_reads = true;
  hearth::own_sounds own;
  std::shared_ptr<voice_record> voice = std::make_shared<voice_record>();
  std::vector<std::string> presences;
  hearth::voice_channel_actor voice_one;
  hearth::voice_hub_actor hub;
  hearth::schedule_store_actor evenings;
  hearth::ambience_store_actor players;
  hearth::ambience_board_actor board;
};

} // namespace test
