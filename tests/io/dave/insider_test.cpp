// A member that cheats: it holds all keys of the group, so signatures and tags are right, and still
// each rule that it breaks is named. Method: take a good commit or Welcome apart, change one thing,
// sign it again.
#include "infra/dave/failure.hpp"
#include "infra/dave/group.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using namespace hearth::dave;

namespace {

const crypto_suite& crypto() { return openssl_suite(); }

queued_proposal queued(proposal what) {
  return {crypto().random(hash_size), std::move(what)}; // who proposed it is not checked here
}

/// Users 1 (cheats), 2 (is to be deceived), 3 (is to be removed) and 4 (is to be added).
struct scene {
  identity_key cheat = make_identity_key(crypto(), user_id{1});
  identity_key second = make_identity_key(crypto(), user_id{2});
  own_package joiner = make_own_package(crypto(), make_identity_key(crypto(), user_id{4}));
  group_state cheats;
  group_state victims;
  std::vector<queued_proposal> known;
  built_commit built;

  scene() {
    const auto own = make_own_package(crypto(), cheat);
    const auto group = create_group(crypto(), bytes(8, 7), {}, own);
    const auto other = make_own_package(crypto(), second);
    const auto third = make_own_package(crypto(), make_identity_key(crypto(), user_id{3}));
    const auto adds =
        std::vector{queued(add_member{other.package}), queued(add_member{third.package})};
    auto founded = build_commit(crypto(), group, cheat, adds);
    cheats = std::move(founded.next);
    victims = join_group(crypto(), decoded(*founded.invitation, read_welcome), other);
    known = {queued(remove_member{2}), queued(add_member{joiner.package})};
    built = build_commit(crypto(), cheats, cheat, known);
  }

  public_message message() const { return decoded(built.message, read_public_message); }
  commit content() const { return decoded(message().content.body, read_commit); }

  /// Right signature and membership tag over whatever the message says now.
  void sign(public_message& changed, const identity_key& as) const {
    const auto context = encoded(cheats.context);
    changed.signature = sign_with_label(crypto(), as.secret_key, "FramedContentTBS",
                                        framed_content_tbs(changed.content, context));
    tag(changed);
  }
  void tag(public_message& changed) const {
    changed.membership_tag =
        membership_tag(crypto(), cheats.secrets.membership_key, changed, encoded(cheats.context));
  }
  /// What the victim says to the message; empty when it is taken in.
  std::string refusal(const public_message& changed) const {
    try {
      apply_commit(crypto(), victims, changed, known);
      return {};
    } catch (const failure& broken) {
      return broken.rule;
    }
  }
  /// The same to a commit with other content.
  std::string refusal(const commit& changed) const {
    auto resigned = message();
    resigned.content.body = encoded(changed);
    sign(resigned, cheat);
    return refusal(resigned);
  }
  /// The same to another leaf in the path, which the cheat signs again.
  template <class Do> std::string refusal_of_leaf(Do&& change) const {
    auto changed = content();
    change(changed.path->leaf);
    sign_leaf(crypto(), cheat, changed.path->leaf, cheats.context.group_id, cheats.own);
    return refusal(changed);
  }
};

} // namespace

TEST_CASE("commit: the good one is taken in", "[dave]") {
  const auto at = scene{};
  REQUIRE(at.content().path);
  CHECK(at.refusal(at.message()).empty());
  auto again = at.message();
  at.sign(again, at.cheat); // another signature of the same: the transcript differs, and so the tag
  CHECK(at.refusal(again) == "confirmation tag does not fit");
}

