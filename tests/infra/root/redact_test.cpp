// No secret gets through the log, whatever the line looks like; nothing else is lost.
#include "infra/root/redact.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

// Shaped like a token, made up.
const std::string token = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-abc";
const std::string interaction_token = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDpabcdefghijklmnopqrstuvwxyz";

} // namespace

TEST_CASE("redact: secrets", "[root]") {
  using row = std::pair<std::string, std::string>;
  const auto [text, wanted] = GENERATE(values<row>({
      {"nothing to hide: a.b.c v0.1.0 127.0.0.1", "nothing to hide: a.b.c v0.1.0 127.0.0.1"},
      {token, "***"},
      {"Authorization: Bot " + token + ", next", "Authorization: Bot ***, next"},
      {"\"token\":\"" + token + "\"", "\"token\":\"***\""},
      {"POST /api/v10/interactions/123/" + interaction_token + "/callback 204",
       "POST /api/v10/interactions/123/***/callback 204"},
      {"PATCH /webhooks/123/" + interaction_token + "/messages/@original",
       "PATCH /webhooks/123/***/messages/@original"},
      {"https://x/webhooks/123/" + interaction_token + "?wait=true",
       "https://x/webhooks/123/***?wait=true"},
      {"/webhooks/123/short", "/webhooks/123/***"},
      {"/webhooks/123", "/webhooks/123"},
      {"/webhooks/123/", "/webhooks/123/"},
      {"/webhooks/123/***/x", "/webhooks/123/***/x"},
      {"/interactions/abc/def", "/interactions/abc/def"},
      {"the sandbox-secret is sandbox-secret", "the *** is ***"},
  }));
  CAPTURE(text);
  CHECK(redact(text, {"sandbox-secret", "ab", ""}) == wanted);
}

TEST_CASE("redact: a secret is found wherever it stands", "[root]") {
  for (const std::string before : {"", " ", "=", "/", "x ", "\"", "é"})
    for (const std::string after : {"", " ", ",", "/", ".", "\n"}) {
      const auto line = redact(before + token + after, {});
      CAPTURE(line);
      CHECK(line.find("Cl2FMQ") == std::string::npos);
      CHECK(line.find("ZnCjm1") == std::string::npos);
    }
}

TEST_CASE("redact: members cannot fake lines or paint terminals", "[root]") {
  CHECK(redact("joined: Bob\n<2>hearthd: disk lost", {}) == "joined: Bob\\n<2>hearthd: disk lost");
  CHECK(redact("\x1b[31mred\x07 tab\there\r", {}) == "\\x1b[31mred\\x07 tab here\\x0d");
  CHECK(redact("café ☕", {}) == "café ☕");
}

TEST_CASE("redact: long lines take linear time", "[root]") {
  const auto line = std::string(2'000'000, 'a') + "." + std::string(2'000'000, 'b');
  CHECK(redact(line, {}) == line);
}
