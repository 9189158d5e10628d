// Goal: the newest message is true, its buttons work for everybody in the channel, months later.
#include "tests/actors/voice/ambience_world.hpp"

using namespace hearth;
using namespace test;
using kind = interaction_response::kind;

namespace {

/// Ids of the buttons of a rendered message.
std::vector<std::string> ids(const std::string& data) {
  auto found = std::vector<std::string>{};
  const auto message = json::parse(data);
  for (const auto& row : message["components"])
    for (const auto& part : row["components"])
      found.push_back(part["custom_id"]);
  return found;
}

} // namespace

TEST_CASE_METHOD(ambience_world, "message: its id is learnt, the old one says where it went",
                 "[voice]") {
  rest->answer = [](const rest_request&) { return rest_response{200, 0, R"({"id":"9001"})", 1}; };
  move(ada, lounge);
  answer(command("rain"));
  CHECK_FALSE(player().message);
  wake("message");
  CHECK(sent(http_method::get, "/webhooks/77/secret").size() == 1);
  CHECK(player().message == message_id{9001});
  CHECK(player().message_channel == talk);
  rest->answer = [](const rest_request&) { return rest_response{200, 0, R"({"id":"9002"})", 1}; };
  answer(command("sea"));
  wake("message");
  const auto old = sent(http_method::patch, "/channels/500/messages/9001");
  REQUIRE(old.size() == 1);
  CHECK(has(shown(old[0].body), "moved to a newer message"));
}

TEST_CASE_METHOD(ambience_world, "message: one whose id is not known yet says so as well",
                 "[voice]") {
  move(ada, lounge);
  answer(command("rain"));
  const auto first = "/webhooks/77/secret" + std::to_string(last_id) + "/messages/@original";
  answer(command("sea"));
  const auto old = sent(http_method::patch, first);
  REQUIRE_FALSE(old.empty());
  CHECK(has(shown(old.back().body), "moved to a newer message"));
  CHECK(json::parse(old.back().body)["components"].empty());
}

TEST_CASE_METHOD(ambience_world,
                 "message: an answer that is late is looked for again, not for ever", "[voice]") {
  move(ada, lounge);
  rest->answer = [](const rest_request&) { return rest_response{404, 10008, "{}", 1}; };
  answer(command("rain"));
  for (auto i = 0; i < 4; ++i)
    wake("message");
  wake("message"); // gives up
  CHECK_FALSE(will_wake("message"));
  CHECK(sent(http_method::get).size() == 4);
}

TEST_CASE_METHOD(ambience_world, "buttons: anybody in the channel, the answer is the new message",
                 "[voice]") {
  rain();
  move(bob, lounge);
  const auto pressed = answer(press("voice:play:rain%3A3", bob));
  CHECK(pressed.type == kind::update);
  CHECK(has(shown(pressed.data), "Rain on a tent"));
  CHECK(voice->last("play") == "play rain:3=100");
  answer(press("voice:mix:fire%3A1:70", ada));
  CHECK(voice->last("play") == "play rain:3=100 fire:1=70");
  answer(press("voice:drop:fire%3A1", bob));
  CHECK(voice->last("play") == "play rain:3=100");
  answer(press("voice:volume:40", bob));
  CHECK(voice->last("volume") == "volume 40");
  answer(press("voice:pause", bob));
  answer(press("voice:resume", ada));
  CHECK(voice->log.back() == "resume");
  CHECK(has(shown(answer(press("voice:stop", bob)).data), "Stopped."));
  CHECK(voice->log.back() == "leave");
}

TEST_CASE_METHOD(ambience_world, "buttons: every one that is drawn does something", "[voice]") {
  rain();
  own = {"file:sea/waves.ogg"};
  const auto drawn = ids(answer(press("voice:volume:60")).data);
  CHECK(drawn.size() == 5 + 5 + 4 + 1);
  for (const auto& id : drawn) {
    CAPTURE(id);
    answer(command("rain")); // as when they were drawn
    const auto values = id == "voice:files" ? own : own_sounds{};
    CHECK(answer(press(id, ada, 8001, values)).type == kind::update);
  }
}

