// Bounds of the MLS codec, of tree arithmetic and of the trailer of media frames: no cryptography.
#include "infra/dave/codec.hpp"
#include "infra/dave/failure.hpp"
#include "infra/dave/media_frame.hpp"
#include "infra/dave/messages.hpp"
#include "infra/dave/ratchet_tree.hpp"
#include "tests/support/catch.hpp"

using namespace hearth::dave;

namespace {

size_t length_in(std::vector<uint8_t> from) {
  auto in = reader(from);
  const auto length = in.length();
  in.end();
  return length;
}

} // namespace

TEST_CASE("codec: vector lengths use the shortest form, and no other is read", "[dave]") {
  CHECK(length_in({0x3f}) == 63);
  CHECK(length_in({0x40, 0x40}) == 64);
  CHECK(length_in({0x7f, 0xff}) == 16383);
  CHECK(length_in({0x80, 0x00, 0x40, 0x00}) == 16384);
  CHECK(length_in({0xbf, 0xff, 0xff, 0xff}) == 0x3fffffff);
  CHECK_THROWS_AS(length_in({0x40, 0x3f}), failure);
  CHECK_THROWS_AS(length_in({0x80, 0x00, 0x3f, 0xff}), failure);
  CHECK_THROWS_AS(length_in({0xc0}), failure);
  CHECK_THROWS_AS(length_in({0x40}), failure);
  CHECK_THROWS_AS(length_in({}), failure);
  for (const auto size : {0, 63, 64, 16383, 16384, 0x3fffffff}) {
    auto out = writer{};
    out.length(static_cast<size_t>(size));
    CHECK(reader(out.view()).length() == static_cast<size_t>(size));
  }
  CHECK_THROWS_AS(writer{}.length(0x40000000), failure);
}

TEST_CASE("codec: nothing is read past the end", "[dave]") {
  const auto data = std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(reader(data).u64() == 0x0102030405060708);
  CHECK(reader(data).u32() == 0x01020304);
  CHECK(reader(data).u16() == 0x0102);
  CHECK_THROWS_AS(reader(byte_view(data).first(7)).u64(), failure);
  CHECK_THROWS_AS(reader(data).take(9), failure);
  CHECK_THROWS_AS(reader(data).end(), failure);
  const auto cut = std::vector<uint8_t>{3, 1, 2};
  CHECK_THROWS_AS(reader(cut).vector(), failure);
  const auto flag = std::vector<uint8_t>{2};
  CHECK_THROWS_AS(reader(flag).present(), failure);
  // The length of a gigabyte in a message of six bytes allocates nothing.
  const auto lie = std::vector<uint8_t>{0xbf, 0xff, 0xff, 0xff, 0, 0};
  CHECK_THROWS_AS(reader(lie).vector_bytes(), failure);
}

TEST_CASE("codec: a tree of more leaves than any channel holds is refused", "[dave]") {
  const auto blank = bytes(node_count(leaves_max) + 1, 0);
  CHECK_THROWS_WITH(ratchet_tree::read(writer{}.vector(blank).take()), "tree with too many leaves");
  CHECK_THROWS_AS(ratchet_tree::read(writer{}.vector({}).take()), failure);
  CHECK_THROWS_AS(ratchet_tree::read(writer{}.vector(std::vector<uint8_t>{0}).take()), failure);
  CHECK_THROWS_AS(ratchet_tree::read(writer{}.vector(std::vector<uint8_t>{1, 2}).take()), failure);
  CHECK_THROWS_AS(ratchet_tree::read(std::vector<uint8_t>{0, 0}), failure);
}

TEST_CASE("codec: paths, references and extensions are counted", "[dave]") {
  auto references = writer{};
  for (auto at = size_t{0}; at <= leaves_max; ++at)
    references.u8(2).length(0);
  const auto many = writer{}.vector(references.view()).u8(0).take();
  CHECK_THROWS_WITH(decoded(many, read_commit), "commit with too many proposals");
  auto extensions = writer{};
  for (auto at = size_t{0}; at <= extensions_max; ++at)
    extensions.u16(1).length(0);
  const auto list = writer{}.vector(extensions.view()).take();
  auto in = reader(list);
  CHECK_THROWS_WITH(read_extensions(in), "too many extensions");
}

