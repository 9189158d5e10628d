#pragma once
// DAVE on one voice connection: what the voice gateway says comes in, what to send and with which
// key to speak comes out. Pure: time is an argument. Source: dave 3.
#include "infra/dave/codes.hpp"
#include "infra/dave/frame_opener.hpp"
#include "infra/dave/group.hpp"
#include <deque>
#include <set>
#include <string>
#include <variant>

namespace hearth::dave {

constexpr uint16_t protocol_version_max = 1; ///< Said in Identify: max_dave_protocol_version.
constexpr size_t own_commits_max = 8;
constexpr size_t proposals_max = 1024; ///< Waiting in one epoch.
constexpr size_t pending_transitions_max = 64;
constexpr size_t recognised_users_max = 4096;
constexpr size_t payload_size_max = size_t{4} << 20; ///< Of a binary message.
constexpr uint32_t failed_frames_max = 36; ///< In a row, before the group is left and joined again.
constexpr size_t recoveries_max = 3;       ///< Within `recovery_window_ms`; then a new connection.
constexpr int64_t recovery_window_ms = 30'000;
constexpr int64_t pending_believed_ms =
    10'000; ///< Then a transition will not be executed any more.

/// How frames of ours go out.
enum class sending : uint8_t {
  nothing,   ///< No key: hold or drop audio, never in clear.
  plain,     ///< Version 0.
  encrypted, ///< With `frame_sealer(base)`.
};

/// What the owner of the connection has to do, in order. Payloads come behind the op's number.
namespace session_do {
struct send_key_package { ///< op 26.
  bytes payload;
};
struct send_commit { ///< op 28.
  bytes payload;
};
struct send_ready { ///< op 23.
  uint16_t transition = 0;
};
struct send_invalid { ///< op 31.
  uint16_t transition = 0;
};
struct reconnect {}; ///< Recovery failed too often: a fresh voice connection.
struct speak {       ///< From the next frame on.
  sending how = sending::nothing;
  bytes base; ///< Of `frame_sealer`, when encrypted. Secret.
};
struct note { ///< For the log; holds no secret.
  bool warning = false;
  std::string text;
};
} // namespace session_do
using session_action = std::variant<session_do::send_key_package, session_do::send_commit,
                                    session_do::send_ready, session_do::send_invalid,
                                    session_do::reconnect, session_do::speak, session_do::note>;
using session_actions = std::vector<session_action>;

/// A frame of somebody else's. `actions` is rarely anything but empty.
struct received_frame {
  receiver_set::outcome outcome = receiver_set::outcome::refused;
  session_actions actions;
};

/// The state of one voice connection. Inputs never throw at what they are given: a message that
/// breaks a rule changes nothing and is noted or recovered from.
class dave_session {
public:
  /// @param identity Made once for the process or the connection. @param channel Names the group.
  dave_session(const crypto_suite& crypto, identity_key identity, channel_id channel);

  // Inputs, by op of the voice gateway. Payloads of binary ones without sequence number and op.
  session_actions begin(int64_t now_ms, uint16_t version);                                   // 4
  session_actions users_connected(std::span<const user_id> users);                           // 11
  session_actions user_disconnected(user_id user);                                           // 13
  session_actions prepare_transition(int64_t now_ms, uint16_t transition, uint16_t version); // 21
  session_actions execute_transition(int64_t now_ms, uint16_t transition);                   // 22
  session_actions prepare_epoch(int64_t now_ms, uint64_t epoch, uint16_t version);           // 24
  session_actions external_sender_package(byte_view payload);                                // 25
  session_actions proposals(byte_view payload);                                              // 27
  session_actions commit_announced(int64_t now_ms, byte_view payload);                       // 29
  session_actions welcomed(int64_t now_ms, byte_view payload);                               // 30

  /// Decrypts (or passes) what a user said.
  received_frame open(int64_t now_ms, user_id user, byte_view frame, std::vector<uint8_t>& out);

  /// Whether we are in a group with others.
  bool established() const noexcept { return established_; }
  /// Of the established group; 0 without one.
  uint64_t epoch() const noexcept { return established_ ? group_->context.epoch : 0; }
  std::vector<user_id> members() const;
  /// The group's present state; null without one.
  const group_state* group() const noexcept { return established_ ? &*group_ : nullptr; }
  /// 30 digits; empty while nothing is encrypted.
  std::string privacy_code() const;
  /// Both parties for `pairwise_fingerprint`; nothing unless the user is in the group.
  std::optional<std::pair<fingerprint_party, fingerprint_party>>
  fingerprint_with(user_id user) const;

private:
  struct own_commit {
    bytes message;
    group_state next;
  };
  /// Whether messages of MLS mean nothing to us.
  bool is_deaf() const noexcept { return given_up_ || version_ == 0; }
  void init(session_actions& out);
  void make_local_group();
  void leave_group();
  bool take_append(reader& in, std::vector<queued_proposal>& queue) const;
  void take_revoke(reader& in, std::vector<queued_proposal>& queue) const;
  bool removes_us() const;
  void offer_commit(session_actions& out);
  void check_policy(const group_state& next) const;
  void establish(session_actions& out, int64_t now_ms, group_state next, uint16_t transition);
  void prepare(session_actions& out, int64_t now_ms, uint16_t transition, uint16_t version);
  void execute(session_actions& out, int64_t now_ms, uint16_t version);
  void speak(session_actions& out, sending how, bytes base = {});
  void recover(session_actions& out, int64_t now_ms, uint16_t transition, const char* why);
  bytes group_id() const;

  const crypto_suite& crypto_;
  identity_key identity_;
  channel_id channel_;
  uint16_t version_ = 0;
  std::optional<sending> speaking_; ///< Nothing before `begin`.
  bytes speaking_base_;
  bytes external_sender_; ///< Payload of op 25; empty before it.
  std::set<user_id> recognised_;
  std::map<uint16_t, uint16_t> pending_; ///< Transition to version.
  int64_t prepared_ms_ = INT64_MIN / 2;  ///< When the last of them was.
  uint16_t last_transition_ = 0;
  std::optional<own_package> package_; ///< Until it was used to join.
  std::optional<group_state> group_;   ///< Of our own while not established.
  bool established_ = false;
  bytes welcome_digest_; ///< Of the message that we joined by.
  std::vector<queued_proposal> queue_;
  std::deque<own_commit> own_commits_; ///< Newest last.
  bool recovering_ = false;
  bool given_up_ = false;
  std::deque<int64_t> recoveries_ms_;
  receiver_set receivers_;
  uint32_t failed_frames_ = 0; ///< In a row.
};

} // namespace hearth::dave
