#include "infra/dave/session_state.hpp"
#include "infra/dave/failure.hpp"
#include <algorithm>
#include <fmt/core.h>

namespace hearth::dave {
namespace {

/// Runs what reads a stranger's message. @return Why it was refused; null when it was not.
template <class Do> const char* refusal(byte_view payload, Do&& act) {
  try {
    require(payload.size() <= payload_size_max, "message too big");
    act();
    return nullptr;
  } catch (const failure& broken) {
    return broken.rule;
  }
}

void note(session_actions& out, bool warning, std::string text) {
  out.emplace_back(session_do::note{warning, std::move(text)});
}

/// The one extension of every group of DAVE's. @param sender Payload of op 25.
std::vector<extension> group_extensions(byte_view sender) {
  return {{external_senders_extension, writer{}.vector(sender).take()}};
}

} // namespace

dave_session::dave_session(const crypto_suite& crypto, identity_key identity, channel_id channel)
    : crypto_(crypto), identity_(std::move(identity)), channel_(channel) {
  recognised_.insert(identity_.user);
}

bytes dave_session::group_id() const { return writer{}.u64(channel_.value).take(); }

std::vector<user_id> dave_session::members() const {
  return established_ ? group_->members() : std::vector<user_id>{};
}

std::string dave_session::privacy_code() const {
  return established_ ? voice_privacy_code(group_->secrets.authenticator) : std::string{};
}

std::optional<std::pair<fingerprint_party, fingerprint_party>>
dave_session::fingerprint_with(user_id user) const {
  if (!established_)
    return std::nullopt;
  for (auto index = leaf_index{0}; index < group_->tree.leaves(); ++index) {
    const auto* leaf = group_->tree.leaf(index);
    if (leaf != nullptr && user_of(*leaf) == user)
      return std::pair{fingerprint_party{identity_.user, identity_.public_key},
                       fingerprint_party{user, leaf->signature_key}};
  }
  return std::nullopt;
}

// -- groups of our own ---------------------------------------------------------------------------

/// A new leaf, a new init key, a group of our own: wait to be added or to add the first other one.
/// Keys in use go on until the next transition.
void dave_session::init(session_actions& out) {
  package_ = make_own_package(crypto_, identity_);
  make_local_group();
  out.emplace_back(session_do::send_key_package{encoded(package_->package)});
}

void dave_session::make_local_group() {
  leave_group();
  if (!package_ || external_sender_.empty())
    return;
  group_ = create_group(crypto_, group_id(), group_extensions(external_sender_), *package_);
}

void dave_session::leave_group() {
  group_.reset();
  established_ = false;
  queue_.clear();
  own_commits_.clear();
}

session_actions dave_session::begin(int64_t now_ms, uint16_t version) {
  auto out = session_actions{};
  version_ = std::min(version, protocol_version_max);
  if (version_ == 0) {
    execute(out, now_ms, 0);
    return out;
  }
  speak(out, sending::nothing);
  init(out);
  return out;
}

session_actions dave_session::prepare_epoch(int64_t /*now_ms*/, uint64_t epoch, uint16_t version) {
  auto out = session_actions{};
  if (version > protocol_version_max) {
    note(out, true, "voice gateway asks for a DAVE version that was not offered");
    return out;
  }
  version_ = version;
  if (epoch == 1 && version > 0)
    init(out);
  return out;
}

session_actions dave_session::external_sender_package(byte_view payload) {
  auto out = session_actions{};
  if (established_) {
    note(out, false, "external sender of an established group stays as it is");
    return out;
  }
  const auto* why = refusal(payload, [&] {
    const auto sender = decoded(payload, read_external_sender);
    require(!sender.signature_key.empty(), "external sender without a key");
  });
  if (why != nullptr) {
    note(out, true, fmt::format("external sender refused: {}", why));
    return out;
  }
  external_sender_ = to_bytes(payload);
  make_local_group();
  return out;
}

session_actions dave_session::users_connected(std::span<const user_id> users) {
  for (const auto user : users) {
    if (recognised_.size() < recognised_users_max)
      recognised_.insert(user);
  }
  return {};
}

session_actions dave_session::user_disconnected(user_id user) {
  if (user == identity_.user)
    return {};
  recognised_.erase(user);
  const auto present = members();
  if (std::find(present.begin(), present.end(), user) == present.end())
    receivers_.drop(user);
  return {};
}

// -- proposals and commits -----------------------------------------------------------------------

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
    concerns_us = equal(message.content.group_id, group_->context.group_id);
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
