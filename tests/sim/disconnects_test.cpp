// Goal: however often and in whatever way Discord ends the connection, no event is lost, none is
// applied twice, and no more IDENTIFYs are sent than allowed. Method: the whole daemon; members
// press vote buttons (each press toggles, so that one applied twice shows like one that is lost)
// and move in voice before, amid and after each disconnect. The oracles are what discord-sim told
// the members, and the database. DISCONNECTS and SEED lengthen it (tools/soak.sh --disconnects).
#include "infra/schedule/evening_view.hpp"
#include "infra/store/sqlite_db.hpp"
#include "tests/support/probe_feature.hpp"
#include "tests/support/soak.hpp"
#include "tests/support/whole_daemon.hpp"
#include <map>
#include <mutex>
#include <random>
#include <set>

using namespace hearth;
using test::json;
using test::until;
using test::whole_daemon;

namespace {

/// After it the session is the same one, so that everything is told once; or a new one may begin,
/// and what happened meanwhile is never told.
enum class after : uint8_t { resumed, anew };

struct disconnect {
  const char* name;
  after then;
  unsigned weight;                        ///< How often: those that take long are rare.
  void (*act)(sim::gateway_server&);      ///< Null: hearthd is stopped and started instead.
  void (*end)(sim::gateway_server&) = {}; ///< Once it has logged in again.
};

/// op 9 false, a refused resume and the codes of lost sessions cost the wait between IDENTIFYs.
constexpr disconnect kinds[] = {
    {"a cut", after::resumed, 20, [](sim::gateway_server& g) { g.close("", 0); }},
    {"op 7", after::resumed, 20, [](sim::gateway_server& g) { g.reconnect(""); }},
    {"op 9 true", after::resumed, 10, [](sim::gateway_server& g) { g.invalidate("", true); }},
    {"4000", after::resumed, 5, [](sim::gateway_server& g) { g.close("", 4000); }},
    {"4001", after::resumed, 3, [](sim::gateway_server& g) { g.close("", 4001); }},
    {"4002", after::resumed, 3, [](sim::gateway_server& g) { g.close("", 4002); }},
    {"4005", after::resumed, 3, [](sim::gateway_server& g) { g.close("", 4005); }},
    {"4008", after::resumed, 3, [](sim::gateway_server& g) { g.close("", 4008); }},
    {"1011", after::resumed, 3, [](sim::gateway_server& g) { g.close("", 1011); }},
    {"all connections gone", after::resumed, 10,
     [](sim::gateway_server& g) { g.drop_connections(); }},
    {"op 7 before Hello", after::resumed, 5,
     [](sim::gateway_server& g) {
       g.reconnect_before_hello(2);
       g.close("", 0);
     }},
    {"garbage", after::resumed, 5,
     [](sim::gateway_server& g) {
       g.send_garbage("");
       g.ask_beat("");
     }},
    {"doubled events and a cut", after::resumed, 5,
     [](sim::gateway_server& g) {
       g.duplicate_next(3);
       g.close("", 0);
     }},
    {"a zombie", after::resumed, 1, [](sim::gateway_server& g) { g.drop_acks("", true); },
     [](sim::gateway_server& g) { g.drop_acks("", false); }},
    {"a restart", after::resumed, 2, nullptr},
    {"op 9 false", after::anew, 1, [](sim::gateway_server& g) { g.invalidate("", false); }},
    {"a refused resume", after::anew, 1,
     [](sim::gateway_server& g) {
       g.refuse_resumes(1);
       g.close("", 0);
     }},
    {"an expired session", after::anew, 1,
     [](sim::gateway_server& g) {
       g.expire_sessions();
       g.drop_connections();
     }},
    {"4007", after::anew, 1, [](sim::gateway_server& g) { g.close("", 4007); }},
    {"4009", after::anew, 1, [](sim::gateway_server& g) { g.close("", 4009); }},
    {"1000", after::anew, 1, [](sim::gateway_server& g) { g.close("", 1000); }},
    {"no way to the resume address", after::anew, 1,
     [](sim::gateway_server& g) {
       g.refuse_resume_connections(3);
       g.close("", 0);
     }},
};

/// What the guild heard of voice, in order.
class ear {
public:
  void hear(const voice_changes& heard) {
    const auto lock = std::lock_guard{mutex_};
    for (const auto& change : heard.changes)
      told_.push_back(to_string(change.from) + ">" + to_string(change.to));
  }
  std::vector<std::string> told() {
    const auto lock = std::lock_guard{mutex_};
    return told_;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> told_;
};

constexpr auto starts_max = 1'000'000;

sim::server_options patient() {
  auto server = sim_test::sim_world::defaults();
  server.gateway.session_starts = starts_max;
  server.gateway.heartbeat = std::chrono::milliseconds{400}; // zombies are noticed soon
  return server;
}

struct press {
  std::string user, button, id;
};

class stage : public whole_daemon {
public:
  explicit stage(uint32_t seed) : whole_daemon(patient()), random(seed) {
    const auto counts = std::make_shared<test::probe_counts>();
    counts->heard_voice = [heard = heard_](const voice_changes& changes) { heard->hear(changes); };
    hooks.features = [counts](std::vector<feature_entry>& all) {
      auto entry = test::probe_entry(
          "probe", [](const interaction&) { return interaction_response{}; }, counts);
      entry.wants.voice = true;
      all.push_back(std::move(entry));
    };
    start_online();
    choose_channel();
    until("the daily message", [this] { return !evenings().empty(); });
    const auto message = evenings().back();
    message_ = message["id"];
    for (const auto& id : buttons(message))
      if (parse_vote_button(id) && buttons_.size() < 8)
        buttons_.push_back(id);
  }

