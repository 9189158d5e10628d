#include "discord-sim/mls_member.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::uint16_t extension_tree = 2;
constexpr std::uint16_t extension_senders = 5;
const std::string zeros(32, '\0');

void must(bool good, const char* what) {
  if (!good)
    throw mls_error(what);
}

std::string find_extension(std::string_view list, std::uint16_t wanted) {
  mls_reader from(list);
  while (from.left() > 0) {
    const auto type = from.u16();
    const auto data = from.vec();
    if (type == wanted)
      return std::string(data);
  }
  return {};
}

} // namespace

mls_member::mls_member(snowflake user, snowflake channel)
    : user_(user), group_id_(identity_of(channel)) {}

std::string mls_member::begin() {
  group_.reset();
  proposals_.clear();
  init_key_ = make_p256();
  leaf_key_ = make_p256();
  own_ = {};
  own_.init_key = init_key_.point;
  auto& leaf = own_.leaf;
  leaf.encryption_key = leaf_key_.point;
  leaf.signature_key = signature_key_.point;
  leaf.identity = identity_of(user_);
  mls_writer capabilities; // version 1, suite 2, nothing, nothing, basic
  capabilities.vec(std::string_view("\0\1", 2));
  capabilities.vec(std::string_view("\0\2", 2));
  capabilities.vec({});
  capabilities.vec({});
  capabilities.vec(std::string_view("\0\1", 2));
  leaf.capabilities = capabilities.take();
  leaf.not_after = ~0ull;
  leaf.signature = sign_with_label(signature_key_, "LeafNodeTBS", leaf.signed_content({}, 0));
  own_.signature = sign_with_label(signature_key_, "KeyPackageTBS", own_.content());
  mls_writer w;
  w.raw(own_.content());
  w.vec(own_.signature);
  own_.bytes = w.take();
  return own_.bytes;
}

std::string mls_member::group::context(std::string_view group_id) const {
  mls_writer w;
  w.u16(1);
  w.u16(2);
  w.vec(group_id);
  w.u64(epoch);
  w.vec(tree.hash());
  w.vec(confirmed_hash);
  w.vec(extensions);
  return w.take();
}

// dave 7.3
void mls_member::group::schedule(std::string_view joiner, std::string_view context) {
  const auto member = hmac_sha256(joiner, zeros);
  const auto secret = expand_with_label(member, "epoch", context, 32);
  init = derive_secret(secret, "init");
  exporter = derive_secret(secret, "exporter");
  confirm = derive_secret(secret, "confirm");
  membership = derive_secret(secret, "membership");
  authenticator = derive_secret(secret, "authentication");
}

// A path secret belongs to the lowest node of the sender's filtered path above us; those above
// follow from it (dave 7.6, 7.8).
void mls_member::group::take_path_secret(std::string secret, std::uint32_t sender) {
  for (const auto& step : tree.filtered_path(sender)) {
    if (!mls_tree::covers(step.node, own_leaf))
      continue;
    auto key = derive_p256(derive_secret(secret, "node"));
    must(!tree.at(step.node).blank() && tree.at(step.node).key() == key.point,
         "a path secret that does not lead to its node's key");
    keys[step.node] = std::move(key);
    secret = derive_secret(secret, "path");
  }
}

void mls_member::proposals(std::string_view payload) {
  mls_reader from(payload);
  const auto operation = from.u8();
  mls_reader list(from.vec());
  from.end();
  if (!group_)
    return; // pending: these are about a group of others, or one that we would not found
  while (list.left() > 0) {
    if (operation == 1) {
      must(proposals_.erase(std::string(list.vec())) == 1, "an unknown proposal is revoked");
      continue;
    }
    auto m = read_public_message(list);
    must(!m.commit && m.external && m.sender == 0 && m.group_id == group_id_ &&
             m.epoch == group_->epoch,
         "a proposal that is not for this epoch of this group");
    mls_writer tbs;
    tbs.u16(1);
    tbs.u16(1);
    tbs.raw(m.content);
    mls_reader sender(sender_);
    must(verify_with_label(sender.vec(), "FramedContentTBS", tbs.take(), m.signature),
         "a proposal's signature is wrong");
    auto ref = m.ref();
    proposals_.emplace(std::move(ref), std::move(m));
  }
}

