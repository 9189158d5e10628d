#pragma once
// The voice gateway's part in DAVE, and its clients, in one process and on a clock of numbers:
// signed proposals, the race of commits, a Welcome for each joiner. Ours on both sides; strangers
// take part in tests/interop/dave.test.mjs.
#include "infra/dave/failure.hpp"
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/dave/session_state.hpp"
#include "tests/support/vectors.hpp"
#include <memory>

namespace hearth::dave::test {

/// Signs proposals as the voice gateway does.
struct dave_gateway {
  const crypto_suite& crypto = openssl_suite();
  channel_id channel{4711};
  hpke_key_pair key = random_key_pair(openssl_suite());

  bytes external_sender() const {
    return writer{}
        .vector(key.public_key)
        .u16(basic_credential)
        .vector(std::array<uint8_t, 1>{})
        .take();
  }
  public_message propose(uint64_t epoch, const proposal& what) const {
    auto message = public_message{};
    message.content = {writer{}.u64(channel.value).take(),
                       epoch,
                       {sender_type::external, 0},
                       {},
                       content_type::proposal,
                       encoded(what)};
    message.signature = sign_with_label(crypto, key.secret_key, "FramedContentTBS",
                                        framed_content_tbs(message.content, {}));
    return message;
  }
  /// op 27.
  static bytes append(const std::vector<public_message>& messages) {
    auto list = writer{};
    for (const auto& message : messages)
      write(list, message);
    return writer{}.u8(0).vector(list.view()).take();
  }
  bytes revoke(const std::vector<public_message>& messages) const {
    auto list = writer{};
    for (const auto& message : messages)
      list.vector(proposal_ref(crypto, message));
    return writer{}.u8(1).vector(list.view()).take();
  }
};

/// op 28 in its two parts.
struct split_commit {
  bytes commit;
  std::optional<welcome> invitation;
};
inline split_commit split(byte_view payload) {
  auto in = reader(payload);
  read_public_message(in);
  auto parts = split_commit{to_bytes(payload.first(payload.size() - in.rest().size())), {}};
  if (!in.empty()) {
    parts.invitation = read_welcome(in);
    in.end();
  }
  return parts;
}
/// op 29 or 30.
inline bytes with_transition(uint16_t transition, byte_view payload) {
  return writer{}.u16(transition).raw(payload).take();
}

/// One client: its session and what it was last told to do.
struct dave_client {
  explicit dave_client(user_id user, const dave_gateway& gateway)
      : user(user),
        session(gateway.crypto, make_identity_key(gateway.crypto, user), gateway.channel) {}

  /// Takes in what the session wants done.
  void run(session_actions actions) {
    for (auto& action : actions) {
      if (auto* package = std::get_if<session_do::send_key_package>(&action)) {
        key_package = package->payload;
        ++key_packages;
      } else if (auto* commit = std::get_if<session_do::send_commit>(&action)) {
        commits.push_back(commit->payload);
      } else if (auto* ready = std::get_if<session_do::send_ready>(&action)) {
        this->ready.push_back(ready->transition);
      } else if (auto* invalid = std::get_if<session_do::send_invalid>(&action)) {
        this->invalid.push_back(invalid->transition);
      } else if (auto* speak = std::get_if<session_do::speak>(&action)) {
        how = speak->how;
        sealer.reset();
        if (how == sending::encrypted)
          sealer = std::make_unique<frame_sealer>(openssl_suite(), speak->base);
      } else if (std::holds_alternative<session_do::reconnect>(action)) {
        ++reconnects;
      } else {
        notes.push_back(std::get<session_do::note>(action).text);
      }
    }
  }
  /// A frame as it goes out; empty when nothing may.
  std::vector<uint8_t> say(const std::vector<uint8_t>& frame) {
    if (how == sending::plain)
      return frame;
    if (how == sending::nothing)
      return {};
    auto out = std::vector<uint8_t>(frame.size() + sealed_overhead_max);
    out.resize(sealer->seal(frame, out));
    return out;
  }

  user_id user;
  dave_session session;
  bytes key_package;
  int key_packages = 0;
  std::vector<bytes> commits;
  std::vector<uint16_t> ready;
  std::vector<uint16_t> invalid;
  sending how = sending::nothing;
  std::unique_ptr<frame_sealer> sealer;
  int reconnects = 0;
  std::vector<std::string> notes;
};

/// A voice channel: who is in the group, and whose commit wins.
struct dave_room {
  dave_gateway gateway;
  std::map<user_id, std::unique_ptr<dave_client>> clients;
  std::vector<user_id> group; ///< Members of the established group.
  uint16_t transition = 0;
  int64_t now_ms = 1'000'000;

  dave_client& at(uint64_t user) { return *clients.at(user_id{user}); }

