#pragma once
// Members' leaves and key packages: ours are made here, theirs checked. Pure.
// Source: RFC 9420 5.3, 7.3, 10.1; dave 6, 7.2.
#include "infra/dave/labels.hpp"
#include "infra/dave/ratchet_tree.hpp"
#include "infra/dave/structures.hpp"
#include "messages/ids.hpp"
#include <map>

namespace hearth::dave {

/// A signature key of ours, made once for a connection; kept over new groups.
struct identity_key {
  user_id user;
  bytes secret_key; ///< Scalar.
  bytes public_key;
};
identity_key make_identity_key(const crypto_suite& crypto, user_id user);

/// A key package of ours with the private halves; used for one join.
struct own_package {
  key_package package;
  bytes init_secret_key;
  bytes leaf_secret_key;
};
own_package make_own_package(const crypto_suite& crypto, const identity_key& identity);

/// The user a leaf belongs to: 8 bytes, big endian. @throws failure
user_id user_of(const leaf_node& leaf);
bytes identity_of(user_id user);

/// Signs a leaf of ours. @param group_id, index Unused for source key_package.
void sign_leaf(const crypto_suite& crypto, const identity_key& identity, leaf_node& leaf,
               byte_view group_id, leaf_index index);

/// Signature, keys, credential and abilities of a leaf. @throws failure
void check_leaf(const crypto_suite& crypto, const leaf_node& leaf, byte_view group_id,
                leaf_index index);
/// Whether the package may be added to a group. @throws failure
void check_key_package(const crypto_suite& crypto, const key_package& package);
/// Encryption keys, signature keys and users of a tree are each there once. @throws failure
void check_unique(const ratchet_tree& tree);

bytes key_package_ref(const crypto_suite& crypto, const key_package& package);

} // namespace hearth::dave
