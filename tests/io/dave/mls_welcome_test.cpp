// The working group's vectors for Welcomes.
#include "infra/dave/failure.hpp"
#include "infra/dave/group.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth::dave;
using hearth::test::hex;
using hearth::test::mls_vectors;
using hearth::test::unhex;

namespace {

/// A structure inside an MLSMessage.
template <class T> T unwrapped(const nlohmann::json& text, T (*read)(reader&)) {
  const auto wire = unhex(text);
  return decoded(byte_view(wire).subspan(4), read);
}

} // namespace

TEST_CASE("welcome: secrets and group info of the vectors open", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-welcome.json")) {
    const auto package = unwrapped(entry["key_package"], read_key_package);
    const auto invitation = unwrapped(entry["welcome"], read_welcome);
    const auto reference = key_package_ref(crypto, package);
    REQUIRE(invitation.entries.size() == 1);
    CHECK(invitation.entries[0].key_package_ref == reference);
    const auto secrets =
        decoded(decrypt_with_label(crypto, unhex(entry["init_priv"]), "Welcome",
                                   invitation.encrypted_group_info, invitation.entries[0].secrets),
                read_group_secrets);
    const auto member = member_secret(crypto, secrets.joiner_secret);
    const auto keys = keys_of_welcome(crypto, welcome_secret(crypto, member));
    const auto info =
        decoded(aead_open(crypto, keys.key, keys.nonce, {}, invitation.encrypted_group_info),
                read_group_info);
    CHECK(verify_with_label(crypto, unhex(entry["signer_pub"]), "GroupInfoTBS",
                            group_info_tbs(info), info.signature));
    auto group = group_state{};
    group.context = info.context;
    enter_epoch(crypto, group, secrets.joiner_secret);
    CHECK(crypto.hmac(group.secrets.confirmation_key, info.context.confirmed_transcript_hash) ==
          info.confirmation_tag);
  }
}

TEST_CASE("welcome: a passive member of the vectors joins", "[dave]") {
  const auto& crypto = openssl_suite();
  auto joined = 0;
  for (const auto& entry : mls_vectors("mls-passive-client-welcome.json")) {
    auto own = own_package{};
    own.package = unwrapped(entry["key_package"], read_key_package);
    own.init_secret_key = unhex(entry["init_priv"]);
    own.leaf_secret_key = unhex(entry["encryption_priv"]);
    CHECK_NOTHROW(check_key_package(crypto, own.package));
    const auto invitation = unwrapped(entry["welcome"], read_welcome);
    if (!entry["external_psks"].empty() || !entry["ratchet_tree"].is_null()) {
      // Pre-shared keys and trees beside the Welcome are not DAVE's: refused.
      CHECK_THROWS_AS(join_group(crypto, invitation, own), failure);
      continue;
    }
    const auto group = join_group(crypto, invitation, own);
    CHECK(hex(group.secrets.authenticator) == entry["initial_epoch_authenticator"]);
    ++joined;
    own.init_secret_key.back() ^= 1;
    CHECK_THROWS_AS(join_group(crypto, invitation, own), failure);
  }
  CHECK((joined == 0 || joined == 2));
}
