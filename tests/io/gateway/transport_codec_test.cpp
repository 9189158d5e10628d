// Transport compression: messages come out whole however the stream is cut, garbage is noticed, and
// nothing can be made to allocate without bound. The compressing side is zlib and zstd themselves.
#include "infra/gateway/transport_codec_context.hpp"
#include "tests/support/catch.hpp"
#include <random>
#include <string>
#include <vector>
#include <zlib.h>
#include <zstd.h>

using namespace hearth;
using outcome = transport_codec::outcome;

namespace {

/// What a gateway does: one context, every message flushed.
class zlib_peer {
public:
  zlib_peer() { deflateInit(&z_, 6); }
  ~zlib_peer() { deflateEnd(&z_); }
  std::string operator()(std::string_view text) {
    auto out = std::string(text.size() + 1'024, '\0');
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z_.avail_in = static_cast<uInt>(text.size());
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z_, Z_SYNC_FLUSH) == Z_OK);
    out.resize(out.size() - z_.avail_out);
    return out;
  }

private:
  z_stream z_{};
};

class zstd_peer {
public:
  zstd_peer() { ZSTD_CCtx_setParameter(z_, ZSTD_c_windowLog, 18); }
  ~zstd_peer() { ZSTD_freeCCtx(z_); }
  std::string operator()(std::string_view text) {
    auto packed = std::string(ZSTD_compressBound(text.size()) + 64, '\0');
    auto in = ZSTD_inBuffer{text.data(), text.size(), 0};
    auto out = ZSTD_outBuffer{packed.data(), packed.size(), 0};
    REQUIRE(ZSTD_compressStream2(z_, &out, &in, ZSTD_e_flush) == 0);
    packed.resize(out.pos);
    return packed;
  }

private:
  ZSTD_CCtx* z_ = ZSTD_createCCtx();
};

outcome push(transport_codec& codec, const std::string& bytes) {
  return codec.push({bytes.data(), bytes.size()}, true);
}

std::string sample(std::mt19937& random, size_t size) {
  auto text = std::string{R"({"t":"X","d":")"};
  while (text.size() < size)
    text += "abcdefgh0123456789\\u00e9 "[random() % 24];
  return text + "\"}";
}

} // namespace

