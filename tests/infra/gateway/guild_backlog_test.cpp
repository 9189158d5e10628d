// What may go when a guild is behind: least first, interactions never in silence.
#include "infra/gateway/guild_backlog.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

guild_snapshot_ptr picture(std::string name) {
  auto made = std::make_shared<guild_snapshot>();
  made->name = std::move(name);
  return made;
}
guild_event moved(uint64_t who, uint64_t from, uint64_t to) {
  auto change = voice_changed{};
  change.member.user = user_id{who};
  change.from = channel_id{from};
  change.to = channel_id{to};
  return change;
}
guild_event deleted(uint64_t message) {
  return message_deleted{channel_id{7}, message_id{message}};
}
guild_event note(std::string name) {
  return legacy_command{channel_id{7}, message_id{1}, user_id{2}, std::move(name), "en"};
}
guild_event asked(std::string command, bool claimed = false) {
  auto made = std::make_shared<interaction>();
  made->command = std::move(command);
  made->taken = std::make_shared<std::atomic<bool>>(claimed);
  return interaction_ptr{std::move(made)};
}

std::string line(const std::vector<guild_event>& events) {
  struct visitor {
    std::string operator()(const guild_available& x) { return "available " + x.snapshot->name; }
    std::string operator()(const guild_unavailable&) { return "outage"; }
    std::string operator()(const guild_removed&) { return "removed"; }
    std::string operator()(const guild_changed& x) { return "changed " + x.snapshot->name; }
    std::string operator()(const voice_changed& x) {
      return to_string(x.member.user) + ":" + to_string(x.from) + ">" + to_string(x.to);
    }
    std::string operator()(const message_deleted& x) { return "-" + to_string(x.message); }
    std::string operator()(const legacy_command& x) { return "!" + x.name; }
    std::string operator()(const own_voice& x) {
      return "own " + to_string(x.channel) + " " + x.session_id +
             (x.suppressed ? " suppressed" : "");
    }
    std::string operator()(const voice_server& x) { return "server " + x.endpoint + " " + x.token; }
    std::string operator()(const interaction_ptr& x) { return "/" + x->command; }
  };
  auto all = std::string{};
  for (const auto& event : events)
    all += (all.empty() ? "" : " ") + std::visit(visitor{}, event);
  return all;
}

} // namespace

TEST_CASE("backlog: inside the bound nothing changes but what was answered elsewhere",
          "[gateway]") {
  auto waiting = std::vector<guild_event>{asked("late", true), note("help"), moved(1, 0, 5),
                                          asked("about"), moved(1, 5, 6)};
  const auto cut = cut_backlog(waiting, 4);
  CHECK(line(waiting) == "!help 1:0>5 /about 1:5>6");
  CHECK(cut.dropped + cut.merged == 0);
  CHECK_FALSE(cut.picture);
}

TEST_CASE("backlog: notes go first, then deletions", "[gateway]") {
  auto waiting = std::vector<guild_event>{deleted(1), note("help"), moved(1, 0, 5), asked("about")};
  CHECK(cut_backlog(waiting, 3).dropped == 1);
  CHECK(line(waiting) == "-1 1:0>5 /about");
  CHECK(cut_backlog(waiting, 2).dropped == 1);
  CHECK(line(waiting) == "1:0>5 /about");
}

TEST_CASE("backlog: changes are merged, the newest stays", "[gateway]") {
  auto waiting = std::vector<guild_event>{guild_changed{picture("a")}, moved(1, 0, 5),
                                          guild_changed{picture("b")}, asked("about"),
                                          guild_changed{picture("c")}};
  auto cut = cut_backlog(waiting, 3);
  CHECK(line(waiting) == "1:0>5 /about changed c");
  CHECK(cut.merged == 2);
  CHECK_FALSE(cut.picture);
  // A whole picture holds voice as well; what was before a removal is another story.
  waiting = {guild_changed{picture("a")},   guild_removed{}, moved(1, 0, 5), guild_unavailable{},
             guild_available{picture("b")}, moved(2, 0, 5)};
  cut = cut_backlog(waiting, 4);
  CHECK(line(waiting) == "changed a removed available b 2:0>5");
  CHECK(cut.merged == 2);
}

TEST_CASE("backlog: moves in voice become one, or none when they lead back", "[gateway]") {
  auto waiting = std::vector<guild_event>{moved(1, 0, 5), moved(2, 0, 5), moved(1, 5, 6),
                                          moved(2, 5, 0), asked("about"), moved(1, 6, 7)};
  const auto cut = cut_backlog(waiting, 2);
  CHECK(line(waiting) == "/about 1:0>7");
  CHECK(cut.merged == 4);
  CHECK_FALSE(cut.picture);
}

TEST_CASE("backlog: at the end one picture stands for everything but interactions", "[gateway]") {
  auto waiting = std::vector<guild_event>{guild_available{picture("a")}};
  for (auto who = uint64_t{1}; who <= 9; ++who)
    waiting.push_back(moved(who, 0, 5));
  waiting.push_back(asked("about"));
  const auto cut = cut_backlog(waiting, 4);
  CHECK(line(waiting) == "available a /about");
  CHECK(cut.picture); // newer than that one
  CHECK(cut.merged == 9);
  CHECK(cut.refused.empty());
}

TEST_CASE("backlog: interactions without room are handed back, the newest ones", "[gateway]") {
  auto waiting = std::vector<guild_event>{};
  for (auto i = 0; i < 6; ++i)
    waiting.push_back(asked(std::to_string(i)));
  const auto cut = cut_backlog(waiting, 4);
  CHECK(line(waiting) == "/0 /1 /2 /3");
  REQUIRE(cut.refused.size() == 2);
  CHECK(cut.refused[0]->command == "5");
  CHECK(cut.dropped == 0);
}

TEST_CASE("backlog: facts about members give way, presences first and the oldest of a kind",
          "[gateway]") {
  auto news = member_news{};
  for (uint64_t i = 1; i <= 3; ++i) {
    news.presences.push_back({user_id{i}, presence_status::online, {}, {}});
    news.messages.push_back({channel_id{7}, message_id{i}, {}, {}});
    news.reactions.push_back({channel_id{7}, message_id{i}, user_id{1}, {}, {}, true});
  }
  CHECK(cut_news(news, 9) == 0);
  CHECK(cut_news(news, 7) == 2);
  REQUIRE(news.presences.size() == 1);
  CHECK(news.presences[0].user == user_id{3});
  CHECK(cut_news(news, 4) == 3);
  CHECK(news.presences.empty());
  REQUIRE(news.reactions.size() == 1);
  CHECK(news.reactions[0].message == message_id{3});
  CHECK(news.messages.size() == 3);
  CHECK(cut_news(news, 2) == 2);
  CHECK(news.reactions.empty());
  REQUIRE(news.messages.size() == 2);
  CHECK(news.messages[0].message == message_id{2});
  CHECK(cut_news(news, 0) == 2);
  CHECK(news.empty());
}
