#include "infra/dave/framing.hpp"
#include "infra/dave/failure.hpp"

namespace hearth::dave {
namespace {

constexpr auto signature_label = std::string_view("FramedContentTBS");

void write_auth_data(writer& out, const public_message& message) {
  out.vector(message.signature);
  if (message.content.type == content_type::commit)
    out.vector(message.confirmation_tag);
}

} // namespace

bytes framed_content_tbs(const framed_content& content, byte_view context) {
  auto out = writer{};
  out.u16(mls_version).u16(public_message_format);
  write(out, content);
  return out.raw(context).take();
}

bytes authenticated_content(const public_message& message) {
  auto out = writer{};
  out.u16(public_message_format);
  write(out, message.content);
  write_auth_data(out, message);
  return out.take();
}

bytes membership_tag(const crypto_suite& crypto, byte_view membership_key,
                     const public_message& message, byte_view context) {
  auto out = writer{};
  out.raw(framed_content_tbs(message.content, context));
  write_auth_data(out, message);
  return crypto.hmac(membership_key, out.view());
}

bytes proposal_ref(const crypto_suite& crypto, const public_message& message) {
  return ref_hash(crypto, "MLS 1.0 Proposal Reference", authenticated_content(message));
}

void check_member_message(const crypto_suite& crypto, const public_message& message,
                          byte_view membership_key, byte_view context, byte_view signature_key) {
  require(
      crypto.same(message.membership_tag, membership_tag(crypto, membership_key, message, context)),
      "membership tag does not fit");
  require(verify_with_label(crypto, signature_key, signature_label,
                            framed_content_tbs(message.content, context), message.signature),
          "message is not signed by its sender");
}

void check_external_message(const crypto_suite& crypto, const public_message& message,
                            byte_view signature_key) {
  require(message.content.sender.type == sender_type::external && message.content.sender.index == 0,
          "message is not the voice gateway's");
  require(verify_with_label(crypto, signature_key, signature_label,
                            framed_content_tbs(message.content, {}), message.signature),
          "message is not signed by the voice gateway");
}

bytes confirmed_hash(const crypto_suite& crypto, byte_view interim_before,
                     const framed_content& content, byte_view signature) {
  auto out = writer{};
  out.raw(interim_before).u16(public_message_format);
  write(out, content);
  out.vector(signature);
  return crypto.sha256(out.view());
}

bytes interim_hash(const crypto_suite& crypto, byte_view confirmed, byte_view confirmation_tag) {
  return crypto.sha256(writer{}.raw(confirmed).vector(confirmation_tag).view());
}

} // namespace hearth::dave
