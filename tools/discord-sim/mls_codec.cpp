#include "discord-sim/mls_codec.hpp"

namespace sim {

namespace {

constexpr std::uint16_t version = 1;
constexpr std::uint16_t suite = 2;
constexpr std::uint16_t basic = 1;
constexpr std::size_t vector_max = 4u << 20;

void must(bool good, const char* what) {
  if (!good)
    throw mls_error(what);
}

void skip_vectors(mls_reader& from, int count) {
  for (int i = 0; i < count; ++i)
    from.vec();
}

void read_proposal(mls_reader& from, public_message& into) {
  const auto type = from.u16();
  if (type == 1)
    into.add = read_key_package(from);
  else if (type == 3)
    into.remove = from.u32();
  else
    throw mls_error("a proposal that is neither add nor remove");
}

update_path read_path(mls_reader& from) {
  update_path path;
  path.leaf = read_leaf_node(from);
  mls_reader nodes(from.vec());
  while (nodes.left() > 0) {
    path_node node;
    node.encryption_key = nodes.vec();
    mls_reader texts(nodes.vec());
    while (texts.left() > 0) {
      std::string kem(texts.vec());
      node.ciphertexts.emplace_back(std::move(kem), std::string(texts.vec()));
    }
    path.nodes.push_back(std::move(node));
  }
  return path;
}

void read_commit(mls_reader& from, public_message& into) {
  mls_reader list(from.vec());
  while (list.left() > 0) {
    must(list.u8() == 2, "a proposal inside the commit");
    into.refs.emplace_back(list.vec());
  }
  if (from.present())
    into.path = read_path(from);
}

} // namespace

void mls_writer::vec(std::string_view bytes) {
  const auto size = bytes.size();
  must(size < vector_max, "a vector is too long");
  if (size < 0x40)
    u8(static_cast<std::uint8_t>(size));
  else if (size < 0x4000)
    u16(static_cast<std::uint16_t>(0x4000 | size));
  else
    u32(static_cast<std::uint32_t>(0x80000000u | size));
  raw(bytes);
}

std::string_view mls_reader::take(std::size_t size) {
  must(size <= left(), "a message is too short");
  const auto part = all_.substr(at_, size);
  at_ += size;
  return part;
}

std::uint64_t mls_reader::integer(std::size_t size) {
  std::uint64_t value = 0;
  for (const char c : take(size))
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string_view mls_reader::vec() {
  const auto first = u8();
  const int prefix = first >> 6;
  must(prefix < 3, "a length of no known form");
  std::size_t size = first & 0x3f;
  for (int i = 1; i < 1 << prefix; ++i)
    size = size << 8 | u8();
  must(prefix == 0 || size >= (prefix == 1 ? 0x40u : 0x4000u), "a length that is not minimal");
  return take(size);
}

bool mls_reader::present() {
  const auto flag = u8();
  must(flag <= 1, "an optional of no known form");
  return flag == 1;
}

void mls_reader::end() const { must(left() == 0, "bytes after the end of a message"); }

std::string leaf_node::content() const {
  mls_writer w;
  w.vec(encryption_key);
  w.vec(signature_key);
  w.u16(basic);
  w.vec(identity);
  w.raw(capabilities);
  w.u8(static_cast<std::uint8_t>(source));
  if (source == leaf_source::key_package) {
    w.u64(not_before);
    w.u64(not_after);
  } else if (source == leaf_source::commit) {
    w.vec(parent_hash);
  }
  w.vec(extensions);
  return w.take();
}

std::string leaf_node::bytes() const {
  mls_writer w;
  w.raw(content());
  w.vec(signature);
  return w.take();
}

std::string leaf_node::signed_content(std::string_view group_id, std::uint32_t index) const {
  mls_writer w;
  w.raw(content());
  if (source != leaf_source::key_package) {
    w.vec(group_id);
    w.u32(index);
  }
  return w.take();
}

leaf_node read_leaf_node(mls_reader& from) {
  leaf_node leaf;
  leaf.encryption_key = from.vec();
  leaf.signature_key = from.vec();
  must(from.u16() == basic, "a credential that is not basic");
  leaf.identity = from.vec();
  const auto begin = from.position();
  skip_vectors(from, 5);
  leaf.capabilities = from.since(begin);
  const auto source = from.u8();
  must(source >= 1 && source <= 3, "a leaf of no known source");
  leaf.source = static_cast<leaf_source>(source);
  if (leaf.source == leaf_source::key_package) {
    leaf.not_before = from.u64();
    leaf.not_after = from.u64();
  } else if (leaf.source == leaf_source::commit) {
    leaf.parent_hash = from.vec();
  }
  leaf.extensions = from.vec();
  leaf.signature = from.vec();
  return leaf;
}

std::string key_package::content() const {
  mls_writer w;
  w.u16(version);
  w.u16(suite);
  w.vec(init_key);
  w.raw(leaf.bytes());
  w.vec(extensions);
  return w.take();
}

key_package read_key_package(mls_reader& from) {
  const auto begin = from.position();
  key_package kp;
  must(from.u16() == version && from.u16() == suite, "a key package of another version or suite");
  kp.init_key = from.vec();
  kp.leaf = read_leaf_node(from);
  kp.extensions = from.vec();
  kp.signature = from.vec();
  kp.bytes = from.since(begin);
  return kp;
}

key_package read_key_package(std::string_view bytes) {
  mls_reader from(bytes);
  auto kp = read_key_package(from);
  from.end();
  must(kp.leaf.source == leaf_source::key_package, "a key package's leaf has another source");
  must(kp.leaf.not_before == 0 && kp.leaf.not_after == ~0ull, "a lifetime that is not unlimited");
  must(kp.leaf.identity.size() == 8, "an identity that is no user id");
  must(is_p256_point(kp.init_key) && is_p256_point(kp.leaf.encryption_key),
       "no point of the curve");
  must(kp.init_key != kp.leaf.encryption_key, "init key and encryption key are the same");
  must(verify_with_label(kp.leaf.signature_key, "LeafNodeTBS", kp.leaf.signed_content({}, 0),
                         kp.leaf.signature),
       "a leaf's signature is wrong");
  must(verify_with_label(kp.leaf.signature_key, "KeyPackageTBS", kp.content(), kp.signature),
       "a key package's signature is wrong");
  return kp;
}

std::string public_message::ref() const {
  mls_writer w;
  w.u16(1);
  w.raw(content);
  w.vec(signature);
  return ref_hash("Proposal", w.take());
}

public_message read_public_message(mls_reader& from) {
  public_message m;
  const auto begin = from.position();
  must(from.u16() == version && from.u16() == 1, "no public message");
  const auto content = from.position();
  m.group_id = from.vec();
  m.epoch = from.u64();
  const auto sender = from.u8();
  must(sender == 1 || sender == 2, "a sender that is neither member nor external");
  m.external = sender == 2;
  m.sender = from.u32();
  must(from.vec().empty(), "authenticated data");
  const auto type = from.u8();
  must(type == 2 || type == 3, "neither a proposal nor a commit");
  m.commit = type == 3;
  if (m.commit)
    read_commit(from, m);
  else
    read_proposal(from, m);
  m.content = from.since(content);
  m.signature = from.vec();
  if (m.commit)
    m.confirmation_tag = from.vec();
  if (!m.external)
    m.membership_tag = from.vec();
  m.bytes = from.since(begin);
  return m;
}

std::string welcome::only(const welcome_entry& entry) const {
  mls_writer one;
  one.vec(entry.ref);
  one.vec(entry.kem_output);
  one.vec(entry.ciphertext);
  mls_writer w;
  w.u16(suite);
  w.vec(one.take());
  w.vec(encrypted_group_info);
  return w.take();
}

welcome read_welcome(std::string_view bytes) {
  mls_reader from(bytes);
  must(from.u16() == suite, "a welcome of another suite");
  welcome w;
  mls_reader list(from.vec());
  while (list.left() > 0) {
    welcome_entry entry;
    entry.ref = list.vec();
    entry.kem_output = list.vec();
    entry.ciphertext = list.vec();
    w.entries.push_back(std::move(entry));
  }
  w.encrypted_group_info = from.vec();
  from.end();
  return w;
}

std::string identity_of(snowflake user) {
  mls_writer w;
  w.u64(user);
  return w.take();
}

} // namespace sim
