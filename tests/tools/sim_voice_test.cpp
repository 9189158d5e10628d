// The pure parts of the simulator's voice server: what a resume repeats, what is held against a
// sender, packets, media frames, the delivery service before there is a group, the recorder.
// Sockets and whole groups: tests/interop/voice.test.mjs and voice_gateway.test.mjs.
#include "discord-sim/dave_frames.hpp"
#include "discord-sim/mls_delivery.hpp"
#include "discord-sim/mls_member.hpp"
#include "discord-sim/violations.hpp"
#include "discord-sim/voice_recorder.hpp"
#include "discord-sim/voice_session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <cmath>
#include <fstream>
#include <sstream>

namespace {

constexpr std::int64_t frame_us = 20000;

sim::rtp_packet packet(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t nonce,
                       std::string payload = std::string(sim::silence_frame)) {
  sim::rtp_packet p;
  p.sequence = sequence;
  p.timestamp = timestamp;
  p.ssrc = 7;
  p.nonce = nonce;
  p.payload = std::move(payload);
  return p;
}

using names = std::vector<std::string_view>;

names kinds(const std::vector<std::pair<std::string_view, std::string>>& wrong) {
  names list;
  for (const auto& [name, sentence] : wrong)
    list.push_back(name);
  return list;
}

} // namespace

TEST_CASE("voice media: a sender that does all right is held nothing against", "[sim_voice]") {
  sim::media_checker checker;
  sim::dave_ratchet ratchet(std::string(16, 'k'));
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto sequence = static_cast<std::uint16_t>(65500 + i); // wraps
    const auto timestamp = 0xffffff00u + i * 960;                // wraps
    CHECK(checker.look(packet(sequence, timestamp, i + 1, ratchet.seal("opus")), true, i * frame_us)
              .empty());
  }
  CHECK(checker.numbers().packets == 200);
  CHECK(checker.numbers().encrypted == 200);
  CHECK(checker.numbers().spurts == 1);
  CHECK(checker.numbers().longest_gap_us == frame_us);
  CHECK(checker.numbers().late[0] == 200);
}

TEST_CASE("voice media: every broken rule is named", "[sim_voice]") {
  sim::media_checker checker;
  auto look = [&, at = std::int64_t{0}](const sim::rtp_packet& p, bool dave = false) mutable {
    return kinds(checker.look(p, dave, at += frame_us));
  };
  CHECK(look(packet(1, 960, 1)).empty());
  CHECK(look(packet(2, 1920, 1)) == names{sim::violation::voice_nonce_reuse});
  CHECK(look(packet(3, 1920, 2)) == names{sim::violation::voice_timestamp});
  CHECK(look(packet(4, 4800, 3)) == names{sim::violation::voice_timestamp});
  CHECK(look(packet(6, 6720, 4)) == names{sim::violation::voice_sequence});
  CHECK(look(packet(7, 7680, 5, "plain"), true) == names{sim::violation::voice_plain_frame});
  CHECK(look(packet(8, 8640, 6), true).empty()); // silence may be clear
  CHECK(look(packet(9, 9600, 5)) == names{sim::violation::voice_nonce_reuse});
  // After it said that it stops, its clock may jump.
  checker.stopped();
  CHECK(look(packet(10, 96000, 7)).empty());
  CHECK(checker.numbers().spurts == 2);
}

TEST_CASE("voice media: lateness is measured against 20 ms steps", "[sim_voice]") {
  sim::media_checker checker;
  const std::int64_t arrivals[] = {0, 20000, 47000, 60500, 200000};
  for (std::uint32_t i = 0; i < 5; ++i)
    checker.look(packet(static_cast<std::uint16_t>(i), i * 960, i + 1), false, arrivals[i]);
  // 0, 0, 7, 0.5 and 120 ms late.
  CHECK(checker.numbers().late == std::array<std::uint64_t, 8>{3, 0, 0, 1, 0, 0, 0, 1});
  CHECK(checker.numbers().longest_gap_us == 139500);
}

TEST_CASE("voice media: what is a DAVE frame", "[sim_voice]") {
  sim::dave_ratchet ratchet(std::string(16, 'k'));
  const auto frame = ratchet.seal("some opus");
  CHECK(sim::is_dave_frame(frame));
  CHECK_FALSE(sim::is_dave_frame(frame.substr(1, frame.size() - 2)));
  CHECK_FALSE(sim::is_dave_frame(sim::silence_frame));
  auto longer = frame;
  longer[longer.size() - 3] = static_cast<char>(frame.size() + 1);
  CHECK_FALSE(sim::is_dave_frame(longer));
  auto shorter = frame;
  shorter[shorter.size() - 3] = 10;
  CHECK_FALSE(sim::is_dave_frame(shorter));
}

