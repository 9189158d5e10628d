#pragma once
// One guild actor among neighbours that the test holds in its hand: they write down what they are
// told and answer as they are set.
#include "actors/root/guild.hpp"
#include "actors/root/guild_env.hpp"
#include "infra/gateway/permissions.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// The settings store's memory.
struct settings_record {
  hearth::guild_settings now;
  std::vector<hearth::moderator_action> actions;
  std::vector<std::pair<std::string, std::string>> options; ///< Set, in order.
  std::vector<bool> removed;                                ///< mark_guild_removed.
  int loads = 0;
  bool fail = false; ///< Answers store_failed.
  bool hold = false; ///< Answers nothing at all.
};

class fake_settings final : public hearth::settings_store_actor::base {
public:
  fake_settings(caf::actor_config& config, std::shared_ptr<settings_record> record)
      : hearth::settings_store_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::load_guild_settings&) {
          ++record_->loads;
          return whole();
        },
        [this](const hearth::set_guild_option& asked) {
          if (!record_->fail) {
            record_->options.emplace_back(asked.key, asked.value);
            record_->actions.push_back(asked.by);
            record_->now.options[asked.key] = asked.value;
          }
          return whole();
        },
        [this](const hearth::set_guild_channel& asked) {
          if (!record_->fail) {
            record_->actions.push_back(asked.by);
            if (asked.channel)
              record_->now.channels[asked.kind] = asked.channel;
            else
              record_->now.channels.erase(asked.kind);
          }
          return whole();
        },
        [this](const hearth::track_voice_channel&) { return whole(); },
        [this](const hearth::mark_guild_removed& asked) {
          record_->removed.push_back(asked.removed);
          return whole();
        },
        [](const hearth::note_guilds&) {},
        [](const hearth::purge_guild&) {},
    };
  }

  void on_exit() override { held_.clear(); }

private:
  caf::result<hearth::guild_settings_ptr> whole() {
    if (record_->hold) {
      held_.push_back(make_response_promise<hearth::guild_settings_ptr>());
      return held_.back();
    }
    if (record_->fail)
      return hearth::make_error(hearth::errc::store_failed, "test");
    return std::make_shared<const hearth::guild_settings>(record_->now);
  }

  std::shared_ptr<settings_record> record_;
  std::vector<caf::typed_response_promise<hearth::guild_settings_ptr>> held_;
};

struct people_record {
  std::map<hearth::user_id, hearth::person> people;
  std::vector<hearth::set_zone> set;
  std::vector<std::string> seen; ///< Names.
  bool fail = false;
};

class fake_people final : public hearth::people_store_actor::base {
public:
  fake_people(caf::actor_config& config, std::shared_ptr<people_record> record)
      : hearth::people_store_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::find_people& asked) -> caf::result<hearth::people_found> {
          if (record_->fail)
            return hearth::make_error(hearth::errc::store_failed, "test");
          auto found = hearth::people_found{};
          for (const auto user : asked.users) {
            auto known = record_->people[user];
            known.user = user;
            found.people.push_back(known);
          }
          return found;
        },
        [this](const hearth::set_zone& asked) -> caf::result<hearth::person> {
          if (record_->fail)
            return hearth::make_error(hearth::errc::store_failed, "test");
          record_->set.push_back(asked);
          record_->people[asked.user] = {asked.user, asked.name, asked.zone};
          return record_->people[asked.user];
        },
        [this](const hearth::people_seen& told) {
          for (const auto& each : told.people)
            record_->seen.push_back(each.name);
        },
    };
  }

private:
  std::shared_ptr<people_record> record_;
};

struct clock_record {
  std::vector<hearth::wake_at> wakes;
  std::vector<hearth::plan_jobs> plans;
  std::vector<hearth::guild_id> dropped;
};

class fake_clock final : public hearth::clock_actor::base {
public:
  fake_clock(caf::actor_config& config, std::shared_ptr<clock_record> record)
      : hearth::clock_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::wakeable_actor&, const hearth::wake_at& asked) {
          record_->wakes.push_back(asked);
        },
        [this](const hearth::job_runner_actor&, const hearth::plan_jobs& asked) {
          record_->plans.push_back(asked);
        },
        [this](hearth::drop_guild_jobs asked) { record_->dropped.push_back(asked.guild); },
        [](hearth::get_jobs) { return hearth::job_list_ptr{}; },
        [](hearth::pause_jobs) {},
        [](const hearth::job_due&) { return hearth::job_done{}; },
        [](const hearth::time_moved&) { return hearth::time_settled{}; },
    };
  }

