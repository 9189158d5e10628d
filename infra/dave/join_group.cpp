// Entering a group that others made. Source: RFC 9420 12.4.3.1; dave 7.6.
#include "infra/dave/failure.hpp"
#include "infra/dave/group.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

/// Every leaf and key of a tree that we are about to trust, and how it was put together.
void check_tree(const crypto_suite& crypto, const ratchet_tree& tree, byte_view group_id) {
  require(tree.has_valid_parent_hashes(crypto), "tree with a parent that nobody set");
  check_unique(tree);
  for (auto node = node_index{0}; node < tree.nodes(); ++node) {
    if (const auto* parent = tree.parent(node))
      require(crypto.is_point(parent->encryption_key), "tree with an invalid key");
    else if (!tree.is_blank(node))
      check_leaf(crypto, *tree.leaf(leaf_of(node)), group_id, leaf_of(node));
  }
}

leaf_index find_own_leaf(const ratchet_tree& tree, const leaf_node& own) {
  for (auto index = leaf_index{0}; index < tree.leaves(); ++index) {
    if (const auto* leaf = tree.leaf(index); leaf != nullptr && *leaf == own)
      return index;
  }
  throw failure("welcome to a group without us");
}

/// Keys of the parents above us, from the lowest node that the signer's path has in common.
void take_path_secret(const crypto_suite& crypto, group_state& group, leaf_index signer,
                      byte_view path_secret) {
  require(path_secret.size() == hash_size, "path secret of the wrong size");
  const auto nodes = group.tree.filtered_direct_path(signer);
  const auto common = std::find_if(nodes.begin(), nodes.end(), [&](node_index node) {
    return is_under(node_of(group.own), node);
  });
  require(common != nodes.end(), "path secret of a path that does not reach us");
  const auto above = std::span(nodes).subspan(static_cast<size_t>(common - nodes.begin()));
  for (const auto node : above)
    require(!group.tree.is_blank(node), "path secret of a blank node");
  auto derived = derive_path(crypto, path_secret, above);
  check_path_keys(crypto, group.tree, derived.keys);
  group.keys.merge(derived.keys);
}

} // namespace

group_state join_group(const crypto_suite& crypto, const welcome& invitation,
                       const own_package& own) {
  require(invitation.suite == mls_suite, "welcome of another suite");
  const auto reference = key_package_ref(crypto, own.package);
  const auto& entries = invitation.entries;
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const welcome::entry& at) {
    return equal(at.key_package_ref, reference);
  });
  require(entry != entries.end(), "welcome for others");
  const auto secrets = decoded(decrypt_with_label(crypto, own.init_secret_key, "Welcome",
                                                  invitation.encrypted_group_info, entry->secrets),
                               read_group_secrets);
  const auto member = member_secret(crypto, secrets.joiner_secret);
  const auto keys = keys_of_welcome(crypto, welcome_secret(crypto, member));
  const auto info =
      decoded(aead_open(crypto, keys.key, keys.nonce, {}, invitation.encrypted_group_info),
              read_group_info);
  require(info.context.version == mls_version && info.context.suite == mls_suite,
          "group of another version or suite");

  auto group = group_state{};
  group.context = info.context;
  const auto tree = std::find_if(info.extensions.begin(), info.extensions.end(),
                                 [](const auto& at) { return at.type == ratchet_tree_extension; });
  require(tree != info.extensions.end(), "welcome without the tree");
  group.tree = ratchet_tree::read(tree->data);
  require(equal(group.tree.hash(crypto), info.context.tree_hash), "tree is not the group's");
  const auto* signer = group.tree.leaf(info.signer);
  require(signer != nullptr, "welcome signed by nobody");
  require(verify_with_label(crypto, signer->signature_key, "GroupInfoTBS", group_info_tbs(info),
                            info.signature),
          "welcome is not signed by its sender");
  check_tree(crypto, group.tree, info.context.group_id);
  group.own = find_own_leaf(group.tree, own.package.leaf);
  group.keys[node_of(group.own)] = own.leaf_secret_key;
  if (secrets.path_secret)
    take_path_secret(crypto, group, info.signer, *secrets.path_secret);

  enter_epoch(crypto, group, secrets.joiner_secret);
  const auto tag =
      crypto.hmac(group.secrets.confirmation_key, info.context.confirmed_transcript_hash);
  require(crypto.same(tag, info.confirmation_tag), "confirmation tag does not fit");
  group.interim_transcript_hash =
      interim_hash(crypto, info.context.confirmed_transcript_hash, info.confirmation_tag);
  return group;
}

} // namespace hearth::dave
