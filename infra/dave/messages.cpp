#include "infra/dave/messages.hpp"
#include "infra/dave/failure.hpp"

namespace hearth::dave {
namespace {

constexpr uint16_t add_type = 1;
constexpr uint16_t remove_type = 3;
constexpr uint8_t by_reference = 2;

void write(writer& out, const hpke_ciphertext& sealed) {
  out.vector(sealed.kem_output).vector(sealed.ciphertext);
}

hpke_ciphertext read_hpke_ciphertext(reader& in) {
  auto kem_output = in.vector_bytes();
  return {std::move(kem_output), in.vector_bytes()};
}

void write_unsigned(writer& out, const group_info& info) {
  write(out, info.context);
  write(out, info.extensions);
  out.vector(info.confirmation_tag).u32(info.signer);
}

} // namespace

void write(writer& out, const framed_content& content) {
  out.vector(content.group_id).u64(content.epoch);
  out.u8(static_cast<uint8_t>(content.sender.type)).u32(content.sender.index);
  out.vector(content.authenticated_data).u8(static_cast<uint8_t>(content.type)).raw(content.body);
}

void write(writer& out, const public_message& message) {
  out.u16(mls_version).u16(public_message_format);
  write(out, message.content);
  out.vector(message.signature);
  if (message.content.type == content_type::commit)
    out.vector(message.confirmation_tag);
  if (message.content.sender.type == sender_type::member)
    out.vector(message.membership_tag);
}

void write(writer& out, const proposal& what) {
  if (const auto* added = std::get_if<add_member>(&what)) {
    out.u16(add_type);
    write(out, added->package);
  } else {
    out.u16(remove_type).u32(std::get<remove_member>(what).leaf);
  }
}

void write(writer& out, const update_path& path) {
  write(out, path.leaf);
  auto nodes = writer{};
  for (const auto& node : path.nodes) {
    auto secrets = writer{};
    for (const auto& sealed : node.secrets)
      write(secrets, sealed);
    nodes.vector(node.encryption_key).vector(secrets.view());
  }
  out.vector(nodes.view());
}

void write(writer& out, const commit& what) {
  auto references = writer{};
  for (const auto& reference : what.references)
    references.u8(by_reference).vector(reference);
  out.vector(references.view()).u8(what.path ? 1 : 0);
  if (what.path)
    write(out, *what.path);
}

void write(writer& out, const group_info& info) {
  write_unsigned(out, info);
  out.vector(info.signature);
}

void write(writer& out, const group_secrets& secrets) {
  out.vector(secrets.joiner_secret).u8(secrets.path_secret ? 1 : 0);
  if (secrets.path_secret)
    out.vector(*secrets.path_secret);
  out.length(0); // pre-shared keys
}

void write(writer& out, const welcome& what) {
  auto entries = writer{};
  for (const auto& entry : what.entries) {
    entries.vector(entry.key_package_ref);
    write(entries, entry.secrets);
  }
  out.u16(what.suite).vector(entries.view()).vector(what.encrypted_group_info);
}

framed_content read_framed_content(reader& in) {
  auto content = framed_content{};
  content.group_id = in.vector_bytes();
  content.epoch = in.u64();
  const auto sender = in.u8();
  require(sender == 1 || sender == 2, "message of a sender that DAVE does not know");
  content.sender = {static_cast<sender_type>(sender), in.u32()};
  content.authenticated_data = in.vector_bytes();
  const auto type = in.u8();
  require(type == 2 || type == 3, "message is neither proposal nor commit");
  content.type = static_cast<content_type>(type);
  const auto body = in.rest();
  if (content.type == content_type::proposal)
    read_proposal(in);
  else
    read_commit(in);
  content.body = to_bytes(body.first(body.size() - in.rest().size()));
  return content;
}

public_message read_public_message(reader& in) {
  require(in.u16() == mls_version, "message of another MLS version");
  require(in.u16() == public_message_format, "message is not a PublicMessage");
  auto message = public_message{};
  message.content = read_framed_content(in);
  message.signature = in.vector_bytes();
  if (message.content.type == content_type::commit)
    message.confirmation_tag = in.vector_bytes();
  if (message.content.sender.type == sender_type::member)
    message.membership_tag = in.vector_bytes();
  return message;
}

proposal read_proposal(reader& in) {
  const auto type = in.u16();
  if (type == add_type)
    return add_member{read_key_package(in)};
  require(type == remove_type, "proposal is neither Add nor Remove");
  return remove_member{in.u32()};
}

update_path read_update_path(reader& in) {
  auto path = update_path{read_leaf_node(in), {}};
  for (auto nodes = reader(in.vector()); !nodes.empty();) {
    require(path.nodes.size() < path_nodes_max, "path longer than any tree is high");
    auto node = path_node{nodes.vector_bytes(), {}};
    for (auto secrets = reader(nodes.vector()); !secrets.empty();) {
      require(node.secrets.size() < leaves_max, "path secret sealed for too many");
      node.secrets.push_back(read_hpke_ciphertext(secrets));
    }
    path.nodes.push_back(std::move(node));
  }
  return path;
}

commit read_commit(reader& in) {
  auto what = commit{};
  for (auto list = reader(in.vector()); !list.empty();) {
    require(what.references.size() < leaves_max, "commit with too many proposals");
    require(list.u8() == by_reference, "commit with an inline proposal");
    what.references.push_back(list.vector_bytes());
  }
  if (in.present())
    what.path = read_update_path(in);
  return what;
}

group_info read_group_info(reader& in) {
  auto info = group_info{};
  info.context = read_group_context(in);
  info.extensions = read_extensions(in);
  info.confirmation_tag = in.vector_bytes();
  info.signer = in.u32();
  info.signature = in.vector_bytes();
  return info;
}

group_secrets read_group_secrets(reader& in) {
  auto secrets = group_secrets{in.vector_bytes(), std::nullopt};
  if (in.present())
    secrets.path_secret = in.vector_bytes();
  require(in.vector().empty(), "welcome wants a pre-shared key");
  return secrets;
}

welcome read_welcome(reader& in) {
  auto what = welcome{in.u16(), {}, {}};
  for (auto entries = reader(in.vector()); !entries.empty();) {
    require(what.entries.size() < leaves_max, "welcome for too many");
    auto reference = entries.vector_bytes();
    what.entries.push_back({std::move(reference), read_hpke_ciphertext(entries)});
  }
  what.encrypted_group_info = in.vector_bytes();
  return what;
}

bytes group_info_tbs(const group_info& info) {
  auto out = writer{};
  write_unsigned(out, info);
  return out.take();
}

} // namespace hearth::dave
