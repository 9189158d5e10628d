#pragma once
// TreeKEM: new keys along a committer's path, sealed for those beside it. Pure.
// Source: RFC 9420 7.4-7.6; dave 7.7, 7.8.
#include "infra/dave/key_package.hpp"
#include "infra/dave/messages.hpp"
#include <map>

namespace hearth::dave {

/// Private HPKE keys that a member holds: its leaf's and those of parents above it.
using private_keys = std::map<node_index, bytes>;

/// What one path secret gives: itself and those above it, the keys of their nodes, the commit
/// secret.
struct path_keys {
  std::vector<bytes> path_secrets; ///< One per node of the filtered direct path.
  private_keys keys;
  bytes commit_secret;
};

/// path_secret[0..count) and the keys of the given nodes from the first secret on.
path_keys derive_path(const crypto_suite& crypto, byte_view first_secret,
                      std::span<const node_index> nodes);

/// A new path of our own, put into the tree; still to be sealed.
struct new_path {
  path_keys derived;
  std::vector<node_index> nodes; ///< The filtered direct path.
  bytes leaf_secret_key;
};
/// Replaces the leaf's keys and those of its filtered path; blanks the rest of its direct path.
new_path renew_path(const crypto_suite& crypto, ratchet_tree& tree, leaf_index own,
                    const identity_key& identity, byte_view group_id);
/// The wire form, once the provisional GroupContext is known.
/// @param added Leaves that came in this commit: their secrets come by Welcome.
update_path seal_path(const crypto_suite& crypto, const ratchet_tree& tree, leaf_index own,
                      const new_path& path, byte_view context, const leaf_set& added);

/// Puts another member's path into the tree, checking leaf, length and parent hashes.
/// @throws failure
void merge_path(const crypto_suite& crypto, ratchet_tree& tree, leaf_index sender,
                const update_path& path, byte_view group_id);
/// Opens our share of it: `keys` then holds the new ones and no outdated ones.
/// @param tree With the path in it. @return commit_secret. @throws failure
bytes open_path(const crypto_suite& crypto, const ratchet_tree& tree, leaf_index sender,
                leaf_index own, const update_path& path, byte_view context, const leaf_set& added,
                private_keys& keys);

/// Keys derived from a path secret must belong to the tree's public ones. @throws failure
void check_path_keys(const crypto_suite& crypto, const ratchet_tree& tree,
                     const private_keys& keys);
/// Forgets keys of nodes that are blank or gone.
void drop_blank_keys(const ratchet_tree& tree, private_keys& keys);

} // namespace hearth::dave