  /// Connects; everybody recognises everybody.
  dave_client& connect(uint64_t user) {
    auto& client =
        *(clients[user_id{user}] = std::make_unique<dave_client>(user_id{user}, gateway));
    auto users = std::vector<user_id>{};
    for (const auto& [id, other] : clients) {
      users.push_back(id);
      other->run(other->session.users_connected(std::array{user_id{user}}));
    }
    client.run(client.session.users_connected(users));
    client.run(client.session.begin(now_ms, 1));
    client.run(client.session.external_sender_package(gateway.external_sender()));
    return client;
  }
  uint64_t epoch() { return clients.at(group.front())->session.epoch(); }
  leaf_index leaf_of_user(user_id user) {
    const auto& tree = clients.at(group.front())->session.group()->tree;
    for (auto index = leaf_index{0}; index < tree.leaves(); ++index) {
      if (const auto* leaf = tree.leaf(index); leaf != nullptr && user_of(*leaf) == user)
        return index;
    }
    throw std::logic_error("not in the group");
  }
  public_message add(uint64_t epoch, uint64_t user) {
    return gateway.propose(epoch, add_member{decoded(at(user).key_package, read_key_package)});
  }
  public_message remove(uint64_t user) {
    return gateway.propose(epoch(), remove_member{leaf_of_user(user_id{user})});
  }

  /// The first two: each offers to add the other, `winner` is taken.
  void found(uint64_t winner, uint64_t joiner) {
    at(winner).run(at(winner).session.proposals(gateway.append({add(0, joiner)})));
    at(joiner).run(at(joiner).session.proposals(gateway.append({add(0, winner)})));
    REQUIRE(at(winner).commits.size() == 1);
    REQUIRE(at(joiner).commits.size() == 1);
    group = {user_id{winner}};
    take(winner, {joiner});
  }
  /// Tells the whole group; everybody who may offers a commit.
  void propose(const bytes& payload) {
    for (const auto user : group) {
      auto& client = *clients.at(user);
      client.commits.clear();
      client.run(client.session.proposals(payload));
    }
  }
  /// Takes the winner's newest commit. @param execute Whether the transition is carried out at
  /// once.
  void take(uint64_t winner, const std::vector<uint64_t>& joiners,
            const std::vector<uint64_t>& leavers = {}, bool execute = true) {
    REQUIRE_FALSE(at(winner).commits.empty());
    const auto parts = split(at(winner).commits.back());
    ++transition;
    for (const auto leaver : leavers)
      std::erase(group, user_id{leaver});
    for (const auto user : group) {
      auto& client = *clients.at(user);
      client.run(
          client.session.commit_announced(now_ms, with_transition(transition, parts.commit)));
    }
    REQUIRE(parts.invitation.has_value() == !joiners.empty());
    for (const auto joiner : joiners) {
      auto invitation = *parts.invitation;
      const auto reference =
          ref_hash(gateway.crypto, "MLS 1.0 KeyPackage Reference", at(joiner).key_package);
      std::erase_if(invitation.entries,
                    [&](const auto& entry) { return entry.key_package_ref != reference; });
      REQUIRE(invitation.entries.size() == 1);
      at(joiner).run(
          at(joiner).session.welcomed(now_ms, with_transition(transition, encoded(invitation))));
      group.push_back(user_id{joiner});
    }
    if (execute)
      this->execute();
  }
  void execute() {
    for (const auto user : group) {
      auto& client = *clients.at(user);
      REQUIRE_FALSE(client.ready.empty());
      CHECK(client.ready.back() == transition);
      client.run(client.session.execute_transition(now_ms, transition));
    }
  }
  /// What `hearer` makes of a frame that `speaker` says.
  received_frame hear(uint64_t hearer, uint64_t speaker, const std::vector<uint8_t>& wire,
                      std::vector<uint8_t>& out) {
    auto result = at(hearer).session.open(now_ms, user_id{speaker}, wire, out);
    at(hearer).run(result.actions);
    return result;
  }
  /// Everybody in the group agrees on the epoch and hears everybody else.
  void check_group() {
    REQUIRE_FALSE(group.empty());
    const auto& first = clients.at(group.front())->session;
    for (const auto user : group) {
      auto& speaker = *clients.at(user);
      REQUIRE(speaker.session.established());
      CHECK(speaker.session.epoch() == first.epoch());
      CHECK(speaker.session.privacy_code() == first.privacy_code());
      CHECK(speaker.session.members().size() == group.size());
      const auto frame = std::vector<uint8_t>{0x78, 1, 2, static_cast<uint8_t>(user.value)};
      const auto wire = speaker.say(frame);
      REQUIRE(wire.size() > frame.size());
      for (const auto other : group) {
        if (other == user)
          continue;
        auto out = std::vector<uint8_t>{};
        CHECK(hear(other.value, user.value, wire, out).outcome == receiver_set::outcome::opened);
        CHECK(out == frame);
      }
    }
  }
};

} // namespace hearth::dave::test
