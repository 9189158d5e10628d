#include "infra/dave/key_schedule.hpp"

namespace hearth::dave {

bytes joiner_secret(const crypto_suite& crypto, byte_view init_before, byte_view commit_secret,
                    byte_view context) {
  return expand_with_label(crypto, crypto.hmac(init_before, commit_secret), "joiner", context,
                           hash_size);
}

bytes member_secret(const crypto_suite& crypto, byte_view joiner, byte_view psk_secret) {
  const auto none = bytes(hash_size);
  return crypto.hmac(joiner, psk_secret.empty() ? byte_view(none) : psk_secret);
}

bytes epoch_secret(const crypto_suite& crypto, byte_view member, byte_view context) {
  return expand_with_label(crypto, member, "epoch", context, hash_size);
}

bytes welcome_secret(const crypto_suite& crypto, byte_view member) {
  return derive_secret(crypto, member, "welcome");
}

epoch_secrets secrets_of_epoch(const crypto_suite& crypto, byte_view epoch_secret) {
  return {derive_secret(crypto, epoch_secret, "init"),
          derive_secret(crypto, epoch_secret, "exporter"),
          derive_secret(crypto, epoch_secret, "authentication"),
          derive_secret(crypto, epoch_secret, "confirm"),
          derive_secret(crypto, epoch_secret, "membership")};
}

welcome_keys keys_of_welcome(const crypto_suite& crypto, byte_view welcome_secret) {
  return {expand_with_label(crypto, welcome_secret, "key", {}, aead_key_size),
          expand_with_label(crypto, welcome_secret, "nonce", {}, aead_nonce_size)};
}

} // namespace hearth::dave
