#pragma once
// Reading and writing of MLS structures (dave 5.1, 6), as far as DAVE uses them. Readers throw
// mls_error for what is malformed or not allowed; every length is bounded by what is left.
#include "discord-sim/mls_crypto.hpp"
#include "discord-sim/types.hpp"
#include <vector>

namespace sim {

class mls_writer {
public:
  void u8(std::uint8_t v) { bytes_ += static_cast<char>(v); }
  void u16(std::uint16_t v) { integer(v, 2); }
  void u32(std::uint32_t v) { integer(v, 4); }
  void u64(std::uint64_t v) { integer(v, 8); }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  /// A vector with its length of 1, 2 or 4 bytes.
  void vec(std::string_view bytes);
  std::string take() { return std::move(bytes_); }

private:
  void integer(std::uint64_t v, int size) {
    for (int i = size - 1; i >= 0; --i)
      bytes_ += static_cast<char>(v >> (8 * i));
  }
  std::string bytes_;
};

class mls_reader {
public:
  explicit mls_reader(std::string_view bytes) : all_(bytes) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::uint64_t u64() { return integer(8); }
  std::string_view take(std::size_t size);
  std::string_view vec();
  /// optional<T>: whether a T follows.
  bool present();
  std::size_t left() const { return all_.size() - at_; }
  std::size_t position() const { return at_; }
  /// What was read from `begin` to here.
  std::string_view since(std::size_t begin) const { return all_.substr(begin, at_ - begin); }
  /// Throws when something is left.
  void end() const;

private:
  std::uint64_t integer(std::size_t size);
  std::string_view all_;
  std::size_t at_ = 0;
};

enum class leaf_source : std::uint8_t { key_package = 1, update = 2, commit = 3 };

struct leaf_node {
  std::string encryption_key;
  std::string signature_key;
  std::string identity;     ///< of the basic credential
  std::string capabilities; ///< as written: five vectors
  leaf_source source = leaf_source::key_package;
  std::uint64_t not_before = 0;
  std::uint64_t not_after = 0;
  std::string parent_hash; ///< of source commit
  std::string extensions;  ///< as written, without their length
  std::string signature;

  /// Without the signature.
  std::string content() const;
  std::string bytes() const;
  /// What is signed: source commit also needs the group and the leaf's index.
  std::string signed_content(std::string_view group_id, std::uint32_t index) const;
};
leaf_node read_leaf_node(mls_reader& from);

struct key_package {
  std::string init_key;
  leaf_node leaf;
  std::string extensions;
  std::string signature;
  std::string bytes; ///< as received or made

  std::string content() const;
  std::string ref() const { return ref_hash("KeyPackage", bytes); }
};
/// Reads exactly one and checks it as a voice gateway does (dave 6, 7.2): suite, signatures, keys,
/// lifetime, credential.
key_package read_key_package(std::string_view bytes);
/// The same, from the middle of a message.
key_package read_key_package(mls_reader& from);

struct path_node {
  std::string encryption_key;
  std::vector<std::pair<std::string, std::string>> ciphertexts; ///< kem output, ciphertext
};
struct update_path {
  leaf_node leaf;
  std::vector<path_node> nodes;
};

/// A PublicMessage: a proposal or a commit.
struct public_message {
  std::string group_id;
  std::uint64_t epoch = 0;
  bool external = false;
  std::uint32_t sender = 0; ///< leaf index, or index of the external sender
  bool commit = false;
  std::string content; ///< FramedContent as written
  std::string signature;
  std::string confirmation_tag; ///< of a commit
  std::string membership_tag;   ///< of a member
  std::string bytes;            ///< the whole MLSMessage

  // A proposal.
  std::optional<key_package> add;
  std::optional<std::uint32_t> remove;
  // A commit.
  std::vector<std::string> refs;
  std::optional<update_path> path;

  /// ProposalRef covers wire format, content and signature (dave 9).
  std::string ref() const;
};
/// Reads one from the front.
public_message read_public_message(mls_reader& from);

struct welcome_entry {
  std::string ref; ///< of the key package
  std::string kem_output;
  std::string ciphertext;
};
struct welcome {
  std::vector<welcome_entry> entries;
  std::string encrypted_group_info;
  /// With one entry only, as op 30 carries it.
  std::string only(const welcome_entry& entry) const;
};
/// Reads exactly one.
welcome read_welcome(std::string_view bytes);

/// A user's id as a credential's identity: 8 bytes, big endian.
std::string identity_of(snowflake user);

} // namespace sim
