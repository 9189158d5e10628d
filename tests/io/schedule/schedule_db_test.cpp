// Goal: votes, plans and posts are exact whatever comes twice, in another order, or is taken back.
// Method: the functions of the store on a real, migrated database file.
#include "infra/schedule/evening.hpp"
#include "infra/schedule/evening_db.hpp"
#include "infra/schedule/plan_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace hearth;

namespace {

constexpr auto home = guild_id{1};
const auto friday = *parse_evening_day("2026-11-20");
const auto ada = known_member{{10}, "Ada", "Gold"};
const auto bob = known_member{{11}, "Bob", ""};
const auto mod = user_id{99};

struct database {
  database() { migrate(db, embedded_migrations(), folder.file("backup"), 0); }

  vote_result toggle(const known_member& who, int hour, uint64_t interaction = 0) {
    return toggle_in(db, {{interaction}, home, friday, hour, who, tick()});
  }
  vote_result add(const known_member& who, int hour, vote_source source) {
    return add_in(db, {home, friday, hour, {who}, source, tick(), {}});
  }
  member_plan plan(const known_member& who, std::vector<int> days, std::vector<int> hours,
                   uint64_t interaction = 0) {
    return edit_plan_in(db,
                        {{interaction}, home, who, std::move(days), std::move(hours), {}, tick()});
  }
  member_plan remind(const known_member& who, bool on) {
    return edit_plan_in(db, {{}, home, who, {}, {}, on, tick()});
  }
  begin_post post(const char* nonce, bool again = false, uint64_t interaction = 0) {
    return {home,   friday, {5},
            nonce,  13,     27,
            tick(), again,  {{interaction}, interaction ? mod : user_id{}, "modforcesendschedule"}};
  }
  vote_result apply(uint64_t interaction) {
    return apply_plans_in(
        db,
        {{interaction}, home, friday, 13, 27, tick(), {{interaction}, mod, "modapplyschedule"}});
  }
  std::vector<vote> votes() { return evening_in(db, home, friday)->votes; }
  int64_t audits() { return *db.value<int64_t>("SELECT count(*) FROM audit_log"); }
  instant tick() { return {now_ms += 1000}; }

  test::temp_folder folder;
  sqlite_db db{folder.file("hearth.db")};
  int64_t now_ms = 1'795'000'000'000;
};

using hours = std::vector<vote>;
constexpr auto button = vote_source::button;
constexpr auto recurrent = vote_source::recurrent;
constexpr auto voice = vote_source::voice;

} // namespace

TEST_CASE_METHOD(database, "votes: a press puts in, the next takes out", "[schedule][store]") {
  CHECK(toggle(ada, 18).added);
  CHECK(toggle(bob, 18).added);
  CHECK(toggle(ada, maybe_hour).added);
  CHECK(votes() ==
        hours{{maybe_hour, ada.user, button}, {18, ada.user, button}, {18, bob.user, button}});
  const auto out = toggle(ada, 18);
  CHECK_FALSE(out.added);
  CHECK(out.evening->votes == hours{{maybe_hour, ada.user, button}, {18, bob.user, button}});
  CHECK(out.evening->members.at(ada.user) == ada);
  CHECK(toggle(ada, 18).added);
  CHECK(votes().back() == vote{18, ada.user, button}); // who comes again comes last
}

TEST_CASE_METHOD(database, "votes: an interaction delivered twice counts once",
                 "[schedule][store]") {
  CHECK(toggle(ada, 18, 777).added);
  CHECK(toggle(ada, 18, 777).added);
  CHECK(votes().size() == 1);
  CHECK_FALSE(toggle(ada, 18, 778).added);
  CHECK(toggle(ada, 18, 777).added); // still the answer of then
  CHECK(votes().empty());
}

TEST_CASE_METHOD(database, "votes: evenings and guilds are apart", "[schedule][store]") {
  toggle(ada, 18);
  toggle_in(db, {{}, {2}, friday, 18, bob, tick()});
  toggle_in(db, {{}, home, {friday.number + 1}, 18, bob, tick()});
  CHECK(votes() == hours{{18, ada.user, button}});
}

TEST_CASE_METHOD(database, "votes: what was taken back is not filled in by the same source again",
                 "[schedule][store]") {
  CHECK(add(ada, 20, voice).count == 1);
  CHECK(add(ada, 20, voice).count == 0);
  CHECK_FALSE(toggle(ada, 20).added);
  CHECK(add(ada, 20, voice).count == 0);
  CHECK(votes().empty());
  CHECK(add(ada, 21, voice).count == 1); // another hour
  CHECK(add(ada, 20, vote_source::moderator).count == 1);
  CHECK_FALSE(toggle(ada, 20).added);
  CHECK(add(ada, 20, vote_source::moderator).count == 1); // a moderator means it
  CHECK_FALSE(toggle(ada, 20).added);
  CHECK(toggle(ada, 20).added); // and so does the member
  CHECK_FALSE(toggle(ada, 20).added);
  CHECK(add(ada, 20, voice).count == 0); // still declined
}

