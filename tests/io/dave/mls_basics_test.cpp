// The working group's vectors for encodings, tree arithmetic, labelled cryptography, key schedule.
#include "infra/dave/failure.hpp"
#include "infra/dave/framing.hpp"
#include "infra/dave/key_schedule.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/dave/tree_math.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth::dave;
using hearth::test::hex;
using hearth::test::mls_vectors;
using hearth::test::unhex;

TEST_CASE("mls: vector headers decode as the vectors say, and encode back", "[dave]") {
  for (const auto& entry : mls_vectors("mls-deserialization.json")) {
    const auto header = unhex(entry["vlbytes_header"]);
    auto in = reader(header);
    CHECK(in.length() == entry["length"].get<size_t>());
    in.end();
    CHECK(writer{}.length(entry["length"].get<size_t>()).view() == header);
  }
}

TEST_CASE("mls: tree arithmetic agrees with the vectors", "[dave]") {
  for (const auto& entry : mls_vectors("mls-tree-math.json")) {
    const auto leaves = entry["n_leaves"].get<uint32_t>();
    REQUIRE(node_count(leaves) == entry["n_nodes"].get<uint32_t>());
    REQUIRE(root_of(leaves) == entry["root"].get<uint32_t>());
    auto wrong = 0;
    for (auto node = node_index{0}; node < node_count(leaves); ++node) {
      const auto check = [&](const char* name, bool exists, auto function) {
        const auto& expected = entry[name][node];
        if (expected.is_null() != !exists || (exists && expected.get<uint32_t>() != function(node)))
          ++wrong;
      };
      check("left", !is_leaf(node), left_of);
      check("right", !is_leaf(node), right_of);
      check("parent", node != root_of(leaves), parent_of);
      check("sibling", node != root_of(leaves), sibling_of);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("mls: labelled cryptography agrees with the vectors", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-crypto-basics.json")) {
    const auto text = [](const auto& part, const char* name) {
      return part[name].template get<std::string>();
    };
    const auto& ref = entry["ref_hash"];
    CHECK(hex(ref_hash(crypto, text(ref, "label"), unhex(ref["value"]))) == text(ref, "out"));
    const auto& expand = entry["expand_with_label"];
    CHECK(hex(expand_with_label(crypto, unhex(expand["secret"]), text(expand, "label"),
                                unhex(expand["context"]), expand["length"].get<size_t>())) ==
          text(expand, "out"));
    const auto& derive = entry["derive_secret"];
    CHECK(hex(derive_secret(crypto, unhex(derive["secret"]), text(derive, "label"))) ==
          text(derive, "out"));
    const auto& tree = entry["derive_tree_secret"];
    CHECK(hex(derive_tree_secret(crypto, unhex(tree["secret"]), text(tree, "label"),
                                 tree["generation"].get<uint32_t>(),
                                 tree["length"].get<size_t>())) == text(tree, "out"));
    const auto& sign = entry["sign_with_label"];
    const auto content = unhex(sign["content"]);
    const auto label = text(sign, "label");
    CHECK(verify_with_label(crypto, unhex(sign["pub"]), label, content, unhex(sign["signature"])));
    const auto ours = sign_with_label(crypto, unhex(sign["priv"]), label, content);
    CHECK(verify_with_label(crypto, unhex(sign["pub"]), label, content, ours));
    CHECK_FALSE(verify_with_label(crypto, unhex(sign["pub"]), label + "x", content, ours));
    const auto& seal = entry["encrypt_with_label"];
    const auto seal_label = text(seal, "label");
    const auto context = unhex(seal["context"]);
    const auto sealed = hpke_ciphertext{unhex(seal["kem_output"]), unhex(seal["ciphertext"])};
    CHECK(hex(decrypt_with_label(crypto, unhex(seal["priv"]), seal_label, context, sealed)) ==
          text(seal, "plaintext"));
    const auto again = encrypt_with_label(crypto, unhex(seal["pub"]), seal_label, context,
                                          unhex(seal["plaintext"]));
    CHECK(hex(decrypt_with_label(crypto, unhex(seal["priv"]), seal_label, context, again)) ==
          text(seal, "plaintext"));
    CHECK_THROWS_AS(decrypt_with_label(crypto, unhex(seal["priv"]), seal_label, {}, again),
                    failure);
  }
}

TEST_CASE("mls: the key schedule agrees with the vectors", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-key-schedule.json")) {
    auto init = unhex(entry["initial_init_secret"]);
    auto number = uint64_t{0};
    for (const auto& epoch : entry["epochs"]) {
      auto context = group_context{};
      context.group_id = unhex(entry["group_id"]);
      context.epoch = number++;
      context.tree_hash = unhex(epoch["tree_hash"]);
      context.confirmed_transcript_hash = unhex(epoch["confirmed_transcript_hash"]);
      const auto encoding = encoded(context);
      CHECK(hex(encoding) == epoch["group_context"]);
      const auto joiner = joiner_secret(crypto, init, unhex(epoch["commit_secret"]), encoding);
      CHECK(hex(joiner) == epoch["joiner_secret"]);
      const auto member = member_secret(crypto, joiner, unhex(epoch["psk_secret"]));
      CHECK(hex(welcome_secret(crypto, member)) == epoch["welcome_secret"]);
      const auto secrets = secrets_of_epoch(crypto, epoch_secret(crypto, member, encoding));
      CHECK(hex(secrets.init) == epoch["init_secret"]);
      CHECK(hex(secrets.exporter) == epoch["exporter_secret"]);
      CHECK(hex(secrets.authenticator) == epoch["epoch_authenticator"]);
      CHECK(hex(secrets.confirmation_key) == epoch["confirmation_key"]);
      CHECK(hex(secrets.membership_key) == epoch["membership_key"]);
      const auto& out = epoch["exporter"];
      const auto label = out["label"].get<std::string>();
      CHECK(hex(exported_secret(crypto, secrets.exporter, bytes_of(label), unhex(out["context"]),
                                out["length"].get<size_t>())) == out["secret"]);
      init = secrets.init;
    }
  }
}

TEST_CASE("mls: transcript hashes agree with the vectors", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-transcript-hashes.json")) {
    const auto whole = unhex(entry["authenticated_content"]);
    auto in = reader(whole);
    CHECK(in.u16() == public_message_format);
    const auto content = read_framed_content(in);
    const auto signature = in.vector_bytes();
    const auto tag = in.vector_bytes();
    in.end();
    const auto before = unhex(entry["interim_transcript_hash_before"]);
    const auto confirmed = confirmed_hash(crypto, before, content, signature);
    CHECK(hex(confirmed) == entry["confirmed_transcript_hash_after"]);
    CHECK(crypto.hmac(unhex(entry["confirmation_key"]), confirmed) == tag);
    CHECK(hex(interim_hash(crypto, confirmed, tag)) == entry["interim_transcript_hash_after"]);
  }
}

