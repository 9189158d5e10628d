#pragma once
// Hostile input for DAVE, one byte string at a time: decoders, sessions, commits, Welcomes, media
// frames. The first byte chooses what the rest is: bytes as they are, ops for a session, or changes
// to a message that was good. Used by tests/infra/dave/hostile_test.cpp, and by a fuzzer.
#include "infra/dave/failure.hpp"
#include "infra/dave/session_state.hpp"
#include "tests/support/loose_suite.hpp"
#include <algorithm>
#include <stdexcept>

namespace hearth::dave::hostile {

inline constexpr auto channel = channel_id{7};

/// Throws what no caller expects.
inline void must(bool holds, const char* sentence) {
  if (!holds)
    throw std::logic_error(sentence);
}

inline const crypto_suite& suite() {
  static const auto loose = hearth::test::loose_suite{};
  return loose;
}

/// Decodes with each reader; what decodes encodes to the same bytes.
template <class T> void round_trips(byte_view from, T (*read)(reader&)) {
  try {
    auto in = reader(from);
    const auto found = read(in);
    const auto used = from.first(from.size() - in.rest().size());
    must(equal(encoded(found), used), "what decodes encodes to the same bytes");
  } catch (const failure&) {
  }
}

inline void decode(byte_view from) {
  round_trips(from, read_public_message);
  round_trips(from, read_welcome);
  round_trips(from, read_key_package);
  round_trips(from, read_group_info);
  round_trips(from, read_group_secrets);
  round_trips(from, read_update_path);
  round_trips(from, read_group_context);
  try {
    const auto tree = ratchet_tree::read(from);
    must(equal(tree.encoded(), from), "a tree encodes to the same bytes");
    must(tree.hash(suite()).size() == hash_size, "a tree has a hash");
    tree.has_valid_parent_hashes(suite());
    check_unique(tree);
    for (auto leaf = leaf_index{0}; leaf < tree.leaves() && leaf < 16; ++leaf)
      tree.filtered_direct_path(leaf);
  } catch (const failure&) {
  }
}

inline void media(byte_view from) {
  static auto receivers = [] {
    auto made = receiver_set{};
    made.renew(suite(), {{user_id{1}, bytes(16, 1)}}, 0);
    return made;
  }();
  auto out = std::vector<uint8_t>{};
  const auto outcome = receivers.open(1000, user_id{1}, from, out);
  must(out.size() <= from.size(), "no frame grows");
  must(outcome != receiver_set::outcome::opened || read_media_trailer(from).has_value(),
       "what opens has a trailer");
}

/// A group of three with a removal and an addition proposed, and everything that came of it.
struct scene {
  identity_key first = make_identity_key(suite(), user_id{1});
  identity_key second = make_identity_key(suite(), user_id{2});
  bytes external =
      writer{}.vector(bytes(point_size, 4)).u16(basic_credential).vector(bytes(1, 0)).take();
  own_package joiner = make_own_package(suite(), make_identity_key(suite(), user_id{4}));
  group_state before; ///< Of the second.
  std::vector<queued_proposal> known;
  bytes proposals; ///< op 27.
  bytes commit;    ///< MLSMessage.
  bytes welcome;

  public_message proposed(uint64_t epoch, const proposal& what) const {
    auto message = public_message{};
    message.content = {writer{}.u64(channel.value).take(),
                       epoch,
                       {sender_type::external, 0},
                       {},
                       content_type::proposal,
                       encoded(what)};
    message.signature = suite().sha256(encoded(message.content));
    return message;
  }
  queued_proposal queued(const public_message& message) const {
    return {proposal_ref(suite(), message), decoded(message.content.body, read_proposal)};
  }