  std::minstd_rand random;
  uint64_t votes = 0, late = 0;

  size_t below(size_t end) { return random() % end; }
  /// One that nobody waits for yet, so that two presses of one button never pass each other.
  void push() {
    const auto users = std::array{discord.owner, discord.ann, discord.bob, discord.user("shy")};
    auto next = press{users[below(users.size())], buttons_[below(buttons_.size())], ""};
    for (const auto& each : open_)
      if (each.user == next.user && each.button == next.button)
        return;
    next.id = discord.crowd
                  .act(next.user, "click",
                       {{"channel_id", discord.general},
                        {"message_id", message_},
                        {"custom_id", next.button}})
                  .body.at("interaction_id");
    open_.push_back(std::move(next));
  }
  /// Waits for all answers; with `lossy` a press may have come to nobody.
  void settle(bool lossy = false) {
    for (const auto& each : open_) {
      const auto said = outcome(each.id).value("outcome", "");
      const auto key = std::pair{each.user, each.button};
      if (said == "update") {
        ++votes;
        toggle(key);
        continue;
      }
      // The member was told nothing in time, or nobody heard the press: the database says which.
      toggle(key);
      const auto applied = stored() == expected_;
      INFO(said << " for " << each.button);
      CHECK((applied || lossy));
      late += applied ? 1 : 0;
      if (!applied)
        toggle(key);
    }
    open_.clear();
  }
  /// Bob joins or leaves the lounge.
  void move() {
    const auto lounge = discord.channel("Lounge");
    const auto joins = moves_.size() % 2 == 0;
    const auto done = joins ? discord.crowd.act(discord.bob, "voice_join", {{"channel_id", lounge}})
                            : discord.crowd.act(discord.bob, "voice_leave");
    REQUIRE(done.status == 200);
    moves_.push_back(joins ? "0>" + lounge : lounge + ">0");
  }
  void hear_all() {
    until("what happened in voice", [this] { return heard_->told().size() >= moves_.size(); });
    REQUIRE(heard_->told() == moves_);
  }
  void check_stored() {
    CHECK(stored() == expected_);
    check_no_violation();
  }