std::string mls_member::framed(const public_message& m) const {
  mls_writer w;
  w.u16(1);
  w.u16(1);
  w.raw(m.content);
  w.raw(group_->context(group_id_));
  return w.take();
}

void mls_member::authenticate(const public_message& m, const leaf_node& sender) const {
  const auto tbs = framed(m);
  mls_writer w;
  w.raw(tbs);
  w.vec(m.signature);
  w.vec(m.confirmation_tag);
  must(hmac_sha256(group_->membership, w.take()) == m.membership_tag, "a membership tag is wrong");
  must(verify_with_label(sender.signature_key, "FramedContentTBS", tbs, m.signature),
       "a commit's signature is wrong");
}

std::string mls_member::open_path(group& next, const update_path& path, std::uint32_t sender,
                                  const std::vector<mls_tree::step>& steps,
                                  const std::vector<mls_tree::index>& added) const {
  // The context that the ciphertexts are bound to has the new tree and the old transcript.
  const auto context = next.context(group_id_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!mls_tree::covers(steps[i].other, next.own_leaf))
      continue;
    auto readers = next.tree.resolution(steps[i].other);
    readers.erase(std::remove_if(readers.begin(), readers.end(),
                                 [&added](auto x) {
                                   return std::find(added.begin(), added.end(), x) != added.end();
                                 }),
                  readers.end());
    const auto& texts = path.nodes[i].ciphertexts;
    must(readers.size() == texts.size(), "a path node with another number of ciphertexts");
    for (std::size_t r = 0; r < readers.size(); ++r) {
      const auto key = next.keys.find(readers[r]);
      if (key == next.keys.end() || key->second.point != next.tree.at(readers[r]).key())
        continue;
      auto secret =
          open_with_label(key->second, "UpdatePathNode", context, texts[r].first, texts[r].second);
      next.take_path_secret(secret, sender);
      for (auto j = i; j < steps.size(); ++j)
        secret = derive_secret(secret, "path");
      return secret;
    }
  }
  throw mls_error("a path has nothing for us");
}

bool mls_member::commit(std::string_view bytes) {
  mls_reader from(bytes);
  const auto m = read_public_message(from);
  from.end();
  if (!group_ || m.group_id != group_id_)
    return false;
  must(m.commit && !m.external && m.epoch == group_->epoch, "no commit of this epoch");
  const auto* sender = group_->tree.leaf(m.sender);
  must(sender != nullptr, "a commit of a leaf that is not there");
  authenticate(m, *sender);

  auto next = *group_;
  std::vector<mls_tree::index> added;
  std::vector<const public_message*> named;
  for (const auto& ref : m.refs) {
    const auto it = proposals_.find(ref);
    must(it != proposals_.end(), "a commit of a proposal that we were not told");
    named.push_back(&it->second);
  }
  must(!named.empty(), "a commit of nothing");
  bool removes = false;
  for (const auto* p : named) {
    if (!p->remove)
      continue;
    removes = true;
    must(*p->remove != m.sender, "a commit that removes its own sender");
    if (*p->remove == next.own_leaf) {
      group_.reset();
      proposals_.clear();
      return true;
    }
    next.tree.remove(*p->remove);
  }
  for (const auto* p : named)
    if (p->add)
      added.push_back(2 * next.tree.add(p->add->leaf));
  must(m.path || !removes, "a commit that removes somebody has no path");

  ++next.epoch;
  auto commit_secret = zeros;
  if (m.path) {
    const auto& leaf = m.path->leaf;
    must(leaf.source == leaf_source::commit && leaf.signature_key == sender->signature_key &&
             leaf.identity == sender->identity && leaf.encryption_key != sender->encryption_key &&
             verify_with_label(leaf.signature_key, "LeafNodeTBS",
                               leaf.signed_content(group_id_, m.sender), leaf.signature),
         "a commit's new leaf is wrong");
    const auto steps = next.tree.filtered_path(m.sender);
    next.tree.merge(m.sender, *m.path);
    commit_secret = open_path(next, *m.path, m.sender, steps, added);
  }
  mls_writer confirmed;
  confirmed.raw(group_->interim_hash);
  confirmed.u16(1);
  confirmed.raw(m.content);
  confirmed.vec(m.signature);
  next.confirmed_hash = sha256(confirmed.take());
  const auto context = next.context(group_id_);
  const auto joiner =
      expand_with_label(hmac_sha256(group_->init, commit_secret), "joiner", context, 32);
  next.schedule(joiner, context);
  must(hmac_sha256(next.confirm, next.confirmed_hash) == m.confirmation_tag,
       "a confirmation tag is wrong");
  mls_writer interim;
  interim.raw(next.confirmed_hash);
  interim.vec(m.confirmation_tag);
  next.interim_hash = sha256(interim.take());
  group_ = std::move(next);
  proposals_.clear();
  return true;
}

