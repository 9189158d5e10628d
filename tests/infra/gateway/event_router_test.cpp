// The router: what reaches a guild, in which order, and what is dropped on the way.
#include "infra/gateway/event_router.hpp"
#include "tests/infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using enum event_kind;

namespace {

constexpr auto guild = guild_id{100000000000000001};
constexpr auto self = user_id{500000000000000001};

/// A router that has seen READY with one guild.
struct bench {
  event_router router;
  routing_moment at{1'000, 0, false};

  explicit bench(gateway_wants wants = {true, true, true}, std::vector<std::string> names = {})
      : router({wants, std::move(names)}) {
    auto ready = ready_data{};
    ready.user = self;
    ready.user_name = "hearth";
    ready.guilds = {guild};
    router.ready(ready);
  }
  routed send(event_kind kind, std::string_view d) {
    return router.dispatch(kind, test::dispatch(name_of(kind), d), at);
  }
  bench& with_guild() {
    REQUIRE(send(guild_create, test::small_guild) == routed::forwarded);
    router.take();
    return *this;
  }
  /// All that is told now, as text: "available joined", "voice 5.. 0>4..".
  std::string told() {
    auto text = std::string{};
    for (const auto& batch : router.take())
      for (const auto& event : batch.events)
        text += (text.empty() ? "" : ", ") + text_of(event);
    return text;
  }
  static std::string text_of(const guild_event& event) {
    struct visitor {
      std::string operator()(const guild_available& x) {
        REQUIRE(x.snapshot);
        return std::string{"available"} + (x.joined ? " joined" : "");
      }
      std::string operator()(const guild_unavailable&) { return "unavailable"; }
      std::string operator()(const guild_removed&) { return "removed"; }
      std::string operator()(const guild_changed& x) {
        REQUIRE(x.snapshot);
        return "changed";
      }
      std::string operator()(const voice_changed& x) {
        return x.member.name + " " + to_string(x.from) + ">" + to_string(x.to);
      }
      std::string operator()(const message_deleted& x) { return "deleted " + to_string(x.message); }
      std::string operator()(const legacy_command& x) { return "!" + x.name + " " + x.locale; }
      std::string operator()(const own_voice& x) {
        return "own " + to_string(x.channel) + " " + x.session_id +
               (x.suppressed ? " suppressed" : "");
      }
      std::string operator()(const hearth::voice_server& x) {
        return "server " + x.endpoint + " " + x.token;
      }
      std::string operator()(const interaction_ptr& x) { return "interaction " + x->command; }
    };
    return std::visit(visitor{}, event);
  }
};

std::string stub(const char* more = "") {
  return R"({"id":"100000000000000001")" + std::string{more} + "}";
}

} // namespace

TEST_CASE("router: backfill, outage, return, joining, removal", "[gateway]") {
  auto b = bench{};
  CHECK(b.send(guild_create, test::small_guild) == routed::forwarded);
  CHECK(b.told() == "available");
  CHECK(b.send(guild_create, test::small_guild) == routed::dropped); // a repetition
  CHECK(b.send(guild_delete, stub(R"(,"unavailable":true)")) == routed::forwarded);
  CHECK(b.told() == "unavailable");
  CHECK(b.send(guild_delete, stub(R"(,"unavailable":true)")) == routed::dropped);
  CHECK_FALSE(b.router.introduce(guild));
  CHECK(b.send(guild_create, stub(R"(,"unavailable":true)")) == routed::dropped);
  CHECK(b.send(guild_create, test::small_guild) == routed::forwarded);
  CHECK(b.told() == "available"); // back, although nothing changed
  CHECK(b.send(guild_delete, stub()) == routed::forwarded);
  CHECK(b.told() == "removed");
  CHECK(b.send(guild_delete, stub()) == routed::dropped);
  CHECK(b.send(guild_create, test::small_guild) == routed::forwarded);
  CHECK(b.told() == "available joined");
}

TEST_CASE("router: an outage at start is not joining", "[gateway]") {
  auto b = bench{};
  CHECK(b.send(guild_delete, R"({"id":"7","unavailable":true})") == routed::dropped);
  CHECK(b.send(guild_create, R"({"id":"7","name":"late"})") == routed::forwarded);
  CHECK(b.told() == "available");
  CHECK(b.send(guild_create, stub(R"(,"unavailable":true)")) ==
        routed::dropped); // listed, still down
  CHECK(b.send(guild_create, test::small_guild) == routed::forwarded);
  CHECK(b.told() == "available");
}

TEST_CASE("router: events of guilds that are not there change nothing", "[gateway]") {
  auto b = bench{};
  for (const auto* d : {R"({"id":"9","guild_id":"100000000000000001","type":0})",
                        R"({"id":"9","guild_id":"77","type":0})", R"({"id":"9","type":1})"})
    CHECK(b.send(channel_create, d) == routed::dropped);
  CHECK(b.send(guild_update, stub(R"(,"name":"x")")) == routed::dropped);
  CHECK(b.send(voice_state, R"({"guild_id":"77","user_id":"1","channel_id":"2"})") ==
        routed::dropped);
  CHECK(b.router.size() == 1);
}

TEST_CASE("router: READY tells who has removed the bot meanwhile", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  auto again = ready_data{};
  again.user = self;
  again.guilds = {guild_id{5}};
  b.router.ready(again);
  CHECK(b.told() == "removed");
  CHECK(b.router.known() == std::vector{guild_id{5}});
}

TEST_CASE("router: a new session makes every guild available again", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  auto again = ready_data{};
  again.user = self;
  again.guilds = {guild};
  b.router.ready(again);
  CHECK(b.told().empty());
  CHECK(b.send(guild_create, test::small_guild) == routed::forwarded);
  CHECK(b.told() == "available");
}

TEST_CASE("router: changes that follow each other are told once", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  for (auto i = 0; i < 50; ++i)
    CHECK(b.send(
              channel_update,
              R"({"guild_id":"100000000000000001","type":0,"id":"400000000000000001","position":)" +
                  std::to_string(i + 10) + "}") == routed::forwarded);
  auto batches = b.router.take();
  REQUIRE(batches.size() == 1);
  REQUIRE(batches[0].events.size() == 1);
  const auto& change = std::get<guild_changed>(batches[0].events[0]);
  CHECK(change.snapshot->channels[0].position == 59);
  CHECK(b.send(role_create, R"({"guild_id":"100000000000000001","role":{"id":"3","name":"r"}})") ==
        routed::forwarded);
  CHECK(
      b.send(
          voice_state,
          R"({"guild_id":"100000000000000001","user_id":"500000000000000003","channel_id":null})") ==
      routed::forwarded);
  CHECK(b.send(guild_update, stub(R"(,"name":"new")")) == routed::forwarded);
  CHECK(b.send(role_delete, R"({"guild_id":"100000000000000001","role_id":"3"})") ==
        routed::forwarded);
  CHECK(b.told() == "changed, bob 400000000000000002>0, changed");
}

TEST_CASE("router: a snapshot does not hold what a later event says", "[gateway]") {
  auto b = bench{};
  const auto leave =
      R"({"guild_id":"100000000000000001","user_id":"500000000000000003","channel_id":null})";
  const auto back =
      R"({"guild_id":"100000000000000001","user_id":"500000000000000003","channel_id":"400000000000000002"})";
  b.send(guild_create, test::small_guild);
  b.send(voice_state, leave);
  b.send(guild_update, stub(R"(,"name":"new")"));
  b.send(voice_state, back);
  auto batches = b.router.take();
  REQUIRE(batches.size() == 1);
  const auto& events = batches[0].events;
  REQUIRE(events.size() == 4);
  CHECK(std::get<guild_available>(events[0]).snapshot->voice.size() == 2);
  CHECK(std::get<guild_changed>(events[2]).snapshot->voice.size() == 1);
  CHECK(b.router.introduce(guild)->snapshot->voice.size() == 2);
}

TEST_CASE("router: repetitions are dropped", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  CHECK(b.send(guild_update, stub(R"(,"name":"Le Foyer")")) == routed::dropped);
  CHECK(b.send(role_update,
               R"({"guild_id":"100000000000000001","role":{"id":"300000000000000001","name":"Mods",
    "permissions":"9007199254740993","position":2,"managed":false}})") == routed::dropped);
  CHECK(
      b.send(
          emojis_update,
          R"({"guild_id":"100000000000000001","emojis":[{"id":"600000000000000001","name":"gold"}]})") ==
      routed::dropped);
  CHECK(b.send(member_update,
               R"({"guild_id":"100000000000000001","nick":null,"roles":["300000000000000002"],
    "user":{"id":"500000000000000001","username":"hearth","bot":true}})") == routed::dropped);
  CHECK(b.send(voice_state, R"({"guild_id":"100000000000000001","user_id":"500000000000000003",
    "channel_id":"400000000000000002","self_mute":true})") == routed::dropped);
  CHECK(b.send(channel_delete, R"({"id":"1","guild_id":"100000000000000001"})") == routed::dropped);
  CHECK_FALSE(b.router.has_news());
}

