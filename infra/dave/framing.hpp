#pragma once
// Who said a PublicMessage: signatures, membership tags, proposal references, transcript hashes.
// Pure. Source: RFC 9420 5.2, 6.1, 6.2, 8.2; dave 7.4, 7.5.
#include "infra/dave/messages.hpp"

namespace hearth::dave {

/// What the signature covers. @param context Encoded GroupContext; empty for an external sender.
bytes framed_content_tbs(const framed_content& content, byte_view context);
/// AuthenticatedContent: what a ProposalRef covers.
bytes authenticated_content(const public_message& message);
bytes membership_tag(const crypto_suite& crypto, byte_view membership_key,
                     const public_message& message, byte_view context);
bytes proposal_ref(const crypto_suite& crypto, const public_message& message);

/// A member's message: tag first, then the signature. @throws failure
void check_member_message(const crypto_suite& crypto, const public_message& message,
                          byte_view membership_key, byte_view context, byte_view signature_key);
/// The voice gateway's. @throws failure
void check_external_message(const crypto_suite& crypto, const public_message& message,
                            byte_view signature_key);

/// H(interim before || wire format || content || signature).
bytes confirmed_hash(const crypto_suite& crypto, byte_view interim_before,
                     const framed_content& content, byte_view signature);
bytes interim_hash(const crypto_suite& crypto, byte_view confirmed, byte_view confirmation_tag);

} // namespace hearth::dave
