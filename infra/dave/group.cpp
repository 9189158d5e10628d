#include "infra/dave/group.hpp"
#include "infra/dave/failure.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr auto media_label = std::string_view("Discord Secure Frames v0");

} // namespace

std::vector<user_id> group_state::members() const {
  auto list = std::vector<user_id>{};
  for (auto index = leaf_index{0}; index < tree.leaves(); ++index) {
    if (const auto* leaf = tree.leaf(index))
      list.push_back(user_of(*leaf));
  }
  return list;
}

bytes group_state::media_base(const crypto_suite& crypto, user_id user) const {
  auto little_endian = bytes{};
  for (auto shift = 0; shift < 64; shift += 8)
    little_endian.push_back(static_cast<uint8_t>(user.value >> shift));
  return exported_secret(crypto, secrets.exporter, bytes_of(media_label), little_endian,
                         aead_key_size);
}

group_state create_group(const crypto_suite& crypto, byte_view group_id,
                         std::vector<extension> extensions, const own_package& own) {
  auto group = group_state{};
  group.tree.set_leaf(0, own.package.leaf);
  group.keys[0] = own.leaf_secret_key;
  group.context.group_id = to_bytes(group_id);
  group.context.extensions = std::move(extensions);
  group.context.tree_hash = group.tree.hash(crypto);
  group.secrets = secrets_of_epoch(crypto, crypto.random(hash_size));
  group.interim_transcript_hash =
      interim_hash(crypto, {}, crypto.hmac(group.secrets.confirmation_key, {}));
  return group;
}

changed_tree changed_by(const ratchet_tree& before, std::span<const queued_proposal* const> list) {
  auto change = changed_tree{};
  change.tree = before;
  for (const auto* queued : list) {
    if (const auto* gone = std::get_if<remove_member>(&queued->what)) {
      require(change.removed.insert(gone->leaf).second, "commit removes a member twice");
      change.tree.remove(gone->leaf);
    }
  }
  for (const auto* queued : list) {
    if (const auto* come = std::get_if<add_member>(&queued->what)) {
      const auto index = change.tree.add(come->package.leaf);
      change.added.insert(index);
      change.joiners.emplace_back(index, &come->package);
    }
  }
  change.path_needed = !change.removed.empty();
  return change;
}

bytes enter_epoch(const crypto_suite& crypto, group_state& group, byte_view joiner) {
  auto member = member_secret(crypto, joiner);
  group.secrets = secrets_of_epoch(crypto, epoch_secret(crypto, member, encoded(group.context)));
  return member;
}

std::optional<group_state> apply_commit(const crypto_suite& crypto, const group_state& group,
                                        const public_message& message,
                                        std::span<const queued_proposal> known) {
  const auto& content = message.content;
  require(content.type == content_type::commit, "not a commit");
  require(equal(content.group_id, group.context.group_id), "commit of another group");
  require(content.epoch == group.context.epoch, "commit of another epoch");
  require(content.sender.type == sender_type::member, "commit of a stranger");
  const auto sender = content.sender.index;
  const auto* signer = group.tree.leaf(sender);
  require(signer != nullptr, "commit of nobody");
  require(sender != group.own, "commit of ours that was never made");
  const auto old_context = encoded(group.context);
  check_member_message(crypto, message, group.secrets.membership_key, old_context,
                       signer->signature_key);

  const auto what = decoded(content.body, read_commit);
  require(!what.references.empty(), "commit without proposals");
  auto proposals = std::vector<const queued_proposal*>{};
  auto seen = std::set<bytes>{};
  for (const auto& reference : what.references) {
    require(seen.insert(reference).second, "commit with a proposal twice");
    const auto found = std::find_if(known.begin(), known.end(), [&](const queued_proposal& queued) {
      return equal(queued.reference, reference);
    });
    require(found != known.end(), "commit with an unknown proposal");
    proposals.push_back(&*found);
  }
  auto change = changed_by(group.tree, proposals);
  require(!change.removes(sender), "commit removes its own member");
  require(what.path.has_value() || !change.path_needed, "commit without the path it needs");
  if (change.removes(group.own))
    return std::nullopt;

  auto next = group_state{};
  next.context = group.context;
  next.own = group.own;
  next.keys = group.keys;
  next.tree = std::move(change.tree);
  next.context.epoch = group.context.epoch + 1;
  auto commit_secret = bytes(hash_size);
  if (what.path)
    merge_path(crypto, next.tree, sender, *what.path, group.context.group_id);
  next.context.tree_hash = next.tree.hash(crypto);
  if (what.path) { // only then was anybody removed
    drop_blank_keys(next.tree, next.keys);
    commit_secret = open_path(crypto, next.tree, sender, next.own, *what.path,
                              encoded(next.context), change.added, next.keys);
  }
  check_unique(next.tree);
  next.context.confirmed_transcript_hash =
      confirmed_hash(crypto, group.interim_transcript_hash, content, message.signature);
  enter_epoch(crypto, next,
              joiner_secret(crypto, group.secrets.init, commit_secret, encoded(next.context)));
  const auto tag =
      crypto.hmac(next.secrets.confirmation_key, next.context.confirmed_transcript_hash);
  require(crypto.same(tag, message.confirmation_tag), "confirmation tag does not fit");
  next.interim_transcript_hash =
      interim_hash(crypto, next.context.confirmed_transcript_hash, message.confirmation_tag);
  return next;
}

} // namespace hearth::dave
