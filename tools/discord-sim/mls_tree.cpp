#include "discord-sim/mls_tree.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t nodes_max = 2 * 4096; // dave 10

std::string bytes_of(const parent_node& p) {
  mls_writer w;
  w.vec(p.encryption_key);
  w.vec(p.parent_hash);
  mls_writer list;
  for (const auto i : p.unmerged)
    list.u32(i);
  w.vec(list.take());
  return w.take();
}

parent_node read_parent(mls_reader& from) {
  parent_node p;
  p.encryption_key = from.vec();
  p.parent_hash = from.vec();
  mls_reader list(from.vec());
  while (list.left() > 0)
    p.unmerged.push_back(list.u32());
  return p;
}

} // namespace

int mls_tree::level(index x) {
  int k = 0;
  while ((x >> k & 1) != 0)
    ++k;
  return k;
}
mls_tree::index mls_tree::left(index x) { return x ^ (1u << (level(x) - 1)); }
mls_tree::index mls_tree::right(index x) { return x ^ (3u << (level(x) - 1)); }
mls_tree::index mls_tree::parent(index x) {
  const int k = level(x);
  return (x | 1u << k) ^ ((x >> (k + 1) & 1) << (k + 1));
}

mls_tree mls_tree::read(std::string_view extension) {
  mls_reader outer(extension);
  mls_reader from(outer.vec());
  outer.end();
  mls_tree tree;
  tree.nodes_.clear();
  while (from.left() > 0) {
    if (tree.nodes_.size() >= nodes_max)
      throw mls_error("a tree that is too large");
    auto& node = tree.nodes_.emplace_back();
    if (!from.present())
      continue;
    const auto type = from.u8();
    const bool is_leaf = (tree.nodes_.size() - 1) % 2 == 0;
    if (type != (is_leaf ? 1 : 2))
      throw mls_error("a node of the wrong kind");
    if (is_leaf)
      node.leaf = read_leaf_node(from);
    else
      node.parent = read_parent(from);
  }
  if (tree.nodes_.empty() || tree.nodes_.back().blank())
    throw mls_error("a tree that ends blank");
  std::size_t whole = 1;
  while (whole < tree.nodes_.size())
    whole = 2 * whole + 1;
  tree.nodes_.resize(whole);
  for (const auto& node : tree.nodes_)
    if (node.parent)
      for (const auto leaf : node.parent->unmerged)
        if (!tree.leaf(leaf))
          throw mls_error("an unmerged leaf that is not there");
  return tree;
}

std::optional<std::uint32_t> mls_tree::find(std::string_view leaf_bytes) const {
  for (std::uint32_t i = 0; i < leaves(); ++i)
    if (const auto* l = leaf(i); l && l->bytes() == leaf_bytes)
      return i;
  return std::nullopt;
}

std::string mls_tree::hash(index x) const {
  const auto& node = nodes_.at(x);
  mls_writer w;
  if (x % 2 == 0) {
    w.u8(1);
    w.u32(x / 2);
    w.u8(node.leaf ? 1 : 0);
    if (node.leaf)
      w.raw(node.leaf->bytes());
  } else {
    w.u8(2);
    w.u8(node.parent ? 1 : 0);
    if (node.parent)
      w.raw(bytes_of(*node.parent));
    w.vec(hash(left(x)));
    w.vec(hash(right(x)));
  }
  return sha256(w.take());
}

std::vector<mls_tree::index> mls_tree::resolution(index x) const {
  const auto& node = nodes_.at(x);
  if (!node.blank()) {
    std::vector<index> list{x};
    if (node.parent)
      for (const auto leaf : node.parent->unmerged)
        list.push_back(2 * leaf);
    return list;
  }
  if (x % 2 == 0)
    return {};
  auto list = resolution(left(x));
  const auto more = resolution(right(x));
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

std::vector<mls_tree::index> mls_tree::direct_path(std::uint32_t leaf) const {
  std::vector<index> path;
  for (auto x = 2 * leaf; x != root();)
    path.push_back(x = parent(x));
  return path;
}

bool mls_tree::covers(index top, std::uint32_t leaf) {
  const auto k = level(top);
  return (2 * leaf) >> (k + 1) == top >> (k + 1);
}

std::vector<mls_tree::step> mls_tree::filtered_path(std::uint32_t leaf) const {
  std::vector<step> path;
  for (const auto x : direct_path(leaf)) {
    const auto other = covers(left(x), leaf) ? right(x) : left(x);
    if (!resolution(other).empty())
      path.push_back({x, other});
  }
  return path;
}

std::uint32_t mls_tree::add(leaf_node leaf) {
  std::uint32_t i = 0;
  while (i < leaves() && nodes_[2 * i].leaf)
    ++i;
  if (i == leaves())
    nodes_.resize(2 * nodes_.size() + 1);
  nodes_[2 * i].leaf = std::move(leaf);
  for (const auto x : direct_path(i))
    if (auto& p = nodes_[x].parent)
      p->unmerged.insert(std::lower_bound(p->unmerged.begin(), p->unmerged.end(), i), i);
  return i;
}

void mls_tree::remove(std::uint32_t leaf) {
  if (!this->leaf(leaf))
    throw mls_error("a leaf that is not there is removed");
  for (const auto x : direct_path(leaf))
    nodes_[x] = {};
  nodes_[2 * leaf] = {};
  const auto has_leaf = [this](std::uint32_t from) {
    for (auto i = from; i < leaves(); ++i)
      if (this->leaf(i))
        return true;
    return false;
  };
  while (leaves() > 1 && !has_leaf(leaves() / 2))
    nodes_.resize(nodes_.size() / 2);
}

void mls_tree::merge(std::uint32_t sender, const update_path& path) {
  const auto steps = filtered_path(sender);
  if (steps.size() != path.nodes.size())
    throw mls_error("a path of another length");
  for (const auto x : direct_path(sender))
    nodes_[x] = {};
  // From the top, each parent hash needs the next higher one's.
  std::string above;
  for (auto i = steps.size(); i-- > 0;) {
    nodes_[steps[i].node].parent = parent_node{path.nodes[i].encryption_key, above, {}};
    mls_writer w;
    w.vec(path.nodes[i].encryption_key);
    w.vec(above);
    w.vec(hash(steps[i].other));
    above = sha256(w.take());
  }
  if (path.leaf.parent_hash != above)
    throw mls_error("a leaf's parent hash is wrong");
  nodes_[2 * sender].leaf = path.leaf;
}

} // namespace sim
