#include "discord-sim/http_post.hpp"
#include "discord-sim/signing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"
#include "tests/support/http_script.hpp"
#include "tests/support/interaction_bench.hpp"

#include <openssl/evp.h>

// Signed interactions over HTTP, as the application's own server meets them (discord-api 3.2).
using namespace sim_test;
using test::http_asked;
using test::http_said;

namespace {

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

/// OpenSSL's own word on a signature.
bool verifies(const std::string& key_hex, const std::string& text, const std::string& hex) {
  const auto key = from_hex(key_hex);
  const auto signature = from_hex(hex);
  if (hex.size() != 128 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
    return false;
  auto* raw = EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  auto* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, raw) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(raw);
  return good;
}

const std::vector<std::string> json_type{"Content-Type: application/json"};

/// An application's server: checks signatures, answers PINGs, and interactions as the test says.
struct server {
  interaction_bench& bench;
  std::string key;
  http_said good{200, json_type, R"({"type":4,"data":{"content":"by http"}})"};
  bool careless = false; ///< takes forgeries
  test::http_script http{[this](const http_asked& asked) { return respond(asked); }};

  explicit server(interaction_bench& b)
      : bench(b), key(b.world.robot.call("GET", "/applications/@me").body["verify_key"]) {}

  http_said respond(const http_asked& asked) {
    const auto signature = asked.headers.find("x-signature-ed25519");
    const auto time = asked.headers.find("x-signature-timestamp");
    const bool known = signature != asked.headers.end() && time != asked.headers.end() &&
                       verifies(key, time->second + asked.body, signature->second);
    if (!known && !careless)
      return {401, {}, "no"};
    if (json::parse(asked.body)["type"] == 1)
      return {200, json_type, R"({"type":1})"};
    return good;
  }
  std::string url() const { return http.base() + "/interactions"; }
  reply save() {
    return bench.world.robot.call("PATCH", "/applications/@me",
                                  {{"interactions_endpoint_url", url()}});
  }
  json status() { return bench.world.crowd.get("/sim/endpoints").body["endpoints"][0]; }
  void probe_one_in(int n) { bench.world.crowd.post("/sim/endpoint", {{"probe_one_in", n}}); }
  /// A command of ann's, waited for.
  json command(const std::string& wait_for = "first") {
    return bench.world.crowd
        .act(bench.world.ann, "command",
             bench.in_general({{"name", "plain"}, {"wait_ms", 5000}, {"wait_for", wait_for}}))
        .body;
  }
  /// The body of the last interaction that came.
  json last() {
    json found;
    for (const auto& asked : http.asked())
      if (auto body = json::parse(asked.body, nullptr, false);
          body.is_object() && body["type"] != 1)
        found = body;
    return found;
  }
};

struct fixture {
  interaction_bench bench;
  server app{bench};
  fixture() {
    bench.define({{"name", "plain"}, {"description", "d"}});
    app.probe_one_in(0);
  }
};

} // namespace

TEST_CASE("signing: the vectors of RFC 8032 7.1", "[sim][endpoint]") {
  struct vector {
    const char *seed, *key, *text, *signature;
  };
  const auto v = GENERATE(
      vector{
          "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
          "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      vector{
          "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
          "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"});
  CHECK(sim::public_key_hex(from_hex(v.seed)) == v.key);
  CHECK(sim::sign_hex(from_hex(v.seed), from_hex(v.text)) == v.signature);
}

TEST_CASE("endpoints: only addresses of this machine", "[sim][endpoint]") {
  CHECK(sim::parse_post_url("http://127.0.0.1:80/x?y=1")->path == "/x?y=1");
  CHECK(sim::parse_post_url("http://localhost:8080")->port == 8080);
  for (const auto* wrong : {"https://127.0.0.1/", "http://example.org/", "http://127.0.0.1:x/",
                            "http://127.0.0.1:70000/", "http://127.0.0.1:1/a b", ""})
    CHECK_FALSE(sim::parse_post_url(wrong));
}

TEST_CASE("endpoints: saved after a PING and a forgery", "[sim][endpoint]") {
  fixture f;
  CHECK(f.app.key.size() == 64);
  CHECK(f.app.save().body["interactions_endpoint_url"] == f.app.url());
  CHECK(f.app.http.asked().size() == 2);
  f.app.careless = true;
  const auto careless = f.app.save();
  CHECK(careless.status == 400);
  CHECK(first_leaf(careless.body) ==
        "interactions_endpoint_url APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID");
  CHECK(f.bench.world.robot
            .call("PATCH", "/applications/@me", {{"interactions_endpoint_url", nullptr}})
            .body["interactions_endpoint_url"]
            .is_null());
  const auto elsewhere = f.bench.world.robot.call(
      "PATCH", "/applications/@me", {{"interactions_endpoint_url", "https://example.org/x"}});
  CHECK(elsewhere.body["code"] == 50035);
}

TEST_CASE("endpoints: answered in the response, and the gateway stays silent", "[sim][endpoint]") {
  fixture f;
  f.app.save();
  const auto seen = f.app.command();
  CHECK(seen["outcome"] == "message");
  CHECK(seen["message"]["content"] == "by http");
  const auto d = f.app.last();
  CHECK(d["data"]["name"] == "plain");
  CHECK(d["member"]["user"]["id"] == f.bench.world.ann);
  CHECK(f.bench.original("GET", d).body["content"] == "by http");
  // Nothing of it came by the gateway: the next event there is another one.
  f.bench.post({{"content", "mark"}});
  for (auto message = f.bench.session.socket().next(); message;
       message = f.bench.session.socket().next()) {
    CHECK(message->at("t") != "INTERACTION_CREATE");
    if (message->at("t") == "MESSAGE_CREATE" && message->at("d")["content"] == "mark")
      break;
  }
  CHECK(f.app.status()["answered"] == 1);
  CHECK(f.bench.world.violations()["total"] == 0);
}

