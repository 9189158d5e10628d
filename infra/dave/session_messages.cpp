// Proposals, commits and Welcomes that the voice gateway passes on. Source: dave 3.1-3.3.
#include "infra/dave/session_parts.hpp"
#include <algorithm>
#include <fmt/core.h>

namespace hearth::dave {

/// @return Whether the proposals concern us: false while we wait outside of the group they change.
bool dave_session::take_append(reader& in, std::vector<queued_proposal>& queue) const {
  const auto sender = decoded(external_sender_, read_external_sender);
  while (!in.empty()) {
    const auto message = read_public_message(in);
    const auto& content = message.content;
    require(content.type == content_type::proposal, "commit among the proposals");
    require(equal(content.group_id, group_->context.group_id), "proposal for another group");
    if (content.epoch != group_->context.epoch && !established_)
      return false;
    require(content.epoch == group_->context.epoch, "proposal for another epoch");
    check_external_message(crypto_, message, sender.signature_key);
    auto what = decoded(content.body, read_proposal);
    if (const auto* added = std::get_if<add_member>(&what)) {
      check_key_package(crypto_, added->package);
      require(recognised_.contains(user_of(added->package.leaf)), "proposal adds a stranger");
    } else {
      require(group_->tree.leaf(std::get<remove_member>(what).leaf) != nullptr,
              "proposal removes nobody");
    }
    auto reference = proposal_ref(crypto_, message);
    const auto known = std::any_of(queue.begin(), queue.end(), [&](const queued_proposal& queued) {
      return equal(queued.reference, reference);
    });
    require(known || queue.size() < proposals_max, "too many proposals");
    if (!known)
      queue.push_back({std::move(reference), std::move(what)});
  }
  return true;
}

void dave_session::take_revoke(reader& in, std::vector<queued_proposal>& queue) const {
  while (!in.empty()) {
    const auto reference = in.vector();
    const auto count = std::erase_if(
        queue, [&](const queued_proposal& queued) { return equal(queued.reference, reference); });
    require(count == 1, "unknown proposal revoked");
  }
}

bool dave_session::removes_us() const {
  return std::any_of(queue_.begin(), queue_.end(), [&](const queued_proposal& queued) {
    const auto* gone = std::get_if<remove_member>(&queued.what);
    return gone != nullptr && gone->leaf == group_->own;
  });
}

session_actions dave_session::proposals(byte_view payload) {
  auto out = session_actions{};
  if (!group_ || is_deaf())
    return out;
  auto queue = queue_;
  auto ours = true;
  const auto* why = refusal(payload, [&] {
    auto in = reader(payload);
    const auto operation = in.u8();
    require(operation <= 1, "proposals neither appended nor revoked");
    auto list = reader(in.vector());
    in.end();
    if (operation == 0)
      ours = take_append(list, queue);
    else
      take_revoke(list, queue);
  });
  if (why != nullptr) {
    note(out, true, fmt::format("proposals refused: {}", why));
    return out;
  }
  if (!ours)
    return out;
  queue_ = std::move(queue);
  offer_commit(out);
  return out;
}

/// All members commit the whole queue; the voice gateway takes the first valid one.
void dave_session::offer_commit(session_actions& out) {
  if (queue_.empty()) {
    own_commits_.clear(); // nothing is left that they could have committed
    return;
  }
  if (removes_us())
    return;
  const auto* why = refusal({}, [&] {
    auto built = build_commit(crypto_, *group_, identity_, queue_);
    auto payload = built.message;
    if (built.invitation)
      payload.insert(payload.end(), built.invitation->begin(), built.invitation->end());
    own_commits_.push_back({std::move(built.message), std::move(built.next)});
    if (own_commits_.size() > own_commits_max)
      own_commits_.pop_front();
    out.emplace_back(session_do::send_commit{std::move(payload)});
  });
  if (why != nullptr)
    note(out, true, fmt::format("proposals cannot be committed: {}", why));
}

/// What DAVE asks of a group beyond MLS. @throws failure
void dave_session::check_policy(const group_state& next) const {
  require(equal(next.context.group_id, group_id()), "group of another channel");
  require(!external_sender_.empty() &&
              next.context.extensions == group_extensions(external_sender_),
          "group with another external sender");
  next.members(); // each is a user's
}

session_actions dave_session::commit_announced(int64_t now_ms, byte_view payload) {
  auto out = session_actions{};
  auto transition = uint16_t{0};
  auto next = std::optional<group_state>{};
  auto concerns_us = false;
  if (is_deaf())
    return out;
  const auto* why = refusal(payload, [&] {
    auto in = reader(payload);
    transition = in.u16();
    const auto own =
        std::find_if(own_commits_.begin(), own_commits_.end(),
                     [&](const own_commit& made) { return equal(made.message, in.rest()); });
    if (own != own_commits_.end()) {
      concerns_us = true;
      next = own->next;
      check_policy(*next);
      return;
    }
    if (!established_)
      return; // somebody will welcome us
    concerns_us = true;
    const auto message = read_public_message(in);
    in.end();
    // One of an epoch before ours was sent twice: what it did is done.
    concerns_us = equal(message.content.group_id, group_->context.group_id) &&
                  message.content.epoch >= group_->context.epoch;
    if (!concerns_us)
      return;
    next = apply_commit(crypto_, *group_, message, queue_);
    if (next)
      check_policy(*next);
  });
  if (why != nullptr) {
    if (concerns_us)
      recover(out, now_ms, transition, why);
    else
      note(out, true, fmt::format("commit refused: {}", why));
  } else if (next) {
    establish(out, now_ms, std::move(*next), transition);
  } else if (concerns_us) {
    note(out, false, "removed from the group");
    leave_group();
  }
  return out;
}

session_actions dave_session::welcomed(int64_t now_ms, byte_view payload) {
  auto out = session_actions{};
  auto transition = uint16_t{0};
  auto next = std::optional<group_state>{};
  if (is_deaf())
    return out;
  const auto digest = crypto_.sha256(payload);
  if (established_ && equal(digest, welcome_digest_))
    return out; // a resume repeated it
  const auto* why = refusal(payload, [&] {
    auto in = reader(payload);
    transition = in.u16();
    require(!established_ && package_.has_value(), "welcome that nobody waits for");
    const auto invitation = read_welcome(in);
    in.end();
    next = join_group(crypto_, invitation, *package_);
    check_policy(*next);
  });
  if (why != nullptr) {
    recover(out, now_ms, transition, why);
    return out;
  }
  for (const auto user : next->members()) {
    if (!recognised_.contains(user))
      note(out, false, fmt::format("group has member {}, who was not announced", user.value));
  }
  welcome_digest_ = digest;
  establish(out, now_ms, std::move(*next), transition);
  return out;
}

/// A new epoch: its keys open frames from now on, and close ours when the transition is executed.
void dave_session::establish(session_actions& out, int64_t now_ms, group_state next,
                             uint16_t transition) {
  group_ = std::move(next);
  established_ = true;
  package_.reset();
  queue_.clear();
  own_commits_.clear();
  recovering_ = false;
  failed_frames_ = 0;
  auto bases = std::map<user_id, bytes>{};
  for (const auto user : group_->members()) {
    if (user != identity_.user)
      bases[user] = group_->media_base(crypto_, user);
  }
  receivers_.renew(crypto_, bases, now_ms);
  prepare(out, now_ms, transition, version_);
}

} // namespace hearth::dave