TEST_CASE_METHOD(ambience_world, "buttons: two people at once want both, and both see all of it",
                 "[voice]") {
  rain();
  move(bob, lounge);
  auto answers = std::vector<std::string>{};
  for (const auto& each : {press("voice:mix:fire%3A1:70", ada), press("voice:volume:40", bob)})
    callers.push_back(sys.spawn([&, each](caf::event_based_actor* caller) {
      caller->request(subject, caf::infinite, std::make_shared<const interaction>(each))
          .then([&](const interaction_response& given) { answers.push_back(given.data); });
    }));
  run();
  REQUIRE(answers.size() == 2);
  CHECK(layers() == R"([["rain:1",100],["fire:1",70]])");
  CHECK(player().volume == 40);
  // Their answers may reach Discord in either order: it is drawn once more.
  rest->asked.clear();
  wake("settle");
  REQUIRE(edits().size() == 1);
  CHECK(has(shown(edits()[0].body), "Fireplace"));
  CHECK(has(shown(edits()[0].body), "volume 40 %"));
}

TEST_CASE_METHOD(ambience_world, "buttons: a press delivered twice has its effect once",
                 "[voice]") {
  rain();
  const auto twice = press("voice:play:rain%3A3");
  answer(twice);
  answer(press("voice:play:rain%3A5"));
  CHECK(has(shown(answer(twice).data), "Rain at the window"));
  CHECK(voice->last("play") == "play rain:5=100");
}

TEST_CASE_METHOD(ambience_world, "buttons: after a restart, and on a message months old",
                 "[voice]") {
  rain();
  restart();
  CHECK(answer(press("voice:play:rain%3A2")).type == kind::update);
  CHECK(voice->last("play") == "play rain:2=100");
  told(command("ambience stop"));
  pass(std::chrono::hours{24 * 90});
  restart();
  CHECK(answer(press("voice:play:sea%3A1", ada, 4711)).type == kind::update);
  CHECK(voice->last("join") == "join 600");
  CHECK(player().message == message_id{4711}); // that one is its message now
}

TEST_CASE_METHOD(ambience_world, "buttons: damaged, foreign and unknown ones change nothing",
                 "[voice]") {
  rain();
  for (const auto* id : {"voice:dance", "voice:volume:900", "voice:play", "voice:files"})
    CHECK(has(told(press(id)), "older version"));
  CHECK(has(told(press("voice:play:rain%3A9")), "cannot be played"));
  CHECK(has(told(press("voice:play:file%3Arain/gone.ogg")), "cannot be played"));
  CHECK(layers() == R"([["rain:1",100]])");
}

TEST_CASE_METHOD(ambience_world, "message: what changes during an edit goes into the next",
                 "[voice]") {
  rain();
  rest->hold = true;
  told(command("ambience volume", {{"percent", int64_t{10}, false}}));
  for (const auto percent : {20, 30, 40})
    told(command("ambience volume", {{"percent", int64_t{percent}, false}}));
  CHECK(edits().size() == 1);
  tell(rest_, release_one::value);
  REQUIRE(edits().size() == 2);
  CHECK(has(shown(edits()[1].body), "volume 40 %"));
  tell(rest_, release_one::value);
  CHECK(edits().size() == 2);
}

TEST_CASE_METHOD(ambience_world, "message: one that is deleted is forgotten", "[voice]") {
  rain();
  tell(subject, message_deleted{talk, {8001}});
  CHECK_FALSE(player().message);
  told(command("ambience volume", {{"percent", int64_t{10}, false}}));
  CHECK(edits().empty());
}

TEST_CASE_METHOD(ambience_world, "message: one that Discord does not know any more is forgotten",
                 "[voice]") {
  rain();
  rest->answer = [](const rest_request&) { return rest_response{404, 10008, "{}", 1}; };
  told(command("ambience volume", {{"percent", int64_t{10}, false}}));
  CHECK_FALSE(player().message);
}

TEST_CASE_METHOD(ambience_world, "status: shows what plays, goes before we leave", "[voice]") {
  move(ada, lounge);
  answer(command("rain"));
  const auto put = [&] { return sent(http_method::put, "/channels/600/voice-status"); };
  REQUIRE(put().size() == 1);
  CHECK(json::parse(put()[0].body)["status"] == "🌧️ Light rain");
  told(command("ambience stop"));
  REQUIRE(put().size() == 2);
  CHECK(json::parse(put()[1].body)["status"] == "");
}

TEST_CASE_METHOD(ambience_world, "status: not where it may not, not where it is off", "[voice]") {
  snapshot.channels[1].overwrites = {
      {home.value, false, 0, permission_bit::set_voice_channel_status}};
  facts();
  move(ada, lounge);
  answer(command("rain"));
  CHECK(sent(http_method::put).empty());
  snapshot.channels[1].overwrites.clear();
  facts();
  CHECK(sent(http_method::put).size() == 1);
  settings.options["voice.status"] = "off";
  facts();
  CHECK(json::parse(sent(http_method::put).back().body)["status"] == "");
}