TEST_CASE("endpoints: 202 leaves the answer to the callback", "[sim][endpoint]") {
  fixture f;
  f.app.good = {202, {}, ""};
  f.app.save();
  f.bench.start(f.bench.world.ann, "command", {{"name", "plain"}});
  REQUIRE(f.app.http.await(3)); // two to be saved
  const auto d = f.app.last();
  CHECK(f.bench.answer(d, {{"type", 4}, {"data", {{"content", "by rest"}}}}).status == 204);
  CHECK(f.bench.state(d)["message"]["content"] == "by rest");
}

TEST_CASE("endpoints: every type of answer, and a multipart one with its file", "[sim][endpoint]") {
  fixture f;
  f.app.good.body = R"({"type":5,"data":{"flags":64}})";
  f.app.save();
  CHECK(f.app.command()["outcome"] == "deferred");
  f.app.good.body = R"({"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,)"
                    R"("label":"l","component":{"type":4,"style":1,"custom_id":"i"}}]}})";
  CHECK(f.app.command()["outcome"] == "modal");
  f.app.good = {200,
                {"Content-Type: multipart/form-data; boundary=xyz"},
                "--xyz\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n"
                "Content-Type: application/json\r\n\r\n"
                "{\"type\":4,\"data\":{\"content\":\"with a file\"}}\r\n"
                "--xyz\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\n"
                "Content-Type: text/plain\r\n\r\nhello\r\n--xyz--\r\n"};
  const auto seen = f.app.command();
  CHECK(seen["message"]["content"] == "with a file");
  CHECK(seen["message"]["attachments"][0]["filename"] == "a.txt");
}

TEST_CASE("endpoints: what is no answer is told, and nobody answered", "[sim][endpoint]") {
  fixture f;
  f.bench.freeze();
  const auto [status, body] =
      GENERATE(table<int, std::string>({{500, "{}"},
                                        {200, "no json"},
                                        {200, R"({"type":1})"},
                                        {200, R"({"type":4,"data":{"content":""}})"},
                                        {200, R"({"type":6})"}}));
  f.app.good = {status, json_type, body};
  f.app.save();
  f.bench.start(f.bench.world.ann, "command", {{"name", "plain"}});
  while (f.app.status()["failed"] == 0)
    continue;
  CHECK(f.app.status()["trouble"].get<std::string>().size() > 10);
  f.bench.world.advance(std::chrono::seconds{3});
  const auto state = f.bench.state(f.app.last());
  CHECK(state["outcome"] == "failed");
  CHECK(state["reason"] == "The application did not respond");
}

TEST_CASE("endpoints: an answer after three seconds is too late", "[sim][endpoint]") {
  fixture f;
  f.bench.freeze();
  f.app.save();
  std::mutex hold;
  hold.lock();
  std::atomic<bool> came{false};
  // The script asks this before it answers: the test moves time meanwhile.
  f.app.good = {200, json_type, R"({"type":4,"data":{"content":"late"}})"};
  test::http_script slow{[&](const http_asked& asked) {
    if (json::parse(asked.body)["type"] != 1) {
      came = true;
      const std::lock_guard wait{hold};
    }
    return f.app.respond(asked);
  }};
  REQUIRE(f.bench.world.robot
              .call("PATCH", "/applications/@me", {{"interactions_endpoint_url", slow.base()}})
              .status == 200);
  const auto started = f.bench.start(f.bench.world.ann, "command", {{"name", "plain"}});
  while (!came)
    continue;
  f.bench.world.advance(std::chrono::seconds{3});
  hold.unlock();
  while (f.app.status()["failed"] == 0)
    continue;
  CHECK(f.bench.world.crowd.get("/sim/interactions/" + started["interaction_id"].get<std::string>())
            .body["outcome"] == "failed");
}

TEST_CASE("endpoints: delivered twice, taken once", "[sim][endpoint]") {
  fixture f;
  f.app.save();
  f.bench.world.crowd.post("/sim/faults", {{"interactions_twice", 1}});
  f.app.command();
  REQUIRE(f.app.http.await(4));
  const auto asked = f.app.http.asked();
  CHECK(asked[2].body == asked[3].body);
}

TEST_CASE("endpoints: each forgery differs from a good request in one thing", "[sim][endpoint]") {
  fixture f;
  f.app.save();
  const auto probe = [&](const char* kind) {
    return f.bench.world.crowd.post("/sim/endpoint/probe", {{"kind", kind}}).body["status"];
  };
  CHECK(probe("none") == 200);
  for (const auto* kind :
       {"other_key", "other_time", "other_body", "truncated", "no_hex", "no_header"})
    CHECK(probe(kind) == 401);
  CHECK(f.bench.world.crowd.post("/sim/endpoint/probe", {{"kind", "magic"}}).status == 400);
}

TEST_CASE("endpoints: one that takes a forgery is removed", "[sim][endpoint]") {
  fixture f;
  f.app.save();
  f.app.careless = true;
  f.app.probe_one_in(1);
  f.app.command();
  while (!f.app.status()["url"].is_null())
    continue;
  CHECK(f.bench.world.violations()["kinds"]["interaction_endpoint_accepts_forgeries"] == 1);
  f.bench.start(f.bench.world.ann, "command", {{"name", "plain"}});
  CHECK(f.bench.next()["data"]["name"] == "plain"); // by the gateway again
}