void mls_member::welcome(std::string_view bytes) {
  const auto w = read_welcome(bytes);
  const auto ref = own_.ref();
  const auto entry = std::find_if(w.entries.begin(), w.entries.end(),
                                  [&ref](const auto& e) { return e.ref == ref; });
  must(entry != w.entries.end(), "a welcome for others");
  const auto secrets = open_with_label(init_key_, "Welcome", w.encrypted_group_info,
                                       entry->kem_output, entry->ciphertext);
  mls_reader from(secrets);
  const std::string joiner(from.vec());
  std::optional<std::string> path_secret;
  if (from.present())
    path_secret = std::string(from.vec());
  must(from.vec().empty(), "a welcome with pre-shared keys");
  from.end();
  const auto key = derive_secret(hmac_sha256(joiner, zeros), "welcome");
  const auto info =
      aes_gcm_open(expand_with_label(key, "key", {}, 16), expand_with_label(key, "nonce", {}, 12),
                   {}, w.encrypted_group_info);
  must(info.has_value(), "a group info does not open");

  mls_reader in(*info);
  group next;
  must(in.u16() == 1 && in.u16() == 2 && in.vec() == group_id_, "a welcome into another group");
  next.epoch = in.u64();
  const std::string tree_hash(in.vec());
  next.confirmed_hash = in.vec();
  next.extensions = in.vec();
  const std::string context(in.since(0));
  const std::string info_extensions(in.vec());
  const std::string tag(in.vec());
  const auto signer = in.u32();
  const std::string signed_part(in.since(0));
  const std::string signature(in.vec());
  in.end();

  mls_writer senders;
  senders.u16(extension_senders);
  mls_writer only;
  only.vec(sender_);
  senders.vec(only.take());
  must(next.extensions == senders.take(), "a group without our external sender, or with more");
  next.tree = mls_tree::read(find_extension(info_extensions, extension_tree));
  must(next.tree.hash() == tree_hash, "a tree hash is wrong");
  const auto* leaf = next.tree.leaf(signer);
  must(leaf && verify_with_label(leaf->signature_key, "GroupInfoTBS", signed_part, signature),
       "a group info's signature is wrong");
  const auto own = next.tree.find(own_.leaf.bytes());
  must(own.has_value(), "a group without us");
  next.own_leaf = *own;
  next.keys[2 * *own] = leaf_key_;
  if (path_secret)
    next.take_path_secret(*path_secret, signer);
  next.schedule(joiner, context);
  must(hmac_sha256(next.confirm, next.confirmed_hash) == tag, "a confirmation tag is wrong");
  mls_writer interim;
  interim.raw(next.confirmed_hash);
  interim.vec(tag);
  next.interim_hash = sha256(interim.take());
  group_ = std::move(next);
  proposals_.clear();
}

std::string mls_member::media_secret(snowflake sender) const {
  if (!group_)
    return {};
  std::string context; // little endian, against the identity's order (dave 9)
  for (int i = 0; i < 8; ++i)
    context += static_cast<char>(sender >> (8 * i));
  return expand_with_label(derive_secret(group_->exporter, "Discord Secure Frames v0"), "exported",
                           sha256(context), 16);
}

std::vector<snowflake> mls_member::members() const {
  std::vector<snowflake> list;
  for (std::uint32_t i = 0; group_ && i < group_->tree.leaves(); ++i)
    if (const auto* leaf = group_->tree.leaf(i))
      list.push_back(mls_reader(leaf->identity).u64());
  return list;
}

} // namespace sim
