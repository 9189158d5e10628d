// Signatures of RFC 8032 and of Node's crypto, and everything that is none.
#include "infra/interactions/ed25519_context.hpp"
#include "tests/support/catch.hpp"
#include <string>

using namespace hearth;

namespace {

/// Made once by Node 22: generateKeyPairSync('ed25519'), sign(null, timestamp + body, key).
constexpr auto node_key = "c257ba387aef5fbd9c123e329f4a8e8d7423616b8bc41041c4960d946dfc7538";
struct signed_text {
  const char *timestamp, *body, *signature;
};
const auto node_ping =
    signed_text{"1795000000", R"({"type":1})",
                "5f723dc6aa6aedc5c116de1abe3f2b774f14032777b80f8a01dc5140cabe25ae954fc526fd4f90fe43"
                "fd5fd878fdf58015004cd468441fa2fe7b5efaa13b3609"};
const auto node_command =
    signed_text{"1795000123", "{\"id\":\"1180000000000000077\",\"type\":2,\"name\":\"café 🔥\"}",
                "c046622d389893a0b11ac680c125b085464c07a6e77bb3bbe675daa78169df9133cc8e42ff5e2faf4d"
                "58f3fc7f69c9798689e5b56f8814684779c170f585c40d"};
const auto node_empty =
    signed_text{"1795000200", "",
                "29b5f895bb9e7575f76a4021dce37d31ec62d8b0e88a606f7d56ae9f6b7ecbbbfd2cc2dbcc6d29fbfd"
                "253ebefabe88d05ef58c4389b8fb0b6b0e00a1d5c38a01"};

bool good(const signed_text& text, std::string signature) {
  return ed25519_key::from_hex(node_key)->verifies(signature, text.timestamp, text.body);
}

} // namespace

TEST_CASE("ed25519: the vectors of RFC 8032 7.1", "[interactions]") {
  struct vector {
    const char *key, *text, *signature;
  };
  const auto v = GENERATE(
      vector{
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
          "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      vector{
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
          "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      vector{
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "\xaf\x82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
          "60984dc6594a7c15e9716ed28dc027beceea1ec40a"});
  const auto key = ed25519_key::from_hex(v.key);
  REQUIRE(key);
  CHECK(key->verifies(v.signature, "", v.text));
  CHECK(key->verifies(v.signature, v.text, "")); // the two parts are one text
  CHECK_FALSE(key->verifies(v.signature, v.text, "x"));
}

TEST_CASE("ed25519: Node's signatures over timestamp and body", "[interactions]") {
  for (const auto& text : {node_ping, node_command, node_empty})
    CHECK(good(text, text.signature));
  CHECK_FALSE(good(node_ping, node_command.signature));
  auto shouted = std::string{node_ping.signature};
  for (auto& digit : shouted)
    digit = static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
  CHECK(good(node_ping, shouted));
}

TEST_CASE("ed25519: one changed character anywhere is a forgery", "[interactions]") {
  const auto key = *ed25519_key::from_hex(node_key);
  const auto body = std::string{node_ping.body};
  CHECK_FALSE(key.verifies(node_ping.signature, "1795000001", body));
  CHECK_FALSE(key.verifies(node_ping.signature, node_ping.timestamp, "{\"type\": 1}"));
  CHECK_FALSE(key.verifies(node_ping.signature, node_ping.timestamp, body + "\n"));
  const auto signature = std::string{node_ping.signature};
  for (auto at = size_t{0}; at < signature.size(); ++at) {
    auto changed = signature;
    changed[at] = changed[at] == '0' ? '1' : '0';
    CHECK_FALSE(key.verifies(changed, node_ping.timestamp, body));
  }
}

TEST_CASE("ed25519: what is no signature", "[interactions]") {
  const auto signature = std::string{node_ping.signature};
  for (const auto& wrong :
       {std::string{}, signature.substr(1), signature.substr(0, 126), signature + "00",
        signature + "0", " " + signature.substr(1), signature.substr(0, 127) + "g",
        "0x" + signature.substr(2), signature.substr(0, 64) + std::string(64, '\0'),
        std::string(128, '0'), std::string(128, 'f')})
    CHECK_FALSE(good(node_ping, wrong));
}

TEST_CASE("ed25519: what is no key", "[interactions]") {
  const auto key = std::string{node_key};
  CHECK(ed25519_key::from_hex(key));
  for (const auto& wrong : {std::string{}, key.substr(2), key + "00", key.substr(0, 63) + "x"})
    CHECK_FALSE(ed25519_key::from_hex(wrong));
  // The point of small order, for which everything verifies in careless libraries.
  const auto small = ed25519_key::from_hex(std::string(63, '0') + "1");
  if (small)
    CHECK_FALSE(small->verifies(std::string(128, '0'), "1", "x"));
}
