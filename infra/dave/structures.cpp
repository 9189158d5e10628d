#include "infra/dave/structures.hpp"
#include "infra/dave/failure.hpp"

namespace hearth::dave {
namespace {

void write(writer& out, const std::vector<uint16_t>& list) {
  out.length(list.size() * 2);
  for (const auto value : list)
    out.u16(value);
}

std::vector<uint16_t> read_u16_list(reader& in) {
  auto list = std::vector<uint16_t>{};
  for (auto items = reader(in.vector()); !items.empty();)
    list.push_back(items.u16());
  return list;
}

void write(writer& out, const capabilities& able_to) {
  write(out, able_to.versions);
  write(out, able_to.suites);
  write(out, able_to.extensions);
  write(out, able_to.proposals);
  write(out, able_to.credentials);
}

capabilities read_capabilities(reader& in) {
  auto able_to = capabilities{};
  able_to.versions = read_u16_list(in);
  able_to.suites = read_u16_list(in);
  able_to.extensions = read_u16_list(in);
  able_to.proposals = read_u16_list(in);
  able_to.credentials = read_u16_list(in);
  return able_to;
}

bytes read_basic_identity(reader& in) {
  require(in.u16() == basic_credential, "credential is not a basic one");
  return in.vector_bytes();
}

void write_unsigned(writer& out, const leaf_node& leaf) {
  out.vector(leaf.encryption_key).vector(leaf.signature_key);
  out.u16(basic_credential).vector(leaf.identity);
  write(out, leaf.able_to);
  out.u8(static_cast<uint8_t>(leaf.source));
  if (leaf.source == leaf_source::key_package)
    out.u64(leaf.not_before).u64(leaf.not_after);
  else if (leaf.source == leaf_source::commit)
    out.vector(leaf.parent_hash);
  write(out, leaf.extensions);
}

void write_unsigned(writer& out, const key_package& package) {
  out.u16(package.version).u16(package.suite).vector(package.init_key);
  write(out, package.leaf);
  write(out, package.extensions);
}

} // namespace

void write(writer& out, const std::vector<extension>& list) {
  auto items = writer{};
  for (const auto& item : list)
    items.u16(item.type).vector(item.data);
  out.vector(items.view());
}

void write(writer& out, const leaf_node& leaf) {
  write_unsigned(out, leaf);
  out.vector(leaf.signature);
}

void write(writer& out, const parent_node& parent) {
  out.vector(parent.encryption_key).vector(parent.parent_hash);
  out.length(parent.unmerged_leaves.size() * 4);
  for (const auto leaf : parent.unmerged_leaves)
    out.u32(leaf);
}

void write(writer& out, const key_package& package) {
  write_unsigned(out, package);
  out.vector(package.signature);
}

void write(writer& out, const group_context& context) {
  out.u16(context.version).u16(context.suite).vector(context.group_id).u64(context.epoch);
  out.vector(context.tree_hash).vector(context.confirmed_transcript_hash);
  write(out, context.extensions);
}

std::vector<extension> read_extensions(reader& in) {
  auto list = std::vector<extension>{};
  for (auto items = reader(in.vector()); !items.empty();) {
    require(list.size() < extensions_max, "too many extensions");
    const auto type = items.u16();
    list.push_back({type, items.vector_bytes()});
  }
  return list;
}

leaf_node read_leaf_node(reader& in) {
  auto leaf = leaf_node{};
  leaf.encryption_key = in.vector_bytes();
  leaf.signature_key = in.vector_bytes();
  leaf.identity = read_basic_identity(in);
  leaf.able_to = read_capabilities(in);
  const auto source = in.u8();
  require(source >= 1 && source <= 3, "leaf of an unknown source");
  leaf.source = static_cast<leaf_source>(source);
  if (leaf.source == leaf_source::key_package) {
    leaf.not_before = in.u64();
    leaf.not_after = in.u64();
  } else if (leaf.source == leaf_source::commit) {
    leaf.parent_hash = in.vector_bytes();
  }
  leaf.extensions = read_extensions(in);
  leaf.signature = in.vector_bytes();
  return leaf;
}

parent_node read_parent_node(reader& in) {
  auto parent = parent_node{};
  parent.encryption_key = in.vector_bytes();
  parent.parent_hash = in.vector_bytes();
  for (auto leaves = reader(in.vector()); !leaves.empty();) {
    const auto leaf = leaves.u32();
    require(parent.unmerged_leaves.empty() || parent.unmerged_leaves.back() < leaf,
            "unmerged leaves out of order");
    parent.unmerged_leaves.push_back(leaf);
  }
  return parent;
}

key_package read_key_package(reader& in) {
  auto package = key_package{};
  package.version = in.u16();
  package.suite = in.u16();
  package.init_key = in.vector_bytes();
  package.leaf = read_leaf_node(in);
  package.extensions = read_extensions(in);
  package.signature = in.vector_bytes();
  return package;
}

group_context read_group_context(reader& in) {
  auto context = group_context{};
  context.version = in.u16();
  context.suite = in.u16();
  context.group_id = in.vector_bytes();
  context.epoch = in.u64();
  context.tree_hash = in.vector_bytes();
  context.confirmed_transcript_hash = in.vector_bytes();
  context.extensions = read_extensions(in);
  return context;
}

external_sender read_external_sender(reader& in) {
  auto sender = external_sender{};
  sender.signature_key = in.vector_bytes();
  sender.identity = read_basic_identity(in);
  return sender;
}

bytes leaf_node_tbs(const leaf_node& leaf, byte_view group_id, uint32_t index) {
  auto out = writer{};
  write_unsigned(out, leaf);
  if (leaf.source != leaf_source::key_package)
    out.vector(group_id).u32(index);
  return out.take();
}

bytes key_package_tbs(const key_package& package) {
  auto out = writer{};
  write_unsigned(out, package);
  return out.take();
}

} // namespace hearth::dave
