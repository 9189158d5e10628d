#include "infra/dave/ratchet_tree.hpp"
#include "infra/dave/failure.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr uint8_t leaf_type = 1;
constexpr uint8_t parent_type = 2;

} // namespace

ratchet_tree ratchet_tree::read(byte_view from) {
  auto outer = reader(from);
  auto in = reader(outer.vector());
  outer.end();
  auto list = std::vector<node>{};
  while (!in.empty()) {
    require(list.size() < node_count(leaves_max), "tree with too many leaves");
    auto& next = list.emplace_back();
    if (!in.present())
      continue;
    const auto type = in.u8();
    require(type == (is_leaf(static_cast<node_index>(list.size() - 1)) ? leaf_type : parent_type),
            "tree with a leaf for a parent");
    if (type == leaf_type)
      next = read_leaf_node(in);
    else
      next = read_parent_node(in);
  }
  require(!list.empty() && !std::holds_alternative<std::monostate>(list.back()),
          "tree ends with a blank node");
  auto tree = ratchet_tree{};
  tree.nodes_ = std::move(list);
  tree.nodes_.resize(node_count(std::bit_ceil(tree.leaves())));
  return tree;
}

bytes ratchet_tree::encoded() const {
  auto out = writer{};
  auto count = nodes_.size();
  while (count > 0 && std::holds_alternative<std::monostate>(nodes_[count - 1]))
    --count;
  for (auto index = size_t{0}; index < count; ++index) {
    const auto& at = nodes_[index];
    out.u8(std::holds_alternative<std::monostate>(at) ? 0 : 1);
    if (const auto* leaf = std::get_if<leaf_node>(&at))
      write(out.u8(leaf_type), *leaf);
    else if (const auto* parent = std::get_if<parent_node>(&at))
      write(out.u8(parent_type), *parent);
  }
  return writer{}.vector(out.view()).take();
}

bool ratchet_tree::is_blank(node_index node) const {
  return node >= nodes_.size() || std::holds_alternative<std::monostate>(nodes_[node]);
}

const leaf_node* ratchet_tree::leaf(leaf_index index) const {
  return index < leaves() ? std::get_if<leaf_node>(&nodes_[node_of(index)]) : nullptr;
}

const parent_node* ratchet_tree::parent(node_index node) const {
  return node < nodes_.size() ? std::get_if<parent_node>(&nodes_[node]) : nullptr;
}

const bytes& ratchet_tree::encryption_key(node_index node) const {
  if (const auto* found = parent(node))
    return found->encryption_key;
  return std::get<leaf_node>(nodes_.at(node)).encryption_key;
}

uint32_t ratchet_tree::members() const {
  return static_cast<uint32_t>(std::count_if(nodes_.begin(), nodes_.end(), [](const node& at) {
    return std::holds_alternative<leaf_node>(at);
  }));
}

leaf_index ratchet_tree::add(leaf_node leaf) {
  auto index = leaf_index{0};
  while (index < leaves() && !is_blank(node_of(index)))
    ++index;
  if (index == leaves()) {
    require(leaves() < leaves_max, "group is full");
    nodes_.resize(node_count(leaves() * 2));
  }
  for (const auto above : direct_path(index)) {
    if (auto* parent = std::get_if<parent_node>(&nodes_[above])) {
      auto& unmerged = parent->unmerged_leaves;
      unmerged.insert(std::lower_bound(unmerged.begin(), unmerged.end(), index), index);
    }
  }
  set_leaf(index, std::move(leaf));
  return index;
}

void ratchet_tree::remove(leaf_index index) {
  require(leaf(index) != nullptr, "no such member to remove");
  blank(node_of(index));
  for (const auto above : direct_path(index))
    blank(above);
  while (leaves() > 1) {
    const auto half = leaves() / 2;
    auto right = half;
    while (right < leaves() && is_blank(node_of(right)))
      ++right;
    if (right < leaves())
      return;
    nodes_.resize(node_count(half));
  }
}

void ratchet_tree::set_leaf(leaf_index index, leaf_node leaf) {
  nodes_.at(node_of(index)) = std::move(leaf);
}
void ratchet_tree::set_parent(node_index node, parent_node parent) {
  nodes_.at(node) = std::move(parent);
}
void ratchet_tree::blank(node_index node) { nodes_.at(node) = std::monostate{}; }

void ratchet_tree::resolve(node_index node, std::vector<node_index>& into) const {
  if (!is_blank(node)) {
    into.push_back(node);
    if (const auto* found = parent(node)) {
      for (const auto leaf : found->unmerged_leaves)
        into.push_back(node_of(leaf));
    }
  } else if (!is_leaf(node)) {
    resolve(left_of(node), into);
    resolve(right_of(node), into);
  }
}

