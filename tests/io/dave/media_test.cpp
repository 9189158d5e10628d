// Senders and receivers of media: order, replay, epochs, generations, clear ranges, plain frames.
#include "infra/dave/frame_opener.hpp"
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth;
using namespace hearth::dave;
using outcome = receiver_set::outcome;

namespace {

const auto speaker = user_id{7};
const auto frame = std::vector<uint8_t>{0x78, 1, 2, 3, 4, 5};

std::vector<uint8_t> seal(frame_sealer& sealer, const std::vector<uint8_t>& plain = frame) {
  auto out = std::vector<uint8_t>(plain.size() + sealed_overhead_max);
  out.resize(sealer.seal(plain, out));
  return out;
}

bytes base(uint8_t name) { return bytes(16, name); }

receiver_set hearing(uint8_t name, int64_t now_ms) {
  auto set = receiver_set{};
  set.renew(openssl_suite(), {{speaker, base(name)}}, now_ms);
  return set;
}

} // namespace

TEST_CASE("media: every frame opens once, in any order, for whom it was said", "[dave]") {
  const auto& crypto = openssl_suite();
  auto sealer = frame_sealer(crypto, base(1));
  auto set = hearing(1, 0);
  auto out = std::vector<uint8_t>{};
  auto sent = std::vector<std::vector<uint8_t>>{};
  for (auto at = 0; at < 8; ++at)
    sent.push_back(seal(sealer));
  CHECK(sent[0].size() == frame.size() + 12); // tag, one byte of nonce, size, marker
  for (const auto at : {3, 0, 7, 1, 6, 2, 5, 4}) {
    CHECK(set.open(0, speaker, sent[static_cast<size_t>(at)], out) == outcome::opened);
    CHECK(out == frame);
  }
  for (const auto& again : sent)
    CHECK(set.open(0, speaker, again, out) == outcome::failed);
  CHECK(set.open(0, user_id{8}, seal(sealer), out) == outcome::failed); // somebody else
  auto forged = seal(sealer);
  forged[0] ^= 1;
  CHECK(set.open(0, speaker, forged, out) == outcome::failed);
  CHECK(out.empty());
  forged[0] ^= 1;
  CHECK(set.open(0, speaker, forged, out) == outcome::opened); // the forgery used nothing up
}

TEST_CASE("media: the thousand latest missing frames may still come", "[dave]") {
  auto sealer = frame_sealer(openssl_suite(), base(1));
  auto set = hearing(1, 0);
  auto out = std::vector<uint8_t>{};
  auto sent = std::vector<std::vector<uint8_t>>{};
  for (auto at = size_t{0}; at < missed_nonces_max + 2; ++at)
    sent.push_back(seal(sealer));
  CHECK(set.open(0, speaker, sent.back(), out) == outcome::opened);
  CHECK(set.open(0, speaker, sent[0], out) == outcome::failed); // the 1001st before
  CHECK(set.open(0, speaker, sent[1], out) == outcome::opened); // the 1000th
  CHECK(set.open(0, speaker, sent[1], out) == outcome::failed);
  // A second gap pushes the oldest of the first one out.
  seal(sealer);
  CHECK(set.open(0, speaker, sent[2], out) == outcome::opened);
  seal(sealer);
  seal(sealer);
  CHECK(set.open(0, speaker, seal(sealer), out) == outcome::opened);
  CHECK(set.open(0, speaker, sent[3], out) == outcome::failed);
  CHECK(set.open(0, speaker, sent[4], out) == outcome::opened);
}

