// The neighbours of the shard's tests; this file has no test of its own.
#include "tests/actors/gateway/shard_bench.hpp"
#include <caf/send.hpp>

namespace hearth::test {
namespace {

class fake_gateway_rest final : public rest_actor::base {
public:
  fake_gateway_rest(caf::actor_config& config, neighbours& around)
      : rest_actor::base(config), around_(around) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const rest_request& asked) -> caf::result<rest_response> {
          const auto lock = std::lock_guard{around_.mutex};
          around_.told.write("rest " + asked.path);
          if (around_.rest_status == 0)
            return make_error(errc::unreachable);
          const auto body = json{{"url", around_.gateway_url},
                                 {"shards", 1},
                                 {"session_start_limit",
                                  {{"total", 1000},
                                   {"remaining", around_.starts_left},
                                   {"reset_after", 3'600'000},
                                   {"max_concurrency", 1}}}};
          return rest_response{around_.rest_status, 0, body.dump()};
        },
        [](get_rest_status) { return rest_status{}; },
        [](get_gates) { return gate_list_ptr{}; },
    };
  }

private:
  neighbours& around_;
};

class fake_supervisor final : public fake_supervisor_actor::base {
public:
  fake_supervisor(caf::actor_config& config, neighbours& around)
      : fake_supervisor_actor::base(config), around_(around) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](want_guild wanted) -> caf::result<guild_actor> {
          const auto lock = std::lock_guard{around_.mutex}; // what is told has been decided
          around_.told.write("want " + to_string(wanted.guild));
          if (around_.refuse_guilds)
            return make_error(errc::not_found, "no actor today");
          held_.emplace_back(make_response_promise<guild_actor>(), wanted.guild);
          const auto promise = held_.back().first;
          if (!around_.hold_guilds)
            give();
          return promise;
        },
        [this](const bot_identity& bot) {
          around_.told.write("bot " + bot.name + " with " + std::to_string(bot.guilds.size()));
        },
        [](const guild_wants&) {},
        [this](const fatal& end) {
          around_.told.write("fatal " + std::to_string(end.exit_code) + " " + end.text);
        },
        [this](release_guilds) { give(); },
    };
  }
  void on_exit() override {
    for (auto& guild : guilds_)
      caf::anon_send_exit(guild, caf::exit_reason::user_shutdown);
    guilds_.clear();
    held_.clear();
  }

private:
  void give() {
    for (auto& [promise, guild] : std::exchange(held_, {})) {
      guilds_.push_back(spawn<fake_guild>(std::ref(around_), guild));
      promise.deliver(guilds_.back());
    }
  }

  neighbours& around_;
  std::vector<guild_actor> guilds_;
  std::vector<std::pair<caf::typed_response_promise<guild_actor>, guild_id>> held_;
};

class fake_clock final : public clock_actor::base {
public:
  fake_clock(caf::actor_config& config, neighbours& around)
      : clock_actor::base(config), around_(around) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](const wakeable_actor&, const wake_at&) {},
        [](const job_runner_actor&, const plan_jobs&) {},
        [](const drop_guild_jobs&) {},
        [](get_jobs) { return job_list_ptr{}; },
        [](pause_jobs) {},
        [](const job_due&) { return job_done{}; },
        [this](const time_moved& moved) {
          around_.told.write("time " + std::to_string(moved.now.ms));
          return time_settled{};
        },
    };
  }

private:
  neighbours& around_;
};

} // namespace

std::string line_of(const guild_event& event) {
  struct visitor {
    std::string operator()(const guild_available& x) {
      return "available " + x.snapshot->name + (x.joined ? " joined" : "");
    }
    std::string operator()(const guild_unavailable&) { return "unavailable"; }
    std::string operator()(const guild_removed&) { return "removed"; }
    std::string operator()(const guild_changed& x) { return "changed " + x.snapshot->name; }
    std::string operator()(const voice_changed& x) {
      return "voice " + x.member.name + " " + to_string(x.from) + ">" + to_string(x.to);
    }
    std::string operator()(const message_deleted& x) { return "deleted " + to_string(x.message); }
    std::string operator()(const legacy_command& x) { return "!" + x.name; }
    std::string operator()(const own_voice& x) {
      return "own " + to_string(x.channel) + " " + x.session_id +
             (x.suppressed ? " suppressed" : "");
    }
    std::string operator()(const voice_server& x) { return "server " + x.endpoint + " " + x.token; }
    std::string operator()(const interaction_ptr& x) { return "interaction " + x->command; }
  };
  return std::visit(visitor{}, event);
}

