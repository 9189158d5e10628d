#include "infra/voice/ip_discovery.hpp"
#include "infra/voice/rtp.hpp"
#include "infra/voice/transport_mode.hpp"
#include "infra/voice/voice_close_rules.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>

using namespace hearth::voice;

namespace {

/// Version 2, type 120, sequence 1, timestamp 2, ssrc 3, with the given first byte and what
/// follows.
std::vector<uint8_t> packet(uint8_t first, const std::vector<uint8_t>& behind) {
  auto whole = std::vector<uint8_t>{first, 0x78, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3};
  whole.insert(whole.end(), behind.begin(), behind.end());
  return whole;
}

} // namespace

TEST_CASE("rtp: a header is written as RFC 3550 has it and reads back", "[voice]") {
  auto wire = std::vector<uint8_t>(rtp_header_size);
  write_rtp_header({0xfffe, 0x01020304, 0xa0b0c0d0}, wire);
  CHECK(wire == std::vector<uint8_t>{0x80, 0x78, 0xff, 0xfe, 1, 2, 3, 4, 0xa0, 0xb0, 0xc0, 0xd0});
  const auto found = read_rtp(wire);
  REQUIRE(found);
  CHECK(found->header.sequence == 0xfffe);
  CHECK(found->header.timestamp == 0x01020304);
  CHECK(found->header.ssrc == 0xa0b0c0d0);
  CHECK(found->clear.size() == rtp_header_size);
  CHECK(found->rest.empty());
}

TEST_CASE("rtp: sources and an extension's head are in clear, its body is not", "[voice]") {
  const auto plain = read_rtp(packet(0x80, {9, 9}));
  REQUIRE(plain);
  CHECK(plain->clear.size() == 12);
  CHECK(plain->rest.size() == 2);
  const auto sources = packet(0x82, {1, 1, 1, 1, 2, 2, 2, 2, 9});
  REQUIRE(read_rtp(sources));
  CHECK(read_rtp(sources)->clear.size() == 20);
  const auto extended = packet(0x91, {1, 1, 1, 1, 0xbe, 0xde, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9, 7});
  const auto found = read_rtp(extended);
  REQUIRE(found);
  CHECK(found->clear.size() == 12 + 4 + 4);
  CHECK(found->extension_size == 8);
  CHECK(found->rest.size() == 9);
  const auto payload = rtp_payload(*found, found->rest);
  REQUIRE(payload);
  CHECK(payload->size() == 1);
  CHECK(payload->front() == 7);
}

TEST_CASE("rtp: what is no packet of ours is refused", "[voice]") {
  CHECK_FALSE(read_rtp({}));
  auto cut = packet(0x80, {});
  cut.pop_back();
  CHECK_FALSE(read_rtp(cut));
  CHECK_FALSE(read_rtp(packet(0x40, {}))); // version 1
  auto other = packet(0x80, {});
  other[1] = 0x79;
  CHECK_FALSE(read_rtp(other));
  other[1] = 0xf8; // with the marker bit
  CHECK(read_rtp(other));
  CHECK_FALSE(read_rtp(packet(0x81, {1, 1, 1})));          // source cut
  CHECK_FALSE(read_rtp(packet(0x90, {0xbe, 0xde, 0})));    // extension cut
  CHECK_FALSE(read_rtp(packet(0x9f, {0xbe, 0xde, 0, 0}))); // fifteen sources missing
}

TEST_CASE("rtp: extension and padding must fit the payload", "[voice]") {
  const auto long_extension = packet(0x90, {0xbe, 0xde, 0, 2, 9, 9, 9, 9});
  const auto found = read_rtp(long_extension);
  REQUIRE(found);
  CHECK_FALSE(rtp_payload(*found, found->rest));
  const auto padded = [](std::vector<uint8_t> body) {
    const auto wire = packet(0xa0, body);
    const auto read = read_rtp(wire);
    REQUIRE(read);
    const auto payload = rtp_payload(*read, read->rest);
    return payload ? static_cast<int>(payload->size()) : -1;
  };
  CHECK(padded({5, 5, 0, 0, 3}) == 2);
  CHECK(padded({5, 1}) == 1);
  CHECK(padded({5, 5, 3}) == 0);
  CHECK(padded({5, 5, 4}) == -1);
  CHECK(padded({5, 5, 0}) == -1);
  CHECK(padded({}) == -1);
}