TEST_CASE_METHOD(database, "votes: a source does not take over a vote that stands",
                 "[schedule][store]") {
  toggle(ada, 18);
  CHECK(add(ada, 18, voice).count == 0);
  CHECK_FALSE(add(ada, 18, vote_source::moderator).added);
  CHECK(votes() == hours{{18, ada.user, button}});
}

TEST_CASE_METHOD(database, "plans: a new plan replaces its own days and its own member only",
                 "[schedule][store]") {
  CHECK(plan(ada, {4, 5}, {18, 19}).entries.size() == 4);
  CHECK(plan(bob, {4}, {18}).entries.size() == 1);
  const auto changed = plan(ada, {4}, {25});
  CHECK(changed.entries == std::vector<plan_entry>{{4, 25}, {5, 18}, {5, 19}});
  CHECK(changed.removed == 2);
  CHECK(plan_in(db, {home, bob.user}).entries == std::vector<plan_entry>{{4, 18}});
  CHECK(plan(ada, {4, 6}, {}).removed == 1);
  CHECK(plan_in(db, {home, ada.user}).entries == std::vector<plan_entry>{{5, 18}, {5, 19}});
}

TEST_CASE_METHOD(database, "plans: an interaction delivered twice changes once",
                 "[schedule][store]") {
  plan(ada, {4}, {18}, 500);
  CHECK(plan(ada, {4}, {}, 501).removed == 1);
  CHECK(plan(ada, {4}, {18}, 500).entries.empty());
  CHECK(plan(ada, {4}, {}, 501).removed == 1);
}

TEST_CASE_METHOD(database, "post: plans of the weekday fill in once, within the hours",
                 "[schedule][store]") {
  plan(ada, {4}, {12, 18, 27, 28});
  plan(bob, {3}, {18});
  const auto first = begin_post_in(db, post("n1"));
  CHECK(first.evening->votes == hours{{18, ada.user, recurrent}, {27, ada.user, recurrent}});
  CHECK(first.evening->members.at(ada.user) == ada);
  plan(bob, {4}, {18});
  begin_post_in(db, post("n2", true));
  CHECK(votes().size() == 2);
  CHECK_FALSE(toggle(ada, 18).added);
  begin_post_in(db, post("n3", true));
  CHECK(votes() == hours{{27, ada.user, recurrent}});
}

TEST_CASE_METHOD(database, "post: one intent, found again after a crash", "[schedule][store]") {
  const auto first = begin_post_in(db, post("n1"));
  CHECK(first.nonce == "n1");
  CHECK(first.channel == channel_id{5});
  CHECK_FALSE(first.resumed);
  const auto again = begin_post_in(db, post("n2"));
  CHECK(again.nonce == "n1");
  CHECK(again.resumed);
  const auto record = finish_post_in(db, {home, friday, "n1", {{5}, {100}}});
  CHECK(record->messages == std::vector<shown_message>{{{5}, {100}}});
  CHECK(begin_post_in(db, post("n3")).nonce.empty()); // posted: nothing to do
}

TEST_CASE_METHOD(database, "post: a moderator's fresh message, once per interaction",
                 "[schedule][store]") {
  begin_post_in(db, post("n1"));
  finish_post_in(db, {home, friday, "n1", {{5}, {100}}});
  CHECK(begin_post_in(db, post("n2", true, 900)).nonce == "n2");
  CHECK(begin_post_in(db, post("n3", true, 900)).nonce == "n2"); // delivered twice
  const auto record = finish_post_in(db, {home, friday, "n2", {{5}, {101}}});
  CHECK(record->messages == std::vector<shown_message>{{{5}, {101}}, {{5}, {100}}});
  CHECK(begin_post_in(db, post("n4", true, 900)).nonce.empty());
  CHECK(audits() == 1);
  for (auto i = 0; i < 4; ++i) {
    const auto nonce = "m" + std::to_string(i);
    begin_post_in(db, post(nonce.c_str(), true));
    finish_post_in(db, {home, friday, nonce, {{5}, {static_cast<uint64_t>(200 + i)}}});
  }
  const auto newest = evening_in(db, home, friday)->messages;
  REQUIRE(newest.size() == shown_messages_max);
  CHECK(newest.front().message == message_id{203});
}

