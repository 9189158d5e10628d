// Goal: one word, 15 minutes before, to those who want it; by direct message or in the channel.
#include "tests/actors/schedule/schedule_world.hpp"

using namespace hearth;
using test::json;
using test::schedule_world;

namespace {

constexpr int64_t six_pm = 1'795'226'400; // slot hour 18

struct reminder_world : schedule_world {
  reminder_world() {
    run_job();
    want(10);
    answer(vote(10, 18));
    rest->asked.clear();
    rest->answer = [](const rest_request& asked) {
      return asked.path == "/users/@me/channels" ? rest_response{200, 0, R"({"id":"777"})"}
                                                 : rest_response{200, 0, R"({"id":"9500"})"};
    };
  }
  void want(uint64_t user) { answer(press("schedule:plan:remind_on", user)); }
  /// To the moment in question, with the wake-up that was asked for.
  void quarter_to(int64_t unix_s) {
    at(unix_s - 900);
    tell(subject, woken{"remind", time.now()});
  }
};

} // namespace

TEST_CASE_METHOD(reminder_world, "reminders: by direct message, 15 minutes before", "[schedule]") {
  CHECK(wakes->at("remind").ms == int64_t{1'795'208'400 - 900} * 1000); // the first slot, 1 pm
  at(six_pm - 901);
  tell(subject, woken{"remind", time.now()});
  CHECK(rest->asked.empty());
  CHECK(wakes->at("remind").ms == (six_pm - 900) * 1000);
  wake("remind");
  REQUIRE(rest->asked.size() == 2);
  CHECK(json::parse(rest->asked[0].body)["recipient_id"] == "10");
  CHECK(rest->asked[1].path == "/channels/777/messages");
  const auto body = json::parse(rest->asked[1].body);
  CHECK(body["content"] == "You play <t:1795226400:R>, at <t:1795226400:t>, in Hearth.");
  CHECK(body["enforce_nonce"] == true);
  CHECK(body["nonce"].get<std::string>().size() <= 25);
  CHECK(wakes->at("remind").ms == (six_pm + 3600 - 900) * 1000);
}

TEST_CASE_METHOD(reminder_world, "reminders: once, also after a restart within the quarter",
                 "[schedule]") {
  quarter_to(six_pm);
  restart();
  pass(std::chrono::minutes{5});
  tell(subject, woken{"remind", time.now()});
  CHECK(rest->to("/channels/777/").size() == 1);
}

TEST_CASE_METHOD(reminder_world, "reminders: started late within the quarter, still sent",
                 "[schedule]") {
  at(six_pm - 60);
  restart();
  CHECK(rest->to("/channels/777/").size() == 1);
}

TEST_CASE_METHOD(reminder_world, "reminders: not after the hour has begun", "[schedule]") {
  at(six_pm);
  restart();
  CHECK(rest->to("/channels/777/").empty());
}

TEST_CASE_METHOD(reminder_world, "reminders: not for the hours in a row, nor to others",
                 "[schedule]") {
  answer(vote(10, 19));
  answer(vote(11, 19));
  quarter_to(six_pm);
  quarter_to(six_pm + 3600);
  CHECK(rest->to("/channels/777/").size() == 1);
  answer(vote(10, 21));
  quarter_to(six_pm + 3 * 3600);
  CHECK(rest->to("/channels/777/").size() == 2);
  CHECK(rest->to("/users/@me/channels").size() == 1); // the door is known
}

TEST_CASE_METHOD(reminder_world, "reminders: closed messages lead to the channel, remembered",
                 "[schedule]") {
  rest->answer = [](const rest_request& asked) {
    if (asked.path == "/users/@me/channels")
      return rest_response{200, 0, R"({"id":"777"})"};
    return asked.path == "/channels/777/messages" ? test::refused(403, 50007)
                                                  : rest_response{200, 0, R"({"id":"9500"})"};
  };
  quarter_to(six_pm);
  REQUIRE(rest->to("/channels/500/messages").size() == 1);
  const auto body = json::parse(rest->to("/channels/500/messages")[0].body);
  CHECK(body["content"].get<std::string>().find("<@10>, you play") == 0);
  CHECK(body["allowed_mentions"]["users"] == json::array({"10"}));
  answer(vote(10, 20));
  quarter_to(six_pm + 2 * 3600);
  CHECK(rest->to("/channels/777/messages").size() == 1); // not tried again
  CHECK(rest->to("/channels/500/messages").size() == 2);
  want(10); // asks once more: the door may be open
  answer(vote(10, 22));
  quarter_to(six_pm + 4 * 3600);
  CHECK(rest->to("/channels/777/messages").size() == 2);
}

TEST_CASE_METHOD(reminder_world, "reminders: no way to open a direct message", "[schedule]") {
  rest->answer = [](const rest_request& asked) {
    return asked.path == "/users/@me/channels" ? test::refused(403, 50278)
                                               : rest_response{200, 0, R"({"id":"9500"})"};
  };
  quarter_to(six_pm);
  CHECK(rest->to("/channels/500/messages").size() == 1);
}

TEST_CASE_METHOD(reminder_world, "reminders: at most once when Discord does not answer",
                 "[schedule]") {
  rest->fail = errc::unreachable;
  quarter_to(six_pm);
  rest->fail = errc::none;
  quarter_to(six_pm);
  CHECK(rest->to("/channels/777/").empty());
}

TEST_CASE_METHOD(reminder_world, "reminders: stopped by the member", "[schedule]") {
  answer(press("schedule:plan:remind_off"));
  quarter_to(six_pm);
  CHECK(rest->to("/channels/777/").empty());
}