TEST_CASE("transport mode: the cheapest known one of those offered", "[voice]") {
  const auto aes = std::string("aead_aes256_gcm_rtpsize");
  const auto chacha = std::string("aead_xchacha20_poly1305_rtpsize");
  const auto offered = std::vector<std::string>{"xsalsa20_poly1305", chacha, aes};
  CHECK(choose_transport_mode(offered, {100, 300}) == transport_mode::aes256_gcm);
  CHECK(choose_transport_mode(offered, {900, 300}) == transport_mode::xchacha20);
  CHECK(choose_transport_mode(std::vector{chacha}, {100, 300}) == transport_mode::xchacha20);
  CHECK_FALSE(choose_transport_mode(std::vector<std::string>{"xsalsa20_poly1305"}, {1, 1}));
  CHECK_FALSE(choose_transport_mode({}, {1, 1}));
  for (const auto& name : {aes, chacha})
    CHECK(to_string(*parse_transport_mode(name)) == name);
}

TEST_CASE("ip discovery: asks as documented and believes only its own answer", "[voice]") {
  const auto request = discovery_request(0x01020304);
  CHECK(std::vector<uint8_t>(request.begin(), request.begin() + 9) ==
        std::vector<uint8_t>{0, 1, 0, 70, 1, 2, 3, 4, 0});
  auto answer = std::vector<uint8_t>(request.begin(), request.end());
  answer[1] = 2;
  const auto address = std::string("203.0.113.7");
  std::copy(address.begin(), address.end(), answer.begin() + 8);
  answer[72] = 0xc3;
  answer[73] = 0x50;
  const auto found = read_discovery_answer(answer, 0x01020304);
  REQUIRE(found);
  CHECK(found->address == address);
  CHECK(found->port == 50000);
  CHECK_FALSE(read_discovery_answer(request, 0x01020304));
  CHECK_FALSE(read_discovery_answer(answer, 0x01020305));
  const auto changed = [&](size_t at, uint8_t value) {
    auto other = answer;
    other[at] = value;
    return read_discovery_answer(other, 0x01020304).has_value();
  };
  CHECK_FALSE(changed(3, 71));
  CHECK_FALSE(changed(8, 0));   // no address
  CHECK_FALSE(changed(8, '"')); // nothing that an address holds
  auto endless = answer;
  std::fill(endless.begin() + 8, endless.begin() + 72, uint8_t{'1'});
  CHECK_FALSE(read_discovery_answer(endless, 0x01020304));
  auto portless = answer;
  portless[72] = portless[73] = 0;
  CHECK_FALSE(read_discovery_answer(portless, 0x01020304));
  answer.push_back(0);
  CHECK_FALSE(read_discovery_answer(answer, 0x01020304));
  CHECK(keepalive_packet(0x0102)[0] == 2);
  CHECK(keepalive_packet(0x0102)[1] == 1);
}

TEST_CASE("voice close: every code has its reaction", "[voice]") {
  using enum voice_close;
  const auto action = [](uint16_t code) { return rule_for_voice_close(code).action; };
  for (const auto code : {0, 1000, 1006, 3999, 4015})
    CHECK(action(static_cast<uint16_t>(code)) == resume);
  for (const auto code : {4001, 4002, 4003, 4005, 4012, 4016, 4020, 4000, 4999})
    CHECK(action(static_cast<uint16_t>(code)) == reconnect);
  for (const auto code : {4004, 4006, 4009, 4011})
    CHECK(action(static_cast<uint16_t>(code)) == join_again);
  CHECK(action(4014) == wait);
  CHECK(action(4021) == leave);
  CHECK(action(4022) == leave);
  CHECK(action(4017) == fatal);
  CHECK_FALSE(rule_for_voice_close(4017).meaning.empty());
}
