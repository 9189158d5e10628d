// Goal: an answered press is on disk and in the message, once, whoever else presses meanwhile.
#include "tests/actors/schedule/schedule_world.hpp"

using namespace hearth;
using test::schedule_world;
using kind = interaction_response::kind;

TEST_CASE_METHOD(schedule_world, "votes: a press answers with the changed message", "[schedule]") {
  run_job();
  const auto in = answer(vote(10, 18));
  CHECK(in.type == kind::update);
  CHECK(line(in.data, 5) == "<t:1795226400:t>  <:Gold:71> Ada");
  CHECK(count("daily_vote WHERE active=1") == 1);
  const auto out = answer(vote(10, 18));
  CHECK(line(out.data, 5) == "<t:1795226400:t>  –");
  CHECK(line(answer(vote(11, 27)).data, 14).find("Bob") != std::string::npos);
  CHECK(test::json::parse(answer(vote(10, maybe_hour)).data)["embeds"][0]["fields"].size() == 1);
}

TEST_CASE_METHOD(schedule_world, "votes: an interaction delivered twice counts once",
                 "[schedule]") {
  run_job();
  const auto twice = vote(10, 18);
  answer(twice);
  CHECK(line(answer(twice).data, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "votes: pressed after a restart, without any message known",
                 "[schedule]") {
  run_job();
  answer(vote(10, 18));
  restart();
  CHECK(line(answer(vote(11, 18)).data, 5) == "<t:1795226400:t>  <:Gold:71> Ada, Bob");
}

TEST_CASE_METHOD(schedule_world, "votes: two at once both count, and the last drawing is whole",
                 "[schedule]") {
  run_job();
  const auto before = edits().size();
  const auto one = vote(10, 18);
  const auto two = vote(11, 18);
  auto answers = std::vector<std::string>{};
  for (const auto& each : {one, two})
    callers.push_back(sys.spawn(
        [&](caf::event_based_actor* caller, const interaction_ptr& pressed) {
          caller->request(subject, caf::infinite, pressed)
              .then([&](const interaction_response& given) { answers.push_back(given.data); });
        },
        std::make_shared<const interaction>(each)));
  run();
  REQUIRE(answers.size() == 2);
  CHECK(count("daily_vote WHERE active=1") == 2);
  CHECK(line(answers.back(), 5).find("Ada") != std::string::npos);
  CHECK(line(answers.back(), 5).find("Bob") != std::string::npos);
  CHECK(edits().size() == before); // not before both answers had time to arrive
  wake("2026-11-20");
  REQUIRE(edits().size() == before + 1);
  CHECK(line(edits().back().body, 5) == line(answers.back(), 5));
}

TEST_CASE_METHOD(schedule_world, "votes: presses with time between them need no further edit",
                 "[schedule]") {
  run_job();
  answer(vote(10, 18));
  pass(std::chrono::seconds{3});
  answer(vote(11, 18));
  CHECK(edits().empty());
  CHECK(wakes->count("2026-11-20") == 0);
}

TEST_CASE_METHOD(schedule_world, "votes: refused once the evening is over, to the millisecond",
                 "[schedule]") {
  run_job();
  at(1'795'262'400); // 4:00 in the night after
  CHECK(told(vote(10, 27)).find("That evening is over") == 0);
  CHECK(count("daily_vote") == 0);
  time.set({time.now().ms - 1});
  CHECK(answer(vote(10, 27)).type == kind::update);
}

TEST_CASE_METHOD(schedule_world, "votes: an hour that is not offered any more", "[schedule]") {
  run_job();
  settings.options["schedule.hours"] = "18-2";
  facts();
  REQUIRE(edits().size() == 1); // new buttons at once
  CHECK(told(vote(10, 13)).find("not offered any more") != std::string::npos);
  CHECK(count("daily_vote") == 0);
  CHECK(edits().size() == 2);
  CHECK(answer(vote(10, 18)).type == kind::update);
}

TEST_CASE_METHOD(schedule_world, "votes: damaged or foreign buttons change nothing", "[schedule]") {
  for (const auto* id : {"schedule:vote:2026-11-20:99", "schedule:vote", "schedule:plan:x",
                         "schedule:undo:2026-11-20:x", "schedule:vote:2027-11-20:18"})
    CHECK(told(press(id)).find("older version") != std::string::npos);
  CHECK(count("daily_vote") == 0);
}

TEST_CASE_METHOD(schedule_world, "votes: what cannot be saved is not shown", "[schedule]") {
  run_job();
  store.db().exec("DROP TABLE daily_vote");
  CHECK(told(vote(10, 18)).find("could not be saved") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "votes: the other copies of an evening follow", "[schedule]") {
  run_job();
  rest->answer = [](const rest_request& asked) {
    return asked.method == http_method::del ? test::refused(403, 50001) // Discord keeps the first
                                            : rest_response{200, 0, R"({"id":"9002"})"};
  };
  answer(command("modforcesendschedule"));
  answer(vote(10, 18, 9001));
  REQUIRE(rest->to("/messages/9002").size() == 1);
  CHECK(line(rest->to("/messages/9002")[0].body, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "edits: what changes while one is under way goes into the next",
                 "[schedule]") {
  run_job();
  rest->hold = true;
  answer(command("modrefreshschedule"));
  for (auto i = 0; i < 5; ++i)
    answer(command("modrefreshschedule"));
  CHECK(edits().size() == 1);
  answer(vote(10, 18));
  tell(rest_, caf::ok_atom::value);
  REQUIRE(edits().size() == 2);
  CHECK(line(edits()[1].body, 5).find("Ada") != std::string::npos);
  tell(rest_, caf::ok_atom::value);
  CHECK(edits().size() == 2);
}

TEST_CASE_METHOD(schedule_world, "edits: one drawn before a vote does not have the last word",
                 "[schedule]") {
  run_job();
  rest->hold = true;
  answer(command("modrefreshschedule"));
  CHECK(line(edits().at(0).body, 5).find("Ada") == std::string::npos);
  answer(vote(10, 18)); // overtakes it
  tell(rest_, caf::ok_atom::value);
  REQUIRE(edits().size() == 2);
  CHECK(line(edits()[1].body, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "edits: a message that is gone is forgotten, its votes are not",
                 "[schedule]") {
  run_job();
  answer(vote(10, 18));
  rest->answer = [](const rest_request&) { return test::refused(404, 10008); };
  answer(command("modrefreshschedule"));
  CHECK(count("daily_message") == 0);
  CHECK(told(command("modrefreshschedule")).find("/modforcesendschedule") != std::string::npos);
  rest->answer = [](const rest_request&) { return rest_response{200, 0, R"({"id":"9100"})"}; };
  answer(command("modforcesendschedule"));
  CHECK(line(posts().back().body, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(schedule_world, "edits: a deletion is noticed when it is ours", "[schedule]") {
  run_job();
  tell(subject, message_deleted{test::channel, {4242}});
  CHECK(count("daily_message") == 1);
  tell(subject, message_deleted{test::channel, {9001}});
  CHECK(count("daily_message") == 0);
}

TEST_CASE_METHOD(schedule_world, "edits: unreachable now, again in a minute", "[schedule]") {
  run_job();
  rest->fail = errc::unreachable;
  answer(command("modrefreshschedule"));
  rest->fail = errc::none;
  const auto before = edits().size();
  CHECK(wakes->at("2026-11-20").ms == time.now().ms + 60'000);
  wake("2026-11-20");
  CHECK(edits().size() == before + 1);
}

TEST_CASE_METHOD(schedule_world, "edits: tonight's message is drawn anew at start", "[schedule]") {
  run_job();
  restart();
  CHECK(edits().size() == 1);
}

TEST_CASE_METHOD(schedule_world, "edits: another language of the guild is drawn at once",
                 "[schedule]") {
  run_job();
  settings.options["language"] = "fr";
  facts();
  REQUIRE(edits().size() == 1);
  CHECK(edits()[0].body.find("Planning") != std::string::npos);
  facts();
  CHECK(edits().size() == 1);
}

TEST_CASE_METHOD(schedule_world, "ready: said once an hour when enough are in", "[schedule]") {
  settings.options["schedule.ready_count"] = "2";
  facts();
  run_job();
  answer(vote(10, 18));
  CHECK(posts().size() == 1);
  answer(vote(11, 18));
  REQUIRE(posts().size() == 2);
  const auto line = test::json::parse(posts()[1].body);
  CHECK(line["content"] == "2 players are ready for <t:1795226400:t>: Ada, Bob");
  CHECK(line["allowed_mentions"]["parse"].empty());
  answer(vote(12, 18));
  answer(vote(11, 18));
  answer(vote(11, 18));
  answer(vote(10, maybe_hour));
  answer(vote(11, maybe_hour));
  CHECK(posts().size() == 2);
  restart();
  answer(vote(13, 18));
  CHECK(posts().size() == 2);
  at(1'795'230'000); // 7 pm: that hour is over
  answer(vote(10, 13));
  answer(vote(11, 13));
  CHECK(posts().size() == 2);
}

TEST_CASE_METHOD(schedule_world, "ready: never when set to 0", "[schedule]") {
  settings.options["schedule.ready_count"] = "0";
  facts();
  run_job();
  answer(vote(10, 18));
  CHECK(posts().size() == 1);
}
