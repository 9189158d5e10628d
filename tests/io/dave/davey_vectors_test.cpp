// What davey (OpenMLS) said in recorded groups: a member that follows 40 epochs, a transcript,
// media.
#include "infra/dave/codes.hpp"
#include "infra/dave/failure.hpp"
#include "infra/dave/frame_opener.hpp"
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/group.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth;
using namespace hearth::dave;
using hearth::test::hex;
using hearth::test::mls_vectors;
using hearth::test::own_vectors;
using hearth::test::unhex;

namespace {

user_id user_named(const std::string& digits) { return *parse_id<user_id>(digits); }

/// op 27: an append, each proposal signed by the external sender.
std::vector<queued_proposal> appended(const nlohmann::json& payload, byte_view external) {
  const auto& crypto = openssl_suite();
  const auto sender = decoded(external, read_external_sender);
  const auto wire = unhex(payload);
  auto in = reader(wire);
  REQUIRE(in.u8() == 0);
  auto list = std::vector<queued_proposal>{};
  for (auto items = reader(in.vector()); !items.empty();) {
    const auto message = read_public_message(items);
    CHECK_NOTHROW(check_external_message(crypto, message, sender.signature_key));
    auto what = decoded(message.content.body, read_proposal);
    if (const auto* added = std::get_if<add_member>(&what))
      CHECK_NOTHROW(check_key_package(crypto, added->package));
    list.push_back({proposal_ref(crypto, message), std::move(what)});
  }
  in.end();
  return list;
}

std::string key_in_generation(byte_view base, uint32_t generation) {
  auto ratchet = key_ratchet(openssl_suite(), base);
  auto key = ratchet.next_key();
  while (ratchet.generation() <= generation)
    key = ratchet.next_key();
  return hex(key);
}

} // namespace

TEST_CASE("davey: a member follows 40 epochs of joins, leaves and batches", "[dave]") {
  const auto& crypto = openssl_suite();
  const auto record = own_vectors("davey-passive-member.json");
  const auto external = unhex(record["external_sender"]);
  auto own = own_package{};
  const auto package = unhex(record["key_package"]);
  own.package = decoded(package, read_key_package);
  CHECK(encoded(own.package) == package);
  CHECK(hex(key_package_ref(crypto, own.package)) == record["key_package_ref"]);
  own.init_secret_key = unhex(record["private"]["init"]);
  own.leaf_secret_key = unhex(record["private"]["leaf"]);
  CHECK(crypto.public_key(own.init_secret_key) == own.package.init_key);
  auto group = join_group(crypto, decoded(unhex(record["welcome"]), read_welcome), own);
  const auto expected =
      std::vector<extension>{{external_senders_extension, writer{}.vector(external).take()}};
  auto paths = 0;
  auto frames = 0;
  REQUIRE(record["epochs"].size() == 40);
  for (const auto& epoch : record["epochs"]) {
    INFO("epoch " << epoch["epoch"]);
    if (epoch.contains("commit")) {
      const auto known = appended(epoch["proposals"], external);
      const auto message = decoded(unhex(epoch["commit"]), read_public_message);
      auto next = apply_commit(crypto, group, message, known);
      REQUIRE(next);
      // Every commit changes the epoch once: the same again belongs to the past.
      CHECK_THROWS_AS(apply_commit(crypto, *next, message, known), failure);
      CHECK(decoded(message.content.body, read_commit).path.has_value() ==
            epoch["has_path"].get<bool>());
      paths += epoch["has_path"].get<bool>() ? 1 : 0;
      group = std::move(*next);
    }
    CHECK(group.context.epoch == epoch["epoch"].get<uint64_t>());
    CHECK(group.own == epoch["leaf_index"].get<leaf_index>());
    CHECK(group.context.extensions == expected);
    CHECK(hex(group.context.tree_hash) == epoch["tree_hash"]);
    CHECK(hex(group.context.confirmed_transcript_hash) == epoch["confirmed_transcript_hash"]);
    CHECK(hex(group.secrets.authenticator) == epoch["epoch_authenticator"]);
    CHECK(hex(group.secrets.exporter) == epoch["exporter_secret"]);
    CHECK(group.tree.has_valid_parent_hashes(crypto));
    CHECK_NOTHROW(check_path_keys(crypto, group.tree, group.keys));
    auto members = std::set<user_id>{};
    for (const auto& member : epoch["members"])
      members.insert(user_named(member));
    const auto present = group.members();
    CHECK(std::set<user_id>(present.begin(), present.end()) == members);
    for (const auto& [user, base] : epoch["base_secrets"].items()) {
      const auto secret = group.media_base(crypto, user_named(user));
      CHECK(hex(secret) == base);
      for (auto generation = uint32_t{0}; generation < 3; ++generation)
        CHECK(key_in_generation(secret, generation) == epoch["keys"][user][generation]);
    }
    for (const auto& frame : epoch["frames"]) {
      auto opener = frame_opener{};
      opener.renew(crypto, group.media_base(crypto, user_named(frame["sender"])), 0);
      const auto wire = unhex(frame["frame"]);
      const auto trailer = read_media_trailer(wire);
      REQUIRE(trailer);
      auto out = std::vector<uint8_t>{};
      CHECK(opener.open(0, *trailer, out));
      CHECK(hex(out) == frame["plaintext"]);
      ++frames;
    }
  }
  CHECK(paths > 10);
  CHECK(frames == 120);
}

