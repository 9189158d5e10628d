// Goal: every command does what it says, once, and refuses in a sentence that helps.
#include "infra/schedule/plan_view.hpp"
#include "tests/actors/schedule/schedule_world.hpp"

using namespace hearth;
using test::json;
using test::schedule_world;
using kind = interaction_response::kind;

namespace {

struct command_world : schedule_world {
  /// The answer to choosing `values` in the select of that row of a message.
  interaction_response choose(const std::string& message, size_t row,
                              std::vector<std::string> values, uint64_t user = 10) {
    const auto select = json::parse(message)["components"][row]["components"][0];
    auto made = press(select["custom_id"], user);
    made.component_type = 3;
    made.values = std::move(values);
    return answer(made);
  }
  interaction_response press_first(const std::string& message, uint64_t user = 10) {
    return answer(press(json::parse(message)["components"][0]["components"][0]["custom_id"], user));
  }
  void plan(uint64_t user, int weekday, int hour) {
    store.db().exec("INSERT INTO user_schedule VALUES(?,?,?,?)", test::home, user, weekday, hour);
  }
  interaction with_user(interaction asked, uint64_t user, bool robot = false) {
    auto found = member(user);
    found.bot = robot;
    asked.users[{user}] = found;
    return asked;
  }
  interaction add(uint64_t user, const std::string& time, bool robot = false) {
    return with_user(command("modadduserschedule",
                             {{"member", uint64_t{user}, false}, {"time", time, false}}, 99),
                     user, robot);
  }
  interaction set_channel(std::vector<option_input> more = {}) {
    more.push_back({"channel", uint64_t{510}, false});
    return command("modtextschedulechannel", std::move(more), 99);
  }
  std::string last_audit() {
    auto db = store.db();
    return *db.value<std::string>("SELECT what FROM audit_log ORDER BY id DESC LIMIT 1");
  }
};

std::string content(const interaction_response& given) {
  return json::parse(given.data).at("content");
}

} // namespace

TEST_CASE_METHOD(command_world, "addschedule: days, then hours, saved after both", "[schedule]") {
  const auto asked = answer(command("addschedule"));
  CHECK(asked.type == kind::message);
  CHECK(asked.ephemeral);
  const auto days = choose(asked.data, 0, {"4", "5"});
  CHECK(days.type == kind::update);
  CHECK(count("user_schedule") == 0);
  restart(); // the state is in the message
  const auto saved = choose(days.data, 1, {"18", "25"});
  CHECK(saved.type == kind::update);
  CHECK(content(saved).find("**Friday, Saturday** at 6 pm, 1 am") != std::string::npos);
  CHECK(count("user_schedule") == 4);
  CHECK(run_job());
  CHECK(line(posts().back().body, 5).find("Ada") != std::string::npos); // her name is known by now
}

TEST_CASE_METHOD(command_world, "addschedule: hours first, other days stay as they were",
                 "[schedule]") {
  plan(10, 0, 20);
  plan(10, 4, 20);
  plan(11, 4, 20);
  const auto hours = choose(answer(command("addschedule")).data, 1, {"18"});
  const auto saved = choose(hours.data, 0, {"4"});
  CHECK(content(saved).find("**Monday**: 8 pm\n**Friday**: 6 pm") != std::string::npos);
  CHECK(count("user_schedule WHERE user=11") == 1);
  const auto again = press_first(saved.data);
  CHECK(again.type == kind::update);
  CHECK(json::parse(again.data)["components"].size() == 2);
}

TEST_CASE_METHOD(command_world, "addschedule: in the member's own language", "[schedule]") {
  auto asked = command("addschedule");
  asked.locale = "fr";
  CHECK(content(answer(asked)).find("Choisissez") == 0);
}

TEST_CASE_METHOD(command_world, "addschedule: values that no select of ours has", "[schedule]") {
  auto made = press(plan_custom_id({plan_part::days, {}}));
  made.values = {"9"};
  CHECK(told(made).find("older version") != std::string::npos);
  CHECK(count("user_schedule") == 0);
}

