// Sessions of ours in one room: forming, changing, leaving, recovering, transitions, refusals.
#include "tests/support/dave_room.hpp"
#include <random>

using namespace hearth;
using namespace hearth::dave;
using namespace hearth::dave::test;
using outcome = receiver_set::outcome;

namespace {

dave_room room_of_three() {
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  room.found(1, 2);
  room.connect(3);
  room.propose(room.gateway.append({room.add(1, 3)}));
  room.take(2, {3});
  return room;
}

const auto opus = std::vector<uint8_t>{0x78, 9, 9, 9};

} // namespace

TEST_CASE("session: alone it has no group, no key and says nothing", "[dave]") {
  auto room = dave_room{};
  auto& alone = room.connect(1);
  CHECK(alone.key_packages == 1);
  CHECK(alone.key_package[0] == 0); // bare KeyPackage: version 1, suite 2
  CHECK(alone.key_package[1] == 1);
  CHECK(alone.key_package[3] == 2);
  CHECK_FALSE(alone.session.established());
  CHECK(alone.how == sending::nothing);
  CHECK(alone.say(opus).empty());
  CHECK(alone.session.privacy_code().empty());
  CHECK_FALSE(alone.session.fingerprint_with(user_id{1}));
}

TEST_CASE("session: two found a group, whoever wins, and speak after the transition", "[dave]") {
  const auto winner = GENERATE(1, 2);
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  room.found(static_cast<uint64_t>(winner), static_cast<uint64_t>(3 - winner));
  room.check_group();
  CHECK(room.epoch() == 1);
  CHECK(room.at(1).session.privacy_code().size() == 30);
  const auto parties = room.at(1).session.fingerprint_with(user_id{2});
  REQUIRE(parties);
  const auto other = room.at(2).session.fingerprint_with(user_id{1});
  CHECK(pairwise_fingerprint(openssl_suite(), parties->first, parties->second) ==
        pairwise_fingerprint(openssl_suite(), other->first, other->second));
}

TEST_CASE("session: the sender changes its key at the transition, receivers before", "[dave]") {
  auto room = room_of_three();
  room.connect(4);
  room.propose(room.gateway.append({room.add(2, 4)}));
  room.take(1, {4}, {}, false); // prepared, not executed
  auto out = std::vector<uint8_t>{};
  CHECK(room.hear(3, 1, room.at(1).say(opus), out).outcome == outcome::opened); // the old key
  CHECK(room.at(4).how == sending::nothing);
  room.execute();
  CHECK(room.at(4).how == sending::encrypted);
  room.check_group();
}

TEST_CASE("session: members leave by a path, join without, and both in one batch", "[dave]") {
  auto room = room_of_three();
  room.check_group();
  room.propose(room.gateway.append({room.remove(2)}));
  CHECK(room.at(2).commits.empty()); // nobody commits their own removal
  CHECK(room.at(2).notes.empty());
  const auto parts = split(room.at(3).commits.back());
  const auto message = decoded(parts.commit, read_public_message);
  CHECK(decoded(message.content.body, read_commit).path.has_value());
  CHECK_FALSE(parts.invitation);
  // Who is removed and hears of it has no group any more.
  auto& gone = room.at(2);
  gone.run(gone.session.commit_announced(room.now_ms, with_transition(9, parts.commit)));
  CHECK_FALSE(gone.session.established());
  room.take(3, {}, {2});
  room.check_group();
  const auto epoch = room.epoch();
  room.connect(2);
  room.propose(room.gateway.append({room.remove(1), room.add(epoch, 2)}));
  room.take(3, {2}, {1});
  room.check_group();
  CHECK(room.epoch() == epoch + 1);
  CHECK(room.group.size() == 2);
}

