// Changed messages and byte strings of chance at all that reads what voice servers send.
#include "tests/support/catch.hpp"
#include "tests/support/voice_hostile.hpp"
#include <array>
#include <random>
#include <string>

using namespace hearth::voice;

namespace {

/// Good messages of each kind; kind 0 is JSON, 1 binary, 2 RTP, 3 IP discovery.
std::vector<std::pair<uint8_t, std::string>> good() {
  auto key = std::string("0");
  for (auto at = 1; at < 32; ++at)
    key += "," + std::to_string(at);
  auto answer = std::string(discovery_size, '\0');
  answer.replace(0, 8, std::string("\0\2\0\106\0\0\0\1", 8));
  answer.replace(8, 9, "127.0.0.1");
  answer[73] = 9;
  return {
      {0, R"({"op":8,"d":{"heartbeat_interval":41250.5},"seq":7})"},
      {0, R"({"op":2,"d":{"ssrc":5,"ip":"1.2.3.4","port":5,"modes":["a","b"]}})"},
      {0, R"({"op":4,"d":{"mode":"m","secret_key":[)" + key + R"(],"dave_protocol_version":1}})"},
      {0, R"({"op":11,"d":{"user_ids":["1","18446744073709551615"]}})"},
      {0, R"({"op":21,"d":{"transition_id":"65535","protocol_version":1}})"},
      {1, std::string("\0\7\33\1\2\3", 6)},
      {2, std::string("\x90\x78\0\1\0\0\0\2\0\0\0\3\xbe\xde\0\1abcdpayload", 27)},
      {3, answer}};
}

} // namespace

TEST_CASE("hostile voice: messages of no bytes", "[voice]") {
  auto decoder = voice_decoder{};
  CHECK_FALSE(decoder.text(std::string_view{}));
  CHECK_FALSE(voice_decoder::binary({}));
  for (auto kind = uint8_t{0}; kind < 4; ++kind)
    CHECK_NOTHROW(hostile::take(decoder, std::array{kind}));
}

TEST_CASE("hostile voice: nothing that voice servers send gets through a rule", "[voice]") {
  auto decoder = voice_decoder{};
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  auto random = std::mt19937(seed);
  const auto messages = good();
  for (auto round = size_t{0}; round < 40'000; ++round) {
    const auto& [kind, text] = messages[round % messages.size()];
    auto input = std::vector<uint8_t>{kind};
    input.insert(input.end(), text.begin(), text.end());
    for (auto edits = random() % 6; edits > 0 && input.size() > 1; --edits) {
      const auto place = input.begin() + 1 + static_cast<ptrdiff_t>(random() % (input.size() - 1));
      const auto byte = static_cast<uint8_t>(random());
      if (random() % 3 == 0)
        input.erase(place);
      else if (random() % 2 == 0)
        input.insert(place, byte);
      else
        *place = byte;
    }
    INFO("round " << round);
    try {
      hostile::take(decoder, input);
    } catch (const std::exception& wrong) {
      FAIL(wrong.what());
    }
  }
  SUCCEED();
}

TEST_CASE("hostile voice: the good messages are good", "[voice]") {
  auto decoder = voice_decoder{};
  for (const auto& [kind, text] : good()) {
    const auto wire = std::vector<uint8_t>(text.begin(), text.end());
    INFO(text);
    if (kind == 0)
      CHECK(decoder.text(text));
    else if (kind == 1)
      CHECK(voice_decoder::binary(wire));
    else if (kind == 2)
      CHECK(read_rtp(wire));
    else
      CHECK(read_discovery_answer(wire, 1));
  }
}