TEST_CASE_METHOD(command_world, "addschedule: what cannot be saved is said", "[schedule]") {
  const auto days = choose(answer(command("addschedule")).data, 0, {"4"});
  store.db().exec("DROP TABLE user_schedule");
  auto made = press(json::parse(days.data)["components"][1]["components"][0]["custom_id"]);
  made.values = {"18"};
  CHECK(told(made).find("could not be saved") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "removeschedule: a day, all days, nothing there", "[schedule]") {
  plan(10, 0, 18);
  plan(10, 4, 18);
  plan(10, 4, 19);
  plan(11, 4, 18);
  const auto day = [&](const char* which) {
    return command("removeschedule", {{"day", std::string{which}, false}});
  };
  const auto friday = told(day("4"));
  CHECK(friday.find("2 hours were taken out") == 0);
  CHECK(friday.find("**Monday**: 6 pm") != std::string::npos);
  CHECK(told(day("4")).find("You had planned nothing") == 0);
  CHECK(told(day("all")).find("1 hour was taken out") == 0);
  CHECK(count("user_schedule") == 1);
  CHECK(told(day("8")).find("older version") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "seeschedule: one's own, with tonight and the reminder button",
                 "[schedule]") {
  CHECK(told(command("seeschedule")).find("/addschedule") != std::string::npos);
  plan(10, 4, 18);
  answer(vote(10, 20));
  const auto own = answer(command("seeschedule"));
  CHECK(content(own) == "Your usual week:\n**Friday**: 6 pm\n\nTonight: <t:1795233600:t>");
  const auto on = press_first(own.data);
  CHECK(on.type == kind::update);
  CHECK(count("schedule_reminder") == 1);
  CHECK(on.data.find("remind_off") != std::string::npos);
  const auto off = press_first(on.data);
  CHECK(count("schedule_reminder") == 0);
  CHECK(off.data.find("remind_on") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "daily message: its bell reminds, and answers in private",
                 "[schedule]") {
  run_job();
  const auto rung = answer(press("schedule:plan:remind"));
  CHECK(rung.type == kind::message);
  CHECK(rung.ephemeral);
  CHECK(content(rung).find("15 minutes before your hours") != std::string::npos);
  CHECK(rung.data.find("remind_off") != std::string::npos);
  answer(press("schedule:plan:remind")); // pressed again: nothing else
  CHECK(count("schedule_reminder") == 1);
}

TEST_CASE_METHOD(command_world, "seeschedule: another member's", "[schedule]") {
  const auto bob = with_user(command("seeschedule", {{"user", uint64_t{11}, false}}), 11);
  CHECK(told(bob) == "Bob has not planned anything.");
  plan(11, 4, 18);
  const auto given = answer(with_user(command("seeschedule", {{"user", uint64_t{11}, false}}), 11));
  CHECK(content(given) == "What Bob usually plays:\n**Friday**: 6 pm");
  CHECK_FALSE(json::parse(given.data).contains("components"));
}

TEST_CASE_METHOD(command_world, "modadduserschedule: adds, shows, audits, once", "[schedule]") {
  run_job();
  const auto asked = add(11, "25");
  CHECK(told(asked) == "Bob is in for <t:1795251600:t>.");
  CHECK(last_audit() == "modadduserschedule 11 2026-11-20 25");
  REQUIRE(edits().size() == 1);
  CHECK(line(edits()[0].body, 12).find("Bob") != std::string::npos);
  CHECK(told(asked).find("Bob is in") == 0); // delivered twice
  CHECK(told(add(11, "25")).find("Bob was already in") == 0);
  CHECK(count("audit_log") == 1);
  CHECK(told(add(11, "9 pm")).find("Bob is in") == 0); // typed, not chosen
}

TEST_CASE_METHOD(command_world, "modadduserschedule: refusals", "[schedule]") {
  CHECK(told(add(11, "noon")).find("“noon” is not one of tonight’s hours") == 0);
  CHECK(told(add(11, "10")).find("is not one of tonight’s hours") != std::string::npos);
  CHECK(told(add(11, "18", true)).find("Bots do not play") == 0);
  CHECK(told(command("modadduserschedule", {{"member", uint64_t{11}, false}}))
            .find("older version") != std::string::npos);
  CHECK(count("daily_vote") == 0);
}

TEST_CASE_METHOD(command_world, "modadduserschedule: completion gives tonight's hours",
                 "[schedule]") {
  auto typing = command("modadduserschedule", {{"time", std::string{}, true}});
  typing.kind = interaction_kind::autocomplete;
  const auto all = answer(typing);
  CHECK(all.type == kind::choices);
  const auto choices = json::parse(all.data)["choices"];
  REQUIRE(choices.size() == 15);
  CHECK(choices[12]["name"] == "1 am");
  CHECK(choices[12]["value"] == "25");
  typing.options = {{"time", std::string{"AM"}, true}};
  CHECK(json::parse(answer(typing).data)["choices"].size() == 4);
  typing.options = {{"time", std::string{"xyz"}, true}};
  CHECK(json::parse(answer(typing).data)["choices"].empty());
}

TEST_CASE_METHOD(command_world, "modrefreshschedule: draws from the database", "[schedule]") {
  CHECK(told(command("modrefreshschedule", {}, 99)).find("no schedule for tonight yet") !=
        std::string::npos);
  run_job();
  answer(vote(10, 18));
  CHECK(told(command("modrefreshschedule", {}, 99)).find("brought up to date") !=
        std::string::npos);
  REQUIRE(edits().size() == 1);
  CHECK(line(edits()[0].body, 5).find("Ada") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "modforcesendschedule: a fresh message with the same votes",
                 "[schedule]") {
  run_job();
  answer(vote(10, 18));
  const auto asked = command("modforcesendschedule", {}, 99);
  CHECK(told(asked) == "Tonight’s schedule is in <#500>.");
  REQUIRE(posts().size() == 2);
  CHECK(line(posts()[1].body, 5).find("Ada") != std::string::npos);
  CHECK(last_audit() == "modforcesendschedule 2026-11-20");
  CHECK(told(asked).find("Tonight’s schedule is in") == 0); // delivered twice
  CHECK(posts().size() == 2);
  REQUIRE(rest->to("/messages/9001").size() == 1); // it takes the place of the old one
  CHECK(rest->to("/messages/9001")[0].method == http_method::del);
  CHECK(count("daily_message") == 1);
  CHECK(answer(vote(11, 18, 9001)).type == kind::update); // pressed meanwhile, it counts
}

TEST_CASE_METHOD(command_world, "modforcesendschedule: refusals say what to do", "[schedule]") {
  rest->answer = [](const rest_request&) { return test::refused(403, 50001); };
  CHECK(told(command("modforcesendschedule")).find("may not write in <#500>") != std::string::npos);
  CHECK(count("daily_message") == 0);
  rest->fail = errc::deadline;
  CHECK(told(command("modforcesendschedule")).find("try again in a minute") != std::string::npos);
  settings.channels.clear();
  facts();
  CHECK(told(command("modforcesendschedule")).find("/modtextschedulechannel") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "queue: orders to post are bounded, the newest is refused",
                 "[schedule][queue]") {
  rest->hold = true; // Discord is silent
  auto asked = std::vector<std::shared_ptr<pending>>{};
  for (auto i = 0; i < 16; ++i)
    asked.push_back(send_in(command("modforcesendschedule", {}, 99)));
  for (const auto& each : asked)
    CHECK_FALSE(each->answer);
  CHECK(told(command("modforcesendschedule", {}, 99)).find("try again in a minute") !=
        std::string::npos);
  CHECK(posts().size() == 1); // one after the other
}

TEST_CASE_METHOD(command_world, "modapplyschedule: fills in beside votes, and undoes",
                 "[schedule]") {
  run_job();
  CHECK(told(command("modapplyschedule", {}, 99)).find("Nothing was changed") != std::string::npos);
  plan(10, 4, 18);
  plan(11, 4, 18);
  answer(vote(10, 18));
  const auto applied = answer(command("modapplyschedule", {}, 99));
  CHECK(content(applied).find("1 hour was filled in") == 0);
  CHECK(line(edits().back().body, 5).find("Ada, <@11>") != std::string::npos);
  const auto undone = press_first(applied.data, 99);
  CHECK(undone.type == kind::update);
  CHECK(content(undone) == "1 hour was taken out again.");
  CHECK(json::parse(undone.data)["components"].empty());
  CHECK(line(edits().back().body, 5).find("<@11>") == std::string::npos);
  CHECK(content(press_first(applied.data, 99)).find("nothing left to undo") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "modtextschedulechannel: sets all that is given, then posts",
                 "[schedule]") {
  const auto answer = told(set_channel({{"hours", std::string{"18-2"}, false},
                                        {"post_at", std::string{"6:30"}, false},
                                        {"ready", int64_t{3}, false}}));
  CHECK(answer == "From now on the schedule is posted in <#510> every day at 06:30 "
                  "(America/Los_Angeles), for the hours 6 pm to 2 am.\nOne line says when 3 "
                  "players are ready for an hour.");
  CHECK(count("guild_option") == 4); // with the zone
  CHECK(last_audit() == "modtextschedulechannel 510");
  CHECK(count("audit_log") == 4);
  CHECK(told(command("modseeschedulechannel", {}, 99)).find("<#510> every day at 06:30") !=
        std::string::npos);
  settings.options.erase("zone");
  facts();
  CHECK(told(set_channel({})).find("/modtimezone") != std::string::npos); // nobody has chosen one
}

TEST_CASE_METHOD(command_world, "modtextschedulechannel: tonight's is posted at once when due",
                 "[schedule]") {
  settings.channels.clear();
  facts();
  CHECK(run_job()); // nothing to do
  pass(std::chrono::hours{5});
  told(set_channel());
  REQUIRE(posts().size() == 1);
  CHECK(posts()[0].path == "/channels/510/messages");
  told(set_channel());
  CHECK(posts().size() == 1);
}

TEST_CASE_METHOD(command_world, "modtextschedulechannel: says at once that the bot may not post",
                 "[schedule]") {
  auto asked = set_channel();
  asked.channels[{510}] = {"closed", 0, 0, 1 << 10 | 1 << 11};
  CHECK(told(asked).find("may not write in <#510>") != std::string::npos);
  for (const auto bits : std::vector<uint64_t>{0, 1 << 3, 1 << 10 | 1 << 11 | 1 << 14}) {
    auto open = set_channel();
    open.channels[{510}] = {"open", 0, 0, bits};
    CHECK(told(open).find("may not") == std::string::npos);
  }
}

TEST_CASE_METHOD(command_world, "modtextschedulechannel: before the time it waits for the job",
                 "[schedule]") {
  settings.channels.clear();
  facts();
  time.set({time.now().ms - 1});
  told(set_channel());
  CHECK(posts().empty());
}

TEST_CASE_METHOD(command_world, "modtextschedulechannel: refusals change nothing", "[schedule]") {
  CHECK(told(set_channel({{"hours", std::string{"1-24"}, false}})).find("“1-24” is not a range") ==
        0);
  CHECK(told(set_channel({{"post_at", std::string{"soon"}, false}})).find("not a time of day") !=
        std::string::npos);
  CHECK(told(command("modtextschedulechannel")).find("older version") != std::string::npos);
  CHECK(count("guild_option") == 1); // the zone
  CHECK(count("guild_channel WHERE channel=500") == 1);
  store.db().exec("DROP TABLE guild_channel");
  CHECK(told(set_channel()).find("could not be saved") != std::string::npos);
}

TEST_CASE_METHOD(command_world, "modseeschedulechannel: where, when, or not yet", "[schedule]") {
  settings.options["schedule.ready_count"] = "0";
  facts();
  const auto given = told(command("modseeschedulechannel", {}, 99));
  CHECK(given.find("<#500> every day at 07:00 (America/Los_Angeles), for the hours 1 pm to 3 am") !=
        std::string::npos);
  CHECK(given.find("No line is written") != std::string::npos);
  settings.channels.clear();
  facts();
  CHECK(told(command("modseeschedulechannel", {}, 99)).find("No channel is chosen") == 0);
}

TEST_CASE_METHOD(command_world, "voice channels: added, listed, cleared", "[schedule]") {
  const auto track = [&](uint64_t id) {
    return command("modvoicechannel", {{"channel", id, false}}, 99);
  };
  CHECK(told(command("modseevoicechannels", {}, 99)).find("/modvoicechannel") != std::string::npos);
  CHECK(told(track(600)).find("<#600>") != std::string::npos);
  CHECK(told(track(601)).find("<#601>") != std::string::npos);
  CHECK(told(command("modseevoicechannels", {}, 99)).find("<#600>, <#601>") != std::string::npos);
  CHECK(told(command("modvoicechannel",
                     {{"channel", uint64_t{600}, false}, {"watch", false, false}}, 99)) ==
        "<#600> is not watched any more.");
  CHECK(last_audit() == "modvoicechannel 600 off");
  CHECK(count("tracked_voice_channel") == 1);
  CHECK(told(command("modresetvoicechannel", {}, 99)) == "No voice channel is watched any more.");
  CHECK(count("tracked_voice_channel") == 0);
  CHECK(told(command("modvoicechannel")).find("older version") != std::string::npos);
  store.db().exec("DROP TABLE tracked_voice_channel");
  CHECK(told(track(600)).find("could not be saved") != std::string::npos);
  CHECK(told(command("modresetvoicechannel", {}, 99)).find("could not be saved") !=
        std::string::npos);
}

TEST_CASE_METHOD(command_world, "schedule: a command it does not have is an error", "[schedule]") {
  CHECK(send_in(command("help"))->error == make_error(errc::not_found));
}