TEST_CASE("commit: who sent it, to whom and when", "[dave]") {
  const auto at = scene{};
  auto changed = at.message();
  changed.content.epoch += 1;
  at.sign(changed, at.cheat);
  CHECK(at.refusal(changed) == "commit of another epoch");
  changed = at.message();
  changed.content.group_id[0] ^= 1;
  at.sign(changed, at.cheat);
  CHECK(at.refusal(changed) == "commit of another group");
  changed = at.message();
  changed.content.sender.index = at.victims.own;
  at.sign(changed, at.second);
  CHECK(at.refusal(changed) == "commit of ours that was never made");
  changed.content.sender.index = 3; // a blank leaf
  CHECK(at.refusal(changed) == "commit of nobody");
  changed.content.sender.index = 1'000'000;
  CHECK(at.refusal(changed) == "commit of nobody");
  changed.content.sender.type = sender_type::external;
  CHECK(at.refusal(changed) == "commit of a stranger");
  changed = at.message();
  changed.content.type = content_type::proposal;
  CHECK(at.refusal(changed) == "not a commit");
  changed = at.message();
  changed.membership_tag[0] ^= 1;
  CHECK(at.refusal(changed) == "membership tag does not fit");
  changed.membership_tag.clear();
  CHECK(at.refusal(changed) == "membership tag does not fit");
  changed = at.message();
  at.sign(changed, at.second);
  CHECK(at.refusal(changed) == "message is not signed by its sender");
  changed = at.message();
  changed.confirmation_tag[0] ^= 1;
  at.tag(changed);
  CHECK(at.refusal(changed) == "confirmation tag does not fit");
}

TEST_CASE("commit: what it may refer to", "[dave]") {
  auto at = scene{};
  auto changed = at.content();
  changed.references.clear();
  CHECK(at.refusal(changed) == "commit without proposals");
  changed = at.content();
  changed.references[0][0] ^= 1;
  CHECK(at.refusal(changed) == "commit with an unknown proposal");
  changed = at.content();
  changed.references.push_back(changed.references[0]);
  CHECK(at.refusal(changed) == "commit with a proposal twice");
  changed = at.content();
  changed.path.reset();
  CHECK(at.refusal(changed) == "commit without the path it needs");

  const auto with = [&](proposal what) {
    auto other = at.content();
    at.known.push_back(queued(std::move(what)));
    other.references.push_back(at.known.back().reference);
    return at.refusal(other);
  };
  CHECK(with(remove_member{0}) == "commit removes its own member");
  CHECK(with(remove_member{2}) == "commit removes a member twice");
  CHECK(with(remove_member{3}) == "no such member to remove");
  // Without a path, so that the tree is what is looked at.
  const auto adding = [&](const own_package& package) {
    auto other = commit{};
    at.known = {queued(add_member{package.package})};
    other.references = {at.known[0].reference};
    return at.refusal(other);
  };
  CHECK(adding(make_own_package(crypto(), make_identity_key(crypto(), user_id{2}))) ==
        "user is in the group twice");
  auto twin = at.second;
  twin.user = user_id{5};
  CHECK(adding(make_own_package(crypto(), twin)) == "signature key is used twice");
  auto same_key = make_own_package(crypto(), make_identity_key(crypto(), user_id{5}));
  same_key.package.leaf.encryption_key = at.cheats.tree.leaf(0)->encryption_key;
  CHECK(adding(same_key) == "encryption key is used twice");
}

TEST_CASE("commit: the leaf of a path stays its member's", "[dave]") {
  const auto at = scene{};
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.identity = identity_of(user_id{2}); }) ==
        "path changes who its member is");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.source = leaf_source::key_package; }) ==
        "path with a leaf of another source");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.source = leaf_source::update; }) ==
        "path with a leaf of another source");
  CHECK(at.refusal_of_leaf([&](leaf_node& leaf) {
    leaf.encryption_key = at.cheats.tree.leaf(0)->encryption_key;
  }) == "path keeps the old leaf key");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.encryption_key[9] ^= 1; }) ==
        "leaf with an invalid encryption key");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.parent_hash[0] ^= 1; }) ==
        "parent hash of the path does not fit");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) { leaf.able_to.suites = {1}; }) ==
        "leaf lacks a needed capability");
  CHECK(at.refusal_of_leaf([](leaf_node& leaf) {
    leaf.extensions = {{0xff00, {}}};
  }) == "leaf with an extension it cannot");
  auto changed = at.content();
  changed.path->leaf.signature = at.joiner.package.leaf.signature;
  CHECK(at.refusal(changed) == "leaf is not signed by its member");
  auto other = at.content();
  other.path->leaf.signature_key = at.second.public_key;
  sign_leaf(crypto(), at.second, other.path->leaf, at.cheats.context.group_id, 0);
  CHECK(at.refusal(other) == "path changes who its member is");
}