TEST_CASE("router: the bot's own roles and name", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  CHECK(b.send(
            member_update,
            R"({"guild_id":"100000000000000001","roles":["300000000000000001","300000000000000002"],
    "user":{"id":"500000000000000001","username":"hearth","bot":true}})") == routed::forwarded);
  CHECK(b.told() == "changed");
  CHECK(b.send(user_update,
               R"({"id":"500000000000000001","username":"hearth","global_name":"Foyer"})") ==
        routed::forwarded);
  CHECK(b.router.introduce(guild)->snapshot->self.name == "Foyer");
  CHECK(b.send(user_update,
               R"({"id":"500000000000000001","username":"hearth","global_name":"Foyer"})") ==
        routed::dropped);
  CHECK(b.send(user_update, R"({"id":"5","username":"someone else"})") == routed::dropped);
}

TEST_CASE("router: a deleted voice channel empties itself", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  CHECK(b.send(channel_delete,
               R"({"id":"400000000000000002","guild_id":"100000000000000001","type":2})") ==
        routed::forwarded);
  CHECK(b.told() == "Ada L. 400000000000000002>0, bob 400000000000000002>0, changed");
}

TEST_CASE("router: deleted messages", "[gateway]") {
  auto b = bench{};
  CHECK(b.send(message_delete, R"({"id":"1","channel_id":"2","guild_id":"100000000000000001"})") ==
        routed::forwarded);
  CHECK(b.send(message_delete_bulk,
               R"({"ids":["3","4"],"channel_id":"2","guild_id":"100000000000000001"})") ==
        routed::forwarded);
  CHECK(b.told() == "deleted 1, deleted 3, deleted 4");
  CHECK(b.send(message_delete, R"({"id":"1","channel_id":"2"})") == routed::dropped);
}