  scene() {
    const auto extensions =
        std::vector<extension>{{external_senders_extension, writer{}.vector(external).take()}};
    const auto own = make_own_package(suite(), first);
    auto group = create_group(suite(), writer{}.u64(channel.value).take(), extensions, own);
    const auto other = make_own_package(suite(), second);
    const auto third = make_own_package(suite(), make_identity_key(suite(), user_id{3}));
    const auto adds = std::vector{queued(proposed(0, add_member{other.package})),
                                  queued(proposed(0, add_member{third.package}))};
    auto built = build_commit(suite(), group, first, adds);
    before = join_group(suite(), decoded(*built.invitation, read_welcome), other);
    const auto removes = proposed(1, remove_member{2});
    const auto come = proposed(1, add_member{joiner.package});
    known = {queued(removes), queued(come)};
    auto list = writer{};
    write(list, removes);
    write(list, come);
    proposals = writer{}.u8(0).vector(list.view()).take();
    auto next = build_commit(suite(), built.next, first, known);
    commit = next.message;
    welcome = *next.invitation;
  }
};

inline const scene& stage() {
  static const auto built = scene{};
  return built;
}

/// Changes to a good message: position, kind, value, over and over.
inline bytes changed(bytes from, byte_view edits) {
  while (edits.size() >= 4 && !from.empty()) {
    const auto at = static_cast<size_t>(edits[0] << 8 | edits[1]) % from.size();
    const auto place = from.begin() + static_cast<ptrdiff_t>(at);
    if (edits[2] % 4 == 0)
      from.insert(place, edits[3]);
    else if (edits[2] % 4 == 1)
      from.erase(place);
    else
      *place = edits[3];
    edits = edits.subspan(4);
  }
  return from;
}

inline void check(const group_state& next) {
  must(next.tree.leaf(next.own) != nullptr, "we are in our group");
  must(next.members().size() == next.tree.members(), "every member is a user");
  check_path_keys(suite(), next.tree, next.keys);
}

inline void apply(byte_view edits) {
  const auto& at = stage();
  try {
    const auto message = decoded(changed(at.commit, edits), read_public_message);
    if (const auto next = apply_commit(suite(), at.before, message, at.known))
      check(*next);
    must(at.before.context.epoch == 1, "the epoch before stays");
  } catch (const failure&) {
    must(!edits.empty(), "the commit itself is good");
  }
}

inline void join_in(byte_view edits) {
  const auto& at = stage();
  try {
    check(join_group(suite(), decoded(changed(at.welcome, edits), read_welcome), at.joiner));
  } catch (const failure&) {
    must(!edits.empty(), "the welcome itself is good");
  }
}

/// Ops for a session: op, two bytes of length, payload; op 0 passes time.
inline void session(byte_view from) {
  auto at = dave_session(suite(), make_identity_key(suite(), user_id{9}), channel);
  auto now_ms = int64_t{0};
  at.begin(now_ms, 1);
  at.external_sender_package(stage().external);
  while (from.size() >= 3) {
    const auto op = from[0];
    const auto size = std::min<size_t>(from[1] << 8 | from[2], from.size() - 3);
    const auto payload = from.subspan(3, size);
    from = from.subspan(3 + size);
    const auto number = static_cast<uint16_t>(size == 0 ? 0 : payload[0]);
    now_ms += number;
    switch (op % 16) {
    case 4:
      at.begin(now_ms, number);
      break;
    case 5:
      at.users_connected(std::array{user_id{number}});
      break;
    case 6:
      at.user_disconnected(user_id{number});
      break;
    case 7:
      at.prepare_transition(now_ms, number, static_cast<uint16_t>(size % 3));
      break;
    case 8:
      at.execute_transition(now_ms, number);
      break;
    case 9:
      at.external_sender_package(payload);
      break;
    case 10:
      at.prepare_epoch(now_ms, number, static_cast<uint16_t>(size % 3));
      break;
    case 11:
      at.proposals(payload);
      break;
    case 12:
      at.proposals(changed(stage().proposals, payload));
      break;
    case 13:
      at.commit_announced(now_ms, payload);
      break;
    case 14:
      at.welcomed(now_ms, payload);
      break;
    default: {
      auto out = std::vector<uint8_t>{};
      at.open(now_ms, user_id{number}, payload, out);
    }
    }
    must(at.established() || at.privacy_code().empty(), "no code without a group");
  }
}

/// Takes one input. Throws nothing unless something that must hold does not.
inline void take(byte_view input) {
  if (input.empty())
    return;
  const auto copy =
      std::vector<uint8_t>(input.begin() + 1, input.end()); // of exactly its size, for sanitizers
  switch (input[0] % 8) {
  case 0:
    decode(copy);
    break;
  case 1:
    media(copy);
    break;
  case 2:
    apply(copy);
    break;
  case 3:
    join_in(copy);
    break;
  case 4:
    session(copy);
    break;
  case 5:
    decode(changed(stage().commit, copy));
    break;
  case 6:
    decode(changed(stage().welcome, copy));
    break;
  default:
    decode(changed(stage().before.tree.encoded(), copy));
  }
}

} // namespace hearth::dave::hostile
