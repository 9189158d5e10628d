// The two ciphers of the voice transport, and packets under them.
#include "infra/voice/transport_key_context.hpp"
#include "infra/voice/transport_packet.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth::voice;
using hearth::dave::bytes;
using hearth::test::hex;
using hearth::test::unhex;

namespace {

bytes session_key() {
  auto key = bytes{};
  for (auto at = uint8_t{0}; at < transport_key_size; ++at)
    key.push_back(at);
  return key;
}

packet_sealer sealer_of(transport_mode mode, rtp_header first = {65535, 0xfffffc40, 77}) {
  return {make_transport_key(mode, session_key()), mode, first};
}
packet_opener opener_of(transport_mode mode) {
  return {make_transport_key(mode, session_key()), mode};
}

std::vector<uint8_t> seal(packet_sealer& sealer, const std::vector<uint8_t>& frame) {
  auto out = std::vector<uint8_t>(frame.size() + packet_overhead);
  out.resize(sealer.seal(frame, out));
  return out;
}

const auto frame = std::vector<uint8_t>{0x78, 1, 2, 3, 4};

} // namespace

TEST_CASE("transport: XChaCha20-Poly1305 gives the draft's answer", "[voice]") {
  // draft-irtf-cfrg-xchacha-03, A.3.1.
  const auto key = make_transport_key(
      transport_mode::xchacha20,
      unhex(std::string("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")));
  const auto nonce = unhex(std::string("404142434445464748494a4b4c4d4e4f5051525354555657"));
  const auto aad = unhex(std::string("50515253c0c1c2c3c4c5c6c7"));
  const auto plain = hearth::dave::bytes_of(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.");
  auto out = bytes(plain.size());
  auto tag = bytes(16);
  REQUIRE(key->seal(nonce, aad, plain, out.data(), tag));
  CHECK(hex(out) == "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6"
                    "440bf3a82f4eda7e39"
                    "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc36948"
                    "8f76b2383565d3fff9"
                    "21f9664c97637da9768812f615c68b13b52e");
  CHECK(hex(tag) == "c0875924c1c7987947deafd8780acf49");
  auto back = bytes(plain.size());
  CHECK(key->open(nonce, aad, out, tag, back.data()));
  CHECK(hearth::dave::equal(back, plain));
  tag[0] ^= 1;
  CHECK_FALSE(key->open(nonce, aad, out, tag, back.data()));
  CHECK(back == bytes(plain.size(), 0));
}

TEST_CASE("transport: AES-256-GCM gives the specification's answer", "[voice]") {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
  const auto key = make_transport_key(
      transport_mode::aes256_gcm,
      unhex(std::string("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")));
  const auto nonce = unhex(std::string("cafebabefacedbaddecaf888"));
  const auto aad = unhex(std::string("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  const auto plain = unhex(std::string("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a3"
                                       "18a721c3c0c95956809532fcf0e2449a6b525"
                                       "b16aedf5aa0de657ba637b39"));
  auto out = bytes(plain.size());
  auto tag = bytes(16);
  REQUIRE(key->seal(nonce, aad, plain, out.data(), tag));
  CHECK(hex(out) == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb"
                    "3da7b08b1056828838"
                    "c5f61e6393ba7a0abcc9f662");
  CHECK(hex(tag) == "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST_CASE("transport: a packet is header, ciphertext, tag and nonce, and opens again", "[voice]") {
  const auto mode = GENERATE(transport_mode::aes256_gcm, transport_mode::xchacha20);
  auto sealer = sealer_of(mode);
  const auto packet = seal(sealer, frame);
  REQUIRE(packet.size() == frame.size() + packet_overhead);
  CHECK(hex(std::vector<uint8_t>(packet.begin(), packet.begin() + 12)) ==
        "8078fffffffffc400000004d");
  CHECK(hex(std::vector<uint8_t>(packet.end() - 4, packet.end())) == "00000001");
  // Assembled by hand: the AEAD over the header with the nonce and zeros behind it.
  const auto key = make_transport_key(mode, session_key());
  auto nonce = bytes(nonce_size_of(mode), 0);
  nonce[3] = 1;
  auto sealed = bytes(frame.size());
  auto tag = bytes(16);
  REQUIRE(key->seal(nonce, std::span(packet).first(12), frame, sealed.data(), tag));
  CHECK(hex(std::span(packet).subspan(12, frame.size())) == hex(sealed));
  CHECK(hex(std::span(packet).subspan(12 + frame.size(), 16)) == hex(tag));

  auto opener = opener_of(mode);
  const auto opened = opener.open(packet);
  REQUIRE(opened);
  CHECK(opened->header.ssrc == 77);
  CHECK(hearth::dave::equal(opened->payload, frame));
  // Sequence and timestamp wrap and step on.
  const auto second = seal(sealer, frame);
  const auto next = opener.open(second);
  REQUIRE(next);
  CHECK(next->header.sequence == 0);
  CHECK(next->header.timestamp == 0);
  CHECK(hex(std::vector<uint8_t>(second.end() - 4, second.end())) == "00000002");
  sealer.skip(samples_per_frame * 50);
  CHECK(sealer.next().timestamp == samples_per_frame * 51);
  CHECK(sealer.next().sequence == 1);
}

TEST_CASE("transport: changed, cut and foreign packets do not open", "[voice]") {
  const auto mode = GENERATE(transport_mode::aes256_gcm, transport_mode::xchacha20);
  auto sealer = sealer_of(mode);
  const auto packet = seal(sealer, frame);
  auto opener = opener_of(mode);
  for (auto at = size_t{0}; at < packet.size(); ++at) {
    auto changed = packet;
    changed[at] ^= 1;
    CHECK_FALSE(opener.open(changed));
    CHECK_FALSE(opener.open(std::span(packet).first(at)));
  }
  CHECK(opener.open(packet));
  const auto other =
      mode == transport_mode::aes256_gcm ? transport_mode::xchacha20 : transport_mode::aes256_gcm;
  CHECK_FALSE(opener_of(other).open(packet));
  auto small = std::vector<uint8_t>(frame.size() + packet_overhead - 1);
  CHECK(sealer.seal(frame, small) == 0);
  CHECK(hex(seal(sealer, frame)).ends_with("00000002")); // nothing was used up
}

TEST_CASE("transport: extension and padding of others are taken off", "[voice]") {
  const auto mode = GENERATE(transport_mode::aes256_gcm, transport_mode::xchacha20);
  const auto key = make_transport_key(mode, session_key());
  const auto clear = unhex(std::string("b07800010000000200000003bede0001"));
  const auto plain = unhex(std::string("aabbccdd0102030000000004")); // 4 of extension, 4 of padding
  auto packet = clear;
  auto nonce = bytes(nonce_size_of(mode), 0);
  nonce[0] = 9; // byte order is the sender's own
  auto sealed = bytes(plain.size());
  auto tag = bytes(16);
  REQUIRE(key->seal(nonce, clear, plain, sealed.data(), tag));
  for (const auto& part : {sealed, tag, bytes{9, 0, 0, 0}})
    packet.insert(packet.end(), part.begin(), part.end());
  auto opener = opener_of(mode);
  const auto opened = opener.open(packet);
  REQUIRE(opened);
  CHECK(hex(opened->payload) == "01020300");
}

TEST_CASE("transport: costs are measured for both modes", "[voice]") {
  const auto costs = measure_transport_costs();
  for (const auto cost : costs) {
    CHECK(cost > 10); // nanoseconds
    CHECK(cost < 1e6);
  }
  CHECK_THROWS(make_transport_key(transport_mode::aes256_gcm, bytes(31)));
  CHECK_THROWS(make_transport_key(transport_mode::xchacha20, bytes(33)));
}