std::vector<node_index> ratchet_tree::resolution(node_index node) const {
  auto found = std::vector<node_index>{};
  resolve(node, found);
  return found;
}

std::vector<node_index> ratchet_tree::direct_path(leaf_index index) const {
  auto path = std::vector<node_index>{};
  for (auto node = node_of(index); node != root_of(leaves());)
    path.push_back(node = parent_of(node));
  return path;
}

node_index ratchet_tree::copath_child(node_index ancestor, leaf_index index) {
  const auto left = left_of(ancestor);
  return is_under(node_of(index), left) ? right_of(ancestor) : left;
}

std::vector<node_index> ratchet_tree::filtered_direct_path(leaf_index index) const {
  auto path = direct_path(index);
  std::erase_if(path,
                [&](node_index node) { return resolution(copath_child(node, index)).empty(); });
  return path;
}

bytes ratchet_tree::hash(const crypto_suite& crypto, node_index node) const {
  return hash(crypto, node, nullptr);
}

/// @param without Leaves taken for blank, and out of the lists of unmerged ones; null for none.
bytes ratchet_tree::hash(const crypto_suite& crypto, node_index node,
                         const leaf_set* without) const {
  auto out = writer{};
  if (is_leaf(node)) {
    const auto index = leaf_of(node);
    const auto* found = without != nullptr && without->contains(index) ? nullptr : leaf(index);
    out.u8(leaf_type).u32(index).u8(found != nullptr ? 1 : 0);
    if (found != nullptr)
      write(out, *found);
    return crypto.sha256(out.view());
  }
  const auto* found = parent(node);
  out.u8(parent_type).u8(found != nullptr ? 1 : 0);
  if (found != nullptr && without != nullptr) {
    auto reduced = *found;
    std::erase_if(reduced.unmerged_leaves,
                  [&](leaf_index leaf) { return without->contains(leaf); });
    write(out, reduced);
  } else if (found != nullptr) {
    write(out, *found);
  }
  out.vector(hash(crypto, left_of(node), without)).vector(hash(crypto, right_of(node), without));
  return crypto.sha256(out.view());
}

bytes ratchet_tree::parent_hash(const crypto_suite& crypto, node_index parent_index,
                                node_index sibling) const {
  const auto* found = parent(parent_index);
  require(found != nullptr, "parent hash of a blank node");
  // The sibling as it was when the parent's key was made: without those who came later.
  const auto without = leaf_set(found->unmerged_leaves.begin(), found->unmerged_leaves.end());
  auto out = writer{};
  out.vector(found->encryption_key).vector(found->parent_hash);
  out.vector(hash(crypto, sibling, &without));
  return crypto.sha256(out.view());
}

/// Whether somebody under `child` stores the parent's hash and everybody else there came later.
bool ratchet_tree::is_set_from(const crypto_suite& crypto, node_index parent_index,
                               node_index child) const {
  const auto other = child < parent_index ? right_of(parent_index) : left_of(parent_index);
  const auto expected = parent_hash(crypto, parent_index, other);
  auto unmerged = std::vector<node_index>{};
  for (const auto leaf : parent(parent_index)->unmerged_leaves) {
    if (is_under(node_of(leaf), child))
      unmerged.push_back(node_of(leaf));
  }
  const auto covered = resolution(child);
  for (const auto node : covered) {
    const auto* above = parent(node);
    const auto* below = is_leaf(node) ? leaf(leaf_of(node)) : nullptr;
    const auto stores = above != nullptr
                            ? equal(above->parent_hash, expected)
                            : below != nullptr && below->source == leaf_source::commit &&
                                  equal(below->parent_hash, expected);
    if (!stores)
      continue;
    auto others = covered;
    std::erase(others, node);
    std::sort(others.begin(), others.end());
    if (others == unmerged)
      return true;
  }
  return false;
}

/// Unmerged leaves are members below, known to every parent between (RFC 9420 12.4.3.1).
bool ratchet_tree::has_valid_parent_hashes(const crypto_suite& crypto) const {
  for (auto node = node_index{1}; node < nodes_.size(); node += 2) {
    const auto* found = parent(node);
    if (found == nullptr)
      continue;
    for (const auto leaf : found->unmerged_leaves) {
      if (leaf >= leaves() || is_blank(node_of(leaf)) || !is_under(node_of(leaf), node))
        return false;
      for (auto between = parent_of(node_of(leaf)); between != node; between = parent_of(between)) {
        const auto* below = parent(between);
        if (below != nullptr &&
            !std::binary_search(below->unmerged_leaves.begin(), below->unmerged_leaves.end(), leaf))
          return false;
      }
    }
    if (is_set_from(crypto, node, left_of(node)) == is_set_from(crypto, node, right_of(node)))
      return false;
  }
  return true;
}

} // namespace hearth::dave
