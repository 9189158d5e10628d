// Commits of our own. Source: RFC 9420 12.4.1; dave 7.7.
#include "infra/dave/failure.hpp"
#include "infra/dave/group.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr auto content_label = std::string_view("FramedContentTBS");
constexpr auto info_label = std::string_view("GroupInfoTBS");
constexpr auto welcome_label = std::string_view("Welcome");

/// What a joiner needs of our path: the secret of the lowest node above both of us.
std::optional<bytes> path_secret_for(leaf_index joiner, const new_path& path) {
  for (auto at = size_t{0}; at < path.nodes.size(); ++at) {
    if (is_under(node_of(joiner), path.nodes[at]))
      return path.derived.path_secrets[at];
  }
  throw failure("joiner beside the path"); // its leaf makes every copath it is in count
}

/// The Welcome for everybody that the commit added.
bytes invite(const crypto_suite& crypto, const group_state& next, const identity_key& identity,
             const changed_tree& change, const std::optional<new_path>& path, byte_view joiner,
             byte_view member, byte_view confirmation_tag) {
  auto info = group_info{};
  info.context = next.context;
  info.extensions = {{ratchet_tree_extension, next.tree.encoded()}};
  info.confirmation_tag = to_bytes(confirmation_tag);
  info.signer = next.own;
  info.signature = sign_with_label(crypto, identity.secret_key, info_label, group_info_tbs(info));
  const auto keys = keys_of_welcome(crypto, welcome_secret(crypto, member));
  auto what = welcome{};
  what.encrypted_group_info = aead_seal(crypto, keys.key, keys.nonce, {}, encoded(info));
  for (const auto& [leaf, package] : change.joiners) {
    auto secrets = group_secrets{to_bytes(joiner), std::nullopt};
    if (path)
      secrets.path_secret = path_secret_for(leaf, *path);
    what.entries.push_back({key_package_ref(crypto, *package),
                            encrypt_with_label(crypto, package->init_key, welcome_label,
                                               what.encrypted_group_info, encoded(secrets))});
  }
  return encoded(what);
}

} // namespace

built_commit build_commit(const crypto_suite& crypto, const group_state& group,
                          const identity_key& identity,
                          std::span<const queued_proposal> proposals) {
  require(!proposals.empty(), "nothing to commit");
  auto list = std::vector<const queued_proposal*>{};
  auto what = commit{};
  for (const auto& queued : proposals) {
    list.push_back(&queued);
    what.references.push_back(queued.reference);
  }
  auto change = changed_by(group.tree, list);
  require(!change.removes(group.own), "nobody commits their own removal");

  auto built = built_commit{};
  auto& next = built.next;
  next.own = group.own;
  next.keys = group.keys;
  next.tree = std::move(change.tree);
  next.context = group.context;
  next.context.epoch = group.context.epoch + 1;
  auto path = std::optional<new_path>{};
  auto commit_secret = bytes(hash_size);
  if (change.path_needed)
    path = renew_path(crypto, next.tree, next.own, identity, group.context.group_id);
  next.context.tree_hash = next.tree.hash(crypto);
  if (path) {
    // Sealed under the new tree but the old transcript: the provisional GroupContext.
    what.path = seal_path(crypto, next.tree, next.own, *path, encoded(next.context), change.added);
    commit_secret = path->derived.commit_secret;
    next.keys = path->derived.keys;
    next.keys[node_of(next.own)] = path->leaf_secret_key;
  }
  check_unique(next.tree);

  const auto old_context = encoded(group.context);
  auto message = public_message{};
  message.content = {
      group.context.group_id, group.context.epoch, {sender_type::member, group.own}, {},
      content_type::commit,   encoded(what)};
  message.signature = sign_with_label(crypto, identity.secret_key, content_label,
                                      framed_content_tbs(message.content, old_context));
  next.context.confirmed_transcript_hash =
      confirmed_hash(crypto, group.interim_transcript_hash, message.content, message.signature);
  const auto joiner =
      joiner_secret(crypto, group.secrets.init, commit_secret, encoded(next.context));
  const auto member = enter_epoch(crypto, next, joiner);
  message.confirmation_tag =
      crypto.hmac(next.secrets.confirmation_key, next.context.confirmed_transcript_hash);
  message.membership_tag =
      membership_tag(crypto, group.secrets.membership_key, message, old_context);
  next.interim_transcript_hash =
      interim_hash(crypto, next.context.confirmed_transcript_hash, message.confirmation_tag);
  built.message = encoded(message);
  if (!change.joiners.empty())
    built.invitation =
        invite(crypto, next, identity, change, path, joiner, member, message.confirmation_tag);
  return built;
}

} // namespace hearth::dave