TEST_CASE("commit: the nodes of a path are as many and as sealed as they must be", "[dave]") {
  const auto at = scene{};
  auto changed = at.content();
  changed.path->nodes.pop_back();
  CHECK(at.refusal(changed) == "path of the wrong length");
  changed = at.content();
  changed.path->nodes[0].encryption_key[9] ^= 1;
  CHECK(at.refusal(changed) == "path with an invalid key");
  changed = at.content();
  changed.path->nodes[0].encryption_key = at.second.public_key; // another point
  CHECK(at.refusal(changed) == "parent hash of the path does not fit");
  changed = at.content();
  changed.path->nodes[0].secrets.push_back(changed.path->nodes[0].secrets[0]);
  CHECK(at.refusal(changed) == "path secret sealed for the wrong number of nodes");
  changed = at.content();
  changed.path->nodes[0].secrets[0].ciphertext[0] ^= 1;
  CHECK(at.refusal(changed) == "ciphertext does not open");
  changed = at.content();
  changed.path->nodes[0].secrets[0].kem_output[9] ^= 1;
  CHECK(at.refusal(changed) == "not a public key");
  // Well sealed, but for other keys than those in the tree.
  auto context = at.built.next.context;
  context.confirmed_transcript_hash = at.cheats.context.confirmed_transcript_hash;
  const auto seal = [&](byte_view secret) {
    changed = at.content();
    changed.path->nodes[0].secrets[0] =
        encrypt_with_label(crypto(), at.cheats.tree.leaf(1)->encryption_key, "UpdatePathNode",
                           encoded(context), secret);
    return at.refusal(changed);
  };
  CHECK(seal(bytes(hash_size, 1)) == "path secret does not give the keys of the path");
  CHECK(seal(bytes(hash_size - 1, 1)) == "path secret of the wrong size");
}

namespace {

/// A Welcome taken apart, and put together again for the same joiner.
struct opened_welcome {
  const scene& at;
  group_secrets secrets;
  group_info info;

  explicit opened_welcome(const scene& from) : at(from) {
    const auto sent = decoded(*at.built.invitation, read_welcome);
    secrets = decoded(decrypt_with_label(crypto(), at.joiner.init_secret_key, "Welcome",
                                         sent.encrypted_group_info, sent.entries.at(0).secrets),
                      read_group_secrets);
    const auto keys = welcome_key();
    info = decoded(aead_open(crypto(), keys.key, keys.nonce, {}, sent.encrypted_group_info),
                   read_group_info);
  }
  welcome_keys welcome_key() const {
    return keys_of_welcome(
        crypto(), welcome_secret(crypto(), member_secret(crypto(), secrets.joiner_secret)));
  }
  void set_tree(const ratchet_tree& tree) {
    info.extensions[0].data = tree.encoded();
    info.context.tree_hash = tree.hash(crypto());
  }
  ratchet_tree tree() const { return ratchet_tree::read(info.extensions[0].data); }
  void sign() {
    info.signature =
        sign_with_label(crypto(), at.cheat.secret_key, "GroupInfoTBS", group_info_tbs(info));
  }
  /// What the joiner says; empty when it joins.
  std::string refusal(bool resign = true) {
    if (resign)
      sign();
    const auto keys = welcome_key();
    auto sent = welcome{};
    sent.encrypted_group_info = aead_seal(crypto(), keys.key, keys.nonce, {}, encoded(info));
    sent.entries = {{key_package_ref(crypto(), at.joiner.package),
                     encrypt_with_label(crypto(), at.joiner.package.init_key, "Welcome",
                                        sent.encrypted_group_info, encoded(secrets))}};
    try {
      join_group(crypto(), sent, at.joiner);
      return {};
    } catch (const failure& broken) {
      return broken.rule;
    }
  }
};

} // namespace

