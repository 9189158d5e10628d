// The working group's vectors for the ratchet tree: hashes, resolutions, changes, TreeKEM.
#include "infra/dave/failure.hpp"
#include "infra/dave/group.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth::dave;
using hearth::test::hex;
using hearth::test::mls_vectors;
using hearth::test::unhex;

TEST_CASE("tree: hashes, resolutions and parent hashes agree with the vectors", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-tree-validation.json")) {
    const auto wire = unhex(entry["tree"]);
    const auto tree = ratchet_tree::read(wire);
    CHECK(tree.encoded() == wire);
    REQUIRE(tree.nodes() == entry["resolutions"].size());
    for (auto node = node_index{0}; node < tree.nodes(); ++node) {
      CHECK(hex(tree.hash(crypto, node)) == entry["tree_hashes"][node]);
      CHECK(tree.resolution(node) == entry["resolutions"][node].get<std::vector<node_index>>());
    }
    CHECK(tree.has_valid_parent_hashes(crypto));
    const auto group_id = unhex(entry["group_id"]);
    for (auto index = leaf_index{0}; index < tree.leaves(); ++index) {
      if (const auto* leaf = tree.leaf(index))
        CHECK_NOTHROW(check_leaf(crypto, *leaf, group_id, index));
    }
    CHECK_NOTHROW(check_unique(tree));
    // A parent that claims another key was set by nobody.
    for (auto node = node_index{1}; node < tree.nodes(); node += 2) {
      if (const auto* parent = tree.parent(node)) {
        auto forged = tree;
        auto changed = *parent;
        changed.encryption_key.back() ^= 1;
        forged.set_parent(node, changed);
        CHECK_FALSE(forged.has_valid_parent_hashes(crypto));
      }
    }
  }
}

TEST_CASE("tree: additions and removals agree with the vectors", "[dave]") {
  const auto& crypto = openssl_suite();
  auto checked = 0;
  for (const auto& entry : mls_vectors("mls-tree-operations-suite1.json")) {
    auto tree = ratchet_tree::read(unhex(entry["tree_before"]));
    CHECK(hex(tree.hash(crypto)) == entry["tree_hash_before"]);
    const auto wire = unhex(entry["proposal"]);
    auto what = proposal{};
    try {
      what = decoded(wire, read_proposal);
    } catch (const failure&) {
      continue; // an Update, which DAVE has not
    }
    if (const auto* added = std::get_if<add_member>(&what))
      tree.add(added->package.leaf);
    else
      tree.remove(std::get<remove_member>(what).leaf);
    CHECK(hex(tree.encoded()) == entry["tree_after"]);
    CHECK(hex(tree.hash(crypto)) == entry["tree_hash_after"]);
    ++checked;
  }
  if (checked > 0)
    CHECK(checked >= 4);
}

namespace {

/// The private keys that one leaf of a TreeKEM vector holds.
private_keys keys_of(const nlohmann::json& leaf) {
  const auto& crypto = openssl_suite();
  auto keys = private_keys{};
  keys[node_of(leaf["index"].get<leaf_index>())] = unhex(leaf["encryption_priv"]);
  for (const auto& held : leaf["path_secrets"]) {
    const auto node = held["node"].get<node_index>();
    const auto nodes = std::array{node};
    auto derived = derive_path(crypto, unhex(held["path_secret"]), nodes);
    keys.merge(derived.keys);
  }
  return keys;
}

} // namespace

TEST_CASE("tree: update paths of the vectors give everybody the commit secret", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-treekem.json")) {
    const auto before = ratchet_tree::read(unhex(entry["ratchet_tree"]));
    const auto group_id = unhex(entry["group_id"]);
    auto context = group_context{};
    context.group_id = group_id;
    context.epoch = entry["epoch"].get<uint64_t>();
    context.confirmed_transcript_hash = unhex(entry["confirmed_transcript_hash"]);
    for (const auto& leaf : entry["leaves_private"])
      CHECK_NOTHROW(check_path_keys(crypto, before, keys_of(leaf)));

    for (const auto& update : entry["update_paths"]) {
      const auto sender = update["sender"].get<leaf_index>();
      const auto wire = unhex(update["update_path"]);
      const auto path = decoded(wire, read_update_path);
      CHECK(encoded(path) == wire);
      auto tree = before;
      merge_path(crypto, tree, sender, path, group_id);
      CHECK(hex(tree.hash(crypto)) == update["tree_hash_after"]);
      CHECK(tree.has_valid_parent_hashes(crypto));
      context.tree_hash = tree.hash(crypto);
      const auto around = encoded(context);
      for (const auto& leaf : entry["leaves_private"]) {
        const auto own = leaf["index"].get<leaf_index>();
        if (own == sender)
          continue;
        auto keys = keys_of(leaf);
        CHECK(hex(open_path(crypto, tree, sender, own, path, around, {}, keys)) ==
              update["commit_secret"]);
        // The first node above us that the path covers has the path secret of the vector.
        for (const auto node : tree.filtered_direct_path(sender)) {
          if (!is_under(node_of(own), node))
            continue;
          const auto secret = unhex(update["path_secrets"][own]);
          CHECK(derive_path(crypto, secret, std::array{node}).keys.at(node) == keys.at(node));
          break;
        }
        auto other = context;
        other.epoch += 1;
        auto fresh = keys_of(leaf);
        CHECK_THROWS_AS(open_path(crypto, tree, sender, own, path, encoded(other), {}, fresh),
                        failure);
      }
    }
  }
}

TEST_CASE("tree: paths of our own reach every leaf of the vectors' trees", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-treekem.json")) {
    const auto before = ratchet_tree::read(unhex(entry["ratchet_tree"]));
    const auto group_id = unhex(entry["group_id"]);
    auto context = group_context{};
    context.group_id = group_id;
    for (const auto& leaf : entry["leaves_private"]) {
      const auto sender = leaf["index"].get<leaf_index>();
      auto tree = before;
      auto identity = identity_key{};
      identity.secret_key = unhex(leaf["signature_priv"]);
      identity.public_key = tree.leaf(sender)->signature_key;
      const auto path = renew_path(crypto, tree, sender, identity, group_id);
      context.tree_hash = tree.hash(crypto);
      const auto around = encoded(context);
      const auto wire = seal_path(crypto, tree, sender, path, around, {});
      for (const auto& other : entry["leaves_private"]) {
        const auto own = other["index"].get<leaf_index>();
        if (own == sender)
          continue;
        auto theirs = before;
        merge_path(crypto, theirs, sender, wire, group_id);
        CHECK(theirs == tree);
        auto keys = keys_of(other);
        CHECK(open_path(crypto, theirs, sender, own, wire, around, {}, keys) ==
              path.derived.commit_secret);
      }
    }
  }
}
