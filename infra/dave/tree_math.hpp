#pragma once
// Indices of MLS's array-based trees: leaf i is node 2i, parents lie between. Pure.
// Source: RFC 9420 4.1.2, appendix C; dave 7.1.
#include <bit>
#include <cstdint>

namespace hearth::dave {

using node_index = uint32_t;
using leaf_index = uint32_t;

constexpr node_index node_of(leaf_index leaf) noexcept { return leaf * 2; }
constexpr bool is_leaf(node_index node) noexcept { return (node & 1) == 0; }
constexpr leaf_index leaf_of(node_index node) noexcept { return node / 2; }

/// Height over the leaves: the number of trailing one bits.
constexpr uint32_t level(node_index node) noexcept {
  return static_cast<uint32_t>(std::countr_one(node));
}
/// @param leaves Size of the tree, a power of two.
constexpr node_index root_of(uint32_t leaves) noexcept { return leaves - 1; }
constexpr uint32_t node_count(uint32_t leaves) noexcept { return leaves * 2 - 1; }
/// Of a parent only.
constexpr node_index left_of(node_index node) noexcept { return node ^ 1U << (level(node) - 1); }
constexpr node_index right_of(node_index node) noexcept { return node ^ 3U << (level(node) - 1); }
/// Of any node but the root.
constexpr node_index parent_of(node_index node) noexcept {
  const auto height = level(node);
  const auto right = node >> (height + 1) & 1;
  return (node | 1U << height) ^ right << (height + 1);
}
constexpr node_index sibling_of(node_index node) noexcept {
  const auto parent = parent_of(node);
  return node < parent ? right_of(parent) : left_of(parent);
}
/// Whether `node` lies in the subtree under `top` (or is it).
constexpr bool is_under(node_index node, node_index top) noexcept {
  const auto reach = (1U << level(top)) - 1;
  return node >= top - reach && node <= top + reach;
}

} // namespace hearth::dave
