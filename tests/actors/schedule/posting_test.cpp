// Goal: exactly one daily message an evening, whatever fails or dies between its two halves.
// Method: the job as the clock runs it; Discord's answers and the crashes are the test's.
#include "tests/actors/schedule/schedule_world.hpp"

using namespace hearth;
using test::schedule_world;

TEST_CASE_METHOD(schedule_world, "posting: the job posts tonight's message once", "[schedule]") {
  CHECK(run_job());
  REQUIRE(posts().size() == 1);
  CHECK(posts()[0].path == "/channels/500/messages");
  const auto body = test::json::parse(posts()[0].body);
  CHECK(body["enforce_nonce"] == true);
  CHECK(body["nonce"].get<std::string>().size() <= 25);
  CHECK(body["embeds"][0]["title"] == "Schedule");
  CHECK(run_job()); // the clock may ask again
  CHECK(posts().size() == 1);
  CHECK(edits().empty());
  CHECK(rest->asked.size() == 1);
}

TEST_CASE_METHOD(schedule_world, "posting: in the guild's language", "[schedule]") {
  settings.options["language"] = "fr";
  facts();
  CHECK(run_job());
  CHECK(posts().at(0).body.find("vendredi 20 novembre 2026") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world,
                 "posting: in the operator's language where the guild's is not ours",
                 "[schedule]") {
  operators_language = "fr";
  snapshot.preferred_locale = "de";
  facts();
  CHECK(run_job());
  CHECK(posts().at(0).body.find("vendredi 20 novembre 2026") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "posting: weekly plans are in the first message", "[schedule]") {
  auto db = store.db();
  db.exec("INSERT INTO user_schedule VALUES(?,?,?,?)", test::home, 10, 4, 18);
  db.exec("INSERT INTO user_schedule VALUES(?,?,?,?)", test::home, 11, 5, 18); // Saturdays
  CHECK(run_job());
  CHECK(line(posts().at(0).body, 5).find("<@10>") != std::string::npos);
  CHECK(line(posts().at(0).body, 5).find("<@11>") == std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "posting: no channel, nothing to do", "[schedule]") {
  settings.channels.clear();
  facts();
  CHECK(run_job());
  CHECK(rest->asked.empty());
}

TEST_CASE_METHOD(schedule_world, "posting: caught up while the evening lasts, not after",
                 "[schedule]") {
  at(1'795'262'399); // 3:59:59 in the night after
  CHECK(run_job());
  CHECK(posts().size() == 1);
  at(1'795'262'400 + 86'400); // a day later, after the end of Saturday's evening
  CHECK(run_job("2026-11-21"));
  CHECK(posts().size() == 1);
}

TEST_CASE_METHOD(schedule_world, "posting: a crash before the POST leads to one message",
                 "[schedule]") {
  rest->fail = errc::unreachable;
  CHECK_FALSE(run_job());
  REQUIRE(posts().size() == 1);
  const auto nonce = test::json::parse(posts()[0].body)["nonce"];
  rest->fail = errc::none;
  restart();
  rest->asked.clear();
  rest->answer = [&](const rest_request& asked) {
    return asked.method == http_method::get ? rest_response{200, 0, "[]"}
                                            : rest_response{200, 0, R"({"id":"9001"})"};
  };
  pass(std::chrono::minutes{5});
  CHECK(run_job());
  REQUIRE(rest->asked.size() == 2);
  CHECK(rest->asked[0].path == "/channels/500/messages?limit=50");
  CHECK(test::json::parse(posts().at(0).body)["nonce"] == nonce); // Discord knows it, if at all
}

TEST_CASE_METHOD(schedule_world, "posting: a crash after the POST finds the message again",
                 "[schedule]") {
  rest->fail = errc::unreachable; // it arrived, the answer did not
  CHECK_FALSE(run_job());
  auto message = test::json::parse(posts().at(0).body);
  message["id"] = "8001";
  message["author"] = {{"id", to_string(test::bot)}};
  rest->fail = errc::none;
  restart();
  rest->asked.clear();
  rest->answer = [&](const rest_request& asked) {
    return asked.method == http_method::get
               ? rest_response{200, 0, test::json::array({message}).dump()}
               : rest_response{200, 0, "{}"};
  };
  CHECK(run_job());
  CHECK(posts().empty());
  REQUIRE(edits().size() == 1); // drawn anew: votes may have come meanwhile
  CHECK(edits()[0].path == "/channels/500/messages/8001");
}

TEST_CASE_METHOD(schedule_world, "posting: an unfinished one of another channel moves over",
                 "[schedule]") {
  rest->fail = errc::unreachable;
  CHECK_FALSE(run_job());
  rest->fail = errc::none;
  rest->asked.clear();
  settings.channels["schedule"] = {555};
  rest->answer = [](const rest_request& asked) {
    return asked.method == http_method::get ? test::refused(404, 10003)
                                            : rest_response{200, 0, R"({"id":"9001"})"};
  };
  facts(); // the time is past: it is posted without waiting for the job
  CHECK(rest->to("/channels/500/messages?limit=50").size() == 1);
  REQUIRE(posts().size() == 1);
  CHECK(posts()[0].path == "/channels/555/messages");
  CHECK(run_job());
  CHECK(posts().size() == 1);
}

TEST_CASE_METHOD(schedule_world, "posting: a refusal is told once and tried each hour",
                 "[schedule]") {
  rest->answer = [](const rest_request& asked) {
    return asked.path.find("/500/") != std::string::npos ? test::refused(403, 50013)
                                                         : rest_response{200, 0, R"({"id":"1"})"};
  };
  CHECK_FALSE(run_job());
  CHECK(rest->to("/channels/500/").size() == 1);
  REQUIRE(rest->to("/channels/501/").size() == 1);
  CHECK(rest->to("/channels/501/")[0].body.find("<#500>") != std::string::npos);
  pass(std::chrono::minutes{59});
  CHECK_FALSE(run_job());
  CHECK(rest->to("/channels/500/").size() == 1);
  pass(std::chrono::minutes{1});
  CHECK_FALSE(run_job());
  CHECK(rest->to("/channels/500/").size() == 2);
  CHECK(rest->to("/channels/501/").size() == 1);
  facts(); // somebody changed something: no reason to wait
  rest->answer = [](const rest_request&) { return rest_response{200, 0, R"({"id":"9001"})"}; };
  CHECK(run_job());
  CHECK(rest->to("/channels/500/").size() == 3);
}

TEST_CASE_METHOD(schedule_world, "posting: trouble at Discord's end is tried again, untold",
                 "[schedule]") {
  rest->answer = [](const rest_request&) { return test::refused(503, 0); };
  CHECK_FALSE(run_job());
  CHECK(rest->to("/channels/501/").empty());
}

TEST_CASE_METHOD(schedule_world, "posting: a vote while it is on its way is drawn after it",
                 "[schedule]") {
  rest->hold = true;
  auto done = false;
  ask(
      subject, job_due{test::home, "daily_schedule", "2026-11-20", time.now(), false},
      [&](job_done) { done = true; }, [](const caf::error&) {});
  answer(vote(10, 18)); // on an older copy
  rest->hold = false;
  tell(rest_, caf::ok_atom::value);
  CHECK(done);
  REQUIRE(edits().size() == 1);
  CHECK(line(edits()[0].body, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "posting: stop waits for what is under way", "[schedule]") {
  rest->hold = true;
  auto done = std::optional<bool>{};
  auto ended = false;
  ask(
      subject, job_due{test::home, "daily_schedule", "2026-11-20", time.now(), false},
      [&](job_done) { done = true; }, [&](const caf::error&) { done = false; });
  ask(
      subject, stop_feature{}, [&](stopped) { ended = true; }, [](const caf::error&) {});
  CHECK_FALSE(ended);
  CHECK(send_in(vote(10, 18))->error == make_error(errc::stopping));
  rest->hold = false;
  tell(rest_, caf::ok_atom::value);
  CHECK(done == true);
  CHECK(ended);
  CHECK(count("daily_message WHERE message IS NOT NULL") == 1);
}
