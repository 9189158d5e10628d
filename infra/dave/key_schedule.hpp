#pragma once
// The secrets of an epoch. Pure. Source: RFC 9420 8; dave 7.3.
#include "infra/dave/labels.hpp"

namespace hearth::dave {

/// What an epoch's members share; every field is a secret of 32 bytes.
struct epoch_secrets {
  bytes init;          ///< Enters the next epoch.
  bytes exporter;      ///< Media keys come from it.
  bytes authenticator; ///< Equal for all members: the voice privacy code.
  bytes confirmation_key;
  bytes membership_key;
};

/// joiner_secret of the epoch that `context` (encoded, of the new epoch) describes.
bytes joiner_secret(const crypto_suite& crypto, byte_view init_before, byte_view commit_secret,
                    byte_view context);
/// member_secret, without pre-shared keys unless given. @param psk_secret 32 bytes.
bytes member_secret(const crypto_suite& crypto, byte_view joiner, byte_view psk_secret = {});
bytes epoch_secret(const crypto_suite& crypto, byte_view member, byte_view context);
bytes welcome_secret(const crypto_suite& crypto, byte_view member);
epoch_secrets secrets_of_epoch(const crypto_suite& crypto, byte_view epoch_secret);

/// Key and nonce that seal the GroupInfo of a Welcome.
struct welcome_keys {
  bytes key;
  bytes nonce;
};
welcome_keys keys_of_welcome(const crypto_suite& crypto, byte_view welcome_secret);

} // namespace hearth::dave