TEST_CASE("router: old commands", "[gateway]") {
  auto b = bench{{true, true, true}, {"seeschedule", "help"}};
  b.with_guild();
  const auto message = [&](const std::string& content, const std::string& author = "") {
    return b.send(message_create,
                  R"({"id":"1","channel_id":"2","guild_id":"100000000000000001","content":)" +
                      content + R"(,"author":{"id":"4")" + author + "}}");
  };
  CHECK(message(R"("!Help me")") == routed::forwarded);
  CHECK(b.told() == "!help fr");
  CHECK(message(R"("!other")") == routed::dropped);
  CHECK(message(R"("hello !help")") == routed::dropped);
  CHECK(message(R"("say \"!help\"")") == routed::dropped);
  CHECK(message(R"("!help")", R"(,"bot":true)") == routed::dropped);
  CHECK(b.send(message_create,
               R"({"id":"1","channel_id":"2","content":"!help","author":{"id":"4"}})") ==
        routed::dropped); // a direct message
}

TEST_CASE("router: names of old commands", "[gateway]") {
  CHECK(legacy_name("!help") == "help");
  CHECK(legacy_name("!SeeSchedule now") == "seeschedule");
  CHECK(legacy_name("!a1_b-c\nx") == "a1_b-c");
  for (const auto* text : {"", "!", "! help", "!!", "!1", "!help!", "!h\xc3\xa9", "help", "!<@1>"})
    CHECK(legacy_name(text).empty());
  CHECK(legacy_name("!" + std::string(32, 'a')).size() == 32);
  CHECK(legacy_name("!" + std::string(33, 'a')).empty());
}

TEST_CASE("router: interactions are stamped, and never dropped unless they expired", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  const auto id = interaction_id{900000000000000001};
  const auto d =
      R"({"id":"900000000000000001","type":2,"token":"t","guild_id":"100000000000000001","data":{"name":"help"},
    "member":{"user":{"id":"1"}}})";
  b.at.domain_ms = id.created_ms() + 60'000;
  CHECK(b.send(event_kind::interaction, d) == routed::forwarded); // slow clock or slow network
  auto batches = b.router.take();
  const auto& got = std::get<interaction_ptr>(batches.at(0).events.at(0));
  CHECK(got->received_ms == 1'000);
  CHECK(got->guild_locale == "fr");
  b.at.replaying = true;
  CHECK(b.send(event_kind::interaction, d) == routed::expired);
  b.at.domain_ms = id.created_ms() + 2'500;
  CHECK(b.send(event_kind::interaction, d) == routed::forwarded);
  CHECK(b.told() == "interaction help");
  b.at.replaying = false;
  CHECK(b.send(event_kind::interaction,
               R"({"id":"1","type":2,"token":"t","data":{"name":"help"},"user":{"id":"1"}})") ==
        routed::forwarded); // direct messages go to guild 0
  CHECK(b.router.take().at(0).guild == guild_id{});
}

