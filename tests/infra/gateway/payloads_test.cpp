// Payloads to the gateway: the documented shapes, and no secret where none belongs.
#include "infra/gateway/payloads.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;

TEST_CASE("payloads: as documented", "[gateway]") {
  CHECK(json::parse(heartbeat_payload(251)) == json::parse(R"({"op":1,"d":251})"));
  CHECK(json::parse(heartbeat_payload(-1)) == json::parse(R"({"op":1,"d":null})"));
  CHECK(json::parse(resume_payload(secret{"T"}, {"S", "wss://r", 1337})) ==
        json::parse(R"({"op":6,"d":{"token":"T","session_id":"S","seq":1337}})"));
  CHECK(json::parse(identify_payload(secret{"T"}, {641, 0, 1, "hello"})) ==
        json::parse(R"({"op":2,"d":{"token":"T","intents":641,
          "properties":{"os":"linux","browser":"hearth","device":"hearth"},"large_threshold":50,"shard":[0,1],
          "presence":{"since":null,"activities":[{"name":"Custom Status","type":4,"state":"hello"}],"status":"online","afk":false}}})"));
  CHECK(json::parse(presence_payload(""))["d"]["activities"] == json::array());
  CHECK(
      json::parse(voice_state_payload({guild_id{1}, channel_id{2}, false, true})) ==
      json::parse(
          R"({"op":4,"d":{"guild_id":"1","channel_id":"2","self_mute":false,"self_deaf":true}})"));
  CHECK(json::parse(voice_state_payload({guild_id{1}, {}}))["d"]["channel_id"].is_null());
  CHECK(json::parse(sim_time_payload(7)) == json::parse(R"({"op":200,"d":{"now_ms":7}})"));
}

TEST_CASE("payloads: text that is no UTF-8 does not throw", "[gateway]") {
  CHECK_NOTHROW(presence_payload("\xff\xfe"));
}