TEST_CASE("media: an older epoch is heard for ten seconds more", "[dave]") {
  const auto& crypto = openssl_suite();
  auto old_sealer = frame_sealer(crypto, base(1));
  auto new_sealer = frame_sealer(crypto, base(2));
  auto set = hearing(1, 0);
  auto out = std::vector<uint8_t>{};
  set.renew(crypto, {{speaker, base(2)}}, 5000);
  CHECK(set.open(5000, speaker, seal(old_sealer), out) == outcome::opened);
  CHECK(set.open(5000, speaker, seal(new_sealer), out) == outcome::opened);
  CHECK(set.open(14'999, speaker, seal(old_sealer), out) == outcome::opened);
  CHECK(set.open(15'000, speaker, seal(old_sealer), out) == outcome::failed);
  CHECK(set.open(15'000, speaker, seal(new_sealer), out) == outcome::opened);
  // Who left is heard as long.
  set.renew(crypto, {{user_id{8}, base(3)}}, 20'000);
  CHECK(set.open(29'999, speaker, seal(new_sealer), out) == outcome::opened);
  CHECK(set.open(30'000, speaker, seal(new_sealer), out) == outcome::failed);
}

TEST_CASE("media: generations follow each other and the wire's nonce wraps", "[dave]") {
  const auto& crypto = openssl_suite();
  constexpr auto per_generation = uint64_t{1} << 24;
  constexpr auto old_ms = int64_t{30'000'000'000}; // a year: every generation is believable
  auto out = std::vector<uint8_t>{};
  auto set = hearing(1, 0);
  auto before = frame_sealer(crypto, base(1), per_generation - 2);
  const auto last = seal(before);
  const auto first = seal(before);
  const auto straggler = last;
  CHECK(set.open(old_ms, speaker, first, out) == outcome::opened);
  CHECK(set.open(old_ms + 9'999, speaker, straggler, out) == outcome::opened);
  auto late = frame_sealer(crypto, base(1), per_generation - 3);
  CHECK(set.open(old_ms + 10'000, speaker, seal(late), out) == outcome::failed); // key is gone
  // At most 250 generations ahead, then on and on, over the wrap at 256.
  auto far = frame_sealer(crypto, base(1), per_generation * 251);
  CHECK(set.open(old_ms + 20'000, speaker, seal(far), out) == outcome::opened);
  auto wrapped = frame_sealer(crypto, base(1), per_generation * 256 + 5);
  const auto wire = seal(wrapped);
  const auto trailer = read_media_trailer(wire);
  REQUIRE(trailer);
  CHECK(trailer->nonce == 6);
  CHECK(set.open(old_ms + 40'000, speaker, wire, out) == outcome::opened);
  CHECK(out == frame);
  auto beyond = hearing(1, 0);
  auto too_far = frame_sealer(crypto, base(1), per_generation * 251);
  CHECK(beyond.open(old_ms, speaker, seal(too_far), out) == outcome::failed);
}

TEST_CASE("media: clear ranges are authenticated and put back", "[dave]") {
  const auto& crypto = openssl_suite();
  auto ratchet = key_ratchet(crypto, base(1));
  const auto key = crypto.aead(ratchet.next_key());
  const auto plain = std::vector<uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  // Bytes 0-1 and 5-6 stay readable.
  const auto clear = std::vector<uint8_t>{0, 1, 5, 6};
  const auto hidden = std::vector<uint8_t>{2, 3, 4, 7, 8, 9};
  auto sealed = std::vector<uint8_t>(hidden.size());
  auto tag = std::vector<uint8_t>(media_tag_size);
  REQUIRE(key->seal(media_nonce(1), clear, hidden, sealed.data(), tag));
  auto wire = std::vector<uint8_t>{0, 1, sealed[0], sealed[1], sealed[2],
                                   5, 6, sealed[3], sealed[4], sealed[5]};
  wire.insert(wire.end(), tag.begin(), tag.end());
  for (const auto byte : {1, 0, 2, 5, 2, 8 + 5 + 3, 0xfa, 0xfa})
    wire.push_back(static_cast<uint8_t>(byte));
  auto out = std::vector<uint8_t>{};
  auto changed = wire;
  changed[1] = 9;
  auto set = hearing(1, 0);
  CHECK(set.open(0, speaker, changed, out) == outcome::failed);
  CHECK(set.open(0, speaker, wire, out) == outcome::opened);
  CHECK(out == plain);
}

TEST_CASE("media: plain frames pass only while they may", "[dave]") {
  auto set = hearing(1, 0);
  auto out = std::vector<uint8_t>{};
  CHECK(set.open(0, speaker, frame, out) == outcome::refused);
  const auto silence = std::vector<uint8_t>(std::begin(silence_frame), std::end(silence_frame));
  CHECK(set.open(0, speaker, silence, out) == outcome::plain);
  CHECK(out == silence);
  set.allow_plain();
  CHECK(set.open(0, user_id{9}, frame, out) == outcome::plain);
  CHECK(out == frame);
  auto sealer = frame_sealer(openssl_suite(), base(1));
  CHECK(set.open(0, speaker, seal(sealer), out) == outcome::opened); // sealed ones still open
  set.end_plain(1000);
  set.end_plain(5000); // ends once
  CHECK(set.open(10'999, speaker, frame, out) == outcome::plain);
  CHECK(set.open(11'000, speaker, frame, out) == outcome::refused);
}

TEST_CASE("media: a sealer without room writes nothing and counts nothing", "[dave]") {
  auto sealer = frame_sealer(openssl_suite(), base(1));
  auto small = std::vector<uint8_t>(frame.size() + sealed_overhead_max - 1);
  CHECK(sealer.seal(frame, small) == 0);
  const auto wire = seal(sealer);
  CHECK(read_media_trailer(wire)->nonce == 1);
}