TEST_CASE("dave frames: open once, under their own key, in any order", "[sim_voice]") {
  const std::string base = sim::random_bytes(16);
  sim::dave_ratchet sender(base);
  sim::dave_sender receiver;
  const auto before = sender.seal("before");
  CHECK_FALSE(receiver.open(before));
  receiver.epoch(base);
  const auto one = sender.seal("one");
  const auto two = sender.seal("two");
  CHECK(receiver.open(two) == "two");
  CHECK(receiver.open(one) == "one");
  CHECK_FALSE(receiver.open(one));
  receiver.epoch(sim::random_bytes(16));
  CHECK(receiver.open(sender.seal("still the old epoch")) == "still the old epoch");
  auto forged = sender.seal("forged");
  forged[0] = static_cast<char>(forged[0] ^ 1);
  CHECK_FALSE(receiver.open(forged));
}

TEST_CASE("voice packets: both modes seal and open, with an extension too", "[sim_voice]") {
  const auto mode = GENERATE(sim::voice_mode::aes256_gcm, sim::voice_mode::xchacha20_poly1305);
  const auto extension = GENERATE(false, true);
  const auto key = sim::random_bytes(32);
  const auto sent = packet(9, 10, 11, "payload");
  auto bytes = sim::seal_rtp(mode, key, sent, extension);
  const auto got = sim::open_rtp(mode, key, bytes);
  REQUIRE(got);
  CHECK(got->payload == "payload");
  CHECK(got->nonce == 11);
  CHECK(got->ssrc == 7);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    CHECK_FALSE(sim::open_rtp(mode, key, changed));
    CHECK_FALSE(sim::open_rtp(mode, key, bytes.substr(0, i)));
  }
}

TEST_CASE("voice session: a resume repeats what was not acknowledged, over the wrap",
          "[sim_voice]") {
  sim::voice_session session;
  session.first_seq(65534);
  CHECK(session.replay(-1)->empty());
  CHECK(session.number(5, "{}").seq == 65534);
  CHECK(session.number_binary(25, "xy").bytes == std::string("\xff\xff\x19xy", 5));
  const auto& third = session.number(11, R"({"a":1})");
  CHECK(third.seq == 0);
  CHECK(third.bytes == R"({"op":11,"d":{"a":1},"seq":0})");
  CHECK(session.replay(-1)->size() == 3);
  CHECK(session.replay(65535)->size() == 1);
  CHECK(session.replay(0)->empty());
  CHECK_FALSE(session.replay(5));
  CHECK(session.acknowledge(65535));
  CHECK_FALSE(session.acknowledge(65533)); // forgotten
  CHECK(session.replay(65535)->front().binary == false);
}

TEST_CASE("dave delivery: pending members are proposed to each other, and no more", "[sim_voice]") {
  const sim::external_sender sender;
  sim::mls_delivery delivery(42, sender);
  sim::mls_member ann(1, 42);
  sim::mls_member bob(2, 42);
  delivery.key_package(1, ann.begin());
  CHECK(delivery.news({1}).empty());
  delivery.key_package(2, bob.begin());
  const auto news = delivery.news({1, 2});
  REQUIRE(news.size() == 2);
  CHECK(news[0].to == 1);
  CHECK(news[0].op == 27);
  // Ann is told of Bob: an addition by the external sender, in epoch 0, rightly signed.
  sim::mls_reader from(news[0].payload);
  CHECK(from.u8() == 0);
  sim::mls_reader list(from.vec());
  const auto proposal = sim::read_public_message(list);
  CHECK(list.left() == 0);
  CHECK(proposal.external);
  CHECK(proposal.epoch == 0);
  REQUIRE(proposal.add);
  CHECK(proposal.add->leaf.identity == sim::identity_of(2));
  CHECK(sim::verify_with_label(sender.key.point, "FramedContentTBS",
                               std::string("\0\1\0\1", 4) + proposal.content, proposal.signature));
  CHECK(delivery.news({1, 2}).empty());
  // Bob goes: what was said of him is taken back, from Ann alone.
  delivery.leave(2);
  const auto taken = delivery.news({1});
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].payload[0] == 1);
  CHECK(taken[0].payload.find(proposal.ref()) != std::string::npos);
}

TEST_CASE("dave delivery: key packages that no gateway takes", "[sim_voice]") {
  const sim::external_sender sender;
  sim::mls_delivery delivery(42, sender);
  sim::mls_member ann(1, 42);
  const auto good = ann.begin();
  CHECK_THROWS_AS(delivery.key_package(2, good), sim::mls_error);
  CHECK_THROWS_AS(delivery.key_package(1, good + '\0'), sim::mls_error);
  for (std::size_t i = 0; i < good.size(); ++i) {
    CHECK_THROWS_AS(delivery.key_package(1, std::string_view(good).substr(0, i)), sim::mls_error);
    auto changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_THROWS_AS(delivery.key_package(1, changed), sim::mls_error);
  }
  CHECK(delivery.news({1}).empty());
  const auto verdict = delivery.commit(1, "no commit at all");
  CHECK_FALSE(verdict.accepted);
  CHECK_FALSE(verdict.wrong.empty());
}

