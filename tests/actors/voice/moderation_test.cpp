// Goal: what moderators set is kept, audited, and counts at once; reactions are whole words, rare,
// and only where they may be.
#include "infra/interactions/permission_rules.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "tests/actors/voice/ambience_world.hpp"

using namespace hearth;
using namespace test;

namespace {

option_input on(bool value) { return {"enable", value, false}; }

member_news_ptr posted(const char* text, uint64_t channel = 500, bool by_bot = false) {
  auto news = member_news{};
  auto message = message_posted{};
  message.channel = {channel};
  message.message = {777};
  message.author.user = {ada};
  message.author.bot = by_bot;
  message.text = text;
  news.messages.push_back(message);
  return std::make_shared<const member_news>(news);
}

} // namespace

TEST_CASE("ambience commands: who may use them", "[voice]") {
  const auto needs = [](const char* name, const char* sub = "") {
    const auto* found = find_command(name);
    REQUIRE(found);
    CHECK(found->feature == ambience_feature);
    return who_may(*found, sub);
  };
  for (const auto* name : {"rain", "wind", "sparkles", "stars", "sea", "background-music"})
    CHECK(needs(name) == allowed::in_voice);
  for (const auto* sub : {"play", "mix", "stop", "pause", "resume", "volume", "sleep", "focus"})
    CHECK(needs("ambience", sub) == allowed::in_voice);
  CHECK(needs("ambience", "now") == allowed::everyone);
  CHECK(needs("ambience", "stay") == allowed::moderator);
  for (const auto* name : {"top", "total", "setmyspokenname"})
    CHECK(needs(name) == allowed::everyone);
  for (const auto* sub : {"see", "idle", "keywords", "status", "listed"})
    CHECK(needs("modambience", sub) == allowed::moderator);
  CHECK(needs("modenablebotvoice") == allowed::administrator);
  auto member = member_facts{};
  member.user = {ada};
  auto facts = caller_facts{};
  CHECK(refusal(allowed::in_voice, member, facts) == "refused.in_voice");
  facts.voice = lounge;
  CHECK(refusal(allowed::in_voice, member, facts).empty());
  CHECK(refusal(allowed::moderator, member, facts) == "refused.moderator");
  CHECK(refusal(allowed::administrator, member, facts) == "refused.administrator");
}

TEST_CASE_METHOD(ambience_world, "settings: idle time, status, listing, all audited", "[voice]") {
  CHECK(has(told(command("modambience idle", {{"minutes", int64_t{5}, false}})), "5 minutes"));
  CHECK(has(told(command("modambience status", {on(false)})), "no status any more"));
  CHECK(has(told(command("modambience listed", {on(false)})), "do not see"));
  const auto all = told(command("modambience see"));
  CHECK(has(all, "after 5 minutes"));
  CHECK(has(all, "no status any more"));
  CHECK(count("audit_log") == 3);
  auto db = store.db();
  CHECK(db.value<std::string>("SELECT value FROM guild_option WHERE key='voice.idle_minutes'") ==
        "5");
}

TEST_CASE_METHOD(ambience_world, "settings: the spoken welcome names the watched channels",
                 "[voice]") {
  CHECK(has(told(command("modenablebotvoice", {on(true)})), "<#600>"));
  settings.voice_channels.clear();
  settings.options["voice.welcome"] = "on";
  facts();
  CHECK(has(told(command("modenablebotvoice", {on(true)})), "/modvoicechannel"));
  CHECK(has(told(command("modenablebotvoice", {on(false)})), "Nobody is welcomed"));
  CHECK(count("audit_log") == 3);
}

TEST_CASE_METHOD(ambience_world, "settings: what cannot be saved is not claimed", "[voice]") {
  store.db().exec("DROP TABLE guild_option");
  CHECK(has(told(command("modambience status", {on(false)})), "could not be saved"));
}

TEST_CASE_METHOD(ambience_world, "keywords: whole words get a rain cloud", "[voice]") {
  tell(subject, posted("the train"));
  CHECK(rest->asked.empty());
  tell(subject, posted("Rain, at last"));
  REQUIRE(rest->asked.size() == 1);
  CHECK(rest->asked[0].method == http_method::put);
  CHECK(rest->asked[0].path == "/channels/500/messages/777/reactions/%F0%9F%8C%A7%EF%B8%8F/@me");
  tell(subject, posted("rain again")); // too soon in that channel
  CHECK(rest->asked.size() == 1);
  tell(subject, posted("rain", 501, true)); // bots get none
  CHECK(rest->asked.size() == 1);
  pass(std::chrono::seconds{30});
  tell(subject, posted("rain"));
  CHECK(rest->asked.size() == 2);
}

TEST_CASE_METHOD(ambience_world, "keywords: the guild's list and switch", "[voice]") {
  CHECK(has(told(command("modambience keywords",
                         {on(true), {"words", std::string{"Neige, snow"}, false}})),
            "neige, snow"));
  tell(subject, posted("rain"));
  CHECK(rest->asked.empty());
  tell(subject, posted("SNOW!"));
  CHECK(rest->asked.size() == 1);
  CHECK(has(told(command("modambience keywords", {on(true), {"words", std::string{"?!"}, false}})),
            "no word"));
  CHECK(has(told(command("modambience keywords", {on(false)})), "no rain clouds"));
  pass(std::chrono::minutes{5});
  tell(subject, posted("snow"));
  CHECK(rest->asked.size() == 1);
}

TEST_CASE_METHOD(ambience_world, "keywords: only where the operator and the channel allow it",
                 "[voice]") {
  SECTION("the operator has it off") {
    operator_reads = false;
    CHECK(has(told(command("modambience see")), "ambience.keyword_reactions = true"));
  }
  SECTION("no permission") {
    snapshot.channels[0].overwrites = {{home.value, false, 0, permission_bit::add_reactions}};
    facts();
  }
  tell(subject, posted("rain"));
  CHECK(rest->asked.empty());
}

TEST_CASE_METHOD(ambience_world, "keywords: a channel that refuses is left alone for an hour",
                 "[voice]") {
  rest->answer = [](const rest_request&) { return rest_response{403, 50013, "{}", 1}; };
  tell(subject, posted("rain", 999)); // a thread: Discord alone knows
  CHECK(rest->asked.size() == 1);
  pass(std::chrono::minutes{59});
  tell(subject, posted("rain", 999));
  CHECK(rest->asked.size() == 1);
  pass(std::chrono::minutes{1});
  tell(subject, posted("rain", 999));
  CHECK(rest->asked.size() == 2);
}