fake_guild::behavior_type fake_guild::make_behavior() {
  return {
      [this](const guild_batch& batch) {
        auto line = "guild " + to_string(guild_) + ":";
        auto dies = false;
        for (const auto& event : batch.events) {
          line += " " + line_of(event) + ";";
          const auto* asked = std::get_if<interaction_ptr>(&event);
          dies |= asked != nullptr && (*asked)->command == "die";
        }
        {
          const auto lock = std::lock_guard{around_.mutex};
          if (around_.behind)
            around_.undigested.push_back(batch.credit);
          for (const auto& event : batch.events)
            if (const auto* asked = std::get_if<interaction_ptr>(&event); asked && around_.takes)
              claim(**asked);
        }
        around_.told.write(line);
        if (dies)
          quit(caf::exit_reason::unhandled_exception);
      },
      [](const job_due&) { return job_done{}; },
      [](const woken&) {},
      [](stop_guild) { return stopped{}; },
      [](get_guild_view) { return guild_view_ptr{}; },
      [](const switch_feature&) { return stopped{}; },
      [](const restart_feature&) { return stopped{}; },
      [](drain_guild) { return draining{}; },
  };
}

shard_bench::shard_bench()
    : system_(std::make_unique<caf::actor_system>(config_)),
      io_(std::make_unique<asio_context>(*system_, "gateway-test")) {
  around.gateway_url = server.url();
  rest_ = system_->spawn<fake_gateway_rest>(std::ref(around));
  supervisor_ = system_->spawn<fake_supervisor>(std::ref(around));
  clock_ = system_->spawn<fake_clock>(std::ref(around));
  options.token = secret{"the-token"};
  options.api = "http://127.0.0.1:1/api";
  options.mode = compression::none;
  options.folder = folder.path();
  options.timing.first_wait_ms_max = 1; // real timers: as short as they may be
  options.timing.backoff_ms_min = 1;
  options.timing.backoff_ms_max = 2;
  options.timing.identify_gap_ms = 1;
  options.timing.invalid_ms_min = 1;
  options.timing.invalid_ms_max = 2;
  options.news_wait_ms = 0; // what is told is told at once
  options.socket.user_agent = "DiscordBot (test, 1)";
}

shard_bench::~shard_bench() {
  kill();
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(rest_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(clock_, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
  rest_ = nullptr;
  clock_ = nullptr;
  system_->await_all_actors_done();
  io_.reset();
}

void shard_bench::spawn() {
  shard_ = spawn_gateway_shard(*system_, *io_, options, {rest_, supervisor_, clock_});
}

bool shard_bench::stop(bool resumable) {
  auto answered = false;
  auto self = caf::scoped_actor{*system_};
  self->request(shard_, std::chrono::seconds{10}, stop_shard{resumable})
      .receive([&](shard_stopped) { answered = true; }, [](const caf::error&) {});
  self->wait_for(shard_);
  shard_ = nullptr;
  return answered;
}

void shard_bench::kill() {
  if (!shard_)
    return;
  auto self = caf::scoped_actor{*system_};
  caf::anon_send_exit(shard_, caf::exit_reason::kill);
  self->wait_for(shard_);
  shard_ = nullptr;
}

shard_status shard_bench::status() {
  auto got = shard_status{};
  auto self = caf::scoped_actor{*system_};
  self->request(shard_, std::chrono::seconds{10}, get_shard_status{})
      .receive([&](const shard_status& status) { got = status; },
               [](const caf::error& error) { FAIL(describe(error)); });
  return got;
}

void shard_bench::release() { caf::anon_send(supervisor_, caf::ok_atom::value); }

void say_hello(scripted_connection& peer, int64_t interval_ms) {
  peer.text(
      json{{"t", nullptr}, {"s", nullptr}, {"op", 10}, {"d", {{"heartbeat_interval", interval_ms}}}}
          .dump());
}

json expect_op(scripted_connection& peer, int op) {
  for (;;) {
    auto payload = json::parse(peer.receive());
    if (payload["op"] == op)
      return payload;
    REQUIRE(payload["op"] == 1);
    peer.text(R"({"t":null,"s":null,"op":11,"d":null})");
  }
}

void dispatch(scripted_connection& peer, const std::string& type, int64_t seq, const json& d) {
  peer.text(R"({"t":")" + type + R"(","s":)" + std::to_string(seq) + R"(,"op":0,"d":)" + d.dump() +
            "}");
}

json identify(scripted_connection& peer, const scripted_gateway& server,
              const std::vector<std::string>& guilds) {
  say_hello(peer);
  auto asked = expect_op(peer, 2);
  auto stubs = json::array();
  for (const auto& id : guilds)
    stubs.push_back({{"id", id}, {"unavailable", true}});
  dispatch(peer, "READY", 1,
           {{"v", 10},
            {"user", {{"id", "900"}, {"username", "hearth"}, {"bot", true}}},
            {"guilds", stubs},
            {"session_id", "the-session"},
            {"resume_gateway_url", server.url() + "/resume"},
            {"application", {{"id", "901"}, {"flags", 0}}}});
  return asked;
}

json guild(const std::string& id, const std::string& name) {
  return {{"id", id},
          {"name", name},
          {"unavailable", false},
          {"owner_id", "800"},
          {"roles", json::array({{{"id", id}, {"name", "@everyone"}, {"permissions", "1024"}}})},
          {"channels", json::array({{{"id", "7"}, {"type", 2}, {"name", "voice"}}})},
          {"members", json::array({{{"user", {{"id", "900"}, {"username", "hearth"}}},
                                    {"roles", json::array()}}})},
          {"voice_states", json::array()},
          {"emojis", json::array()}};
}

} // namespace hearth::test