TEST_CASE("mls: protected messages of the vectors are accepted, changed ones are not", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-message-protection.json")) {
    auto context = group_context{};
    context.group_id = unhex(entry["group_id"]);
    context.epoch = entry["epoch"].get<uint64_t>();
    context.tree_hash = unhex(entry["tree_hash"]);
    context.confirmed_transcript_hash = unhex(entry["confirmed_transcript_hash"]);
    const auto around = encoded(context);
    const auto key = unhex(entry["membership_key"]);
    const auto signer = unhex(entry["signature_pub"]);

    const auto wire = unhex(entry["proposal_pub"]);
    auto message = decoded(wire, read_public_message);
    CHECK(encoded(message) == wire);
    CHECK(message.content.body == unhex(entry["proposal"]));
    CHECK_NOTHROW(check_member_message(crypto, message, key, around, signer));
    message.membership_tag.back() ^= 1;
    CHECK_THROWS_AS(check_member_message(crypto, message, key, around, signer), failure);
    message.membership_tag.back() ^= 1;
    message.content.epoch ^= 1;
    CHECK_THROWS_AS(check_member_message(crypto, message, key, around, signer), failure);

    // The commit holds a pre-shared key proposal inline, which DAVE does not read: its frame alone.
    const auto commit_wire = unhex(entry["commit_pub"]);
    CHECK_THROWS_AS(decoded(commit_wire, read_public_message), failure);
    auto sender = message_sender{};
    auto framed = public_message{};
    framed.content = {context.group_id,     context.epoch,         sender, {},
                      content_type::commit, unhex(entry["commit"])};
    auto in = reader(commit_wire);
    in.take(4); // version, wire format
    in.vector();
    in.u64();
    CHECK(in.u8() == 1);
    framed.content.sender.index = in.u32();
    framed.content.authenticated_data = in.vector_bytes();
    CHECK(in.u8() == 3);
    CHECK(to_bytes(in.take(framed.content.body.size())) == framed.content.body);
    framed.signature = in.vector_bytes();
    framed.confirmation_tag = in.vector_bytes();
    framed.membership_tag = in.vector_bytes();
    in.end();
    CHECK_NOTHROW(check_member_message(crypto, framed, key, around, signer));
  }
}

TEST_CASE("mls: messages of the vectors encode back to the same bytes", "[dave]") {
  auto commits = 0;
  for (const auto& entry : mls_vectors("mls-messages.json")) {
    const auto same = [&](const char* name, size_t skip, auto read) {
      const auto wire = unhex(entry[name]);
      const auto body = byte_view(wire).subspan(skip); // the header of MLSMessage
      CHECK(equal(encoded(decoded(body, read)), body));
    };
    same("mls_welcome", 4, read_welcome);
    same("mls_group_info", 4, read_group_info);
    same("mls_key_package", 4, read_key_package);
    const auto add = unhex(entry["add_proposal"]);
    CHECK(equal(encoded(decoded(add, read_key_package)), add));
    CHECK(reader(unhex(entry["remove_proposal"])).u32() != 0);
    // Commits with other than Add and Remove by reference are refused, not half read.
    for (const auto* name : {"public_message_proposal", "public_message_commit"}) {
      try {
        const auto wire = unhex(entry[name]);
        CHECK(encoded(decoded(wire, read_public_message)) == wire);
        ++commits;
      } catch (const failure& refused) {
        INFO(refused.what());
        SUCCEED();
      }
    }
  }
}
