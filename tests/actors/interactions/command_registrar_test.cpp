// The registrar against a REST that plays Discord's command lists.
#include "actors/interactions/command_ids.hpp"
#include "actors/interactions/command_registrar.hpp"
#include "infra/interactions/command_table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;
using namespace std::literals;

namespace {

constexpr auto global = "/applications/77/commands";
constexpr auto in_guild = "/applications/77/guilds/5/commands";

struct fixture : test::det_system {
  std::shared_ptr<test::rest_record> record = std::make_shared<test::rest_record>();
  std::map<std::string, json> lists; ///< What "Discord" has, by path.
  std::shared_ptr<command_ids> ids = std::make_shared<command_ids>();
  test::fake_rest_actor rest = sys.spawn<test::fake_rest>(record);
  command_registrar_actor registrar =
      sys.spawn<command_registrar>(rest, embedded_catalog(), ids, 1'000);
  uint16_t trouble = 0; ///< Answered instead, when set.

  fixture() {
    record->answer = [this](const rest_request& asked) {
      auto response = rest_response{};
      if (trouble != 0) {
        response.status = trouble;
        return response;
      }
      const auto path = asked.path.substr(0, asked.path.find('?'));
      if (asked.method == http_method::put) {
        auto list = json::parse(asked.body);
        auto id = 1'000;
        for (auto& command : list)
          command["id"] = std::to_string(++id);
        lists[path] = list;
      }
      response.status = 200;
      response.body = lists.count(path) != 0 ? lists[path].dump() : "[]";
      return response;
    };
  }
  ~fixture() {
    stop(registrar);
    stop(rest);
  }
  void ready() {
    auto identity = bot_identity{};
    identity.application = application_id{77};
    tell(registrar, identity);
  }
  /// "GET path", "PUT path 3", in order; forgets them.
  std::vector<std::string> calls() {
    auto out = std::vector<std::string>{};
    for (const auto& asked : record->asked)
      out.push_back(asked.method == http_method::put
                        ? "PUT " + asked.path + " " + std::to_string(json::parse(asked.body).size())
                        : "GET " + asked.path.substr(0, asked.path.find('?')));
    record->asked.clear();
    return out;
  }
  static std::string count(const std::string& feature) {
    const auto& all = all_commands();
    return std::to_string(std::count_if(
        all.begin(), all.end(), [&](const auto& command) { return command.feature == feature; }));
  }
};
using strings = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "command registrar: core commands once, and only on a difference",
                 "[interactions]") {
  ready();
  CHECK(calls() == strings{"GET "s + global, "PUT "s + global + " " + count("core")});
  CHECK(ids->find(guild_id{5}, "help") != command_id{});
  ready(); // a later READY
  CHECK(calls().empty());

  auto again = sys.spawn<command_registrar>(rest, embedded_catalog(), ids, 1'000);
  auto identity = bot_identity{};
  identity.application = application_id{77};
  tell(again, identity); // after a restart
  CHECK(calls() == strings{"GET "s + global});
  lists[global][0]["description"] = "somebody else's";
  stop(again);
  again = sys.spawn<command_registrar>(rest, embedded_catalog(), ids, 1'000);
  tell(again, identity);
  CHECK(calls().size() == 2);
  stop(again);
}

TEST_CASE_METHOD(fixture, "command registrar: a guild has the commands of what is on",
                 "[interactions]") {
  tell(registrar, want_commands{guild_id{5}, {"schedule"}});
  CHECK(calls().empty()); // who the bot is is not known yet
  ready();
  CHECK(calls().size() == 4);
  tell(registrar, want_commands{guild_id{5}, {"schedule"}});
  CHECK(calls() == strings{"GET "s + in_guild});
  tell(registrar, want_commands{guild_id{5}, {}});
  CHECK(calls() == strings{"GET "s + in_guild, "PUT "s + in_guild + " 0"});
  CHECK(lists[in_guild].empty());
  tell(registrar, want_commands{guild_id{0}, {"schedule"}}); // not a guild
  CHECK(calls().empty());
}

TEST_CASE_METHOD(fixture, "queue: a guild waits once for its commands, however often it changes",
                 "[interactions][queue]") {
  for (auto i = 0; i < 1'000; ++i) // nobody is asked before the bot is known
    tell(registrar, want_commands{guild_id{5}, {"schedule"}});
  ready();
  CHECK(calls().size() == 4); // the global list and the guild's: read and written once each
}

TEST_CASE_METHOD(fixture, "command registrar: one at a time, the newest wish counts",
                 "[interactions]") {
  ready();
  calls();
  record->hold = true;
  tell(registrar, want_commands{guild_id{5}, {"schedule"}});
  tell(registrar, want_commands{guild_id{6}, {"schedule"}});
  tell(registrar, want_commands{guild_id{6}, {}});
  tell(registrar, want_commands{guild_id{5}, {}}); // while 5 is at work
  CHECK(calls() == strings{"GET "s + in_guild});
  record->hold = false;
  tell(rest, test::release_one::value);
  run();
  CHECK(lists[in_guild].empty());
  const auto rest_of_calls = calls();
  CHECK(rest_of_calls.front() == "GET /applications/77/guilds/6/commands");
  CHECK(rest_of_calls.back() == "GET "s + in_guild); // looked at again, as it was changed meanwhile
}

TEST_CASE_METHOD(fixture, "command registrar: what may pass is tried again, later each time",
                 "[interactions]") {
  trouble = 503;
  ready();
  CHECK(calls().size() == 1);
  advance(999ms);
  CHECK(calls().empty());
  advance(1ms);
  CHECK(calls().size() == 1);
  advance(1'999ms);
  CHECK(calls().empty());
  trouble = 0;
  advance(1ms);
  CHECK(calls().size() == 2);
  CHECK(lists[global].is_array());
}

TEST_CASE_METHOD(fixture, "command registrar: a guild that forbids it stops no other",
                 "[interactions]") {
  ready();
  calls();
  trouble = 403;
  tell(registrar, want_commands{guild_id{5}, {"schedule"}});
  CHECK(calls().size() == 1);
  trouble = 0;
  tell(registrar, want_commands{guild_id{6}, {"schedule"}});
  CHECK(calls().size() == 2);
  advance(60s);
  CHECK(calls().empty()); // not tried again by itself
}

TEST_CASE_METHOD(fixture, "command registrar: no answer is tried again", "[interactions]") {
  record->fail = errc::unreachable;
  ready();
  CHECK(calls().size() == 1);
  record->fail = errc::none;
  advance(1s);
  CHECK(calls().size() == 2);
}

TEST_CASE("command ids: a guild's own before the global ones", "[interactions]") {
  auto ids = command_ids{};
  ids.set({}, {{"help", command_id{1}}, {"x", command_id{2}}});
  ids.set(guild_id{9}, {{"x", command_id{3}}});
  CHECK(ids.find(guild_id{9}, "x") == command_id{3});
  CHECK(ids.find(guild_id{8}, "x") == command_id{2});
  CHECK(ids.find(guild_id{9}, "help") == command_id{1});
  CHECK(ids.find(guild_id{9}, "nope") == command_id{});
  ids.set(guild_id{9}, {});
  CHECK(ids.find(guild_id{9}, "x") == command_id{2});
}
