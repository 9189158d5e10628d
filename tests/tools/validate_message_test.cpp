#include "discord-sim/emoji.hpp"
#include "discord-sim/validate_message.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"

// Table tests: a body and the one leaf expected ("" = accepted), on both sides of each limit.
using nlohmann::json;
using sim::message_route;

namespace {

std::string first_leaf(const json& body, sim::message_context context = {}) {
  sim::form_errors errors;
  sim::check_message(body, context, {}, errors);
  return sim_test::first_leaf(errors.body());
}

sim::message_body checked(const json& body, sim::message_context context = {}) {
  sim::form_errors errors;
  auto result = sim::check_message(body, context, {}, errors);
  REQUIRE(errors.empty());
  return result;
}

json embed(const json& part) { return {{"embeds", json::array({part})}}; }
std::string times(std::size_t count) { return std::string(count, 'x'); }

} // namespace

TEST_CASE("message rules: content, nonce, lists", "[sim][messages]") {
  json many = json::array();
  for (int i = 0; i < 11; ++i)
    many.push_back({{"title", "t"}});
  auto ten = many;
  ten.erase(10);
  const auto [body, leaf] = GENERATE_COPY(table<json, std::string>({
      {{{"content", times(2000)}}, ""},
      {{{"content", "  " + times(2000) + "\n"}}, ""},
      {{{"content", times(2001)}}, "content BASE_TYPE_MAX_LENGTH"},
      {{{"content", json::array()}}, "content STRING_TYPE_CONVERT"},
      {{{"nonce", times(25)}}, ""},
      {{{"nonce", 12345}}, ""},
      {{{"nonce", times(26)}}, "nonce NONCE_TYPE_TOO_LONG"},
      {{{"nonce", json::object()}}, "nonce NONCE_TYPE_TOO_LONG"},
      {{{"embeds", ten}}, ""},
      {{{"embeds", many}}, "embeds BASE_TYPE_MAX_LENGTH"},
      {{{"embeds", 1}}, "embeds LIST_TYPE_CONVERT"},
      {{{"flags", "x"}}, "flags NUMBER_TYPE_COERCE"},
      {{{"tts", "yes"}}, "tts BOOLEAN_TYPE_CONVERT"},
      {{{"sticker_ids", {1, 2, 3, 4}}}, "sticker_ids BASE_TYPE_MAX_LENGTH"},
      {{{"message_reference", json::object()}}, "message_reference.message_id BASE_TYPE_REQUIRED"},
      {{{"message_reference", {{"message_id", "x"}}}},
       "message_reference.message_id NUMBER_TYPE_COERCE"},
      {{{"message_reference", {{"message_id", "9223372036854775808"}}}},
       "message_reference.message_id NUMBER_TYPE_MAX"},
      {{{"embeds", json::array({nullptr})}}, "embeds.0 LIST_ITEM_VALUE_REQUIRED"},
      {{{"attachments", json::array({nullptr})}}, "attachments.0 LIST_ITEM_VALUE_REQUIRED"},
      {{{"unknown_key", 1}}, ""},
      {json::array(), " MODEL_TYPE_CONVERT"},
  }));
  CHECK(first_leaf(body) == leaf);
}

