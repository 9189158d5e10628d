#include "infra/dave/tree_kem.hpp"
#include "infra/dave/failure.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr auto seal_label = std::string_view("UpdatePathNode");

/// Gives each node of a filtered path, from the top down, the hash of the next one above, with the
/// keys in `public_keys` (upwards). @return What the leaf has to store.
bytes set_path_nodes(const crypto_suite& crypto, ratchet_tree& tree, leaf_index leaf,
                     std::span<const node_index> path, std::span<const bytes> public_keys) {
  for (const auto node : tree.direct_path(leaf))
    tree.blank(node);
  auto hash = bytes{}; // the top stores an empty one
  for (auto at = path.size(); at-- > 0;) {
    tree.set_parent(path[at], {public_keys[at], hash, {}});
    hash = tree.parent_hash(crypto, path[at], ratchet_tree::copath_child(path[at], leaf));
  }
  return hash;
}

/// Whom a path secret of `node` is sealed for.
std::vector<node_index> receivers(const ratchet_tree& tree, node_index node, leaf_index sender,
                                  const leaf_set& added) {
  auto list = tree.resolution(ratchet_tree::copath_child(node, sender));
  std::erase_if(list, [&](node_index at) { return is_leaf(at) && added.contains(leaf_of(at)); });
  return list;
}

} // namespace

path_keys derive_path(const crypto_suite& crypto, byte_view first_secret,
                      std::span<const node_index> nodes) {
  auto derived = path_keys{};
  auto secret = to_bytes(first_secret);
  for (const auto node : nodes) {
    derived.keys[node] = derive_key_pair(crypto, derive_secret(crypto, secret, "node")).secret_key;
    derived.path_secrets.push_back(secret);
    secret = derive_secret(crypto, secret, "path");
  }
  derived.commit_secret = std::move(secret);
  return derived;
}

new_path renew_path(const crypto_suite& crypto, ratchet_tree& tree, leaf_index own,
                    const identity_key& identity, byte_view group_id) {
  auto path = new_path{};
  path.nodes = tree.filtered_direct_path(own);
  path.derived = derive_path(crypto, crypto.random(hash_size), path.nodes);
  auto public_keys = std::vector<bytes>{};
  for (const auto node : path.nodes)
    public_keys.push_back(crypto.public_key(path.derived.keys[node]));
  auto pair = random_key_pair(crypto); // independent of the path
  auto leaf = *tree.leaf(own);
  leaf.encryption_key = std::move(pair.public_key);
  leaf.source = leaf_source::commit;
  leaf.parent_hash = set_path_nodes(crypto, tree, own, path.nodes, public_keys);
  sign_leaf(crypto, identity, leaf, group_id, own);
  tree.set_leaf(own, std::move(leaf));
  path.leaf_secret_key = std::move(pair.secret_key);
  return path;
}

update_path seal_path(const crypto_suite& crypto, const ratchet_tree& tree, leaf_index own,
                      const new_path& path, byte_view context, const leaf_set& added) {
  auto wire = update_path{*tree.leaf(own), {}};
  for (auto at = size_t{0}; at < path.nodes.size(); ++at) {
    auto node = path_node{tree.encryption_key(path.nodes[at]), {}};
    for (const auto receiver : receivers(tree, path.nodes[at], own, added))
      node.secrets.push_back(encrypt_with_label(crypto, tree.encryption_key(receiver), seal_label,
                                                context, path.derived.path_secrets[at]));
    wire.nodes.push_back(std::move(node));
  }
  return wire;
}

void merge_path(const crypto_suite& crypto, ratchet_tree& tree, leaf_index sender,
                const update_path& path, byte_view group_id) {
  const auto* before = tree.leaf(sender);
  require(before != nullptr, "path of nobody");
  require(path.leaf.source == leaf_source::commit, "path with a leaf of another source");
  check_leaf(crypto, path.leaf, group_id, sender);
  require(equal(path.leaf.signature_key, before->signature_key) &&
              equal(path.leaf.identity, before->identity),
          "path changes who its member is");
  require(!equal(path.leaf.encryption_key, before->encryption_key), "path keeps the old leaf key");
  const auto nodes = tree.filtered_direct_path(sender);
  require(nodes.size() == path.nodes.size(), "path of the wrong length");
  auto public_keys = std::vector<bytes>{};
  for (const auto& node : path.nodes) {
    require(crypto.is_point(node.encryption_key), "path with an invalid key");
    public_keys.push_back(node.encryption_key);
  }
  const auto hash = set_path_nodes(crypto, tree, sender, nodes, public_keys);
  require(equal(hash, path.leaf.parent_hash), "parent hash of the path does not fit");
  tree.set_leaf(sender, path.leaf);
}

bytes open_path(const crypto_suite& crypto, const ratchet_tree& tree, leaf_index sender,
                leaf_index own, const update_path& path, byte_view context, const leaf_set& added,
                private_keys& keys) {
  const auto nodes = tree.filtered_direct_path(sender);
  require(nodes.size() == path.nodes.size(), "path of the wrong length");
  const auto ours = std::find_if(nodes.begin(), nodes.end(),
                                 [&](node_index node) { return is_under(node_of(own), node); });
  require(ours != nodes.end(), "path does not reach us");
  const auto position = static_cast<size_t>(ours - nodes.begin());
  const auto list = receivers(tree, *ours, sender, added);
  const auto& sealed = path.nodes[position].secrets;
  require(list.size() == sealed.size(), "path secret sealed for the wrong number of nodes");
  for (const auto node : tree.direct_path(sender))
    keys.erase(node); // a key of before would open nothing: the path has new ones
  const auto held =
      std::find_if(list.begin(), list.end(), [&](node_index node) { return keys.contains(node); });
  require(held != list.end(), "path secret is not sealed for us");
  const auto secret = decrypt_with_label(crypto, keys.at(*held), seal_label, context,
                                         sealed[static_cast<size_t>(held - list.begin())]);
  require(secret.size() == hash_size, "path secret of the wrong size");
  auto derived = derive_path(crypto, secret, std::span(nodes).subspan(position));
  check_path_keys(crypto, tree, derived.keys);
  keys.merge(derived.keys);
  return std::move(derived.commit_secret);
}

void check_path_keys(const crypto_suite& crypto, const ratchet_tree& tree,
                     const private_keys& keys) {
  for (const auto& [node, secret_key] : keys)
    require(equal(crypto.public_key(secret_key), tree.encryption_key(node)),
            "path secret does not give the keys of the path");
}

void drop_blank_keys(const ratchet_tree& tree, private_keys& keys) {
  std::erase_if(keys, [&](const auto& held) { return tree.is_blank(held.first); });
}

} // namespace hearth::dave