TEST_CASE("router: what nobody wants is not even parsed", "[gateway]") {
  auto b = bench{{false, false, false}};
  for (const auto kind : {presence, typing, reaction_add, message_create, message_delete,
                          voice_state, message_update, member_add, other})
    CHECK(b.send(kind, "this is no JSON") == routed::dropped);
  CHECK(b.send(guild_create, "neither is this") == routed::broken);
}

TEST_CASE("router: batches are by guild and in order", "[gateway]") {
  auto b = bench{};
  b.send(message_delete, R"({"id":"1","channel_id":"9","guild_id":"5"})");
  b.send(message_delete, R"({"id":"2","channel_id":"9","guild_id":"6"})");
  b.send(message_delete, R"({"id":"3","channel_id":"9","guild_id":"5"})");
  const auto batches = b.router.take();
  REQUIRE(batches.size() == 2);
  CHECK(batches[0].guild == guild_id{5});
  CHECK(batches[0].events.size() == 2);
  CHECK(batches[1].guild == guild_id{6});
  CHECK_FALSE(b.router.has_news());
}

TEST_CASE("router: a guild that comes and goes in one read", "[gateway]") {
  auto b = bench{};
  b.send(guild_create, test::small_guild);
  b.send(guild_update, stub(R"(,"name":"new")"));
  b.send(guild_delete, stub());
  CHECK(b.told() == "available, removed");
}

