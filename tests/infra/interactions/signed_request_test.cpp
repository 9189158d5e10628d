// Which requests may be looked at before their signature is: everything doubtful is no proof.
#include "infra/interactions/signed_request.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr int64_t now_s = 1'795'000'000;
constexpr int64_t skew_s = 300;

inbound_request with(std::vector<std::pair<std::string, std::string>> headers) {
  return {"POST", std::move(headers), "{}"};
}
inbound_request at(const std::string& timestamp) {
  return with({{"X-Signature-Ed25519", "ab"}, {"X-Signature-Timestamp", timestamp}});
}

} // namespace

TEST_CASE("signed request: header names have no case", "[interactions]") {
  const auto request =
      with({{"x-signature-ed25519", "AB"}, {"X-SIGNATURE-TIMESTAMP", "1795000000"}});
  const auto proof = proof_of(request, now_s, skew_s);
  REQUIRE(proof);
  CHECK(proof->signature == "AB");
  CHECK(proof->timestamp == "1795000000");
}

TEST_CASE("signed request: a missing or a doubled header is no proof", "[interactions]") {
  const auto signature = std::pair<std::string, std::string>{"X-Signature-Ed25519", "ab"};
  const auto timestamp = std::pair<std::string, std::string>{"X-Signature-Timestamp", "1795000000"};
  CHECK(proof_of(with({signature, timestamp}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({signature}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({timestamp}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({signature, timestamp, signature}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({signature, timestamp, timestamp}), now_s, skew_s));
  CHECK_FALSE(proof_of(with({signature, timestamp, {"x-signature-ed25519", "cd"}}), now_s, skew_s));
}

TEST_CASE("signed request: the time may differ by the bound, and by no second more",
          "[interactions]") {
  CHECK(proof_of(at("1794999700"), now_s, skew_s));
  CHECK_FALSE(proof_of(at("1794999699"), now_s, skew_s));
  CHECK(proof_of(at("1795000300"), now_s, skew_s));
  CHECK_FALSE(proof_of(at("1795000301"), now_s, skew_s));
}

TEST_CASE("signed request: a time that is no plain number is no proof", "[interactions]") {
  for (const auto* wrong : {"", " 1795000000", "1795000000 ", "+1795000000", "-1", "0x6AFD",
                            "1795000000.0", "99999999999999999999", "now"})
    CHECK_FALSE(proof_of(at(wrong), now_s, skew_s));
}
