#pragma once
// The public ratchet tree of a group: who is in it, which keys cover whom. Pure.
// Source: RFC 9420 4, 7.4-7.9, 12.4.3.3; dave 7.1.
#include "infra/dave/crypto_suite.hpp"
#include "infra/dave/structures.hpp"
#include "infra/dave/tree_math.hpp"
#include <set>
#include <variant>

namespace hearth::dave {

using leaf_set = std::set<leaf_index>;

/// A value: changed only on copies until everything about a change is known to be right.
class ratchet_tree {
public:
  /// One blank leaf.
  ratchet_tree() : nodes_(1) {}
  /// The value of a ratchet_tree extension. @throws failure, also above `leaves_max`
  static ratchet_tree read(byte_view from);
  bytes encoded() const;

  uint32_t leaves() const noexcept { return static_cast<uint32_t>(nodes_.size() + 1) / 2; }
  uint32_t nodes() const noexcept { return static_cast<uint32_t>(nodes_.size()); }
  bool is_blank(node_index node) const;
  /// Null when blank or beyond the tree.
  const leaf_node* leaf(leaf_index index) const;
  /// Null when blank or no parent.
  const parent_node* parent(node_index node) const;
  /// The HPKE key of a node that is not blank.
  const bytes& encryption_key(node_index node) const;
  /// How many leaves are not blank.
  uint32_t members() const;

  /// Takes the leftmost blank leaf, doubling the tree when there is none; becomes unmerged at every
  /// parent above that has a key. Source: RFC 9420 7.7. @throws failure above `leaves_max`
  leaf_index add(leaf_node leaf);
  /// Blanks the leaf and all above it; halves the tree while its right half is empty. Source: 7.7,
  /// 7.8. @throws failure when there is no such leaf
  void remove(leaf_index index);
  void set_leaf(leaf_index index, leaf_node leaf);
  void set_parent(node_index node, parent_node parent);
  void blank(node_index node);

  /// The nodes whose keys together cover everything under `node`. Source: 4.1.1.
  std::vector<node_index> resolution(node_index node) const;
  /// Ancestors of a leaf, upwards.
  std::vector<node_index> direct_path(leaf_index index) const;
  /// Those of them that cover somebody besides the side of the leaf. Source: 4.1.2.
  std::vector<node_index> filtered_direct_path(leaf_index index) const;
  /// The child of `ancestor` that does not lead to the leaf.
  static node_index copath_child(node_index ancestor, leaf_index index);

  /// Tree hash of the subtree; of the whole tree by default. Source: 7.8.
  bytes hash(const crypto_suite& crypto, node_index node) const;
  bytes hash(const crypto_suite& crypto) const { return hash(crypto, root_of(leaves())); }
  /// The parent hash that a child of `parent` stores. @param sibling The other child. Source: 7.9.
  bytes parent_hash(const crypto_suite& crypto, node_index parent, node_index sibling) const;
  /// Whether every parent that has a key was set by somebody below it. Source: 7.9.2.
  bool has_valid_parent_hashes(const crypto_suite& crypto) const;

  bool operator==(const ratchet_tree&) const = default;

private:
  using node = std::variant<std::monostate, leaf_node, parent_node>;
  bytes hash(const crypto_suite& crypto, node_index node, const leaf_set* without) const;
  void resolve(node_index node, std::vector<node_index>& into) const;
  bool is_set_from(const crypto_suite& crypto, node_index parent, node_index child) const;

  std::vector<node> nodes_;
};

} // namespace hearth::dave
