// libcurl against a real server on loopback that answers, breaks or stays silent.
#include "infra/rest/http_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_script.hpp"
#include <optional>
#include <zlib.h>

using namespace hearth;
using test::http_asked;
using test::http_said;

namespace {

/// Plays one exchange at a time on the test's own thread.
struct player {
  boost::asio::io_context ioc{1};
  std::unique_ptr<http_client> client;
  explicit player(http_limits limits = {})
      : client(std::make_unique<http_client>(ioc, true, limits)) {}

  http_outcome play(http_exchange exchange) {
    auto result = std::optional<http_outcome>{};
    client->start(std::move(exchange), [&](http_outcome outcome) { result = std::move(outcome); });
    CHECK_FALSE(result); // later, never from start()
    ioc.restart();
    while (!result && ioc.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    REQUIRE(result);
    return std::move(*result);
  }
};

http_exchange exchange(std::string url, http_method method = http_method::get,
                       std::string body = {}) {
  auto made = http_exchange{};
  made.method = method;
  made.url = std::move(url);
  made.body = std::move(body);
  return made;
}

std::string gzip(const std::string& text) {
  auto stream = z_stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  auto out = std::string(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

} // namespace

TEST_CASE("http client: methods, headers and bodies arrive as meant", "[rest]") {
  auto server = test::http_script{[](const http_asked&) {
    return http_said{201, {"X-RateLimit-Bucket: abc", "Content-Type: application/json"}, "[1]"};
  }};
  auto p = player{};
  auto get = exchange(server.base() + "/a?b=c");
  get.headers = {"Authorization: Bot x", "User-Agent: DiscordBot (u, 1)"};
  const auto outcome = p.play(get);
  CHECK(outcome.status == 201);
  CHECK(outcome.body == "[1]");
  CHECK(outcome.headers.bucket == "abc");
  CHECK(outcome.headers.content_type == "application/json");
  CHECK(outcome.sendings == 1);
  CHECK(outcome.trouble.empty());

  p.play(exchange(server.base() + "/post", http_method::post, R"({"a":1})"));
  p.play(exchange(server.base() + "/post", http_method::post));
  p.play(exchange(server.base() + "/put", http_method::put));
  p.play(exchange(server.base() + "/patch", http_method::patch, R"({"b":2})"));
  p.play(exchange(server.base() + "/delete", http_method::del));
  const auto asked = server.asked();
  REQUIRE(asked.size() == 6);
  CHECK(asked[0].method == "GET");
  CHECK(asked[0].target == "/a?b=c");
  CHECK(asked[0].headers.at("authorization") == "Bot x");
  CHECK(asked[0].headers.at("user-agent") == "DiscordBot (u, 1)");
  CHECK(asked[0].headers.count("content-type") == 0);
  CHECK(asked[1].method == "POST");
  CHECK(asked[1].body == R"({"a":1})");
  CHECK(asked[1].headers.at("content-type") == "application/json");
  CHECK(asked[2].headers.at("content-length") == "0");
  CHECK(asked[2].headers.count("content-type") == 0);
  CHECK(asked[3].method == "PUT");
  CHECK(asked[3].headers.at("content-length") == "0");
  CHECK(asked[4].method == "PATCH");
  CHECK(asked[4].body == R"({"b":2})");
  CHECK(asked[5].method == "DELETE");
  for (const auto& each : asked)
    CHECK(each.connection == 1); // kept alive
}

TEST_CASE("http client: multipart carries payload_json and the files", "[rest]") {
  auto server = test::http_script{[](const http_asked&) { return http_said{}; }};
  auto p = player{};
  auto made = exchange(server.base() + "/m", http_method::patch, R"({"content":"x"})");
  made.files = {{"a.png", "image/png", std::string("\x89PNG\0z", 6)}, {"b.txt", "", "two"}};
  CHECK(p.play(made).status == 200);
  const auto asked = server.asked().at(0);
  CHECK(asked.method == "PATCH");
  CHECK(asked.headers.at("content-type").find("multipart/form-data; boundary=") == 0);
  CHECK(asked.headers.count("expect") == 0);
  const auto has = [&](const std::string& part) {
    return asked.body.find(part) != std::string::npos;
  };
  CHECK(has("name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{\"content\":\"x\"}"));
  CHECK(has("name=\"files[0]\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
            std::string("\x89PNG\0z", 6)));
  CHECK(has("name=\"files[1]\"; filename=\"b.txt\""));
}

TEST_CASE("http client: gzip is undone, redirects are not followed, long answers refused",
          "[rest]") {
  auto server = test::http_script{[](const http_asked& asked) {
    if (asked.target == "/gzip")
      return http_said{200, {"Content-Encoding: gzip"}, gzip("squeezed")};
    if (asked.target == "/bomb")
      return http_said{200, {"Content-Encoding: gzip"}, gzip(std::string(100'000, 'x'))};
    if (asked.target == "/redirect")
      return http_said{302, {"Location: http://127.0.0.1:1/"}, "{}"};
    return http_said{200, {}, std::string(1'001, 'x')};
  }};
  auto p = player{http_limits{4, 1'000, 1'000}};
  CHECK(p.play(exchange(server.base() + "/gzip")).body == "squeezed");
  CHECK(p.play(exchange(server.base() + "/redirect")).status == 302);
  for (const auto* path : {"/long", "/bomb"}) {
    const auto outcome = p.play(exchange(server.base() + path));
    CHECK(outcome.status == 0);
    CHECK(outcome.trouble == "answer is longer than 1000 bytes");
  }
}

TEST_CASE("http client: trouble says whether the request may have arrived", "[rest]") {
  auto server = test::http_script{[](const http_asked& asked) {
    auto said = http_said{};
    if (asked.target == "/reset")
      said.how = http_said::way::reset;
    if (asked.target == "/silence")
      said.how = http_said::way::silence;
    return said;
  }};
  auto p = player{};
  const auto refused = p.play(exchange("http://127.0.0.1:1/"));
  CHECK(refused.status == 0);
  CHECK_FALSE(refused.maybe_sent);
  CHECK(refused.sendings == 0);
  CHECK_FALSE(refused.trouble.empty());

  const auto reset = p.play(exchange(server.base() + "/reset", http_method::post, "{}"));
  CHECK(reset.status == 0);
  CHECK(reset.maybe_sent);

  auto silent = exchange(server.base() + "/silence");
  silent.timeout_ms = 50;
  const auto late = p.play(silent);
  CHECK(late.timed_out);
  CHECK(late.maybe_sent);

  CHECK(p.play(exchange("ftp://127.0.0.1/x")).status == 0);
  CHECK(p.play(exchange("not a url")).status == 0);
}

TEST_CASE("http client: a broken kept connection repeats only what may be repeated", "[rest]") {
  // The server takes the second request of each connection and resets: libcurl would send it anew.
  auto count = std::map<int, int>{};
  auto server = test::http_script{[&](const http_asked& asked) {
    auto said = http_said{};
    if (++count[asked.connection] == 2)
      said.how = http_said::way::reset;
    return said;
  }};
  auto p = player{};
  CHECK(p.play(exchange(server.base() + "/warm")).status == 200);
  auto once = exchange(server.base() + "/once", http_method::post, "{}");
  SECTION("must not double") {
    once.may_repeat = false;
    const auto outcome = p.play(once);
    CHECK(outcome.status == 0);
    CHECK(outcome.maybe_sent);
    CHECK(outcome.sendings == 1);
    CHECK(server.asked().size() == 2);
  }
  SECTION("may double: libcurl's own repeat is counted") {
    const auto outcome = p.play(once);
    CHECK(outcome.status == 200);
    CHECK(outcome.sendings == 2);
    CHECK(server.asked().size() == 3);
  }
}

TEST_CASE("http client: many at once share few connections", "[rest]") {
  auto server = test::http_script{[](const http_asked&) { return http_said{}; }};
  auto p = player{http_limits{4, 1'000, 1'000}};
  auto done = 0;
  for (auto i = 0; i < 100; ++i)
    p.client->start(exchange(server.base() + "/" + std::to_string(i)),
                    [&](const http_outcome& outcome) { done += outcome.status == 200 ? 1 : 0; });
  CHECK(p.client->active() == 100);
  while (done < 100 && p.ioc.run_one_for(std::chrono::seconds(20)) > 0) {
  }
  CHECK(done == 100);
  CHECK(p.client->active() == 0);
  for (const auto& each : server.asked())
    CHECK(each.connection <= 4);
}

TEST_CASE("http client: destroyed with work under way it calls nobody", "[rest]") {
  auto server = test::http_script{[](const http_asked&) {
    auto said = http_said{};
    said.how = http_said::way::silence;
    return said;
  }};
  auto p = player{};
  auto called = false;
  p.client->start(exchange(server.base() + "/x"), [&](const http_outcome&) { called = true; });
  for (auto i = 0; i < 1'000 && server.asked().empty(); ++i)
    p.ioc.run_one_for(std::chrono::milliseconds(10));
  REQUIRE(server.await(1));
  p.client.reset();
  p.ioc.restart();
  p.ioc.run_for(std::chrono::milliseconds(20));
  CHECK_FALSE(called);
}
