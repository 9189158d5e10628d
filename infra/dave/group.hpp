#pragma once
// An MLS group as one member sees it in one epoch, and the ways into the next. Every function works
// on copies: what it throws at, stays as it was. Pure. Source: RFC 9420 8, 11, 12.4; dave 7.6-7.9.
#include "infra/dave/framing.hpp"
#include "infra/dave/key_package.hpp"
#include "infra/dave/key_schedule.hpp"
#include "infra/dave/tree_kem.hpp"

namespace hearth::dave {

/// A value; the next epoch is another one.
struct group_state {
  group_context context;
  ratchet_tree tree;
  leaf_index own = 0;
  private_keys keys; ///< Of our leaf and of parents above it.
  epoch_secrets secrets;
  bytes interim_transcript_hash;

  std::vector<user_id> members() const; ///< By leaf.
  /// Base secret of a member's media frames in this epoch, 16 bytes. Source: dave 4.1.
  bytes media_base(const crypto_suite& crypto, user_id user) const;
};

/// A proposal of the voice gateway, checked and waiting to be committed.
struct queued_proposal {
  bytes reference;
  proposal what;
};

/// A group of our own with nobody else in it, epoch 0.
group_state create_group(const crypto_suite& crypto, byte_view group_id,
                         std::vector<extension> extensions, const own_package& own);

/// Enters a group by a Welcome for our key package. @throws failure
group_state join_group(const crypto_suite& crypto, const welcome& invitation,
                       const own_package& own);

/// A commit of ours: what to send, and the state if the voice gateway takes it.
struct built_commit {
  bytes message;                   ///< MLSMessage(PublicMessage(Commit)).
  std::optional<bytes> invitation; ///< Welcome, when somebody was added.
  group_state next;
};
/// Commits all of `proposals`, in their order, by reference. A path only when somebody is removed.
/// @throws failure when they contradict each other or remove ourselves
built_commit build_commit(const crypto_suite& crypto, const group_state& group,
                          const identity_key& identity, std::span<const queued_proposal> proposals);

/// Another member's commit. @param known Proposals it may refer to.
/// @return The next epoch; nothing when it removes us. @throws failure
std::optional<group_state> apply_commit(const crypto_suite& crypto, const group_state& group,
                                        const public_message& message,
                                        std::span<const queued_proposal> known);

/// A tree after proposals: removals first, then additions.
struct changed_tree {
  ratchet_tree tree;
  leaf_set removed;
  leaf_set added;
  std::vector<std::pair<leaf_index, const key_package*>> joiners; ///< Of the proposals.
  bool path_needed = false; ///< Somebody was removed: the group must get new secrets.
  bool removes(leaf_index leaf) const { return removed.contains(leaf); }
};
/// @throws failure when a member is removed twice or is none
changed_tree changed_by(const ratchet_tree& before, std::span<const queued_proposal* const> list);

/// Makes the secrets of the epoch that `group.context` names.
/// @return member_secret, from which a Welcome's keys come.
bytes enter_epoch(const crypto_suite& crypto, group_state& group, byte_view joiner);

} // namespace hearth::dave