TEST_CASE("tree: a member that no parent knows makes it invalid", "[dave]") {
  const auto identity = make_identity_key(crypto(), user_id{1});
  const auto leaf_of_user = [](uint64_t user) {
    return make_own_package(crypto(), make_identity_key(crypto(), user_id{user})).package.leaf;
  };
  auto tree = ratchet_tree{};
  tree.set_leaf(0, make_own_package(crypto(), identity).package.leaf);
  for (const auto user : {2, 3})
    tree.add(leaf_of_user(static_cast<uint64_t>(user)));
  tree.remove(1);
  const auto path = renew_path(crypto(), tree, 0, identity, bytes(8, 7));
  REQUIRE(path.nodes == std::vector<node_index>{3}); // the root alone
  CHECK(tree.has_valid_parent_hashes(crypto()));
  REQUIRE(tree.add(leaf_of_user(4)) == 1);
  CHECK(tree.has_valid_parent_hashes(crypto()));
  auto hidden = tree;
  auto root = *hidden.parent(3);
  CHECK(root.unmerged_leaves == std::vector<leaf_index>{1});
  root.unmerged_leaves.clear();
  hidden.set_parent(3, root);
  CHECK_FALSE(hidden.has_valid_parent_hashes(crypto()));
  root.unmerged_leaves = {3}; // nobody
  hidden.set_parent(3, root);
  CHECK_FALSE(hidden.has_valid_parent_hashes(crypto()));
}

TEST_CASE("welcome: the good one is taken, put together again or not", "[dave]") {
  const auto at = scene{};
  auto opened = opened_welcome(at);
  REQUIRE(opened.secrets.path_secret);
  CHECK(opened.refusal(false).empty());
  CHECK(opened.refusal().empty());
}

TEST_CASE("welcome: a group that is not what it says is not joined", "[dave]") {
  const auto at = scene{};
  const auto refusal = [&](auto&& change) {
    auto opened = opened_welcome(at);
    change(opened);
    return opened.refusal();
  };
  CHECK(refusal([](auto& w) { w.info.extensions.clear(); }) == "welcome without the tree");
  CHECK(refusal([](auto& w) { w.info.context.suite = 1; }) == "group of another version or suite");
  CHECK(refusal([](auto& w) { w.info.context.tree_hash[0] ^= 1; }) == "tree is not the group's");
  CHECK(refusal([](auto& w) { w.info.signer = 3; }) == "welcome signed by nobody");
  CHECK(refusal([](auto& w) { w.info.signer = 1; }) == "welcome is not signed by its sender");
  CHECK(refusal([](auto& w) { w.info.confirmation_tag[0] ^= 1; }) ==
        "confirmation tag does not fit");
  CHECK(refusal([](auto& w) { w.info.context.epoch += 1; }) == "confirmation tag does not fit");
  CHECK(refusal([](auto& w) { w.secrets.path_secret = bytes(hash_size, 1); }) ==
        "path secret does not give the keys of the path");
  CHECK(refusal([](auto& w) { w.secrets.path_secret = bytes(3, 1); }) ==
        "path secret of the wrong size");
  CHECK(refusal([](auto& w) {
          auto tree = w.tree();
          auto parent = *tree.parent(root_of(tree.leaves()));
          parent.encryption_key = w.at.second.public_key;
          tree.set_parent(root_of(tree.leaves()), parent);
          w.set_tree(tree);
        }) == "tree with a parent that nobody set");
  CHECK(refusal([](auto& w) {
          auto tree = w.tree();
          auto leaf = *tree.leaf(1);
          leaf.not_before += 1;
          tree.set_leaf(1, leaf);
          w.set_tree(tree);
        }) == "tree with a parent that nobody set"); // the path's hash covers its neighbours
  CHECK(refusal([](auto& w) {
          auto tree = ratchet_tree{};
          tree.set_leaf(0, *w.at.cheats.tree.leaf(0));
          w.set_tree(tree);
        }) == "welcome to a group without us");
  CHECK(refusal([](auto& w) {
          auto tree = ratchet_tree{};
          tree.set_leaf(0, *w.at.cheats.tree.leaf(0));
          auto leaf = *w.at.cheats.tree.leaf(1);
          leaf.not_before += 1; // nobody signed that
          tree.add(leaf);
          w.set_tree(tree);
        }) == "leaf is not signed by its member");
  CHECK(refusal([](auto& w) {
          auto tree = ratchet_tree{};
          tree.set_leaf(0, *w.at.cheats.tree.leaf(0));
          tree.add(w.at.joiner.package.leaf);
          tree.add(
              make_own_package(crypto(), make_identity_key(crypto(), user_id{4})).package.leaf);
          w.set_tree(tree);
        }) == "user is in the group twice");
}