  /// The log of what discord-sim received begins again here.
  int64_t mark() { return discord.crowd.get("/sim/log?since=999999999").body.at("last"); }
  bool logged_in_since(int64_t mark) {
    const auto log =
        discord.crowd.get("/sim/log?kind=gateway_in&limit=1000&since=" + std::to_string(mark)).body;
    for (const auto& entry : log.at("entries"))
      if (entry.value("op", -1) == 2 || entry.value("op", -1) == 6)
        return connected();
    return false;
  }
  int identifies() {
    return discord.server.call([](sim::core& core) {
      return starts_max - core.gateway().starts_left(core.world.applications.begin()->first);
    });
  }

private:
  using vote_key = std::pair<std::string, std::string>;
  void toggle(const vote_key& key) {
    if (!expected_.insert(key).second)
      expected_.erase(key);
  }
  std::set<vote_key> stored() {
    auto found = std::set<vote_key>{};
    auto db = sqlite_db{folder.file("hearth.db"), sqlite_db::access::read_only};
    for (const auto& button : buttons_) {
      const auto vote = parse_vote_button(button);
      db.each<user_id>(
          "SELECT user FROM daily_vote WHERE active = 1 AND hour = ?",
          [&](user_id user) {
            found.insert({to_string(user), button});
          },
          vote->hour);
    }
    return found;
  }

  std::shared_ptr<ear> heard_ = std::make_shared<ear>();
  std::string message_;
  std::vector<std::string> buttons_;
  std::vector<press> open_;
  std::set<vote_key> expected_;
  std::vector<std::string> moves_;
};

const disconnect& choose(stage& world) {
  auto sum = size_t{0};
  for (const auto& kind : kinds)
    sum += kind.weight;
  auto dice = world.below(sum);
  for (const auto& kind : kinds) {
    if (dice < kind.weight)
      return kind;
    dice -= kind.weight;
  }
  return kinds[0];
}

} // namespace

TEST_CASE("disconnects: of every kind, with votes running, lose and repeat nothing",
          "[sim][gateway][soak-disconnects]") {
  const auto count = test::soak_number("DISCONNECTS", 40);
  const auto seed = static_cast<uint32_t>(test::soak_number("SEED", 20261126));
  INFO("seed " << seed);
  auto world = stage{seed};
  auto anew = 0;
  auto done = std::map<std::string, uint64_t>{};
  for (auto round = uint64_t{0}; round < count; ++round) {
    // Each kind once, then by chance.
    const auto& kind = round < std::size(kinds) ? kinds[round] : choose(world);
    const auto lossy = kind.then == after::anew;
    INFO("round " << round << ": " << kind.name);
    ++done[kind.name];
    for (auto presses = world.below(3); presses > 0; --presses)
      world.push();
    if (lossy) {
      world.settle();
      world.hear_all();
      ++anew;
    }
    const auto mark = world.mark();
    if (kind.act != nullptr)
      world.gateway(kind.act);
    else
      REQUIRE(world.stop() == 0);
    if (!lossy) {
      // A feature that starts sees who is in voice, and is not told how they came there.
      if (kind.act != nullptr && world.below(2) == 0)
        world.move();
      world.push();
      world.push();
    } else if (world.below(8) == 0) {
      world.push(); // most likely to nobody
    }
    if (kind.act == nullptr)
      world.start();
    until("the next login", [&] { return world.logged_in_since(mark); });
    if (kind.end != nullptr)
      world.gateway(kind.end);
    world.settle(lossy);
    if (lossy) {
      world.push();
      world.settle();
    }
    world.hear_all();
    if (round % 10 == 9)
      world.check_stored();
  }
  world.check_stored();
  CHECK(world.identifies() <= 1 + anew);
  CHECK(world.votes > count);
  if (count >= std::size(kinds))
    CHECK(done.size() == std::size(kinds));
  test::soak_line(
      "{} disconnects of {} kinds, {} acknowledged votes ({} applied but told late), {} "
      "IDENTIFYs ({} allowed), seed {}",
      count, done.size(), world.votes, world.late, world.identifies(), 1 + anew, seed);
}