TEST_CASE("tree: a removal halves the tree while its right half is empty", "[dave]") {
  auto tree = ratchet_tree{};
  const auto leaf = [](uint8_t name) {
    auto made = leaf_node{};
    made.encryption_key = {name};
    return made;
  };
  for (auto name = uint8_t{0}; name < 5; ++name)
    CHECK(tree.add(leaf(name)) == name);
  CHECK(tree.leaves() == 8);
  CHECK(tree.members() == 5);
  tree.remove(2);
  CHECK(tree.leaves() == 8);
  tree.remove(4);
  CHECK(tree.leaves() == 4);
  CHECK(tree.add(leaf(9)) == 2); // the leftmost blank one
  tree.remove(3);
  tree.remove(2);
  CHECK(tree.leaves() == 2);
  tree.remove(1);
  CHECK(tree.leaves() == 1);
  CHECK_THROWS_AS(tree.remove(1), failure);
  CHECK(tree.filtered_direct_path(0).empty());
}

TEST_CASE("frame: a trailer is read only when all of it fits", "[dave]") {
  const auto tag = std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7, 8};
  const auto frame = [&](std::vector<uint8_t> body, std::vector<uint8_t> middle, int size_off = 0) {
    body.insert(body.end(), tag.begin(), tag.end());
    body.insert(body.end(), middle.begin(), middle.end());
    body.push_back(static_cast<uint8_t>(8 + middle.size() + 3 + size_off));
    body.push_back(0xfa);
    body.push_back(0xfa);
    return body;
  };
  // Views of a frame live as long as it does.
  const auto reads = [](const std::vector<uint8_t>& wire) {
    return read_media_trailer(wire).has_value();
  };
  const auto wire = frame({9, 9, 9}, {0x81, 0x01});
  const auto found = read_media_trailer(wire);
  REQUIRE(found);
  CHECK(found->nonce == 129);
  CHECK(found->interleaved.size() == 3);
  CHECK(std::equal(found->tag.begin(), found->tag.end(), tag.begin()));
  CHECK(found->clear.empty());
  CHECK(reads(frame({}, {0})));                                     // an empty frame
  CHECK(reads(frame({}, {0xff, 0xff, 0xff, 0xff, 0x0f})));          // the last nonce
  CHECK_FALSE(reads(frame({}, {0xff, 0xff, 0xff, 0xff, 0x1f})));    // one too many bits
  CHECK_FALSE(reads(frame({}, {0x80, 0x80, 0x80, 0x80, 0x80, 0}))); // too long
  CHECK_FALSE(reads(frame({}, {})));                                // no nonce
  CHECK_FALSE(reads(frame({}, {0x80})));                            // cut
  CHECK_FALSE(reads(frame({}, {0}, 1)));                            // bigger than the frame
  CHECK_FALSE(reads(frame({9}, {0}, -1)));                          // below the least
  CHECK_FALSE(reads({0xfa, 0xfa}));
  CHECK_FALSE(reads({}));
  auto other = wire;
  other.back() = 0xfb;
  CHECK_FALSE(reads(other));

  // Clear ranges: offset and size, ascending, apart, inside of what lies before the tag.
  const auto body = std::vector<uint8_t>(10, 7);
  const auto ranged = frame(body, {1, 0, 2, 5, 5});
  const auto ranges = read_media_trailer(ranged);
  REQUIRE(ranges);
  REQUIRE(ranges->clear.size() == 2);
  CHECK(ranges->clear[1].offset == 5);
  CHECK(ranges->clear[1].size == 5);
  CHECK_FALSE(reads(frame(body, {1, 5, 6})));                            // beyond the end
  CHECK_FALSE(reads(frame(body, {1, 11, 0})));                           // begins beyond it
  CHECK_FALSE(reads(frame(body, {1, 0, 5, 4, 2})));                      // overlaps
  CHECK_FALSE(reads(frame(body, {1, 5, 2, 0, 2})));                      // descends
  CHECK_FALSE(reads(frame(body, {1, 5})));                               // half a pair
  CHECK_FALSE(reads(frame(body, {1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f}))); // would overflow 32 bits
}

TEST_CASE("frame: the written trailer reads back", "[dave]") {
  for (const auto nonce : {0U, 1U, 127U, 128U, 16383U, 16384U, 0xffffffffU}) {
    auto wire = std::vector<uint8_t>(3 + media_tag_size + 8);
    const auto size = write_media_trailer(nonce, std::span(wire).subspan(3 + media_tag_size));
    wire.resize(3 + media_tag_size + size);
    CHECK(wire.size() <= 3 + sealed_overhead_max);
    const auto found = read_media_trailer(wire);
    REQUIRE(found);
    CHECK(found->nonce == nonce);
    CHECK(found->interleaved.size() == 3);
  }
}