TEST_CASE("welcome: for others, or with a pre-shared key, it is of no use", "[dave]") {
  const auto at = scene{};
  const auto sent = decoded(*at.built.invitation, read_welcome);
  const auto other = make_own_package(crypto(), make_identity_key(crypto(), user_id{4}));
  CHECK_THROWS_WITH(join_group(crypto(), sent, other), "welcome for others");
  auto opened = opened_welcome(at);
  auto wire = encoded(opened.secrets);
  wire.back() = 1; // one byte of pre-shared keys
  wire.push_back(0);
  CHECK_THROWS_WITH(decoded(wire, read_group_secrets), "welcome wants a pre-shared key");
  auto suite = sent;
  suite.suite = 1;
  CHECK_THROWS_WITH(join_group(crypto(), suite, at.joiner), "welcome of another suite");
}

TEST_CASE("key package: each broken rule is named", "[dave]") {
  const auto identity = make_identity_key(crypto(), user_id{5});
  const auto good = make_own_package(crypto(), identity);
  CHECK_NOTHROW(check_key_package(crypto(), good.package));
  const auto refusal = [&](auto&& change) {
    auto package = good.package;
    change(package);
    sign_leaf(crypto(), identity, package.leaf, {}, 0);
    package.signature =
        sign_with_label(crypto(), identity.secret_key, "KeyPackageTBS", key_package_tbs(package));
    try {
      check_key_package(crypto(), package);
      return std::string{};
    } catch (const failure& broken) {
      return std::string(broken.rule);
    }
  };
  CHECK(refusal([](key_package&) {}).empty());
  CHECK(refusal([](key_package& p) { p.suite = 1; }) == "key package of another version or suite");
  CHECK(refusal([](key_package& p) { p.version = 2; }) ==
        "key package of another version or suite");
  CHECK(refusal([](key_package& p) { p.leaf.source = leaf_source::commit; }) ==
        "key package with a used leaf");
  CHECK(refusal([](key_package& p) { p.init_key = p.leaf.encryption_key; }) ==
        "key package uses a key twice");
  CHECK(refusal([](key_package& p) { p.init_key[9] ^= 1; }) ==
        "key package with an invalid init key");
  CHECK(refusal([](key_package& p) { p.leaf.able_to.credentials = {2}; }) ==
        "leaf lacks a needed capability");
  auto changed = good.package;
  changed.signature.back() ^= 1;
  CHECK_THROWS_WITH(check_key_package(crypto(), changed),
                    "key package is not signed by its member");
  changed = good.package;
  changed.leaf.identity = identity_of(user_id{6});
  CHECK_THROWS_WITH(check_key_package(crypto(), changed), "leaf is not signed by its member");
  auto nameless = good.package.leaf;
  nameless.identity.pop_back();
  CHECK_THROWS_WITH(user_of(nameless), "identity is not a user id");
}
