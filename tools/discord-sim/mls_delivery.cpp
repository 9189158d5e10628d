#include "discord-sim/mls_delivery.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::uint8_t op_proposals = 27;

} // namespace

std::string external_sender::package() const {
  mls_writer w;
  w.vec(key.point);
  w.u16(1);
  w.vec(identity);
  return w.take();
}

// -- proposals

void mls_delivery::propose(proposal what, std::string_view body) {
  mls_writer content;
  content.vec(group_id_);
  content.u64(epoch_);
  content.u8(2);  // external sender
  content.u32(0); // the first of the group's extension
  content.vec({});
  content.u8(2); // a proposal
  content.raw(body);
  const auto framed = content.take();
  mls_writer signed_part;
  signed_part.u16(1);
  signed_part.u16(1);
  signed_part.raw(framed);
  const auto tbs = signed_part.take();
  const auto signature = sign_with_label(sender_->key, "FramedContentTBS", tbs);
  mls_writer whole;
  whole.raw(tbs);
  whole.vec(signature);
  what.bytes = whole.take();
  mls_reader back(what.bytes);
  what.ref = read_public_message(back).ref();
  proposals_.push_back(std::move(what));
}

void mls_delivery::propose_removal(snowflake user) {
  const auto leaf = seat_of(user);
  if (!leaf || removal_of(*leaf))
    return;
  mls_writer body;
  body.u16(3);
  body.u32(*leaf);
  proposal what;
  what.user = user;
  what.leaf = *leaf;
  propose(std::move(what), body.take());
}

void mls_delivery::withdraw_add(snowflake user) {
  pending_.erase(user);
  const auto it = std::find_if(proposals_.begin(), proposals_.end(),
                               [user](const auto& p) { return p.add && p.user == user; });
  if (it == proposals_.end())
    return;
  if (!it->told.empty())
    revoked_.push_back(*it);
  proposals_.erase(it);
}

bool mls_delivery::removal_of(std::uint32_t leaf) const {
  return std::any_of(proposals_.begin(), proposals_.end(),
                     [leaf](const auto& p) { return !p.add && p.leaf == leaf; });
}

std::optional<std::uint32_t> mls_delivery::seat_of(snowflake user) const {
  // Removed and added again in one epoch, a user has one seat only; the removed one is the first.
  for (std::size_t i = 0; i < leaves_.size(); ++i)
    if (leaves_[i] && leaves_[i]->user == user)
      return static_cast<std::uint32_t>(i);
  return std::nullopt;
}

std::uint32_t mls_delivery::leaf_of(snowflake user) const { return seat_of(user).value_or(~0u); }

std::set<snowflake> mls_delivery::members() const {
  std::set<snowflake> list;
  if (established_)
    for (std::size_t i = 0; i < leaves_.size(); ++i)
      if (leaves_[i] && !removal_of(static_cast<std::uint32_t>(i)))
        list.insert(leaves_[i]->user);
  return list;
}

void mls_delivery::key_package(snowflake user, std::string_view bytes) {
  auto kp = read_key_package(bytes);
  if (kp.leaf.identity != identity_of(user))
    throw mls_error("a key package of another user");
  withdraw_add(user);
  propose_removal(user);
  if (established_ && members().empty())
    forget_group();
  mls_writer body;
  body.u16(1);
  body.raw(kp.bytes);
  proposal what;
  what.user = user;
  what.add = kp;
  pending_[user] = std::move(kp);
  propose(std::move(what), body.take());
}

void mls_delivery::leave(snowflake user) {
  withdraw_add(user);
  propose_removal(user);
  // Nobody is left who could commit: those who wait begin a new group.
  if (established_ && members().empty())
    forget_group();
}

void mls_delivery::flagged(snowflake user) { leave(user); }

void mls_delivery::forget_group() {
  const auto waiting = std::move(pending_);
  reset();
  for (const auto& [user, kp] : waiting)
    key_package(user, kp.bytes);
}

void mls_delivery::reset() {
  established_ = false;
  epoch_ = 0;
  leaves_.clear();
  pending_.clear();
  proposals_.clear();
  revoked_.clear();
}

std::vector<mls_delivery::message> mls_delivery::news(const std::set<snowflake>& ready) {
  std::vector<message> list;
  const auto in = members();
  for (const auto user : ready) {
    const bool may = established_ ? in.count(user) != 0 : pending_.count(user) != 0;
    mls_writer gone;
    for (auto& p : revoked_)
      if (p.told.erase(user) != 0)
        gone.vec(p.ref);
    mls_writer fresh;
    for (auto& p : proposals_)
      // Before there is a group each founds its own and adds the others to it.
      if (may && (established_ || p.user != user) && p.told.insert(user).second)
        fresh.raw(p.bytes);
    const auto add = [&](std::uint8_t operation, const std::string& items) {
      if (items.empty())
        return;
      mls_writer w;
      w.u8(operation);
      w.vec(items);
      list.push_back({user, op_proposals, w.take()});
    };
    add(1, gone.take());
    add(0, fresh.take());
  }
  return list;
}

