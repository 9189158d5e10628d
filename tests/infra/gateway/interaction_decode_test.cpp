// Interactions: each type with what features need, in the shapes Discord documents.
#include "infra/gateway/event_decode.hpp"
#include "tests/infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using test::dispatch;

namespace {

/// An interaction of that type in a guild, around `data` and more top-level fields.
interaction read(int type, const std::string& data, const std::string& more = "") {
  auto decoder = event_decoder{};
  auto out = interaction{};
  const auto d =
      R"({"id":"900000000000000001","application_id":"700000000000000001","type":)" +
      std::to_string(type) +
      R"(,"token":"secret-token","version":1,"entitlements":[],"app_permissions":"2147483647",
      "locale":"fr","guild_locale":"en-US","guild_id":"100000000000000001","channel_id":"400000000000000001",
      "channel":{"id":"400000000000000001","type":0},"guild":{"id":"100000000000000001","locale":"en-US"},
      "member":{"user":{"id":"500000000000000002","username":"ada","global_name":"Ada"},"nick":null,
       "roles":["300000000000000001"],"permissions":"9007199254740993","flags":0},"data":)" +
      data + more + "}";
  REQUIRE(decoder.read(dispatch("INTERACTION_CREATE", d), out));
  return out;
}

} // namespace

TEST_CASE("interaction: the frame around every type", "[gateway]") {
  const auto got = read(2, R"({"id":"800000000000000001","name":"help","type":1})");
  CHECK(got.id == interaction_id{900000000000000001});
  CHECK(got.token == "secret-token");
  CHECK(got.kind == interaction_kind::command);
  CHECK(got.application == application_id{700000000000000001});
  CHECK(got.guild == guild_id{100000000000000001});
  CHECK(got.channel == channel_id{400000000000000001});
  CHECK(got.member == member_facts{user_id{500000000000000002},
                                   "Ada",
                                   {role_id{300000000000000001}},
                                   9007199254740993,
                                   false});
  CHECK(got.locale == "fr");
  CHECK(got.guild_locale == "en-US");
  CHECK(got.app_permissions == 2147483647);
  CHECK(got.command == "help");
  CHECK(got.command_type == 1);
  CHECK(got.subcommand.empty());
  CHECK(got.options.empty());
}

TEST_CASE("interaction: options of every type", "[gateway]") {
  const auto got = read(2, R"({"name":"add","type":1,"options":[
    {"name":"text","type":3,"value":"18 h"},{"name":"count","type":4,"value":-3},{"name":"on","type":5,"value":true},
    {"name":"who","type":6,"value":"500000000000000002"},{"value":"400000000000000001","type":7,"name":"where"},
    {"name":"role","type":8,"value":"300000000000000001"},{"name":"any","type":9,"value":"300000000000000001"},
    {"name":"ratio","type":10,"value":0.5},{"name":"whole","type":10,"value":2},{"name":"file","type":11,"value":"12"},
    {"name":"odd","type":3,"value":null}],
    "resolved":{"members":{"500000000000000002":{"nick":"Ada L.","roles":["300000000000000001"],"permissions":"8"}},
     "users":{"500000000000000002":{"id":"500000000000000002","username":"ada"},"500000000000000003":{"id":"500000000000000003","username":"bot","bot":true}},
     "channels":{"400000000000000001":{"id":"400000000000000001","name":"general","type":0,"permissions":"1024","app_permissions":"2048"}},
     "roles":{"300000000000000001":{"id":"300000000000000001","name":"Mods","permissions":"0"}},"attachments":{"12":{"id":"12"}}}})");
  REQUIRE(got.options.size() == 11);
  CHECK(*got.option<std::string>("text") == "18 h");
  CHECK(*got.option<int64_t>("count") == -3);
  CHECK(*got.option<bool>("on"));
  CHECK(*got.option<uint64_t>("who") == 500000000000000002);
  CHECK(*got.option<uint64_t>("where") == 400000000000000001);
  CHECK(*got.option<uint64_t>("role") == 300000000000000001);
  CHECK(*got.option<uint64_t>("any") == 300000000000000001);
  CHECK(*got.option<double>("ratio") == 0.5);
  CHECK(*got.option<double>("whole") == 2.0);
  CHECK(*got.option<uint64_t>("file") == 12);
  CHECK(got.option<int64_t>("text") == nullptr);
  REQUIRE(got.users.size() == 2);
  CHECK(
      got.users.at(user_id{500000000000000002}) ==
      member_facts{user_id{500000000000000002}, "Ada L.", {role_id{300000000000000001}}, 8, false});
  CHECK(got.users.at(user_id{500000000000000003}).bot);
  CHECK(got.channels.at(channel_id{400000000000000001}).name == "general");
  CHECK(got.channels.at(channel_id{400000000000000001}).app_permissions == 2048);
  CHECK(got.roles.at(role_id{300000000000000001}) == "Mods");
}