private:
  std::shared_ptr<clock_record> record_;
};

/// What a feature was told, and what it does when it is asked.
struct feature_record {
  enum class way { answers, errs, throws, is_silent, throws_later };
  way does = way::answers;
  bool stops = true;    ///< False: ignores stop_feature.
  bool refuses = false; ///< Throws when it is made.
  bool slow = false;    ///< Digests nothing: what it is told stays under way.
  std::vector<std::shared_ptr<const void>> kept;
  int spawned = 0, alive = 0;
  std::vector<hearth::guild_facts> facts;
  std::vector<std::string> log; ///< "voice 2", "deleted 7", "asked name", "job name" in order.
};

class fake_feature final : public hearth::feature_actor::base {
public:
  fake_feature(caf::actor_config& config, std::shared_ptr<feature_record> record)
      : hearth::feature_actor::base(config), record_(std::move(record)) {
    if (record_->refuses)
      throw std::runtime_error("cannot start");
    ++record_->spawned;
    ++record_->alive;
  }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::guild_facts& facts) {
          record_->facts.push_back({facts.settings, facts.snapshot});
          keep(facts.credit);
        },
        [this](const hearth::interaction_ptr& asked) -> caf::result<hearth::interaction_response> {
          keep(asked);
          record_->log.push_back("asked " + asked->command + asked->custom_id);
          switch (record_->does) {
          case feature_record::way::errs:
            return hearth::make_error(hearth::errc::store_failed, "test");
          case feature_record::way::throws:
            throw std::runtime_error("a defect");
          case feature_record::way::throws_later: // keeps a promise and dies of the next message
          case feature_record::way::is_silent:
            held_.push_back(make_response_promise<hearth::interaction_response>());
            return held_.back();
          case feature_record::way::answers:
            break;
          }
          auto answer = hearth::interaction_response{};
          answer.data = R"({"content":"done"})";
          answer.ephemeral = true;
          return answer;
        },
        [this](const hearth::voice_changes& told) {
          record_->log.push_back("voice " + std::to_string(told.changes.size()));
          keep(told.credit);
        },
        [this](const hearth::member_news_ptr& told) {
          record_->log.push_back("news " + std::to_string(told->presences.size()) + " " +
                                 std::to_string(told->messages.size()) + " " +
                                 std::to_string(told->reactions.size()));
          keep(told);
        },
        [this](const hearth::message_deleted& told) {
          if (record_->does == feature_record::way::throws_later)
            throw std::runtime_error("a defect");
          record_->log.push_back("deleted " + to_string(told.message));
          keep(told.credit);
        },
        [this](const hearth::job_due& due) -> caf::result<hearth::job_done> {
          record_->log.push_back("job " + due.job);
          if (record_->does == feature_record::way::errs)
            return hearth::make_error(hearth::errc::unreachable);
          return hearth::job_done{};
        },
        [](const hearth::woken&) {},
        [this](hearth::stop_feature) -> caf::result<hearth::stopped> {
          if (!record_->stops) {
            stops_.push_back(make_response_promise<hearth::stopped>());
            return stops_.back();
          }
          quit();
          return hearth::stopped{};
        },
    };
  }
  void on_exit() override {
    --record_->alive;
    held_.clear(); // a promise kept by a dead actor keeps the one that waits for it
    stops_.clear();
  }

private:
  void keep(std::shared_ptr<const void> credit) {
    if (record_->slow)
      record_->kept.push_back(std::move(credit));
  }

  std::shared_ptr<feature_record> record_;
  std::vector<caf::typed_response_promise<hearth::interaction_response>> held_;
  std::vector<caf::typed_response_promise<hearth::stopped>> stops_;
};

/// Builds one interaction.
struct asking {
  hearth::interaction made;

