#pragma once
// DAVE's delivery service for one voice channel: the external sender that proposes, the choice of
// the winning commit, who is told what (dave 3, DAVE whitepaper "Delivery Service"). Pure: no
// sockets, no clock.
#include "discord-sim/mls_codec.hpp"
#include <map>
#include <set>

namespace sim {

/// The voice gateway's own key; one for all channels.
struct external_sender {
  p256_key key = make_p256();
  std::string identity = std::string(1, '\0');
  /// Payload of op 25.
  std::string package() const;
};

class mls_delivery {
public:
  /// A binary message for one user, without the sequence number.
  struct message {
    snowflake to = 0;
    std::uint8_t op = 0;
    std::string payload;
  };
  /// What a commit led to.
  struct verdict {
    bool accepted = false;
    std::string wrong;               ///< the client's mistake; "" when it only lost a race
    std::string commit;              ///< of the winner, for op 29
    std::vector<snowflake> announce; ///< members who get op 29
    std::vector<std::pair<snowflake, std::string>> welcome; ///< joiners and their op 30
    bool first = false;                                     ///< the group was established by it
  };

  mls_delivery(snowflake channel, const external_sender& sender)
      : group_id_(identity_of(channel)), sender_(&sender) {}

  /// Op 26. Throws mls_error for one that no gateway takes.
  void key_package(snowflake user, std::string_view bytes);
  /// The user is gone for good.
  void leave(snowflake user);
  /// Op 31: it could not use what it was sent; its next key package comes.
  void flagged(snowflake user);
  /// Op 28.
  verdict commit(snowflake user, std::string_view bytes);
  /// Forgets the group: everybody left is pending without a key package.
  void reset();
  /// Proposals and revocations that users in `ready` have not been told yet, as op 27.
  std::vector<message> news(const std::set<snowflake>& ready);

  bool established() const { return established_; }
  std::uint64_t epoch() const { return epoch_; }
  /// Members of the group that are still there.
  std::set<snowflake> members() const;
  std::uint32_t leaf_of(snowflake user) const;

private:
  struct proposal {
    std::string ref;
    std::string bytes;
    snowflake user = 0;                  ///< to be added, or removed
    std::optional<sim::key_package> add; ///< else a removal
    std::uint32_t leaf = 0;              ///< of a removal
    std::set<snowflake> told;
  };
  struct seat {
    snowflake user = 0;
    std::string signature_key;
  };

  void propose(proposal what, std::string_view body);
  void withdraw_add(snowflake user);
  void propose_removal(snowflake user);
  bool removal_of(std::uint32_t leaf) const;
  std::optional<std::uint32_t> seat_of(snowflake user) const;
  std::string check(snowflake user, const public_message& m,
                    const std::vector<const proposal*>& named) const;
  void apply(const std::vector<const proposal*>& named);
  void forget_group();

  std::string group_id_;
  const external_sender* sender_;
  bool established_ = false;
  std::uint64_t epoch_ = 0;
  std::vector<std::optional<seat>> leaves_;
  std::map<snowflake, sim::key_package> pending_; ///< with a key package, not in the group
  std::vector<proposal> proposals_;               ///< of this epoch, in order
  std::vector<proposal> revoked_;                 ///< to be told to those who know them
};

} // namespace sim
