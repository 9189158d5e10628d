// The REST client against the local Discord: its limits, its faults, its command lists.
#include "actors/interactions/command_registrar.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/system_config.hpp"
#include "discord-sim/rate_limit.hpp"
#include "infra/interactions/command_json.hpp"
#include "infra/interactions/message_builder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <future>

using namespace hearth;
using nlohmann::json;

namespace {

constexpr auto patience = std::chrono::seconds(60);

sim::server_options with_limits() {
  auto options = sim_test::sim_world::defaults();
  options.rate_limits = true;
  return options;
}

struct world {
  sim_test::sim_world discord{with_limits()};
  system_config config;
  caf::actor_system system{config};
  asio_context io{system, "rest"};
  rest_actor rest;

  world() {
    auto options = rest_options{};
    options.api = discord.server.api_base();
    options.token = secret{"sandbox"};
    options.user_agent = "DiscordBot (https://example.org, 1.0)";
    rest = system.spawn<rest_client>(std::ref(io), options, nullptr);
  }
  ~world() {
    caf::anon_send_exit(rest, caf::exit_reason::user_shutdown);
    rest = nullptr;
    system.await_all_actors_done();
  }
  std::string messages() const { return "/channels/" + discord.general + "/messages"; }

  /// Asks all at once and waits for all answers, in order; status 0 where there was none.
  std::vector<rest_response> ask(std::vector<rest_request> requests) {
    auto done = std::make_shared<std::promise<std::vector<rest_response>>>();
    auto future = done->get_future();
    system.spawn(
        [&, done](caf::event_based_actor* self, const rest_actor& asked) {
          auto answers = std::make_shared<std::vector<rest_response>>(requests.size());
          auto left = std::make_shared<size_t>(requests.size());
          for (size_t i = 0; i < requests.size(); ++i) {
            const auto finish = [=] {
              if (--*left == 0)
                done->set_value(*answers);
            };
            self->request(asked, patience, requests[i])
                .then(
                    [=](const rest_response& response) {
                      (*answers)[i] = response;
                      finish();
                    },
                    [=](const caf::error&) { finish(); });
          }
        },
        rest);
    return future.get();
  }
  rest_response ask(rest_request request) {
    return ask(std::vector<rest_request>{std::move(request)})[0];
  }
  uint64_t violations() {
    return discord.server.call([](sim::core& core) { return core.violations.total(); });
  }
  size_t posted() { return discord.robot.call("GET", messages() + "?limit=100").body.size(); }
};

rest_request made(http_method method, std::string path, const json& body = nullptr) {
  auto request = rest_request{};
  request.method = method;
  request.path = std::move(path);
  request.body = body.is_null() ? "" : body.dump();
  request.priority = rest_priority::member;
  request.deadline_ms = 50'000;
  return request;
}
rest_request post(const world& w, const std::string& text, bool nonce = false) {
  auto body = message_text(text);
  if (nonce) {
    body["nonce"] = text;
    body["enforce_nonce"] = true;
  }
  return made(http_method::post, w.messages(), body);
}

} // namespace

TEST_CASE("rest and sim: a burst over every limit meets no 429", "[sim][rest]") {
  auto w = world{};
  auto requests = std::vector<rest_request>{};
  for (auto i = 0; i < 7; ++i) // 5 per 5 s
    requests.push_back(post(w, "burst " + std::to_string(i)));
  const auto guild = "/guilds/" + w.discord.guild;
  for (auto i = 0; i < 9; ++i) // 72 in all: over the 50 a second of all routes together
    for (const auto& path :
         {guild, guild + "/channels", guild + "/roles", guild + "/members?limit=1",
          "/channels/" + w.discord.general, std::string{"/users/@me"},
          std::string{"/applications/@me"}, std::string{"/gateway/bot"}})
      requests.push_back(made(http_method::get, path));
  const auto answers = w.ask(std::move(requests));
  for (const auto& answer : answers) {
    CHECK(answer.status == 200);
    CHECK(answer.attempts == 1);
  }
  CHECK(w.violations() == 0);
  auto texts = std::vector<std::string>{};
  for (const auto& message : w.discord.robot.call("GET", w.messages() + "?limit=100").body)
    texts.insert(texts.begin(), message["content"]);
  REQUIRE(texts.size() == 7);
  for (size_t i = 0; i < texts.size(); ++i)
    CHECK(texts[i] == "burst " + std::to_string(i)); // in the order in which they were asked
}