TEST_CASE("session: revoked proposals are committed by nobody", "[dave]") {
  auto room = room_of_three();
  room.connect(4);
  const auto adds = room.add(2, 4);
  const auto removes = room.remove(2);
  room.propose(room.gateway.append({adds, removes}));
  room.propose(room.gateway.revoke({removes}));
  const auto what =
      decoded(decoded(split(room.at(1).commits.back()).commit, read_public_message).content.body,
              read_commit);
  CHECK(what.references.size() == 1);
  room.propose(room.gateway.append({adds})); // twice the same counts once
  room.propose(room.gateway.revoke({adds}));
  for (const auto user : room.group)
    CHECK(room.clients.at(user)->commits.empty());
  const auto notes = room.at(1).notes.size();
  room.propose(room.gateway.revoke({adds})); // unknown by now
  CHECK(room.at(1).notes.size() == notes + 1);
  // A commit made before is not taken for ours any more, and nobody else's has such a proposal.
  room.propose(room.gateway.append({removes}));
  room.take(3, {}, {2});
  room.check_group();
}

TEST_CASE("session: proposals that break a rule are refused whole", "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(1);
  room.connect(4);
  const auto good = room.add(2, 4);
  const auto refused = [&](const bytes& payload) {
    const auto notes = at.notes.size();
    at.commits.clear();
    at.run(at.session.proposals(payload));
    return at.notes.size() == notes + 1 && at.commits.empty();
  };
  auto forged = good;
  forged.signature.back() ^= 1;
  CHECK(refused(room.gateway.append({good, forged})));
  CHECK(refused(room.gateway.append({room.gateway.propose(2, remove_member{7})})));
  CHECK(refused(room.gateway.append({room.add(1, 4)}))); // the epoch before
  auto elsewhere = room.gateway;
  elsewhere.channel = channel_id{1};
  CHECK(refused(room.gateway.append({elsewhere.propose(2, remove_member{0})})));
  auto stranger = dave_gateway{};
  CHECK(refused(room.gateway.append({stranger.propose(2, remove_member{1})})));
  auto package = decoded(room.at(4).key_package, read_key_package);
  package.init_key.back() ^= 1;
  CHECK(refused(room.gateway.append({room.gateway.propose(2, add_member{package})})));
  at.run(at.session.user_disconnected(user_id{4}));
  CHECK(refused(room.gateway.append({good}))); // not recognised
  at.run(at.session.users_connected(std::array{user_id{4}}));
  auto member = good;
  member.content.sender.type = sender_type::member;
  CHECK(refused(room.gateway.append({member})));
  auto payload = room.gateway.append({good});
  payload.push_back(0);
  CHECK(refused(payload));
  payload.pop_back();
  payload[0] = 2;
  CHECK(refused(payload));
  // Nothing of all that was kept.
  room.propose(room.gateway.append({good}));
  room.take(1, {4});
  room.check_group();
}

TEST_CASE("session: a pending member ignores the group it is not in yet", "[dave]") {
  auto room = room_of_three();
  auto& pending = room.connect(4);
  pending.run(pending.session.proposals(room.gateway.append({room.add(2, 4)})));
  CHECK(pending.commits.empty());
  CHECK(pending.notes.empty());
  room.propose(room.gateway.append({room.add(2, 4)}));
  const auto commit = split(room.at(1).commits.back()).commit;
  pending.run(pending.session.commit_announced(room.now_ms, with_transition(5, commit)));
  CHECK(pending.invalid.empty());
  room.take(1, {4});
  room.check_group();
}