  static asking command(std::string name, std::string subcommand = {}) {
    auto what = asking{};
    what.made.kind = hearth::interaction_kind::command;
    what.made.command = std::move(name);
    what.made.subcommand = std::move(subcommand);
    return what;
  }
  static asking component(std::string id, std::vector<std::string> values = {}) {
    auto what = asking{};
    what.made.kind = hearth::interaction_kind::component;
    what.made.custom_id = std::move(id);
    what.made.values = std::move(values);
    what.made.message = hearth::message_id{4242};
    return what;
  }
  asking with(std::string name, hearth::option_value value) const {
    auto copy = *this;
    copy.made.options.push_back({std::move(name), std::move(value), false});
    return copy;
  }
  /// Autocomplete of that option.
  asking typing(std::string name, std::string text) const {
    auto copy = *this;
    copy.made.kind = hearth::interaction_kind::autocomplete;
    copy.made.options.push_back({std::move(name), std::move(text), true});
    return copy;
  }
  asking locale(std::string which) const {
    auto copy = *this;
    copy.made.locale = std::move(which);
    return copy;
  }
  asking by(hearth::user_id user, uint64_t permissions = 0,
            std::vector<hearth::role_id> roles = {}) const {
    auto copy = *this;
    copy.made.member = {user, "Member " + to_string(user), std::move(roles), permissions, false};
    return copy;
  }
  /// A member that an option names.
  asking naming(hearth::user_id user, std::string name, bool bot = false) const {
    auto copy = *this;
    copy.made.users[user] = {user, std::move(name), {}, 0, bot};
    return copy;
  }
  asking naming(hearth::channel_id channel, uint64_t app_permissions,
                hearth::channel_kind kind = hearth::channel_kind::text,
                uint64_t permissions = hearth::permission_bit::view_channel) const {
    auto copy = *this;
    copy.made.channels[channel] = {"named", static_cast<uint8_t>(kind), permissions,
                                   app_permissions};
    return copy;
  }
};

struct guild_fixture : det_system {
  static constexpr auto id = hearth::guild_id{500};
  static constexpr auto owner = hearth::user_id{1};
  static constexpr auto member = hearth::user_id{2};
  static constexpr auto bot = hearth::user_id{99};
  static constexpr auto mod_role = hearth::role_id{601};
  static constexpr auto bot_role = hearth::role_id{602};
  static constexpr auto system_channel = hearth::channel_id{700};
  static constexpr auto general = hearth::channel_id{701};
  static constexpr auto lounge = hearth::channel_id{702};
  static constexpr uint64_t administrator = hearth::permission_bit::administrator;

  std::shared_ptr<rest_record> rest = std::make_shared<rest_record>();
  std::shared_ptr<settings_record> settings = std::make_shared<settings_record>();
  std::shared_ptr<people_record> people = std::make_shared<people_record>();
  std::shared_ptr<clock_record> clock = std::make_shared<clock_record>();
  std::shared_ptr<feature_record> feature = std::make_shared<feature_record>();
  hearth::driven_time time;
  hearth::guild_limits limits;
  std::vector<std::vector<std::string>> registered; ///< Each call of register_commands.
  std::map<std::string, hearth::command_id> command_ids;
  hearth::gateway_wants feature_wants;       ///< Of the one feature; set it before.
  std::vector<hearth::gateway_wants> wanted; ///< Each call of tell_wants.
  hearth::guild_snapshot shown;              ///< What `available` tells; change it before.
  uint64_t next_interaction = 1;

  fake_rest_actor rest_one = sys.spawn<fake_rest>(rest);
  hearth::settings_store_actor settings_one = sys.spawn<fake_settings>(settings);
  hearth::people_store_actor people_one = sys.spawn<fake_people>(people);
  hearth::clock_actor clock_one = sys.spawn<fake_clock>(clock);
  hearth::guild_actor guild;

  guild_fixture() {
    time.set({1'790'000'000'000}); // 2026-09-21T14:13:20Z
    settings->now.guild = id;
    settings->now.options["core.welcome"] = "done"; // tests of the welcome take it away
    shown = usual_guild();
  }
  ~guild_fixture() {
    stop(guild);
    guild = nullptr;
    stop(rest_one);
    stop(settings_one);
    stop(people_one);
    stop(clock_one);
  }

  static hearth::guild_snapshot usual_guild() {
    constexpr auto basic =
        hearth::permission_bit::view_channel | hearth::permission_bit::send_messages |
        hearth::permission_bit::embed_links | hearth::permission_bit::read_message_history;
    auto made = hearth::guild_snapshot{};
    made.id = id;
    made.name = "Hearth test";
    made.preferred_locale = "en-US";
    made.owner = owner;
    made.system_channel = system_channel;
    made.roles = {{hearth::role_id{id.value}, "@everyone", basic, 0, false},
                  {mod_role, "Mod", 0, 5, false},
                  {bot_role, "Hearth", basic, 3, true}};
    made.channels = {{system_channel, {}, hearth::channel_kind::text, 0, "welcome", {}},
                     {general, {}, hearth::channel_kind::text, 1, "general", {}},
                     {lounge, {}, hearth::channel_kind::voice, 2, "Lounge", {}}};
    made.self = {bot, "Hearth", {bot_role}, basic, true};
    return made;
  }