TEST_CASE("mls tree: leaves take the leftmost place, the tree grows and shrinks", "[sim_voice]") {
  const auto leaf = [](char name) {
    sim::leaf_node l;
    l.identity = std::string(8, name);
    l.encryption_key = std::string(65, name);
    l.capabilities = std::string(5, '\0');
    return l;
  };
  sim::mls_tree tree;
  for (const char name : {'a', 'b', 'c', 'd', 'e'})
    tree.add(leaf(name));
  CHECK(tree.leaves() == 8);
  CHECK(tree.direct_path(0) == std::vector<std::uint32_t>{1, 3, 7});
  CHECK(tree.direct_path(4) == std::vector<std::uint32_t>{9, 11, 7});
  CHECK(tree.resolution(7) == std::vector<std::uint32_t>{0, 2, 4, 6, 8});
  // Of leaf 4's ancestors only the root has somebody on its other side.
  REQUIRE(tree.filtered_path(4).size() == 1);
  CHECK(tree.filtered_path(4)[0].node == 7);
  CHECK(tree.filtered_path(4)[0].other == 3);
  tree.remove(1);
  tree.remove(4);
  CHECK(tree.leaves() == 4);
  CHECK(tree.add(leaf('f')) == 1);
  CHECK_THROWS_AS(tree.remove(7), sim::mls_error);
}

TEST_CASE("mls tree: a hostile one is refused with a word", "[sim_voice]") {
  const auto wrapped = [](const std::string& nodes) {
    sim::mls_writer w;
    w.vec(nodes);
    return w.take();
  };
  sim::mls_member ann(1, 42);
  const auto kp = sim::read_key_package(ann.begin());
  const auto leaf = "\1\1" + kp.leaf.bytes();
  const auto parent = [](std::uint32_t unmerged) {
    sim::mls_writer w;
    w.u8(1);
    w.u8(2);
    w.vec(std::string(65, 'k'));
    w.vec({});
    sim::mls_writer list;
    list.u32(unmerged);
    w.vec(list.take());
    return w.take();
  };
  CHECK(sim::mls_tree::read(wrapped(leaf)).leaves() == 1);
  CHECK(sim::mls_tree::read(wrapped(leaf + parent(1) + leaf)).leaves() == 2);
  CHECK_THROWS_AS(sim::mls_tree::read(wrapped(leaf + parent(7) + leaf)), sim::mls_error);
  CHECK_THROWS_AS(sim::mls_tree::read(wrapped(parent(0))), sim::mls_error);
  CHECK_THROWS_AS(sim::mls_tree::read(wrapped(leaf + std::string(2, '\0'))), sim::mls_error);
  CHECK_THROWS_AS(sim::mls_tree::read(wrapped({})), sim::mls_error);
}

TEST_CASE("voice recorder: an hour of nothing is silence on disk", "[sim_voice]") {
  const test::temp_folder folder;
  sim::voice_recorder recorder(folder.file("heard.wav"), 0);
  const sim::voice_pcm loud(2 * sim::voice_frame, 10000);
  recorder.frame(1, 0, loud, 0);
  recorder.frame(1, 960, loud, 600'000'000);
  const auto said = recorder.finish();
  CHECK(said["seconds"] == 600.02);
  CHECK(said["spurts"] == 2);
  CHECK(said["gaps"] == 0);
  CHECK(std::filesystem::file_size(folder.file("heard.wav")) == 44 + 600.02 * 48000 * 4);
}

TEST_CASE("voice recorder: what is missing is silence in its place", "[sim_voice]") {
  const test::temp_folder folder;
  const auto file = folder.file("heard.wav");
  sim::voice_recorder recorder(file, 0);
  const sim::voice_pcm loud(2 * sim::voice_frame, 10000);
  std::int64_t now = 100000;
  for (std::uint32_t i = 0; i < 100; ++i, now += frame_us)
    if (i != 50)
      recorder.frame(1, i * 960, loud, now);
  // Another voice beside the end of the first.
  recorder.frame(2, 77, loud, now - frame_us);
  const auto said = recorder.finish();
  CHECK(said["gaps"] == 1);
  CHECK(said["missing_ms"] == 20.0);
  CHECK(said["silence_ms"] == 20.0);
  CHECK(said["spurts"] == 2);
  CHECK(said["frames"] == 100);
  CHECK(said["seconds"] == 2.1);
  CHECK(said["peak"].get<double>() == Approx(20000.0 / 32768));
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  const auto bytes = all.str();
  REQUIRE(bytes.size() == 44 + 2.1 * 48000 * 4);
  const auto sample = [&](double second) {
    const auto at = 44 + static_cast<std::size_t>(second * 48000) * 4;
    return static_cast<std::int16_t>(static_cast<unsigned char>(bytes[at]) |
                                     static_cast<unsigned char>(bytes[at + 1]) << 8);
  };
  CHECK(sample(0.05) == 0);
  CHECK(sample(0.5) == 10000);
  CHECK(sample(1.11) == 0); // frame 50
  CHECK(sample(1.13) == 10000);
  CHECK(sample(2.09) == 20000);
}