TEST_CASE("router: a restored guild is available, its events count", "[gateway]") {
  auto first = bench{};
  first.with_guild();
  auto decoder = event_decoder{};
  auto data = guild_data{};
  REQUIRE(
      decoder.read_guild(test::padded{encode_guild(*first.router.snapshots().at(0))}, data, self));
  auto second = event_router{{gateway_wants{}, {}}};
  second.restore(self, "hearth", {data}, {guild_id{8}});
  auto batches = second.take();
  REQUIRE(batches.size() == 1);
  CHECK(*std::get<guild_available>(batches[0].events[0]).snapshot == *first.router.snapshots()[0]);
  CHECK(second.unavailable() == std::vector{guild_id{8}});
  CHECK(second.known().size() == 2);
}

namespace {

constexpr auto everything = gateway_wants{true, true, true, true, true, true, true};

std::string presence_of(const char* user, const char* status, const char* activities) {
  return std::string{R"({"guild_id":"100000000000000001","user":{"id":")"} + user +
         R"("},"status":")" + status + R"(","activities":)" + activities + "}";
}
constexpr auto playing = R"([{"type":4,"name":"Custom Status"},
  {"type":0,"name":"Siege","details":"RANKED"},{"type":0,"name":"Chess"}])";

} // namespace

TEST_CASE("router: a presence is told when it changed", "[gateway]") {
  auto b = bench{everything};
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::dropped); // no guild yet
  b.with_guild();
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::forwarded);
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::dropped);
  CHECK(b.send(presence, presence_of("4", "dnd", playing)) == routed::forwarded);
  CHECK(b.send(presence, presence_of("4", "dnd", "[]")) == routed::forwarded);
  CHECK(b.send(presence, presence_of("5", "dnd", "[]")) == routed::forwarded);
  CHECK_FALSE(b.router.urgent());
  CHECK(b.router.waiting() == 4);
  const auto told = b.router.take();
  REQUIRE(told.size() == 1);
  CHECK(told[0].events.empty());
  const auto& heard = told[0].news.presences;
  REQUIRE(heard.size() == 4);
  CHECK(heard[0].user == user_id{4});
  CHECK(heard[0].status == presence_status::idle);
  CHECK(heard[0].game == "Siege");
  CHECK(heard[0].details == "RANKED");
  CHECK(heard[1].status == presence_status::dnd);
  CHECK(heard[2].game.empty());
  CHECK(b.router.waiting() == 0);
  b.router.forget_told(guild); // lost on the way
  CHECK(b.send(presence, presence_of("5", "dnd", "[]")) == routed::forwarded);
}

TEST_CASE("router: messages and reactions carry what features need", "[gateway]") {
  auto b = bench{everything};
  b.with_guild();
  CHECK(b.send(message_create,
               R"({"id":"70","channel_id":"7","guild_id":"100000000000000001","content":"hello",
                   "author":{"id":"9","username":"ada","global_name":"Ada"},
                   "member":{"nick":null,"roles":["300000000000000001"]}})") == routed::forwarded);
  CHECK(b.send(message_create,
               R"({"id":"71","channel_id":"7","guild_id":"100000000000000001","content":"!old",
                   "member":{"nick":"Bobby","roles":[]},
                   "author":{"id":"8","username":"bob"}})") == routed::forwarded);
  CHECK(b.router.urgent()); // the old command is
  for (const auto& [kind, emoji] :
       {std::pair{reaction_add, R"({"id":null,"name":"x"})"},
        std::pair{reaction_remove, R"({"id":"600000000000000001","name":"gold"})"}})
    CHECK(b.send(kind, std::string{R"({"user_id":"9","channel_id":"7","message_id":"70",
                   "guild_id":"100000000000000001","emoji":)"} +
                           emoji + "}") == routed::forwarded);
  const auto told = b.router.take();
  REQUIRE(told.size() == 1);
  REQUIRE(told[0].events.size() == 1);
  CHECK(bench::text_of(told[0].events[0]) == "!old fr");
  const auto& news = told[0].news;
  REQUIRE(news.messages.size() == 2);
  CHECK(news.messages[0].author ==
        member_facts{user_id{9}, "Ada", {role_id{300000000000000001}}, 0, false});
  CHECK(news.messages[0].text == "hello");
  CHECK(news.messages[1].author.name == "Bobby");
  REQUIRE(news.reactions.size() == 2);
  CHECK(news.reactions[0].emoji_name == "x");
  CHECK(news.reactions[0].added);
  CHECK(news.reactions[1].emoji == emoji_id{600000000000000001});
  CHECK_FALSE(news.reactions[1].added);
}