TEST_CASE("session: a bad commit is reported and the group joined anew, three times at most",
          "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(3);
  room.connect(4);
  room.propose(room.gateway.append({room.add(2, 4)}));
  auto commit = split(room.at(1).commits.back()).commit;
  commit.back() ^= 1; // its membership tag
  at.run(at.session.commit_announced(room.now_ms, with_transition(77, commit)));
  CHECK(at.invalid == std::vector<uint16_t>{77});
  CHECK(at.key_packages == 2);
  CHECK_FALSE(at.session.established());
  // The others go on; the voice gateway then takes the old leaf out and the new package in.
  std::erase(room.group, user_id{3});
  room.take(1, {4});
  const auto epoch = room.epoch();
  room.propose(room.gateway.append({room.remove(3), room.add(epoch, 3)}));
  room.take(2, {3});
  room.check_group();

  // Two more within 30 s: no fourth attempt, a new connection.
  const auto garbage = with_transition(80, std::array<uint8_t, 3>{1, 2, 3});
  at.run(at.session.commit_announced(room.now_ms + 29'999, garbage));
  CHECK(at.invalid.size() == 2);
  CHECK(at.reconnects == 0);
  at.run(at.session.welcomed(room.now_ms + 29'999, garbage));
  CHECK(at.invalid.size() == 2);
  CHECK(at.reconnects == 1);
  at.run(at.session.welcomed(room.now_ms + 29'999, garbage));
  CHECK(at.reconnects == 1);
  CHECK(at.key_packages == 3);
}

TEST_CASE("session: failures far apart are recovered from each time", "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(3);
  const auto garbage = with_transition(80, std::array<uint8_t, 3>{1, 2, 3});
  at.run(at.session.commit_announced(room.now_ms, garbage));
  at.run(at.session.welcomed(room.now_ms + 15'000, garbage));
  at.run(at.session.welcomed(room.now_ms + 30'000, garbage)); // the first is forgotten
  CHECK(at.invalid.size() == 3);
  CHECK(at.reconnects == 0);
}

TEST_CASE("session: 37 frames in a row that do not decrypt make it join anew", "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(3);
  auto out = std::vector<uint8_t>{};
  auto stray = frame_sealer(openssl_suite(), bytes(16, 9));
  auto wire = std::vector<uint8_t>(opus.size() + sealed_overhead_max);
  wire.resize(stray.seal(opus, wire));
  for (auto count = uint32_t{0}; count < failed_frames_max; ++count)
    CHECK(room.hear(3, 1, wire, out).outcome == outcome::failed);
  CHECK(at.invalid.empty());
  CHECK(room.hear(3, 1, room.at(1).say(opus), out).outcome == outcome::opened); // begins anew
  for (auto count = uint32_t{0}; count < failed_frames_max; ++count)
    room.hear(3, 1, wire, out);
  CHECK(at.invalid.empty());
  room.hear(3, 1, wire, out);
  CHECK(at.invalid == std::vector<uint16_t>{room.transition});
  CHECK(at.key_packages == 2);
}

TEST_CASE("session: frames that fail while a transition is under way are forgiven for ten seconds",
          "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(3);
  at.run(at.session.prepare_transition(room.now_ms, 500, 1)); // and never executed
  auto out = std::vector<uint8_t>{};
  auto stray = frame_sealer(openssl_suite(), bytes(16, 9));
  auto wire = std::vector<uint8_t>(opus.size() + sealed_overhead_max);
  wire.resize(stray.seal(opus, wire));
  room.now_ms += pending_believed_ms - 1;
  for (auto count = 0; count < 100; ++count)
    room.hear(3, 1, wire, out);
  CHECK(at.invalid.empty());
  room.now_ms += 1;
  room.hear(3, 1, wire, out);
  CHECK(at.invalid == std::vector<uint16_t>{500});
}

TEST_CASE("session: down to version 0 and up again in one connection", "[dave]") {
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  room.found(1, 2);
  auto out = std::vector<uint8_t>{};
  for (const auto user : {1, 2}) {
    auto& at = room.at(static_cast<uint64_t>(user));
    at.run(at.session.prepare_transition(room.now_ms, 50, 0));
    CHECK(at.ready.back() == 50);
    CHECK(at.how == sending::encrypted); // until it is executed
  }
  CHECK(room.hear(2, 1, opus, out).outcome == outcome::plain);
  for (const auto user : {1, 2}) {
    auto& at = room.at(static_cast<uint64_t>(user));
    at.run(at.session.execute_transition(room.now_ms, 50));
    CHECK(at.how == sending::plain);
    CHECK_FALSE(at.session.established());
    at.run(at.session.execute_transition(room.now_ms, 51)); // nobody prepared it
    CHECK(at.how == sending::plain);
    at.run(at.session.prepare_epoch(room.now_ms, 1, 1));
    CHECK(at.key_packages == 2);
    CHECK(at.how == sending::plain); // until the new group's transition
  }
  for (auto& [user, client] : room.clients)
    client->commits.clear();
  room.found(2, 1);
  CHECK(room.at(1).how == sending::encrypted);
  room.check_group();
  room.now_ms += 9'999;
  CHECK(room.hear(2, 1, opus, out).outcome == outcome::plain);
  room.now_ms += 1;
  CHECK(room.hear(2, 1, opus, out).outcome == outcome::refused);
}

TEST_CASE("session: a transition of number 0 is executed at once", "[dave]") {
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  auto& one = room.at(1);
  one.run(one.session.proposals(room.gateway.append({room.add(0, 2)})));
  const auto parts = split(one.commits.back());
  one.run(one.session.commit_announced(room.now_ms, with_transition(0, parts.commit)));
  CHECK(one.ready.empty());
  CHECK(one.how == sending::encrypted);
  one.run(one.session.prepare_transition(room.now_ms, 0, 0));
  CHECK(one.ready.empty());
  CHECK(one.how == sending::plain);
}

TEST_CASE("session: who stays alone keeps its key until epoch 1 makes a new group", "[dave]") {
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  room.found(1, 2);
  auto& one = room.at(1);
  one.run(one.session.prepare_epoch(room.now_ms, 1, 1));
  CHECK(one.key_packages == 2);
  CHECK_FALSE(one.session.established());
  CHECK(one.how == sending::encrypted);
  // Its group is of its own making again: the next one to come is added from epoch 0.
  room.connect(3);
  one.commits.clear();
  room.found(1, 3);
  room.check_group();
}

TEST_CASE("session: a welcome to another channel or of another gateway is refused", "[dave]") {
  auto room = room_of_three();
  auto stranger = dave_room{}; // same channel, another external sender
  stranger.connect(1);
  stranger.connect(2);
  stranger.at(1).run(
      stranger.at(1).session.proposals(stranger.gateway.append({stranger.add(0, 2)})));
  const auto parts = split(stranger.at(1).commits.back());
  auto& joiner = stranger.at(2);
  joiner.run(joiner.session.external_sender_package(room.gateway.external_sender()));
  joiner.run(joiner.session.welcomed(0, with_transition(1, encoded(*parts.invitation))));
  CHECK(joiner.invalid == std::vector<uint16_t>{1});
  CHECK(joiner.key_packages == 2);
  CHECK(joiner.notes.back().find("external sender") != std::string::npos);

  // The same gateway's group of another channel, which was given our key package.
  auto elsewhere = dave_room{};
  elsewhere.gateway.key = room.gateway.key;
  elsewhere.gateway.channel = channel_id{4712};
  auto& founder = elsewhere.connect(1);
  auto here = dave_client(user_id{2}, room.gateway);
  here.run(here.session.begin(0, 1));
  here.run(here.session.external_sender_package(room.gateway.external_sender()));
  founder.run(founder.session.users_connected(std::array{user_id{2}}));
  founder.run(founder.session.proposals(elsewhere.gateway.append(
      {elsewhere.gateway.propose(0, add_member{decoded(here.key_package, read_key_package)})})));
  const auto other = split(founder.commits.back());
  here.run(here.session.welcomed(0, with_transition(2, encoded(*other.invitation))));
  CHECK(here.invalid == std::vector<uint16_t>{2});
  CHECK(here.notes.back().find("another channel") != std::string::npos);
}

TEST_CASE("session: in a group it takes no second welcome and no other external sender", "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(3);
  at.run(at.session.external_sender_package(dave_gateway{}.external_sender()));
  CHECK(at.session.established());
  room.check_group();
  at.run(at.session.welcomed(room.now_ms, with_transition(9, std::array<uint8_t, 1>{})));
  CHECK(at.invalid == std::vector<uint16_t>{9});
  CHECK_FALSE(at.session.established());
}

TEST_CASE("session: commits of ours that were not taken are never taken later", "[dave]") {
  auto room = room_of_three();
  room.connect(4);
  room.propose(room.gateway.append({room.add(2, 4)}));
  const auto lost = split(room.at(1).commits.back()).commit;
  room.take(2, {4});
  auto& at = room.at(1);
  at.run(at.session.commit_announced(room.now_ms, with_transition(90, lost)));
  CHECK(at.invalid.empty()); // of an epoch that is over
  room.check_group();

  // Nor is one whose proposals were all revoked.
  auto other = room_of_three();
  other.connect(4);
  const auto adds = other.add(2, 4);
  other.propose(other.gateway.append({adds}));
  const auto revoked = split(other.at(1).commits.back()).commit;
  other.propose(other.gateway.revoke({adds}));
  auto& one = other.at(1);
  one.run(one.session.commit_announced(other.now_ms, with_transition(91, revoked)));
  CHECK(one.invalid == std::vector<uint16_t>{91});
}

TEST_CASE("session: a commit that is announced twice changes the epoch once", "[dave]") {
  auto room = room_of_three();
  room.connect(4);
  room.propose(room.gateway.append({room.add(2, 4)}));
  const auto commit = split(room.at(2).commits.back()).commit;
  room.take(2, {4});
  for (const auto user : {1, 2, 3}) { // its sender, too
    auto& at = room.at(static_cast<uint64_t>(user));
    at.run(at.session.commit_announced(room.now_ms, with_transition(90, commit)));
    CHECK(at.invalid.empty());
    CHECK(at.session.epoch() == 3);
  }
  room.check_group();
}

TEST_CASE("session: a welcome that a resume repeats changes nothing", "[dave]") {
  auto room = room_of_three();
  auto& late = room.connect(4);
  room.propose(room.gateway.append({room.add(2, 4)}));
  const auto parts = split(room.at(2).commits.back());
  const auto again =
      with_transition(static_cast<uint16_t>(room.transition + 1), encoded(*parts.invitation));
  room.take(2, {4});
  late.run(late.session.welcomed(room.now_ms, again)); // the same bytes: nobody else was added
  CHECK(late.invalid.empty());
  room.check_group();
  const auto other =
      with_transition(static_cast<uint16_t>(room.transition + 1), encoded(*parts.invitation));
  late.run(late.session.welcomed(room.now_ms, other)); // of another transition: unasked for
  CHECK(late.invalid.size() == 1);
}

TEST_CASE("session: a transition within an epoch begins no ratchet again", "[dave]") {
  auto room = room_of_three();
  auto& at = room.at(1);
  at.run(at.session.prepare_transition(room.now_ms, 300, 1));
  const auto actions = at.session.execute_transition(room.now_ms, 300);
  CHECK(actions.empty()); // the nonces of its key were used
  room.check_group();
}

TEST_CASE("session: proposals that make no valid group are committed by nobody", "[dave]") {
  auto room = room_of_three();
  // User 2 a second time, with keys of its own.
  auto twin = dave_client(user_id{2}, room.gateway);
  twin.run(twin.session.begin(0, 1));
  room.propose(room.gateway.append(
      {room.gateway.propose(2, add_member{decoded(twin.key_package, read_key_package)})}));
  for (const auto user : room.group) {
    CHECK(room.clients.at(user)->commits.empty());
    CHECK(room.clients.at(user)->notes.back() ==
          "proposals cannot be committed: user is in the group twice");
  }
}

TEST_CASE("session: an external sender that comes late founds the group then", "[dave]") {
  auto gateway = dave_gateway{};
  auto late = dave_client(user_id{1}, gateway);
  auto early = dave_client(user_id{2}, gateway);
  early.run(early.session.external_sender_package(gateway.external_sender())); // before op 4
  for (auto* at : {&late, &early})
    at->run(at->session.begin(0, 1));
  const auto add = gateway.propose(0, add_member{decoded(early.key_package, read_key_package)});
  late.run(late.session.users_connected(std::array{user_id{2}}));
  late.run(late.session.proposals(gateway.append({add})));
  CHECK(late.commits.empty());
  late.run(late.session.external_sender_package(std::array<uint8_t, 2>{1, 2}));
  CHECK(late.notes.size() == 1);
  late.run(late.session.external_sender_package(gateway.external_sender()));
  late.run(late.session.proposals(gateway.append({add})));
  CHECK(late.commits.size() == 1);
}

TEST_CASE("session: version 0 needs no group, versions not offered change nothing", "[dave]") {
  auto gateway = dave_gateway{};
  auto at = dave_client(user_id{1}, gateway);
  at.run(at.session.begin(0, 0));
  CHECK(at.how == sending::plain);
  CHECK(at.key_packages == 0);
  at.run(at.session.prepare_epoch(0, 1, 2));
  at.run(at.session.prepare_transition(0, 3, 2));
  CHECK(at.notes.size() == 2);
  CHECK(at.ready.empty());
  CHECK(at.how == sending::plain);
}

TEST_CASE("group: cut and changed messages are refused, whatever is hit", "[dave]") {
  const auto& crypto = openssl_suite();
  auto room = room_of_three();
  const auto newcomer = make_identity_key(crypto, user_id{4});
  const auto own = make_own_package(crypto, newcomer);
  const auto adds = room.gateway.propose(2, add_member{own.package});
  const auto removes = room.remove(2);
  const auto known = std::vector<queued_proposal>{
      {proposal_ref(crypto, adds), add_member{own.package}},
      {proposal_ref(crypto, removes), decoded(removes.content.body, read_proposal)}};
  for (const auto user : room.group)
    room.clients.at(user)->run(
        room.clients.at(user)->session.users_connected(std::array{user_id{4}}));
  room.propose(room.gateway.append({adds, removes}));
  const auto parts = split(room.at(1).commits.back());
  const auto& before = *room.at(3).session.group();
  const auto apply = [&](const bytes& wire) {
    if (!apply_commit(crypto, before, decoded(wire, read_public_message), known))
      throw std::logic_error("it removes somebody else");
  };
  const auto join = [&](const bytes& wire) {
    join_group(crypto, decoded(wire, read_welcome), own);
  };
  const auto invitation = encoded(*parts.invitation);
  CHECK_NOTHROW(apply(parts.commit));
  CHECK_NOTHROW(join(invitation));
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  auto random = std::mt19937(seed);
  for (auto round = 0; round < 300; ++round) {
    for (const auto welcoming : {false, true}) {
      auto changed = welcoming ? invitation : parts.commit;
      const auto at = random() % changed.size();
      if (round % 3 == 0)
        changed.resize(at);
      else if (round % 3 == 1)
        changed[at] ^= static_cast<uint8_t>(1 << random() % 8);
      else
        changed.insert(changed.begin() + static_cast<ptrdiff_t>(at),
                       static_cast<uint8_t>(random()));
      INFO("round " << round << " at " << at);
      if (welcoming)
        CHECK_THROWS_AS(join(changed), failure);
      else
        CHECK_THROWS_AS(apply(changed), failure);
    }
  }
}

TEST_CASE("session: 60 epochs of chance stay in agreement", "[dave]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  auto random = std::mt19937(seed);
  const auto below = [&](size_t limit) { return static_cast<size_t>(random() % limit); };
  auto room = dave_room{};
  room.connect(1);
  room.connect(2);
  room.found(1, 2);
  for (auto round = 0; round < 60; ++round) {
    const auto epoch = room.epoch();
    auto joiners = std::vector<uint64_t>{};
    auto leavers = std::vector<uint64_t>{};
    for (auto user = uint64_t{1}; user <= 9; ++user) {
      const auto present =
          std::find(room.group.begin(), room.group.end(), user_id{user}) != room.group.end();
      if (!present && below(4) == 0)
        joiners.push_back(user);
      else if (present && below(5) == 0 && leavers.size() + 1 < room.group.size())
        leavers.push_back(user);
    }
    if (joiners.empty() && leavers.empty())
      continue;
    auto messages = std::vector<public_message>{};
    for (const auto user : leavers)
      messages.push_back(room.remove(user));
    for (const auto user : joiners) {
      room.connect(user);
      messages.push_back(room.add(epoch, user));
    }
    room.propose(room.gateway.append(messages));
    auto stayers = room.group;
    std::erase_if(stayers, [&](user_id user) {
      return std::find(leavers.begin(), leavers.end(), user.value) != leavers.end();
    });
    room.take(stayers[below(stayers.size())].value, joiners, leavers);
    room.now_ms += 1000;
    room.check_group();
    for (const auto user : room.group) {
      const auto& group = *room.clients.at(user)->session.group();
      CHECK_NOTHROW(check_path_keys(openssl_suite(), group.tree, group.keys));
      CHECK(group.tree.has_valid_parent_hashes(openssl_suite()));
    }
  }
}