TEST_CASE("message rules: embeds", "[sim][messages]") {
  json fields = json::array();
  for (int i = 0; i < 26; ++i)
    fields.push_back({{"name", "n"}, {"value", "v"}});
  const auto with_field = [](const std::string& name, const std::string& value) {
    return json{{"fields", json::array({json{{"name", name}, {"value", value}}})}};
  };
  const auto [part, leaf] = GENERATE_COPY(table<json, std::string>({
      {{{"title", times(256)}}, ""},
      {{{"title", times(257)}}, ".title BASE_TYPE_MAX_LENGTH"},
      {{{"description", times(4096)}}, ""},
      {{{"description", times(4097)}}, ".description BASE_TYPE_MAX_LENGTH"},
      {{{"fields", fields}}, ".fields BASE_TYPE_MAX_LENGTH"},
      {with_field(times(256), times(1024)), ""},
      {with_field(times(257), "v"), ".fields.0.name BASE_TYPE_MAX_LENGTH"},
      {with_field("n", times(1025)), ".fields.0.value BASE_TYPE_MAX_LENGTH"},
      {with_field("n", " "), ".fields.0.value BASE_TYPE_REQUIRED"},
      {{{"footer", {{"text", times(2048)}}}}, ""},
      {{{"footer", {{"text", times(2049)}}}}, ".footer.text BASE_TYPE_MAX_LENGTH"},
      {{{"author", {{"name", times(257)}}}}, ".author.name BASE_TYPE_MAX_LENGTH"},
      {{{"title", "t"}, {"color", 0xffffff}}, ""},
      {{{"title", "t"}, {"color", 0x1000000}}, ".color NUMBER_TYPE_MAX"},
      {{{"title", "t"}, {"color", -1}}, ".color NUMBER_TYPE_MIN"},
      {{{"title", "t"}, {"url", "ftp://x"}}, ".url URL_TYPE_INVALID_SCHEME"},
      {{{"image", {{"url", "attachment://a.png"}}}}, ""},
      {{{"image", json::object()}}, ".image.url BASE_TYPE_REQUIRED"},
      {{{"title", "t"}, {"timestamp", "2026-11-20T12:00:00Z"}}, ""},
      {{{"title", "t"}, {"timestamp", "tomorrow"}}, ".timestamp DATE_TIME_TYPE_PARSE"},
      {json::object(), ".description BASE_TYPE_REQUIRED"},
      {3, " MODEL_TYPE_CONVERT"},
  }));
  const auto expected = leaf.empty() ? leaf : "embeds.0" + leaf;
  CHECK(first_leaf(embed(part)) == expected);
}

TEST_CASE("message rules: six thousand characters over all embeds", "[sim][messages]") {
  const auto of = [](std::size_t last) {
    return json{{"embeds",
                 {{{"description", times(4000)}},
                  {{"description", times(1990)}, {"footer", {{"text", times(last)}}}}}}};
  };
  CHECK(first_leaf(of(10)).empty());
  CHECK(first_leaf(of(11)) == "embeds MAX_EMBED_SIZE_EXCEEDED");
}

