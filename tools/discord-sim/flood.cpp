#include "discord-sim/flood.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/objects.hpp"
#include <algorithm>

namespace sim {
namespace {

constexpr std::size_t queued_max = 1 << 20; ///< bytes waiting for a reader before the flood pauses
constexpr int burst = 256;                  ///< events between two looks at the queues
constexpr int variants = 64;                ///< different payloads of each kind
constexpr int patience_s = 120;             ///< for the last acknowledgement

struct frame {
  std::string type;
  std::shared_ptr<const std::string> data;
  /// Where 19 digits are replaced by a fresh id each time (messages: clients drop an id they know).
  std::size_t id_at = std::string::npos;
};
constexpr std::size_t id_digits = 19;

/// One pass over the mix of goals.md in hundredths. INTERACTION_CREATE is left out, since each
/// would have to be answered over REST; messages take its share.
struct share {
  const char* type;
  int hundredths;
};
constexpr share mix[] = {{"MESSAGE_CREATE", 32},
                         {"PRESENCE_UPDATE", 35},
                         {"TYPING_START", 18},
                         {"MESSAGE_REACTION_ADD", 10},
                         {"VOICE_STATE_UPDATE", 5}};

/// The payloads of one kind go round: what a member does differs from what they did before.
struct kind {
  std::vector<frame> frames;
  std::size_t sent = 0;
};

class flood : public std::enable_shared_from_this<flood> {
public:
  flood(core& c, snowflake application, int events, int per_second, respond answer)
      : core_(c), application_(application), left_(events), events_(events),
        per_second_(per_second), answer_(std::move(answer)) {}

  void start() {
    build();
    started_ = steady::now();
    step();
  }

private:
  void build() {
    const auto& app = core_.world.applications.at(application_);
    for (auto& [id, g] : core_.world.guilds)
      if (g.members.count(app.bot) != 0)
        guild_ = id;
    auto& g = core_.world.guilds.at(guild_);
    for (const auto& [id, m] : g.members)
      if (!core_.world.users.at(id).bot)
        people_.push_back(id);
    for (const auto id : g.channels)
      if (core_.world.channels.at(id).type == channel_type::text)
        texts_.push_back(id);
      else if (core_.world.channels.at(id).type == channel_type::voice)
        voices_.push_back(id);
    for (const auto& [type, hundredths] : mix) {
      auto frames = std::vector<frame>{};
      for (int i = 0; i < variants; ++i)
        frames.push_back(prebuilt(type, i));
      order_.insert(order_.end(), static_cast<std::size_t>(hundredths), kinds_.size());
      kinds_.push_back({std::move(frames)});
    }
    // Spread evenly and reproducibly: a stride that is coprime to 100.
    auto spread = std::vector<std::size_t>(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i)
      spread[i] = order_[i * 37 % order_.size()];
    order_ = std::move(spread);
  }

  frame prebuilt(const char* type, int i) {
    auto made = payload(type, i);
    auto found = std::string::npos;
    auto text = made.dump();
    if (std::string_view(type) == "MESSAGE_CREATE") {
      const auto id = made.at("id").get<std::string>();
      if (id.size() == id_digits)
        found = text.find("\"id\":\"" + id) + 6;
    }
    return {type, std::make_shared<const std::string>(std::move(text)), found};
  }

  std::shared_ptr<const std::string> data_of(const frame& next) {
    if (next.id_at == std::string::npos)
      return next.data;
    auto fresh = std::make_shared<std::string>(*next.data);
    fresh->replace(next.id_at, id_digits, std::to_string(core_.new_id()));
    return fresh;
  }

  json payload(std::string_view type, int i) {
    auto& g = core_.world.guilds.at(guild_);
    const auto at = static_cast<std::size_t>(i);
    // Half as many members as variants: each of them has two, which differ.
    const auto user = people_[at % (variants / 2) % people_.size()];
    const auto channel = texts_[at % texts_.size()];
    const auto member = member_json(core_.world, g.members.at(user));
    const auto gid = std::to_string(guild_);
    const auto uid = std::to_string(user);
    if (type == "TYPING_START")
      return {{"channel_id", std::to_string(channel)},
              {"guild_id", gid},
              {"user_id", uid},
              {"timestamp", core_.clock.now() / 1000},
              {"member", member}};
    if (type == "MESSAGE_REACTION_ADD")
      return {{"user_id", uid},
              {"channel_id", std::to_string(channel)},
              {"message_id", std::to_string(core_.new_id())},
              {"guild_id", gid},
              {"member", member},
              {"emoji", {{"id", nullptr}, {"name", "\xF0\x9F\x8E\xB2"}}},
              {"message_author_id", uid},
              {"burst", false},
              {"type", 0}};
    if (type == "VOICE_STATE_UPDATE") {
      const auto voice = voices_[(at / (variants / 2) + at) % voices_.size()];
      return {{"guild_id", gid},         {"channel_id", std::to_string(voice)},
              {"user_id", uid},          {"member", member},
              {"session_id", "flood"},   {"deaf", false},
              {"mute", false},           {"self_deaf", false},
              {"self_mute", i % 2 == 0}, {"self_video", false},
              {"suppress", false},       {"request_to_speak_timestamp", nullptr}};
    }
    if (type == "PRESENCE_UPDATE")
      return {{"user", {{"id", uid}}},
              {"guild_id", gid},
              {"status", i < variants / 2 ? "idle" : "online"},
              {"client_status", {{"desktop", "online"}, {"mobile", "idle"}}},
              {"activities", json::array({{{"id", "custom"},
                                           {"name", "Custom Status"},
                                           {"type", 4},
                                           {"state", "back in a minute, the kettle is on"},
                                           {"created_at", core_.clock.now()}},
                                          {{"id", "7f3a"},
                                           {"name", "Tom Clancy's Rainbow Six Siege X"},
                                           {"type", 0},
                                           {"application_id", "1134560000000000000"},
                                           {"details", "RANKED match"},
                                           {"state", "Round " + std::to_string(i % 9)},
                                           {"timestamps", {{"start", core_.clock.now() - 600000}}},
                                           {"party", {{"id", "party-1"}, {"size", {3, 5}}}},
                                           {"assets",
                                            {{"large_image", "1134561111111111111"},
                                             {"large_text", "Clubhouse"},
                                             {"small_image", "1134562222222222222"},
                                             {"small_text", "Attack"}}},
                                           {"created_at", core_.clock.now()},
                                           {"flags", 1}}})}};
    auto bare = bare_member_json(g.members.at(user));
    return {{"id", std::to_string(core_.new_id())},
            {"channel_id", std::to_string(channel)},
            {"guild_id", gid},
            {"type", 0},
            {"content", "flood " + std::to_string(i) +
                            ": anybody for a round tonight? We are three and would like two more, "
                            "microphone welcome, no shouting."},
            {"author", user_json(core_.world.users.at(user))},
            {"member", bare},
            {"timestamp", "2026-11-20T12:00:00.123000+00:00"},
            {"edited_timestamp", nullptr},
            {"tts", false},
            {"mention_everyone", false},
            {"mentions", json::array()},
            {"mention_roles", json::array()},
            {"attachments", json::array()},
            {"embeds", json::array()},
            {"components", json::array()},
            {"pinned", false},
            {"flags", 0},
            {"nonce", std::to_string(1000000 + i)}};
  }

