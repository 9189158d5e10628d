#pragma once
// A member of a DAVE group that listens: joins by welcomes, follows commits, derives everybody's
// media secrets (dave 7). It never commits: a bot in the room does. Pure but for randomness.
#include "discord-sim/mls_tree.hpp"
#include <map>

namespace sim {

class mls_member {
public:
  mls_member(snowflake user, snowflake channel);

  /// Payload of op 25.
  void external_sender(std::string_view package) { sender_ = package; }
  /// New keys, no group any more: payload of op 26.
  std::string begin();
  /// Payload of op 27. Throws mls_error, as all below.
  void proposals(std::string_view payload);
  /// A commit of op 29. False: we are not in a group that it could be about.
  bool commit(std::string_view bytes);
  /// A welcome of op 30.
  void welcome(std::string_view bytes);

  bool established() const { return group_.has_value(); }
  std::uint64_t epoch() const { return group_ ? group_->epoch : 0; }
  /// The epoch authenticator; "" without a group.
  std::string authenticator() const { return group_ ? group_->authenticator : std::string{}; }
  /// Base secret of a sender's media keys (dave 4.1).
  std::string media_secret(snowflake sender) const;
  std::vector<snowflake> members() const;

private:
  struct group {
    std::uint64_t epoch = 0;
    mls_tree tree;
    std::uint32_t own_leaf = 0;
    std::string extensions;
    std::string confirmed_hash;
    std::string interim_hash;
    std::map<mls_tree::index, p256_key> keys; ///< private keys of nodes, some outdated
    std::string init, exporter, confirm, membership, authenticator;

    std::string context(std::string_view group_id) const;
    void schedule(std::string_view joiner, std::string_view context);
    void take_path_secret(std::string secret, std::uint32_t sender);
  };

  std::string framed(const public_message& m) const;
  void authenticate(const public_message& m, const leaf_node& sender) const;
  /// Commit secret of the path; `next` has the merged tree.
  std::string open_path(group& next, const update_path& path, std::uint32_t sender,
                        const std::vector<mls_tree::step>& steps,
                        const std::vector<mls_tree::index>& added) const;

  snowflake user_;
  std::string group_id_;
  std::string sender_;
  p256_key signature_key_ = make_p256();
  p256_key init_key_;
  p256_key leaf_key_;
  key_package own_;
  std::optional<group> group_;
  std::map<std::string, public_message> proposals_;
};

} // namespace sim
