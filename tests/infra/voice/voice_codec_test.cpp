// What the voice gateway and we say to each other, byte by byte.
#include "infra/voice/voice_decode.hpp"
#include "infra/voice/voice_payloads.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using namespace hearth::voice;
using nlohmann::json;

namespace {

template <class T> T heard_as(std::string_view text) {
  auto decoder = voice_decoder{};
  const auto found = decoder.text(text);
  REQUIRE(found);
  REQUIRE(std::holds_alternative<T>(found->message));
  return std::get<T>(found->message);
}

bool refused(std::string_view text) { return !voice_decoder{}.text(text).has_value(); }

} // namespace

TEST_CASE("voice payloads: as the voice gateway of version 8 wants them", "[voice]") {
  const auto login = voice_login{guild_id{41}, user_id{42}, "session", secret("token")};
  CHECK(json::parse(identify_payload(login)) ==
        json::parse(R"({"op":0,"d":{"server_id":"41","user_id":"42","session_id":"session",
          "token":"token","max_dave_protocol_version":1}})"));
  CHECK(json::parse(resume_payload(login, 7)) ==
        json::parse(R"({"op":7,"d":{"server_id":"41","session_id":"session","token":"token",
          "seq_ack":7}})"));
  CHECK(json::parse(select_protocol_payload({"203.0.113.7", 50000}, transport_mode::aes256_gcm)) ==
        json::parse(R"({"op":1,"d":{"protocol":"udp","data":{"address":"203.0.113.7","port":50000,
          "mode":"aead_aes256_gcm_rtpsize"}}})"));
  CHECK(json::parse(heartbeat_payload(1700000000000, -1)) ==
        json::parse(R"({"op":3,"d":{"t":1700000000000,"seq_ack":-1}})"));
  CHECK(json::parse(speaking_payload(speaking_flag::microphone, 9)) ==
        json::parse(R"({"op":5,"d":{"speaking":1,"delay":0,"ssrc":9}})"));
  CHECK(json::parse(transition_ready_payload(65535)) ==
        json::parse(R"({"op":23,"d":{"transition_id":65535}})"));
  CHECK(json::parse(invalid_commit_payload(0)) ==
        json::parse(R"({"op":31,"d":{"transition_id":0}})"));
  const auto wire = binary_message(26, std::vector<uint8_t>{0, 1, 0, 2});
  CHECK(std::vector<uint8_t>(wire.begin(), wire.end()) == std::vector<uint8_t>{26, 0, 1, 0, 2});
}

TEST_CASE("voice decode: the handshake", "[voice]") {
  CHECK(heard_as<heard::hello>(R"({"op":8,"d":{"v":8,"heartbeat_interval":13750.0}})")
            .heartbeat_interval_ms == 13750);
  const auto ready = heard_as<heard::ready>(
      R"({"op":2,"d":{"ssrc":4294967295,"ip":"203.0.113.1","port":50001,"experiments":["x"],
        "heartbeat_interval":1,"modes":["aead_aes256_gcm_rtpsize",5,"other"]}})");
  CHECK(ready.ssrc == 4294967295);
  CHECK(ready.address == "203.0.113.1");
  CHECK(ready.port == 50001);
  CHECK(ready.modes == std::vector<std::string>{"aead_aes256_gcm_rtpsize", "other"});
  auto key = json::array();
  for (auto at = 0; at < 32; ++at)
    key.push_back(at * 8);
  auto description = json{{"op", 4},
                          {"d",
                           {{"mode", "aead_xchacha20_poly1305_rtpsize"},
                            {"secret_key", key},
                            {"dave_protocol_version", 1}}}};
  const auto session = heard_as<heard::session_description>(description.dump());
  CHECK(session.mode == "aead_xchacha20_poly1305_rtpsize");
  CHECK(session.secret_key.size() == 32);
  CHECK(session.secret_key[31] == 248);
  CHECK(session.dave_version == 1);
  description["d"].erase("dave_protocol_version");
  CHECK(heard_as<heard::session_description>(description.dump()).dave_version == 0);
  description["d"]["secret_key"][3] = 256;
  CHECK(refused(description.dump()));
  description["d"]["secret_key"].erase(3);
  CHECK(refused(description.dump()));
  CHECK(heard_as<heard::heartbeat_ack>(R"({"op":6,"d":{"t":1700000000000}})").nonce ==
        1700000000000);
  heard_as<heard::resumed>(R"({"op":9,"d":null})");
  CHECK(refused(R"({"op":2,"d":{"ssrc":1,"ip":"x","port":65536,"modes":[]}})"));
  CHECK(refused(R"({"op":2,"d":{"ssrc":-1,"ip":"x","port":1,"modes":[]}})"));
  CHECK(refused(R"({"op":8,"d":{"heartbeat_interval":0}})"));
  CHECK(refused(R"({"op":8,"d":{}})"));
}