// -- commits

std::string mls_delivery::check(snowflake user, const public_message& m,
                                const std::vector<const proposal*>& named) const {
  if (named.empty())
    return "a commit of nothing";
  bool removes = false;
  for (const auto* p : named) {
    removes = removes || !p->add;
    if (!p->add && p->user == user)
      return "a commit that removes its own sender";
  }
  if (removes && !m.path)
    return "a commit that removes somebody has no path";
  if (!m.path)
    return {};
  const auto& signature_key =
      established_ ? leaves_[m.sender]->signature_key : pending_.at(user).leaf.signature_key;
  if (m.path->leaf.source != leaf_source::commit || m.path->leaf.signature_key != signature_key ||
      m.path->leaf.identity != identity_of(user))
    return "a commit changes who its sender is";
  return {};
}

mls_delivery::verdict mls_delivery::commit(snowflake user, std::string_view bytes) {
  verdict v;
  try {
    mls_reader from(bytes);
    const auto m = read_public_message(from);
    if (!m.commit || m.external || m.group_id != group_id_)
      throw mls_error("no commit of a member of this group");
    if (m.epoch > epoch_)
      throw mls_error("a commit of a later epoch");
    const bool in = established_ ? members().count(user) != 0 : pending_.count(user) != 0;
    if (m.epoch < epoch_ || !in)
      return v;
    if (m.sender != (established_ ? *seat_of(user) : 0))
      throw mls_error("a commit in the name of another leaf");

    std::vector<const proposal*> named;
    std::set<std::string> seen;
    for (const auto& ref : m.refs) {
      const auto is = [&ref](const proposal& p) { return p.ref == ref; };
      const auto it = std::find_if(proposals_.begin(), proposals_.end(), is);
      if (it == proposals_.end()) {
        if (std::any_of(revoked_.begin(), revoked_.end(), is))
          return v;
        throw mls_error("a commit names a proposal that nobody made");
      }
      if (!seen.insert(ref).second)
        throw mls_error("a commit names a proposal twice");
      named.push_back(&*it);
    }
    for (const auto& p : proposals_)
      if ((established_ || p.user != user) && seen.count(p.ref) == 0)
        return v; // made meanwhile: the sender hears of it and commits again
    if (auto wrong = check(user, m, named); !wrong.empty())
      throw mls_error(wrong);

    const auto adds = std::count_if(named.begin(), named.end(), [](auto* p) { return !!p->add; });
    if (adds == 0)
      from.end();
    else {
      const auto w = read_welcome(from.take(from.left()));
      if (w.entries.size() != static_cast<std::size_t>(adds))
        throw mls_error("a welcome for others than those who are added");
      for (const auto* p : named) {
        if (!p->add)
          continue;
        const auto ref = p->add->ref();
        const auto entry = std::find_if(w.entries.begin(), w.entries.end(),
                                        [&ref](const auto& e) { return e.ref == ref; });
        if (entry == w.entries.end())
          throw mls_error("a welcome without one of those who are added");
        v.welcome.emplace_back(p->user, w.only(*entry));
      }
    }
    v.accepted = true;
    v.first = !established_;
    v.commit = m.bytes;
    if (established_) {
      const auto all = members();
      v.announce.assign(all.begin(), all.end());
    } else {
      v.announce = {user};
      leaves_ = {seat{user, pending_.at(user).leaf.signature_key}};
      pending_.erase(user);
    }
    apply(named);
  } catch (const mls_error& e) {
    v = {};
    v.wrong = e.what();
  }
  return v;
}

// Removals first, then additions, each into the leftmost free leaf (dave 7.1).
void mls_delivery::apply(const std::vector<const proposal*>& named) {
  for (const auto* p : named)
    if (!p->add)
      leaves_[p->leaf].reset();
  for (const auto* p : named) {
    if (!p->add)
      continue;
    auto free = std::find(leaves_.begin(), leaves_.end(), std::nullopt);
    if (free == leaves_.end())
      free = leaves_.insert(free, std::nullopt);
    *free = seat{p->user, p->add->leaf.signature_key};
    pending_.erase(p->user);
  }
  established_ = true;
  ++epoch_;
  proposals_.clear();
  revoked_.clear();
}

} // namespace sim