TEST_CASE("interaction: subcommands and groups", "[gateway]") {
  const auto sub = read(2, R"({"name":"modchannel","type":1,"options":[
    {"type":1,"name":"set","options":[{"name":"kind","type":3,"value":"schedule"}]}]})");
  CHECK(sub.subcommand == "set");
  CHECK(*sub.option<std::string>("kind") == "schedule");
  const auto group = read(2, R"({"name":"a","type":1,"options":[{"name":"b","type":2,"options":[
    {"name":"c","type":1,"options":[{"name":"d","type":4,"value":1}]}]}]})");
  CHECK(group.subcommand == "b c");
  CHECK(*group.option<int64_t>("d") == 1);
}

TEST_CASE("interaction: autocomplete keeps half a number as text", "[gateway]") {
  const auto got = read(4, R"({"name":"settimezone","type":1,"options":[
    {"name":"city","type":3,"value":"par","focused":true},{"name":"n","type":4,"value":"1","focused":false}]})");
  CHECK(got.kind == interaction_kind::autocomplete);
  CHECK(got.options[0].focused);
  CHECK(*got.option<std::string>("n") == "1");
}

TEST_CASE("interaction: context menus", "[gateway]") {
  const auto got = read(2, R"({"name":"Zone","type":2,"target_id":"500000000000000003"})");
  CHECK(got.command_type == 2);
  CHECK(got.target == 500000000000000003);
}

TEST_CASE("interaction: components know their message", "[gateway]") {
  const auto button = read(
      3, R"({"custom_id":"vote:2026-11-20:18","component_type":2,"id":4})",
      R"(,"message":{"id":"950000000000000001","flags":64,"components":[{"type":1,"components":[]}],"author":{"id":"1"}})");
  CHECK(button.kind == interaction_kind::component);
  CHECK(button.custom_id == "vote:2026-11-20:18");
  CHECK(button.component_type == 2);
  CHECK(button.message == message_id{950000000000000001});
  CHECK(button.message_ephemeral);
  const auto select = read(3, R"({"custom_id":"s","component_type":3,"values":["a","b"]})",
                           R"(,"message":{"id":"950000000000000001","flags":0})");
  CHECK(select.values == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(select.message_ephemeral);
}

TEST_CASE("interaction: modals with labels and with legacy rows", "[gateway]") {
  const auto labels = read(5, R"({"custom_id":"m:1","components":[
    {"type":10,"id":1},
    {"type":18,"id":2,"component":{"type":4,"id":3,"custom_id":"why","value":"because"}},
    {"type":18,"id":4,"component":{"type":3,"id":5,"custom_id":"days","values":["mon","tue"]}},
    {"type":18,"id":6,"component":{"type":21,"id":7,"custom_id":"radio","value":null}},
    {"type":18,"id":8,"component":{"type":23,"id":9,"custom_id":"check","value":true}},
    {"type":18,"id":10,"component":{"type":19,"id":11,"custom_id":"files","values":[]}}]})");
  CHECK(labels.kind == interaction_kind::modal_submit);
  CHECK(labels.custom_id == "m:1");
  CHECK(labels.fields == std::map<std::string, std::string>{{"why", "because"},
                                                            {"days", "mon,tue"},
                                                            {"radio", ""},
                                                            {"check", "true"},
                                                            {"files", ""}});
  const auto rows = read(5, R"({"custom_id":"m:1","components":[
    {"type":1,"components":[{"type":4,"custom_id":"a","value":"1"}]},
    {"type":1,"components":[{"type":4,"custom_id":"b","value":""}]}]})");
  CHECK(rows.fields == std::map<std::string, std::string>{{"a", "1"}, {"b", ""}});
}

