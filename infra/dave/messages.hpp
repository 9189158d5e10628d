#pragma once
// The messages of MLS that DAVE sends, with their encodings: PublicMessage with an Add, Remove or
// Commit inside, Welcome and what it holds. Pure. Source: RFC 9420 6, 7.6, 12.1, 12.4; dave 6.
#include "infra/dave/labels.hpp"
#include "infra/dave/structures.hpp"
#include <variant>

namespace hearth::dave {

constexpr uint16_t public_message_format = 1;

enum class sender_type : uint8_t { member = 1, external = 2 };
struct message_sender {
  sender_type type = sender_type::member;
  uint32_t index = 0; ///< Leaf, or position among the external senders.
};

enum class content_type : uint8_t { proposal = 2, commit = 3 };

/// FramedContent.
struct framed_content {
  bytes group_id;
  uint64_t epoch = 0;
  message_sender sender;
  bytes authenticated_data;
  content_type type = content_type::proposal;
  bytes body; ///< Encoded Proposal or Commit.
};

/// PublicMessage: content with its authentication.
struct public_message {
  framed_content content;
  bytes signature;
  bytes confirmation_tag; ///< Of a commit.
  bytes membership_tag;   ///< Of a member.
};

struct add_member {
  key_package package;
};
struct remove_member {
  uint32_t leaf = 0;
};
using proposal = std::variant<add_member, remove_member>;

/// UpdatePathNode: one parent's new key, its path secret sealed for each node of the copath.
struct path_node {
  bytes encryption_key;
  std::vector<hpke_ciphertext> secrets;
};
struct update_path {
  leaf_node leaf;
  std::vector<path_node> nodes; ///< Upwards.
};

struct commit {
  std::vector<bytes> references; ///< ProposalRefs; DAVE commits nothing inline.
  std::optional<update_path> path;
};

struct group_info {
  group_context context;
  std::vector<extension> extensions;
  bytes confirmation_tag;
  uint32_t signer = 0; ///< Leaf.
  bytes signature;
};

struct group_secrets {
  bytes joiner_secret;
  std::optional<bytes> path_secret;
};

struct welcome {
  struct entry {
    bytes key_package_ref;
    hpke_ciphertext secrets;
  };
  uint16_t suite = mls_suite;
  std::vector<entry> entries;
  bytes encrypted_group_info;
};

void write(writer& out, const framed_content& content);
void write(writer& out, const public_message& message); ///< With the header of MLSMessage.
void write(writer& out, const proposal& what);
void write(writer& out, const update_path& path);
void write(writer& out, const commit& what);
void write(writer& out, const group_info& info);
void write(writer& out, const group_secrets& secrets);
void write(writer& out, const welcome& what);

framed_content read_framed_content(reader& in);
/// With the header of MLSMessage.
public_message read_public_message(reader& in);
proposal read_proposal(reader& in);
update_path read_update_path(reader& in);
commit read_commit(reader& in);
group_info read_group_info(reader& in);
group_secrets read_group_secrets(reader& in);
welcome read_welcome(reader& in);

bytes group_info_tbs(const group_info& info);

/// The structure that fills `from` exactly. @param read One of the functions above.
template <class T> T decoded(byte_view from, T (*read)(reader&)) {
  auto in = reader(from);
  auto structure = read(in);
  in.end();
  return structure;
}

} // namespace hearth::dave