TEST_CASE("message rules: allowed_mentions", "[sim][messages]") {
  json ids = json::array();
  for (int i = 1; i <= 101; ++i)
    ids.push_back(std::to_string(i));
  auto hundred = ids;
  hundred.erase(100);
  const auto [value, leaf] = GENERATE_COPY(table<json, std::string>({
      {{{"parse", json::array()}}, ""},
      {{{"parse", {"users", "roles", "everyone"}}}, ""},
      {{{"parse", json::array({"people"})}}, "allowed_mentions.parse.0 BASE_TYPE_CHOICES"},
      {{{"parse", json::array({"users"})}, {"users", json::array({"1"})}},
       "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
      {{{"parse", json::array({"users"})}, {"users", json::array()}}, ""},
      {{{"parse", json::array({"users"})}, {"users", nullptr}}, ""},
      {{{"users", hundred}}, ""},
      {{{"users", ids}}, "allowed_mentions.users BASE_TYPE_MAX_LENGTH"},
      {{{"roles", {"1", "1"}}}, "allowed_mentions.roles.1 SET_TYPE_ALREADY_CONTAINS_VALUE"},
      {{{"users", json::array({"x"})}}, "allowed_mentions.users.0 NUMBER_TYPE_COERCE"},
      {3, "allowed_mentions MODEL_TYPE_CONVERT"},
  }));
  CHECK(first_leaf({{"content", "x"}, {"allowed_mentions", value}}) == leaf);
}

TEST_CASE("message rules: flags per route", "[sim][messages]") {
  sim::message_context context;
  const json all{{"flags", 0xffff}};
  const auto flags = [&](message_route route) {
    context.route = route;
    sim::form_errors errors;
    return sim::check_message(all, context, {}, errors).flags.value_or(-1);
  };
  CHECK(flags(message_route::create) == (4 | 4096 | 8192 | 32768));
  CHECK(flags(message_route::callback) == (4 | 64 | 4096 | 8192 | 32768));
  CHECK(flags(message_route::follow_up) == (4 | 64 | 4096 | 8192 | 32768));
  CHECK(flags(message_route::edit) == (4 | 32768));
  CHECK(flags(message_route::edit_webhook) == (4 | 32768));
}

TEST_CASE("message rules: components v2 exclude the older fields", "[sim][messages]") {
  const json text{{"type", 10}, {"content", "hi"}};
  const json good{{"flags", 32768}, {"components", json::array({text})}};
  const auto with = [&](const char* key, const json& value) {
    auto body = good;
    body[key] = value;
    return body;
  };
  const std::string leaf = " MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
  CHECK(first_leaf(good).empty());
  CHECK(first_leaf(with("content", "x")) == "content" + leaf);
  CHECK(first_leaf(with("content", "")).empty());
  CHECK(first_leaf(with("embeds", json::array({json{{"title", "t"}}}))) == "embeds" + leaf);
  CHECK(first_leaf(with("embeds", json::array())).empty());
  CHECK(first_leaf(with("poll", json::object())) == "poll" + leaf);
  // Without the flag the kinds of v2 are unknown.
  CHECK(first_leaf(with("flags", 0)) == "components.0 UNION_TYPE_CHOICES");
  // A message once v2 stays so.
  sim::message_context edit;
  edit.route = message_route::edit;
  edit.was_v2 = true;
  CHECK(first_leaf(with("flags", 0), edit).empty());
  CHECK(checked(with("flags", 0), edit).v2);
}

TEST_CASE("message rules: attachments bind by number or id", "[sim][messages]") {
  sim::message_context context;
  context.files = {0, 7};
  context.attachments = {123456789012345678};
  const auto entries = [](const json& list) { return json{{"attachments", list}}; };
  CHECK(first_leaf(entries({{{"id", 0}}, {{"id", "7"}}}), context).empty());
  CHECK(first_leaf(entries(json::array({json{{"id", 1}}})), context) ==
        "attachments.0 ATTACHMENT_NOT_FOUND");
  const auto body = checked(
      entries({{{"id", "123456789012345678"}, {"description", "d"}}, {{"id", 0}}}), context);
  REQUIRE(body.attachments);
  CHECK_FALSE((*body.attachments)[0].is_new);
  CHECK((*body.attachments)[1].is_new);
  CHECK(first_leaf(entries(json::array({json{{"id", 0}, {"description", times(1025)}}})),
                   context) == "attachments.0.description BASE_TYPE_MAX_LENGTH");
}

TEST_CASE("message rules: null empties in edits and is absent in creates", "[sim][messages]") {
  sim::message_context edit;
  edit.route = message_route::edit;
  const json body{{"content", nullptr}, {"components", nullptr}};
  CHECK(checked(body, edit).content == "");
  CHECK(checked(body, edit).components);
  CHECK_FALSE(checked(body).content);
  CHECK_FALSE(checked(body).components);
}

TEST_CASE("mentions: found in text, not in code", "[sim][messages]") {
  const auto named =
      sim::find_mentions("<@12> <@!13> <@&14> <@12> `<@99>` ```@everyone``` <@x> <@1");
  CHECK(named.users == std::vector<sim::snowflake>{12, 13});
  CHECK(named.roles == std::vector<sim::snowflake>{14});
  CHECK_FALSE(named.everyone);
  CHECK(sim::find_mentions("hey @here").everyone);
  CHECK(sim::find_mentions("` @everyone").everyone);
}

TEST_CASE("mentions: what is allowed stays", "[sim][messages]") {
  const auto named = sim::find_mentions("<@12> <@13> <@&14> @everyone");
  CHECK(allow(named, {}).users.size() == 2);
  const auto users_only = allow(named, sim::allowed_mentions::users_only());
  CHECK(users_only.users.size() == 2);
  CHECK(users_only.roles.empty());
  CHECK_FALSE(users_only.everyone);
  const auto one = checked({{"allowed_mentions", {{"users", {"13", "77"}}}}}).mentions;
  CHECK(allow(named, one).users == std::vector<sim::snowflake>{13});
  CHECK_FALSE(one.replied_user);
  CHECK(checked(json::object()).mentions.replied_user);
}

TEST_CASE("emoji: Unicode ones, custom ones, neither", "[sim][messages]") {
  for (const auto* good : {"🔥", "❤️", "👍🏽", "👩‍🚀", "🇫🇷", "1️⃣",
                           "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "⭐", "©"})
    CHECK(sim::is_unicode_emoji(good));
  for (const auto* bad : {"", "a", "fire", "🔥🔥", "1", "é", "\xff", "🔥a", "🇫🇷🇫🇷"})
    CHECK_FALSE(sim::is_unicode_emoji(bad));
  CHECK(sim::parse_reaction_emoji("flame:123456789012345678")->at("id") == "123456789012345678");
  CHECK(sim::parse_reaction_emoji("a:flame:123")->at("name") == "flame");
  CHECK_FALSE(sim::parse_reaction_emoji("flame"));
  CHECK_FALSE(sim::parse_reaction_emoji(":123"));
  CHECK_FALSE(sim::parse_reaction_emoji("flame:x"));
}