TEST_CASE("router: a guild hears of what its own features want", "[gateway]") {
  auto b = bench{everything};
  b.with_guild();
  const auto joins = R"({"guild_id":"100000000000000001","user_id":"500000000000000009",
    "channel_id":"400000000000000002"})";
  const auto deleted = R"({"id":"70","channel_id":"7","guild_id":"100000000000000001"})";
  b.router.set_wants({guild, {}});
  CHECK(b.send(voice_state, joins) == routed::dropped);
  CHECK(b.send(message_delete, deleted) == routed::dropped);
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::dropped);
  CHECK_FALSE(b.router.has_news());
  // The cache was kept, so that nothing is amiss when somebody wants it.
  CHECK(b.router.introduce(guild)->snapshot->voice.size() == 3);
  b.router.set_wants({guild, {.voice = true, .message_deletes = true, .presences = true}});
  CHECK(b.send(voice_state, joins) == routed::dropped); // a repetition
  CHECK(b.send(message_delete, deleted) == routed::forwarded);
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::forwarded);
  b.router.set_wants({guild, {}});
  b.router.set_wants({guild, {.presences = true}});
  CHECK(b.send(presence, presence_of("4", "idle", playing)) == routed::forwarded); // told anew
  b.router.set_wants({guild_id{77}, {}});                                          // unknown
}

TEST_CASE("router: what members do that is no news to anybody breaks nothing", "[gateway]") {
  auto b = bench{everything};
  b.with_guild();
  for (const auto kind : {presence, message_create, reaction_add})
    for (const auto* d :
         {"[]", "null", "{}", R"({"guild_id":"100000000000000001"})", R"({"user":7})",
          R"({"guild_id":"100000000000000001","activities":{},"emoji":[],"author":[]})"})
      CHECK(b.send(kind, d) == routed::broken);
  CHECK_FALSE(b.router.has_news());
}

TEST_CASE("router: the bot's own voice is told whatever changed in it", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  const auto state = [&](const char* rest) {
    return b.send(voice_state, R"({"guild_id":"100000000000000001","user_id":")" + to_string(self) +
                                   R"(",)" + rest + "}");
  };
  const auto in = R"("channel_id":"400000000000000002","session_id":"s1","suppress":true)";
  CHECK(state(in) == routed::forwarded);
  CHECK(b.told().rfind("own 400000000000000002 s1 suppressed", 0) == 0);
  CHECK(state(in) == routed::forwarded); // of others, a repetition is no news
  CHECK(b.told() == "own 400000000000000002 s1 suppressed");
  CHECK(state(R"("channel_id":null,"session_id":"s1")") == routed::forwarded);
  CHECK(b.told().rfind("own 0 s1", 0) == 0);
}

TEST_CASE("router: a voice server is told, also that it went away", "[gateway]") {
  auto b = bench{};
  b.with_guild();
  CHECK(b.send(event_kind::voice_server,
               R"({"guild_id":"100000000000000001","token":"t","endpoint":"eu:443"})") ==
        routed::forwarded);
  CHECK(b.told() == "server eu:443 t");
  CHECK(b.send(event_kind::voice_server,
               R"({"guild_id":"100000000000000001","token":"t","endpoint":null})") ==
        routed::forwarded);
  CHECK(b.told() == "server  t");
  CHECK(b.send(event_kind::voice_server, R"({"guild_id":"77","token":"t","endpoint":"eu"})") ==
        routed::dropped);
  CHECK(b.send(event_kind::voice_server, R"({"guild_id":"100000000000000001"})") == routed::broken);
}
