// Gateway addresses: what may be connected to, and the query that every connection carries.
#include "infra/gateway/websocket_url.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("websocket url: parts", "[gateway]") {
  const auto plain = parse_websocket_url("wss://gateway.discord.gg");
  REQUIRE(plain);
  CHECK(plain->tls);
  CHECK(plain->host == "gateway.discord.gg");
  CHECK(plain->port == "443");
  CHECK(plain->target == "/");
  const auto full = parse_websocket_url("ws://[::1]:8080/gw/x?v=10#part");
  REQUIRE(full);
  CHECK_FALSE(full->tls);
  CHECK(full->host == "::1");
  CHECK(full->port == "8080");
  CHECK(full->target == "/gw/x?v=10");
  CHECK(parse_websocket_url("wss://h?v=10")->target == "/?v=10");
  CHECK(parse_websocket_url("ws://127.0.0.1")->port == "80");
}

TEST_CASE("websocket url: a token never travels in the clear", "[gateway]") {
  CHECK(parse_websocket_url("ws://localhost:1"));
  CHECK(parse_websocket_url("ws://127.1.2.3:1"));
  for (const auto* url :
       {"ws://gateway.discord.gg", "ws://127.0.0.1.evil.example", "ws://0.0.0.0:1",
        "ws://localhost.evil:1", "ws://10.0.0.1:1", "ws://[::2]:1"})
    CHECK_FALSE(parse_websocket_url(url));
}

TEST_CASE("websocket url: what is none", "[gateway]") {
  for (const auto* url :
       {"", "wss://", "wss:///x", "https://h", "wss//h", "wss://h:0", "wss://h:65536",
        "wss://h:", "wss://h:1x", "wss://user@h", "wss://localhost@evil", "wss://[::1",
        "wss://[::1]x", "wss://h/a b", "wss://h/\r\nX: y", "wss://h\xc3\xa9"})
    CHECK_FALSE(parse_websocket_url(url));
  CHECK_FALSE(parse_websocket_url("wss://h/" + std::string(3'000, 'a')));
}

TEST_CASE("websocket url: loopback", "[gateway]") {
  for (const auto* url : {"http://127.0.0.1:8787/api", "http://localhost/api", "https://[::1]:1/x"})
    CHECK(is_loopback_url(url));
  for (const auto* url : {"https://discord.com/api", "http://localhost@evil.example/", "127.0.0.1",
                          "", "http://[::2]/", "http://127.evil.example/"})
    CHECK_FALSE(is_loopback_url(url));
}

TEST_CASE("websocket url: the query", "[gateway]") {
  CHECK(gateway_url("wss://h", compression::none, false) == "wss://h/?v=10&encoding=json");
  CHECK(gateway_url("wss://h/", compression::zstd, false) ==
        "wss://h/?v=10&encoding=json&compress=zstd-stream");
  CHECK(gateway_url("ws://127.0.0.1:9/gw?v=6&x=y", compression::zlib, true) ==
        "ws://127.0.0.1:9/gw?v=10&encoding=json&compress=zlib-stream&sim_time=1");
}