TEST_CASE("interaction: direct messages have a user and no guild", "[gateway]") {
  auto decoder = event_decoder{};
  auto got = interaction{};
  REQUIRE(decoder.read(dispatch("INTERACTION_CREATE", R"({"id":"1","type":2,"token":"t",
    "user":{"id":"5","username":"ada","global_name":"Ada"},"channel":{"id":"6","type":1},"data":{"name":"help"}})"),
                       got));
  CHECK_FALSE(got.guild);
  CHECK(got.member.user == user_id{5});
  CHECK(got.member.name == "Ada");
  CHECK(got.channel == channel_id{6});
}

TEST_CASE("interaction: what cannot be answered is refused", "[gateway]") {
  auto decoder = event_decoder{};
  const auto* d =
      GENERATE(R"({"id":"1","type":2})", R"({"type":2,"token":"t"})", R"({"id":"1","token":"t"})",
               R"({"id":"1","type":1,"token":"t"})", R"({"id":"1","type":6,"token":"t"})",
               R"({"id":"1","type":"2","token":"t"})", R"({"id":"x","type":2,"token":"t"})",
               R"({"id":"1","type":2,"token":""})", "[]");
  auto got = interaction{};
  CHECK_FALSE(decoder.read(dispatch("INTERACTION_CREATE", d), got));
}

TEST_CASE("interaction: strange data is survived", "[gateway]") {
  const auto* data =
      GENERATE("null", "[]", "7", R"({"options":{}})", R"({"options":[null,7,"x",[]]})",
               R"({"options":[{"options":[{"options":[{"options":[{}]}]}]}]})",
               R"({"resolved":{"users":[],"members":null,"roles":7,"channels":{"x":{}}}})",
               R"({"resolved":{"users":{"not an id":{"username":"x"}}}})",
               R"({"components":[[],{},{"component":7},{"components":[[]]}]})",
               R"({"values":[1,true,null,{"a":1},[2]],"type":300,"component_type":-1})");
  CHECK(read(3, data).id == interaction_id{900000000000000001});
}

TEST_CASE("interaction: a bare object, as it comes by HTTP, or a ping", "[gateway]") {
  auto decoder = event_decoder{};
  const auto read_bare = [&](std::string_view text, interaction& out) {
    return decoder.read_interaction(test::padded{text}, out);
  };
  auto out = interaction{};
  CHECK(read_bare(R"({"id":"9","type":2,"token":"t","guild_id":"7","data":{"name":"help"}})",
                  out) == interaction_read::interaction);
  CHECK(out.command == "help");
  CHECK(out.guild == guild_id{7});
  CHECK(out.token == "t");
  auto ping = interaction{};
  CHECK(read_bare(R"({"id":"9","type":1,"token":"t"})", ping) == interaction_read::ping);
  for (const auto* wrong :
       {"", "[]", "null", "1", R"({"id":"9","type":2})", R"({"type":2,"token":"t"})",
        R"({"id":"9","type":6,"token":"t"})", R"({"id":"9","type":"x","token":"t"})",
        R"({"id":"9","type":2,"token":"t","data":{"name":)",
        R"({"op":0,"d":{"id":"9","type":2,"token":"t"}})"}) {
    auto ignored = interaction{};
    CHECK(read_bare(wrong, ignored) == interaction_read::broken);
  }
}