  std::size_t queued() const {
    std::size_t most = 0;
    for (const auto& s : core_.gateway().sessions())
      if (s.application == application_)
        most = std::max(most, s.queued);
    return most;
  }

  void step() {
    auto self = shared_from_this();
    if (left_ == 0)
      return finish();
    if (queued() > queued_max)
      return core_.after(std::chrono::milliseconds(1), [self] { self->step(); });
    const int now = std::min(left_, per_second_ > 0 ? std::max(1, per_second_ / 100) : burst);
    for (int i = 0; i < now; ++i) {
      auto& kind = kinds_[order_[sent_++ % order_.size()]];
      const auto& next = kind.frames[kind.sent++ % kind.frames.size()];
      bytes_ += next.data->size();
      core_.gateway().flood(application_, next.type, data_of(next));
    }
    left_ -= now;
    core_.after(std::chrono::milliseconds(per_second_ > 0 ? 10 : 0), [self] { self->step(); });
  }

  void finish() {
    core_.gateway().ask_heartbeat(application_);
    asked_ = beat_asked_ = steady::now();
    wait();
  }

  void wait() {
    bool all = true;
    bool any = false;
    for (const auto& s : core_.gateway().sessions())
      if (s.application == application_ && s.connected) {
        any = true;
        all = all && s.beaten_seq >= s.seq;
      }
    all = all && any;
    const auto now = steady::now();
    if (!all && now - beat_asked_ > ask_wait_) {
      // Some clients beat before they have counted what they read: ask again. Less and less often,
      // since each answer counts among the 120 that a client may send in a minute.
      core_.gateway().ask_heartbeat(application_);
      beat_asked_ = now;
      ask_wait_ = std::min(ask_wait_ * 2, std::chrono::milliseconds(1'600));
    }
    if (!all && now - asked_ < std::chrono::seconds(patience_s))
      return core_.after(std::chrono::milliseconds(1),
                         [self = shared_from_this()] { self->wait(); });
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_).count();
    answer_(http_response::of(
        200, {{"events", events_}, {"bytes", bytes_}, {"ms", ms}, {"acknowledged", all}}));
  }

  core& core_;
  snowflake application_;
  int left_, events_, per_second_;
  respond answer_;
  snowflake guild_ = 0;
  std::vector<snowflake> people_, texts_, voices_;
  std::vector<kind> kinds_;
  std::vector<std::size_t> order_; ///< Indices of kinds_.
  std::size_t sent_ = 0, bytes_ = 0;
  steady::time_point started_, asked_, beat_asked_;
  std::chrono::milliseconds ask_wait_{50};
};

http_response post_flood(rest_call& call) {
  const auto& body = call.object();
  const auto token = body.value("token", std::string("sandbox"));
  const auto events = body.value("events", 10000);
  const auto per_second = body.value("per_second", 0);
  if (events < 1 || events > 10'000'000 || per_second < 0 || per_second > 1'000'000)
    return http_response::of(
        400, {{"ok", false}, {"error", "events: 1..10000000, per_second: 0..1000000"}});
  for (const auto& [id, app] : call.core.world.applications)
    if (app.token == token) {
      std::make_shared<flood>(call.core, id, events, per_second, call.defer())->start();
      auto later = http_response{};
      later.later = true;
      return later;
    }
  return http_response::of(404, {{"ok", false}, {"error", "no application has that token"}});
}

} // namespace

void add_flood_route(core& c) {
  auto options = route_options{};
  options.who = auth::none;
  options.limit.count = 0;
  c.plain.add("POST", "/sim/flood", post_flood, options);
}

} // namespace sim