TEST_CASE("rest and sim: files and embeds arrive", "[sim][rest]") {
  auto w = world{};
  auto request = post(w, "with a file");
  auto body = json::parse(request.body);
  body["embeds"] = json::array({make_embed({"title", "text", {{"a", "b"}}})});
  body["attachments"] = json::array({{{"id", 0}, {"filename", "a.txt"}, {"description", "it"}}});
  request.body = body.dump();
  request.files = {{"a.txt", "text/plain", "content"}};
  const auto answer = w.ask(request);
  REQUIRE(answer.status == 200);
  const auto message = json::parse(answer.body);
  CHECK(message["attachments"][0]["filename"] == "a.txt");
  CHECK(message["attachments"][0]["size"] == 7);
  CHECK(message["embeds"][0]["fields"][0]["value"] == "b");
  CHECK(w.violations() == 0);
}

TEST_CASE("matrix 25: an upload, and an edit that keeps one of two files", "[sim][rest][matrix]") {
  auto w = world{};
  auto request = post(w, "two files");
  auto body = json::parse(request.body);
  body["attachments"] = json::array({{{"id", 0}, {"filename", "a.txt"}},
                                     {{"id", 1}, {"filename", "b.txt"}, {"description", "B"}}});
  request.body = body.dump();
  request.files = {{"a.txt", "text/plain", "first"}, {"b.txt", "text/plain", "second one"}};
  const auto made_answer = w.ask(request);
  REQUIRE(made_answer.status == 200);
  const auto message = json::parse(made_answer.body);
  REQUIRE(message["attachments"].size() == 2);
  const auto kept = message["attachments"][1]["id"].get<std::string>();
  // Keeps b.txt, drops a.txt, brings a third.
  auto edit =
      made(http_method::patch, w.messages() + "/" + message["id"].get<std::string>(),
           {{"content", "one of them, and a new one"},
            {"attachments", json::array({{{"id", kept}}, {{"id", 0}, {"filename", "c.txt"}}})}});
  edit.files = {{"c.txt", "text/plain", "third"}};
  const auto edited = w.ask(edit);
  INFO(edited.body);
  REQUIRE(edited.status == 200);
  const auto files = json::parse(edited.body)["attachments"];
  REQUIRE(files.size() == 2);
  auto names = std::vector<std::string>{files[0]["filename"], files[1]["filename"]};
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"b.txt", "c.txt"});
  CHECK(w.violations() == 0);
}

TEST_CASE("rest and sim: a reset after the request was taken doubles nothing", "[sim][rest]") {
  auto w = world{};
  w.ask(made(http_method::get, "/users/@me")); // a kept connection is there
  const auto fault = [&] {
    w.discord.crowd.post(
        "/sim/faults",
        {{"reset_after_accept", {{"route", "POST /channels/{channel}/messages"}, {"count", 1}}}});
  };
  fault();
  const auto safe = w.ask(post(w, "with nonce", true));
  CHECK(safe.status == 200); // repeated, and Discord gave the first one
  CHECK(safe.attempts == 2);
  CHECK(w.posted() == 1);
  fault();
  CHECK(w.ask(post(w, "without")).status == 0); // not repeated: nobody knows
  CHECK(w.posted() == 2);
  CHECK(w.violations() == 0);
}

TEST_CASE("rest and sim: injected 429s and server errors pass", "[sim][rest]") {
  auto w = world{};
  const auto scope = GENERATE(as<std::string>{}, "user", "shared", "global");
  INFO(scope);
  w.discord.crowd.post("/sim/faults", {{"rest_429", {{"scope", scope}, {"retry_after", 0.2}}}});
  const auto limited = w.ask(post(w, "limited"));
  CHECK(limited.status == 200);
  CHECK(limited.attempts == 2);
  w.discord.crowd.post("/sim/faults", {{"rest_status", {{"status", 502}, {"count", 2}}}});
  const auto broken = w.ask(post(w, "broken", true));
  CHECK(broken.status == 200);
  CHECK(broken.attempts == 3);
  CHECK(w.posted() == 2);
  CHECK(w.violations() == 0);
}

