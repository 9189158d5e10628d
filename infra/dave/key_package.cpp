#include "infra/dave/key_package.hpp"
#include "infra/dave/failure.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr auto leaf_label = std::string_view("LeafNodeTBS");
constexpr auto package_label = std::string_view("KeyPackageTBS");

bool holds(const std::vector<uint16_t>& list, uint16_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

} // namespace

identity_key make_identity_key(const crypto_suite& crypto, user_id user) {
  auto pair = random_key_pair(crypto);
  return {user, std::move(pair.secret_key), std::move(pair.public_key)};
}

bytes identity_of(user_id user) { return writer{}.u64(user.value).take(); }

user_id user_of(const leaf_node& leaf) {
  require(leaf.identity.size() == 8, "identity is not a user id");
  return user_id{reader(leaf.identity).u64()};
}

void sign_leaf(const crypto_suite& crypto, const identity_key& identity, leaf_node& leaf,
               byte_view group_id, leaf_index index) {
  leaf.signature = sign_with_label(crypto, identity.secret_key, leaf_label,
                                   leaf_node_tbs(leaf, group_id, index));
}

own_package make_own_package(const crypto_suite& crypto, const identity_key& identity) {
  auto init = random_key_pair(crypto);
  auto leaf_pair = random_key_pair(crypto);
  auto leaf = leaf_node{};
  leaf.encryption_key = std::move(leaf_pair.public_key);
  leaf.signature_key = identity.public_key;
  leaf.identity = identity_of(identity.user);
  leaf.able_to = {{mls_version}, {mls_suite}, {}, {}, {basic_credential}};
  leaf.source = leaf_source::key_package;
  leaf.not_after = UINT64_MAX; // the server insists on 0 to for ever
  sign_leaf(crypto, identity, leaf, {}, 0);
  auto own = own_package{};
  own.package.init_key = std::move(init.public_key);
  own.package.leaf = std::move(leaf);
  own.package.signature =
      sign_with_label(crypto, identity.secret_key, package_label, key_package_tbs(own.package));
  own.init_secret_key = std::move(init.secret_key);
  own.leaf_secret_key = std::move(leaf_pair.secret_key);
  return own;
}

void check_leaf(const crypto_suite& crypto, const leaf_node& leaf, byte_view group_id,
                leaf_index index) {
  require(crypto.is_point(leaf.encryption_key), "leaf with an invalid encryption key");
  const auto& able_to = leaf.able_to;
  require(holds(able_to.versions, mls_version) && holds(able_to.suites, mls_suite) &&
              holds(able_to.credentials, basic_credential),
          "leaf lacks a needed capability");
  for (const auto& extension : leaf.extensions)
    require(extension.type <= default_extension_max || holds(able_to.extensions, extension.type),
            "leaf with an extension it cannot");
  require(verify_with_label(crypto, leaf.signature_key, leaf_label,
                            leaf_node_tbs(leaf, group_id, index), leaf.signature),
          "leaf is not signed by its member");
}

void check_key_package(const crypto_suite& crypto, const key_package& package) {
  require(package.version == mls_version && package.suite == mls_suite,
          "key package of another version or suite");
  require(package.leaf.source == leaf_source::key_package, "key package with a used leaf");
  require(!equal(package.init_key, package.leaf.encryption_key), "key package uses a key twice");
  require(crypto.is_point(package.init_key), "key package with an invalid init key");
  check_leaf(crypto, package.leaf, {}, 0);
  require(verify_with_label(crypto, package.leaf.signature_key, package_label,
                            key_package_tbs(package), package.signature),
          "key package is not signed by its member");
}

void check_unique(const ratchet_tree& tree) {
  auto encryption_keys = std::set<bytes>{};
  auto signature_keys = std::set<bytes>{};
  auto identities = std::set<bytes>{};
  for (auto node = node_index{0}; node < tree.nodes(); ++node) {
    if (tree.is_blank(node))
      continue;
    require(encryption_keys.insert(tree.encryption_key(node)).second,
            "encryption key is used twice");
    if (!is_leaf(node))
      continue;
    const auto& leaf = *tree.leaf(leaf_of(node));
    require(signature_keys.insert(leaf.signature_key).second, "signature key is used twice");
    require(identities.insert(leaf.identity).second, "user is in the group twice");
  }
}

bytes key_package_ref(const crypto_suite& crypto, const key_package& package) {
  return ref_hash(crypto, "MLS 1.0 KeyPackage Reference", encoded(package));
}

} // namespace hearth::dave