TEST_CASE("voice decode: users and transitions, numbers also as text", "[voice]") {
  const auto speaking =
      heard_as<heard::speaking>(R"({"op":5,"d":{"user_id":"77","ssrc":5,"speaking":1}})");
  CHECK(speaking.user == user_id{77});
  CHECK(speaking.ssrc == 5);
  CHECK(speaking.flags == 1);
  CHECK(heard_as<heard::users_connected>(R"({"op":11,"d":{"user_ids":["1","2",3,"x"]}})").users ==
        std::vector<user_id>{user_id{1}, user_id{2}});
  CHECK(heard_as<heard::user_disconnected>(R"({"op":13,"d":{"user_id":"18446744073709551615"}})")
            .user == user_id{UINT64_MAX});
  const auto prepared = heard_as<heard::prepare_transition>(
      R"({"op":21,"d":{"transition_id":"65535","protocol_version":0}})");
  CHECK(prepared.transition == 65535);
  CHECK(prepared.version == 0);
  CHECK(heard_as<heard::execute_transition>(R"({"op":22,"d":{"transition_id":3}})").transition ==
        3);
  const auto epoch = heard_as<heard::prepare_epoch>(
      R"({"op":24,"d":{"epoch":"1","protocol_version":1,"transition_id":9}})");
  CHECK(epoch.epoch == 1);
  CHECK(epoch.version == 1);
  CHECK(refused(R"({"op":22,"d":{"transition_id":65536}})"));
  CHECK(refused(R"({"op":22,"d":{"transition_id":-1}})"));
  CHECK(refused(R"({"op":21,"d":{"transition_id":1}})"));
  CHECK(refused(R"({"op":24,"d":{"protocol_version":1}})"));
  CHECK(refused(R"({"op":13,"d":{"user_id":"+1"}})"));
}

TEST_CASE("voice decode: the number of a message is told by its presence", "[voice]") {
  auto decoder = voice_decoder{};
  CHECK_FALSE(decoder.text(R"({"op":18,"d":{}})")->seq);
  CHECK(decoder.text(R"({"op":18,"d":{},"seq":0})")->seq == 0);
  CHECK(decoder.text(R"({"seq":65535,"op":9,"d":null})")->seq == 65535);
  CHECK(decoder.text(R"({"seq":null,"op":9,"d":null})")->seq == std::nullopt);
  const auto frame = std::vector<uint8_t>{0xff, 0xfe, 27, 1, 2};
  const auto found = voice_decoder::binary(frame);
  REQUIRE(found);
  CHECK(found->seq == 0xfffe);
  const auto& message = std::get<heard::dave_message>(found->message);
  CHECK(message.op == 27);
  CHECK(std::vector<uint8_t>(message.payload.begin(), message.payload.end()) ==
        std::vector<uint8_t>{1, 2});
}

TEST_CASE("voice decode: unknown ops are ignored, broken frames refused", "[voice]") {
  CHECK(heard_as<heard::other>(R"({"op":18,"d":{"flags":1}})").op == 18);
  CHECK(heard_as<heard::other>(R"({"op":15,"d":[1]})").op == 15);
  CHECK(heard_as<heard::other>(R"({"op":-3})").op == -3);
  for (const auto* text :
       {"", "{", "[]", "7", R"({"d":{}})", R"({"op":"8","d":{}})", R"({"op":8.5,"d":{}})"})
    CHECK(refused(text));
  CHECK(refused(std::string(text_size_max, ' ') + R"({"op":9})"));
  auto deep = std::string(R"({"op":18,"d":)");
  deep += std::string(5000, '[') + std::string(5000, ']') + "}";
  CHECK(refused(deep));
  for (auto size = size_t{0}; size < 3; ++size)
    CHECK_FALSE(voice_decoder::binary(std::vector<uint8_t>(size, 27)));
  const auto other = voice_decoder::binary(std::vector<uint8_t>{0, 1, 26});
  REQUIRE(other);
  CHECK(std::get<heard::other>(other->message).op == 26);
}