  hearth::guild_env_ptr environment() {
    auto env = std::make_shared<hearth::guild_env>();
    env->rest = rest_one;
    env->settings = settings_one;
    env->clock = clock_one;
    env->people = people_one;
    auto entry = hearth::feature_entry{};
    entry.name = "schedule"; // the one feature whose commands are declared
    entry.spawn = [this](caf::actor_system& system, hearth::guild_id) {
      return hearth::feature_actor{system.spawn<fake_feature>(feature)};
    };
    entry.wants = feature_wants;
    entry.jobs = {{"daily_schedule", 420, {}, 127}};
    entry.channels = {{"schedule"}};
    entry.needs = {{hearth::permission_bit::view_channel | hearth::permission_bit::send_messages,
                    "schedule", "channel.schedule"}};
    env->features = {entry};
    env->texts = &hearth::embedded_catalog();
    env->time = &time;
    env->steady_ms = [this] { return steady_ms(); };
    env->limits = [this] { return limits; };
    env->register_commands = [this](hearth::guild_id, std::vector<std::string> features) {
      registered.push_back(std::move(features));
    };
    env->command_id_of = [this](hearth::guild_id, std::string_view name) {
      const auto found = command_ids.find(std::string{name});
      return found == command_ids.end() ? hearth::command_id{} : found->second;
    };
    env->tell_wants = [this](const hearth::guild_wants& said) { wanted.push_back(said.wants); };
    env->version = "1.2.3";
    return env;
  }

  void spawn(hearth::guild_id which = id) {
    guild = hearth::spawn_guild(sys, which, environment());
    run();
  }
  void happen(std::vector<hearth::guild_event> events) {
    tell(guild, hearth::guild_batch{id, std::move(events)});
  }
  hearth::guild_snapshot_ptr snapshot() const {
    return std::make_shared<const hearth::guild_snapshot>(shown);
  }
  void available() { happen({hearth::guild_available{snapshot(), false}}); }
  /// A guild that is there with its settings read.
  void start() {
    spawn();
    available();
  }

  hearth::interaction_ptr make(const asking& what) {
    auto made = what.made;
    // Created now, as its id tells; the low bits make it unique.
    made.id = {static_cast<uint64_t>(time.now().ms - 1420070400000) << 22 | next_interaction++};
    made.token = "token" + to_string(made.id);
    made.application = hearth::application_id{77};
    made.guild = id;
    made.channel = general;
    if (!made.member.user)
      made.member = {member, "Ember", {}, 0, false};
    if (made.locale.empty())
      made.locale = "en-US";
    made.received_ms = steady_ms();
    return std::make_shared<const hearth::interaction>(made);
  }
  /// Sends it; its first answer, if it came at once.
  nlohmann::json ask_guild(const asking& what) {
    const auto before = rest->to("/callback").size();
    happen({hearth::guild_event{make(what)}});
    const auto sent = rest->to("/callback");
    return sent.size() == before ? nlohmann::json{} : nlohmann::json::parse(sent.back().body);
  }
  /// The text a member reads: content, or the embed's title, text, fields and footer.
  static std::string read(const nlohmann::json& callback) {
    if (!callback.contains("data"))
      return {};
    const auto& data = callback["data"];
    auto text = data.value("content", std::string{});
    if (data.contains("embeds"))
      for (const auto& embed : data["embeds"]) {
        text += embed.value("title", std::string{}) + "\n" +
                embed.value("description", std::string{}) + "\n";
        if (embed.contains("fields"))
          for (const auto& field : embed["fields"])
            text += field.value("name", std::string{}) + "\n" +
                    field.value("value", std::string{}) + "\n";
        if (embed.contains("footer"))
          text += embed["footer"].value("text", std::string{});
      }
    return text;
  }
  std::string say(const asking& what) { return read(ask_guild(what)); }
  /// Names of the choices of an autocomplete.
  std::vector<std::string> complete(const asking& what) {
    auto values = std::vector<std::string>{};
    const auto answer = ask_guild(what);
    if (answer.value("type", 0) == 8)
      for (const auto& choice : answer["data"]["choices"])
        values.push_back(choice["value"].get<std::string>());
    return values;
  }
  static bool is_ephemeral(const nlohmann::json& callback) {
    return callback.contains("data") && (callback["data"].value("flags", 0) & 64) != 0;
  }
  static std::string text(std::string_view key, std::string_view locale = "en") {
    return hearth::embedded_catalog().text(locale, key);
  }
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
};

} // namespace test