TEST_CASE("codec: zlib messages survive any cut", "[gateway]") {
  auto random = std::mt19937{11};
  auto peer = zlib_peer{};
  auto codec = transport_codec{compression::zlib};
  for (auto round = 0; round < 200; ++round) {
    const auto text = sample(random, random() % 20'000);
    const auto packed = peer(text);
    auto cut = random() % (packed.size() + 1);
    if (packed.size() - cut < 4)
      cut = 0; // the flush mark itself is cut by the next test
    if (cut > 0)
      REQUIRE(push(codec, packed.substr(0, cut)) == outcome::incomplete);
    REQUIRE(push(codec, packed.substr(cut)) == outcome::message);
    REQUIRE(codec.text().view() == text);
  }
}

TEST_CASE("codec: a zlib message cut into single bytes, through its flush mark", "[gateway]") {
  auto peer = zlib_peer{};
  auto codec = transport_codec{compression::zlib};
  for (const auto* text : {R"({"op":10})", R"({"op":11})"}) {
    const auto packed = peer(text);
    for (auto i = size_t{0}; i + 1 < packed.size(); ++i)
      REQUIRE(push(codec, packed.substr(i, 1)) == outcome::incomplete);
    REQUIRE(push(codec, packed.substr(packed.size() - 1)) == outcome::message);
    CHECK(codec.text().view() == text);
  }
}

TEST_CASE("codec: two zlib messages in one frame come out together", "[gateway]") {
  auto peer = zlib_peer{};
  auto codec = transport_codec{compression::zlib};
  auto both = peer(R"({"op":1})");
  both += peer(R"({"op":11})");
  REQUIRE(push(codec, both) == outcome::message);
  CHECK(codec.text().view() == R"({"op":1}{"op":11})");
}

TEST_CASE("codec: zstd messages share one context", "[gateway]") {
  auto random = std::mt19937{12};
  auto peer = zstd_peer{};
  auto codec = transport_codec{compression::zstd};
  for (auto round = 0; round < 200; ++round) {
    const auto text = sample(random, round % 50 == 7 ? 900'000 : random() % 3'000);
    REQUIRE(push(codec, peer(text)) == outcome::message);
    REQUIRE(codec.text().view() == text);
  }
}

TEST_CASE("codec: an 8 MB guild fits, and its memory is given back", "[gateway]") {
  auto random = std::mt19937{13};
  const auto big = sample(random, 8'000'000);
  auto zlib = zlib_peer{};
  auto codec = transport_codec{compression::zlib};
  REQUIRE(push(codec, zlib(big)) == outcome::message);
  CHECK(codec.text().size == big.size());
  for (auto i = 0; i < 200; ++i)
    REQUIRE(push(codec, zlib(R"({"op":11})")) == outcome::message);
  CHECK(codec.text().view() == R"({"op":11})");
}

TEST_CASE("codec: the padding behind the text is readable", "[gateway]") {
  auto peer = zlib_peer{};
  auto codec = transport_codec{compression::zlib};
  for (auto size = size_t{4'000}; size < 4'200; ++size) { // around the buffer's first size
    auto random = std::mt19937{1};
    REQUIRE(push(codec, peer(sample(random, size))) == outcome::message);
    auto sum = 0;
    for (auto i = size_t{0}; i < text_padding; ++i)
      sum += codec.text().data[codec.text().size + i];
    CHECK(sum != 1'000'000); // read it: the sanitizers complain if it may not be
  }
}

TEST_CASE("codec: text frames pass through whatever was agreed on", "[gateway]") {
  const auto mode = GENERATE(compression::none, compression::zlib, compression::zstd);
  auto codec = transport_codec{mode};
  const auto text = std::string{R"({"op":10})"} + std::string(text_padding, ' ');
  CHECK(codec.push({text.data(), 9}, false) == outcome::message);
  CHECK(codec.text().view() == R"({"op":10})");
}

TEST_CASE("codec: garbage is noticed", "[gateway]") {
  const auto garbage = std::string{"this is not a compressed stream at all, is it?"};
  auto zlib = transport_codec{compression::zlib};
  CHECK(push(zlib, garbage) == outcome::broken);
  auto zstd = transport_codec{compression::zstd};
  CHECK(push(zstd, garbage) == outcome::broken);
  auto none = transport_codec{compression::none};
  CHECK(push(none, garbage) == outcome::broken);
}

TEST_CASE("codec: a frame of an older connection is garbage", "[gateway]") {
  auto peer = zlib_peer{};
  peer(R"({"op":10})");
  const auto later = peer(R"({"op":11})");
  auto fresh = transport_codec{compression::zlib};
  CHECK(push(fresh, later) == outcome::broken);
}

TEST_CASE("codec: what would grow without bound is refused", "[gateway]") {
  const auto bomb = std::string(3'000'000, 'a');
  auto zlib = transport_codec{compression::zlib, 1'000'000};
  CHECK(push(zlib, zlib_peer{}(bomb)) == outcome::broken);
  auto zstd = transport_codec{compression::zstd, 1'000'000};
  CHECK(push(zstd, zstd_peer{}(bomb)) == outcome::broken);
  auto split = transport_codec{compression::zlib, 1'000'000}; // never finished, fed for ever
  auto peer = zlib_peer{};
  auto last = outcome::incomplete;
  for (auto i = 0; i < 100 && last == outcome::incomplete; ++i) {
    const auto packed = peer(std::string(50'000, 'b'));
    last = push(split, packed.substr(0, packed.size() - 4) + std::string("\0\0\xff", 3));
    if (last == outcome::incomplete)
      last = push(split, std::string("\xff\0", 2));
  }
  CHECK(last == outcome::broken);
}

TEST_CASE("codec: random damage never does harm", "[gateway]") {
  auto random = std::mt19937{14};
  for (auto round = 0; round < 2'000; ++round) {
    const auto use_zlib = round % 2 == 0;
    auto packed =
        use_zlib ? zlib_peer{}(sample(random, 2'000)) : zstd_peer{}(sample(random, 2'000));
    for (auto changes = random() % 4 + 1; changes > 0; --changes)
      packed[random() % packed.size()] = static_cast<char>(random());
    auto codec = transport_codec{use_zlib ? compression::zlib : compression::zstd, 1'000'000};
    push(codec, packed);
    CHECK(codec.text().size <= 1'100'000);
  }
}
