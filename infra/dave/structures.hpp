#pragma once
// What MLS's trees and groups are made of, with their encodings. Decoding checks form alone;
// `key_package.hpp` and `ratchet_tree.hpp` check meaning. Pure. Source: RFC 9420 5.3, 7.1-7.2, 8.1,
// 10, 12.1.8.1; dave 6.
#include "infra/dave/codec.hpp"
#include <optional>

namespace hearth::dave {

constexpr uint16_t mls_version = 1; ///< mls10.
constexpr uint16_t mls_suite = 2;   ///< MLS_128_DHKEMP256_AES128GCM_SHA256_P256.
constexpr uint16_t basic_credential = 1;
constexpr uint16_t ratchet_tree_extension = 2;
constexpr uint16_t external_senders_extension = 5;
constexpr uint16_t default_extension_max = 5; ///< Types 1 to 5 need no capability.

// Bounds of what one message may make us keep; Discord's groups have fewer than 100 members.
constexpr size_t leaves_max = 4096;   ///< Of a tree; also of sealed secrets and of references.
constexpr size_t path_nodes_max = 12; ///< log2 of the leaves.
constexpr size_t extensions_max = 64;

struct extension {
  uint16_t type = 0;
  bytes data;
  bool operator==(const extension&) const = default;
};

struct capabilities {
  std::vector<uint16_t> versions;
  std::vector<uint16_t> suites;
  std::vector<uint16_t> extensions;
  std::vector<uint16_t> proposals;
  std::vector<uint16_t> credentials;
  bool operator==(const capabilities&) const = default;
};

enum class leaf_source : uint8_t { key_package = 1, update = 2, commit = 3 };

struct leaf_node {
  bytes encryption_key;
  bytes signature_key;
  bytes identity; ///< Of a basic credential, the only type that is read.
  capabilities able_to;
  leaf_source source = leaf_source::key_package;
  uint64_t not_before = 0; ///< Seconds; sources other than key_package have no lifetime.
  uint64_t not_after = 0;
  bytes parent_hash; ///< Of source commit.
  std::vector<extension> extensions;
  bytes signature;
  bool operator==(const leaf_node&) const = default;
};

struct parent_node {
  bytes encryption_key;
  bytes parent_hash;
  std::vector<uint32_t> unmerged_leaves; ///< Ascending.
  bool operator==(const parent_node&) const = default;
};

struct key_package {
  uint16_t version = mls_version;
  uint16_t suite = mls_suite;
  bytes init_key;
  leaf_node leaf;
  std::vector<extension> extensions;
  bytes signature;
};

struct group_context {
  uint16_t version = mls_version;
  uint16_t suite = mls_suite;
  bytes group_id;
  uint64_t epoch = 0;
  bytes tree_hash;
  bytes confirmed_transcript_hash;
  std::vector<extension> extensions;
};

/// The voice gateway's identity: payload of its op 25.
struct external_sender {
  bytes signature_key;
  bytes identity;
};

void write(writer& out, const std::vector<extension>& list);
void write(writer& out, const leaf_node& leaf);
void write(writer& out, const parent_node& parent);
void write(writer& out, const key_package& package);
void write(writer& out, const group_context& context);

std::vector<extension> read_extensions(reader& in);
leaf_node read_leaf_node(reader& in);
parent_node read_parent_node(reader& in);
key_package read_key_package(reader& in);
group_context read_group_context(reader& in);
external_sender read_external_sender(reader& in);

/// What a leaf's signature covers. @param group_id, index Unused for source key_package.
bytes leaf_node_tbs(const leaf_node& leaf, byte_view group_id, uint32_t index);
bytes key_package_tbs(const key_package& package);

/// The encoding of one structure.
template <class T> bytes encoded(const T& structure) {
  auto out = writer{};
  write(out, structure);
  return out.take();
}

} // namespace hearth::dave
