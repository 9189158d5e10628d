// The session file: what is written is read back, what is damaged is not used.
#include "infra/gateway/guild_cache.hpp"
#include "infra/gateway/session_file.hpp"
#include "tests/infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr auto self = user_id{500000000000000001};

std::string sample() {
  auto decoder = event_decoder{};
  auto data = guild_data{};
  REQUIRE(decoder.read(test::dispatch("GUILD_CREATE", test::small_guild), data, self));
  auto cache = guild_cache{data.id, self};
  cache.replace(std::move(data));
  auto session = saved_session{};
  session.place = {"http://127.0.0.1:1/api", 0, 1, 641};
  session.point = {"session", "ws://127.0.0.1:1/resume", 42};
  session.user = self;
  session.user_name = "hearth";
  session.application = application_id{7};
  session.unavailable = {guild_id{9}};
  return encode_session(session, {cache.snapshot(), cache.snapshot()});
}

} // namespace

TEST_CASE("session file: it is read back", "[gateway]") {
  const auto read = decode_session(test::padded{sample()});
  REQUIRE(read);
  CHECK(read->place == session_place{"http://127.0.0.1:1/api", 0, 1, 641});
  CHECK(read->point.session_id == "session");
  CHECK(read->point.resume_url == "ws://127.0.0.1:1/resume");
  CHECK(read->point.seq == 42);
  CHECK(read->user == self);
  CHECK(read->user_name == "hearth");
  CHECK(read->application == application_id{7});
  CHECK(read->unavailable == std::vector{guild_id{9}});
  REQUIRE(read->guilds.size() == 2);
  CHECK(read->guilds[1].name == "Le Foyer");
  CHECK(read->guilds[1].voice->size() == 2);
}

TEST_CASE("session file: no part of it is a whole", "[gateway]") {
  const auto whole = sample();
  for (auto size = size_t{0}; size < whole.size(); ++size)
    CHECK_FALSE(decode_session(test::padded{std::string_view{whole}.substr(0, size)}));
  CHECK_FALSE(decode_session(test::padded{whole + "x"}));
  CHECK_FALSE(decode_session(test::padded{whole + whole}));
}

TEST_CASE("session file: another version or an unusable session is not used", "[gateway]") {
  const auto changed = [](const std::string& from, const std::string& to) {
    auto text = sample();
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return decode_session(test::padded{text}).has_value();
  };
  CHECK(changed("\"version\":1", "\"version\":1 "));
  CHECK_FALSE(changed("\"version\":1", "\"version\":2"));
  CHECK_FALSE(changed("\"seq\":42", "\"seq\":\"42\""));
  CHECK_FALSE(changed("\"session_id\":\"session\"", "\"session_id\":\"\""));
  CHECK_FALSE(changed("\"user\":\"5", "\"user\":\"x"));
  CHECK_FALSE(changed("end 2", "end 3"));
}

TEST_CASE("session file: identifies of the last day", "[gateway]") {
  constexpr auto now = int64_t{1'795'000'000'000};
  constexpr auto day = int64_t{86'400'000};
  const auto text = encode_identifies({now - day, now - day + 1, now - 5, now}, now);
  CHECK(decode_identifies(text, now) == std::vector<int64_t>{day - 1, 5, 0});
  CHECK(decode_identifies(text, now - 3) == std::vector<int64_t>{day - 4, 2}); // none of the future
  CHECK(decode_identifies("x\n12 3\n\n-5\n99999999999999999999\n1795000000000", now).empty());
}
