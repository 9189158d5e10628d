// The envelope scan: finds op, s and t in any order, is not fooled by text or nesting, and survives
// whatever the network sends.
#include "infra/gateway/envelope.hpp"
#include "tests/support/catch.hpp"
#include <string>

using namespace hearth;

TEST_CASE("envelope: the keys are found in any order", "[gateway]") {
  const auto* json =
      GENERATE(R"({"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"id":"1"}})",
               R"({"d":{"id":"1","content":"x"},"op":0,"s":42,"t":"MESSAGE_CREATE"})",
               R"({"op":0,"d":[1,2,{"s":7}],"t":"MESSAGE_CREATE","s":42})",
               R"( { "s" : 42 , "unknown" : { "t" : "NO" } , "t" : "MESSAGE_CREATE" , "op" : 0 } )",
               "{\n\t\"op\":0,\r\n\"s\":42,\"t\":\"MESSAGE_CREATE\"}");
  const auto found = scan_envelope(json);
  CHECK(found.ok);
  CHECK(found.op == 0);
  CHECK(found.seq == 42);
  CHECK(found.type == "MESSAGE_CREATE");
}

TEST_CASE("envelope: text that looks like a key is text", "[gateway]") {
  const auto* json =
      GENERATE(R"({"d":{"content":"\",\"t\":\"EVIL\",\"s\":9,\"op\":9"},"t":"REAL","s":1,"op":0})",
               R"({"d":{"t":"EVIL","s":9,"op":9},"t":"REAL","s":1,"op":0})",
               R"({"d":"}{\"t\":\"EVIL\"}","t":"REAL","s":1,"op":0})",
               R"({"d":["\\\\","\\\"","]"],"t":"REAL","s":1,"op":0})",
               R"({"x\"t":"EVIL","t":"REAL","s":1,"op":0})");
  const auto found = scan_envelope(json);
  CHECK(found.ok);
  CHECK(found.op == 0);
  CHECK(found.seq == 1);
  CHECK(found.type == "REAL");
}

TEST_CASE("envelope: null and absent are the same", "[gateway]") {
  for (const auto* json : {R"({"t":null,"s":null,"op":11,"d":null})", R"({"op":11})"}) {
    const auto found = scan_envelope(json);
    CHECK(found.ok);
    CHECK(found.op == 11);
    CHECK(found.seq == -1);
    CHECK(found.type.empty());
  }
}

TEST_CASE("envelope: it stops when it knows enough", "[gateway]") {
  const auto found = scan_envelope(R"({"t":"A","s":3,"op":0,"d":{"broken)");
  CHECK(found.ok); // the decoder will refuse the rest
  CHECK(found.type == "A");
}

TEST_CASE("envelope: what is no payload is refused", "[gateway]") {
  const auto* json =
      GENERATE("", " ", "null", "[]", "{", "{}", R"({"op")", R"({"op":})", R"({"op":"0"})",
               R"({"op":-1})", R"({"op":1.5})", R"({"op":1e3})", R"({"op":99999999999999999999})",
               R"({"op":1000000})", R"({"d":{)", R"({"d":{},"op":0)", R"({"t":"A)", R"({"t":"A\"})",
               R"({op:0})", R"({"op" 0})", R"({"d":}})", "{\"op\":0,", "{,}", "\xff\xfe{");
  CHECK_FALSE(scan_envelope(json).ok);
}

TEST_CASE("envelope: a bad s or t does not hide the op", "[gateway]") {
  const auto found = scan_envelope(R"({"s":"12","t":7,"op":0})");
  CHECK(found.ok);
  CHECK(found.seq == -1);
  CHECK(found.type.empty());
}

TEST_CASE("envelope: every truncation and deep nesting is survived", "[gateway]") {
  const auto whole =
      std::string{R"({"d":{"a":["x\\\"",{"b":null}],"t":"E"},"t":"REAL","s":1,"op":0})"};
  for (auto length = size_t{0}; length < whole.size(); ++length) {
    const auto part = std::string(whole, 0, length); // its own allocation: sanitizers see overruns
    const auto found = scan_envelope(part);
    CHECK((!found.ok || found.op == 0));
  }
  auto deep = std::string(1'000'000, '[');
  CHECK_FALSE(scan_envelope("{\"d\":" + deep).ok);
  const auto closed = "{\"d\":" + deep + std::string(1'000'000, ']') + ",\"op\":7}";
  CHECK(scan_envelope(closed).op == 7);
}

TEST_CASE("envelope: the first of several documents is measured", "[gateway]") {
  CHECK(first_document(R"({"a":"}{"}{"b":1})") == 10);
  CHECK(may_hold_several(R"({"a":"}{"})")); // first_document then finds out
  CHECK(may_hold_several(R"({"a":1}{"b":1})"));
  CHECK_FALSE(may_hold_several(R"({"a":[{},{"b":{}}]})"));
  CHECK_FALSE(may_hold_several("{"));
  CHECK_FALSE(may_hold_several(""));
  CHECK(first_document(R"({"a":1})") == 7);
  CHECK(first_document(R"({"a":1)") == 0);
  CHECK(first_document("") == 0);
  CHECK(first_document("[]") == 0);
}