TEST_CASE("rest and sim: the hidden limit of renaming is an answer, not a hang", "[sim][rest]") {
  auto w = world{};
  w.discord.server.call([](sim::core& core) { // the bot may rename channels
    constexpr std::uint64_t manage_channels = 1U << 4;
    for (auto& [id, guild] : core.world.guilds)
      for (auto& [role_id, role] : guild.roles)
        role.permissions |= manage_channels;
  });
  const auto rename = [&](const char* name) {
    auto request = made(http_method::patch, "/channels/" + w.discord.general, {{"name", name}});
    request.deadline_ms = 5'000;
    return w.ask(request);
  };
  CHECK(rename("one").status == 200);
  CHECK(rename("two").status == 200);
  CHECK(rename("three").status == 429); // ten minutes are beyond its deadline
  CHECK(w.ask(post(w, "others go on")).status == 200);
}

namespace {

/// Stands between the registrar and the REST client and writes down what passes.
class rest_tap final : public rest_actor::base {
public:
  rest_tap(caf::actor_config& config, rest_actor to, size_t count,
           std::shared_ptr<std::promise<std::string>> done)
      : rest_actor::base(config), to_(std::move(to)), count_(count), done_(std::move(done)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const rest_request& asked) {
          passed_ += asked.method == http_method::get ? "GET " : "PUT ";
          auto promise = make_response_promise<rest_response>();
          request(to_, patience, asked).then([=, this](const rest_response& response) mutable {
            promise.deliver(response);
            if (--count_ == 0)
              done_->set_value(passed_);
          });
          return promise;
        },
        [](get_rest_status) { return rest_status{}; },
        [](get_gates) { return gate_list_ptr{}; },
    };
  }
  void on_exit() override { to_ = nullptr; }

private:
  rest_actor to_;
  size_t count_;
  std::shared_ptr<std::promise<std::string>> done_;
  std::string passed_;
};

} // namespace

TEST_CASE("rest and sim: all commands are accepted, and equal when read back", "[sim][rest]") {
  auto w = world{};
  const auto application =
      w.discord.server.call([](sim::core& core) { return core.world.applications.begin()->first; });
  const auto home = *parse_id<guild_id>(w.discord.guild);
  const auto ids = std::make_shared<command_ids>();
  /// Registers everything and returns the methods of the first `count` calls.
  const auto run = [&](size_t count) {
    auto done = std::make_shared<std::promise<std::string>>();
    auto passed = done->get_future();
    auto tap = w.system.spawn<rest_tap>(w.rest, count, done);
    auto registrar = w.system.spawn<command_registrar>(tap, embedded_catalog(), ids);
    auto identity = bot_identity{};
    identity.application = application_id{application};
    caf::anon_send(registrar, identity);
    caf::anon_send(registrar, want_commands{home, command_features()});
    // A guild without us, asked last: its answer means that the others are done.
    caf::anon_send(registrar, want_commands{guild_id{111111111111111111}, {}});
    const auto methods = passed.get();
    caf::anon_send_exit(registrar, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(tap, caf::exit_reason::user_shutdown);
    return methods;
  };
  CHECK(run(5) == "GET PUT GET PUT GET ");
  CHECK(ids->find(home, "addschedule") != command_id{});
  CHECK(ids->find(home, "help") != command_id{});

  const auto path = "/applications/" + std::to_string(application);
  const auto stored = [&](const std::string& scope) {
    return canonical_commands(
        w.discord.robot.call("GET", path + scope + "/commands?with_localizations=true").body);
  };
  const auto declared = [](const std::vector<std::string>& features) {
    return canonical_commands(registration_json(all_commands(), features, embedded_catalog(), {}));
  };
  CHECK(stored("") == declared({"core"}));
  CHECK(stored("/guilds/" + w.discord.guild) == declared(command_features()));

  CHECK(run(3) == "GET GET GET "); // after a restart: compared, not written
  CHECK(w.violations() == 0);
}
