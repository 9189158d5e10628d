#include "infra/dave/session_state.hpp"
#include "infra/dave/session_parts.hpp"
#include <algorithm>
#include <fmt/core.h>

namespace hearth::dave {

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

} // namespace hearth::dave