TEST_CASE_METHOD(database, "post: a refused one leaves no trace, a deleted one may come again",
                 "[schedule][store]") {
  begin_post_in(db, post("n1"));
  abandon_post_in(db, {home, friday, "n1"});
  CHECK(begin_post_in(db, post("n2")).nonce == "n2");
  finish_post_in(db, {home, friday, "n2", {{5}, {100}}});
  abandon_post_in(db, {home, friday, "n2"}); // too late: it is there
  CHECK(evening_in(db, home, friday)->messages.size() == 1);
  toggle(ada, 18);
  forget_message_in(db, {{2}, {100}}); // another guild's
  CHECK(evening_in(db, home, friday)->messages.size() == 1);
  forget_message_in(db, {home, {100}});
  CHECK(evening_in(db, home, friday)->messages.empty());
  CHECK(votes().size() == 1); // the votes outlive the message
  CHECK(begin_post_in(db, post("n3")).nonce == "n3");
}

TEST_CASE_METHOD(database, "apply: plans come back beside the votes, and go again",
                 "[schedule][store]") {
  begin_post_in(db, post("n1"));
  plan(ada, {4}, {18, 19, 20});
  plan(bob, {4}, {18});
  toggle(ada, 18);         // by hand
  add(ada, 19, recurrent); // filled in and
  toggle(ada, 19);         // taken back
  const auto applied = apply(600);
  CHECK(applied.count == 2);
  CHECK(applied.evening->votes ==
        hours{{18, ada.user, button}, {18, bob.user, recurrent}, {20, ada.user, recurrent}});
  CHECK(apply(600).count == 2); // delivered twice
  CHECK(votes().size() == 3);
  toggle(bob, 18);
  toggle(bob, 18); // now by hand: the undo leaves it
  const auto undo = undo_apply{home, friday, {600}, {{601}, mod, "modapplyschedule undo"}};
  CHECK(undo_apply_in(db, undo)->count == 1);
  CHECK(undo_apply_in(db, undo)->count == 1); // delivered twice
  CHECK(votes() == hours{{18, ada.user, button}, {18, bob.user, button}});
  CHECK(audits() == 2);
  CHECK_FALSE(undo_apply_in(db, {home, friday, {600}, {{602}, mod, "x"}}));
  CHECK(apply(603).count == 1); // the undo declined nothing for the member
}

TEST_CASE_METHOD(database, "moderator: an added member is audited once", "[schedule][store]") {
  const auto asked = add_votes{
      home, friday, 21, {bob}, vote_source::moderator, tick(), {{700}, mod, "modadduserschedule"}};
  CHECK(add_in(db, asked).count == 1);
  CHECK(add_in(db, asked).count == 1);
  CHECK(audits() == 1);
  auto later = asked;
  later.by.interaction = {701};
  CHECK(add_in(db, later).count == 0); // in already: no duplicate, nothing to audit
  CHECK(audits() == 1);
}

TEST_CASE_METHOD(database, "reminders: each member once, at the start of their hours",
                 "[schedule][store]") {
  remind(ada, true);
  toggle(ada, 18);
  toggle(ada, 19);
  toggle(ada, 21);
  toggle(bob, 18); // wants none
  toggle(ada, maybe_hour);
  const auto claim = [&](int hour) {
    return claim_reminders_in(db, {home, friday, hour, tick()}).reminders;
  };
  REQUIRE(claim(18).size() == 1);
  CHECK(claim(18).empty());
  CHECK(claim(19).empty()); // reminded an hour ago
  CHECK(claim(21).size() == 1);
  CHECK(claim(22).empty());
  note_dm_in(db, {home, ada.user, {55}, true});
  toggle(ada, 23);
  const auto closed = claim(23);
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].dm == channel_id{55});
  CHECK(closed[0].dm_closed);
  CHECK(remind(ada, true).remind); // asks for it once more: the door may be open again
  toggle(ada, 25);
  CHECK_FALSE(claim(25).at(0).dm_closed);
  CHECK_FALSE(remind(ada, false).remind);
  toggle(ada, 27);
  CHECK(claim(27).empty());
}

TEST_CASE_METHOD(database, "reminders: midnight is an hour like others, maybe is none",
                 "[schedule][store]") {
  remind(ada, true);
  toggle(ada, maybe_hour);
  toggle(ada, 0);
  CHECK(claim_reminders_in(db, {home, friday, 0, tick()}).reminders.size() == 1);
}

TEST_CASE_METHOD(database, "ready: the first to claim it", "[schedule][store]") {
  CHECK(claim_ready_in(db, {home, friday, 18, tick()}).first);
  CHECK_FALSE(claim_ready_in(db, {home, friday, 18, tick()}).first);
  CHECK(claim_ready_in(db, {home, friday, 19, tick()}).first);
  CHECK(claim_ready_in(db, {{2}, friday, 18, tick()}).first);
}