TEST_CASE("davey: a recorded session's packages, proposals, references and codes hold", "[dave]") {
  const auto& crypto = openssl_suite();
  const auto record = own_vectors("davey-transcript.json");
  const auto external = unhex(record["external_sender"]);
  CHECK(writer{}.u64(user_named(record["channel_id"]).value).take() == unhex(record["group_id"]));
  auto proposals = 0;
  auto commits = 0;
  for (const auto& step : record["steps"]) {
    INFO("step " << step["name"]);
    for (const auto& [name, value] : step.items()) {
      if (name.starts_with("proposals") || name == "append") {
        proposals += static_cast<int>(appended(value, external).size());
      } else if (name.starts_with("commit_welcome") || name.starts_with("losing_commit_welcome")) {
        const auto wire = unhex(value);
        auto in = reader(wire);
        const auto message = read_public_message(in);
        auto again = encoded(message);
        if (!in.empty()) {
          const auto invitation = encoded(read_welcome(in));
          again.insert(again.end(), invitation.begin(), invitation.end());
        }
        in.end();
        CHECK(again == wire);
        ++commits;
      }
    }
    if (step.contains("commit_info")) {
      const auto message = decoded(unhex(step["commit"]), read_public_message);
      const auto what = decoded(message.content.body, read_commit);
      const auto& info = step["commit_info"];
      CHECK(message.content.epoch == info["epoch"].get<uint64_t>());
      CHECK(message.content.sender.index == info["sender"].get<uint32_t>());
      CHECK(what.path.has_value() == info["hasPath"].get<bool>());
      REQUIRE(what.references.size() == info["proposals"].size());
      for (auto at = size_t{0}; at < what.references.size(); ++at)
        CHECK(hex(what.references[at]) == info["proposals"][at]);
      CHECK(hex(message.confirmation_tag) == info["confirmationTag"]);
    }
  }
  CHECK(proposals >= 8);
  CHECK(commits >= 8);

  const auto& initial = record["steps"][0];
  CHECK(hex(appended(initial["proposals_to_A"], external).at(0).reference) ==
        initial["proposal_refs"]["pB"]);
  for (const auto* who : {"A", "B"})
    CHECK(hex(key_package_ref(crypto,
                              decoded(unhex(initial["key_packages"][who]), read_key_package))) ==
          initial["key_package_refs"][who]);
  CHECK(voice_privacy_code(unhex(initial["epoch_authenticator"])) == initial["voice_privacy_code"]);

  const auto& print = record["steps"][1];
  REQUIRE(print["name"] == "fingerprint");
  const auto a = fingerprint_party{user_named(record["users"]["A"]), unhex(print["pub_A"])};
  const auto b = fingerprint_party{user_named(record["users"]["B"]), unhex(print["pub_B"])};
  const auto fingerprint = pairwise_fingerprint(crypto, a, b);
  CHECK(hex(fingerprint) == print["fingerprint"]);
  CHECK(pairwise_fingerprint(crypto, b, a) == fingerprint);
  CHECK(displayable_code(fingerprint, pairwise_code_digits) == print["code"]);
}

TEST_CASE("davey: media frames seal to the recorded bytes and open again", "[dave]") {
  const auto& crypto = openssl_suite();
  const auto record = own_vectors("davey-media-frames.json");
  const auto base = unhex(record["base_secret"]);
  REQUIRE(record["frames"].size() == 11);
  for (const auto& frame : record["frames"]) {
    const auto nonce = frame["nonce"].get<uint32_t>();
    INFO("nonce " << nonce);
    const auto generation = frame["generation"].get<uint32_t>();
    CHECK(key_in_generation(base, generation) == frame["key"]);
    const auto plain = unhex(frame["plaintext"]);
    auto sealer = frame_sealer(crypto, base, uint64_t{nonce} - 1);
    auto out = std::vector<uint8_t>(plain.size() + sealed_overhead_max);
    out.resize(sealer.seal(plain, out));
    CHECK(hex(out) == frame["frame"]);
    // A generation is believed once there was time for so many frames.
    const auto due_ms = static_cast<int64_t>(((uint64_t{generation} << 24) * 1000 + 169) / 170);
    const auto trailer = read_media_trailer(out);
    REQUIRE(trailer);
    auto heard = std::vector<uint8_t>{};
    if (generation > 0) {
      auto early = epoch_opener(crypto, base, 0);
      CHECK_FALSE(early.open(due_ms - 1000, *trailer, heard));
    }
    auto opener = epoch_opener(crypto, base, 0);
    REQUIRE(opener.open(due_ms, *trailer, heard) == (generation <= generations_ahead_max));
    if (generation > generations_ahead_max)
      continue;
    CHECK(equal(heard, plain));
    CHECK_FALSE(opener.open(due_ms, *trailer, heard)); // a replay
  }
}

TEST_CASE("ratchet: its keys are those of the working group's secret tree", "[dave]") {
  const auto& crypto = openssl_suite();
  for (const auto& entry : mls_vectors("mls-secret-tree.json")) {
    const auto leaves = static_cast<uint32_t>(entry["leaves"].size());
    for (auto leaf = leaf_index{0}; leaf < leaves; ++leaf) {
      auto secret = unhex(entry["encryption_secret"]);
      for (auto node = root_of(leaves); node != node_of(leaf);) {
        const auto left = is_under(node_of(leaf), left_of(node));
        secret =
            expand_with_label(crypto, secret, "tree", bytes_of(left ? "left" : "right"), hash_size);
        node = left ? left_of(node) : right_of(node);
      }
      for (const auto& step : entry["leaves"][leaf]) {
        const auto generation = step["generation"].get<uint32_t>();
        for (const auto* kind : {"application", "handshake"}) {
          const auto base = expand_with_label(crypto, secret, kind, {}, hash_size);
          CHECK(key_in_generation(base, generation) == step[std::string(kind) + "_key"]);
        }
      }
    }
  }
}
