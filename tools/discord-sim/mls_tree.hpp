#pragma once
// The ratchet tree of an MLS group (dave 7.1): array of 2n-1 nodes, leaf i at 2i. Pure.
#include "discord-sim/mls_codec.hpp"

namespace sim {

struct parent_node {
  std::string encryption_key;
  std::string parent_hash;
  std::vector<std::uint32_t> unmerged; ///< leaf indices, ascending
};

class mls_tree {
public:
  using index = std::uint32_t;

  struct node {
    std::optional<leaf_node> leaf;
    std::optional<parent_node> parent;
    bool blank() const { return !leaf && !parent; }
    const std::string& key() const { return leaf ? leaf->encryption_key : parent->encryption_key; }
  };

  /// The body of a ratchet_tree extension. Throws mls_error.
  static mls_tree read(std::string_view extension);

  std::uint32_t leaves() const { return static_cast<std::uint32_t>(nodes_.size() / 2 + 1); }
  const node& at(index x) const { return nodes_.at(x); }
  const leaf_node* leaf(std::uint32_t i) const {
    return i < leaves() && nodes_[2 * i].leaf ? &*nodes_[2 * i].leaf : nullptr;
  }
  /// The index of a leaf with exactly these bytes.
  std::optional<std::uint32_t> find(std::string_view leaf_bytes) const;

  std::string hash() const { return hash(root()); }
  std::string hash(index x) const;
  std::vector<index> resolution(index x) const;
  /// Takes the leftmost free leaf; returns its index.
  std::uint32_t add(leaf_node leaf);
  void remove(std::uint32_t leaf);

  /// Ancestors of a leaf from below whose other child resolves to somebody, with that child.
  struct step {
    index node;
    index other;
  };
  std::vector<step> filtered_path(std::uint32_t leaf) const;
  /// Ancestors of a leaf, from below.
  std::vector<index> direct_path(std::uint32_t leaf) const;
  /// Whether the subtree of `top` has the leaf in it.
  static bool covers(index top, std::uint32_t leaf);
  /// Puts the sender's new path in (dave 7.7): keys by filtered_path(). Throws when the leaf's
  /// parent hash does not follow from them.
  void merge(std::uint32_t sender, const update_path& path);

private:
  index root() const { return leaves() - 1; }
  static int level(index x);
  static index left(index x);
  static index right(index x);
  static index parent(index x);

  std::vector<node> nodes_{1};
};

} // namespace sim
