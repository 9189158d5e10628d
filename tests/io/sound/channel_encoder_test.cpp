// What a listener decodes of a channel's frames, whoever encoded them.
#include "infra/sound/channel_encoder.hpp"
#include "infra/sound/soundscape.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_sounds.hpp"
#include <opus/opus.h>

using namespace hearth::sound;

namespace {

constexpr size_t opus_delay = 120; ///< Samples that CELT alone is behind: 2.5 ms.

/// One decoder for all that a channel sends.
class listener {
public:
  listener() : decoder_(opus_decoder_create(48'000, 2, nullptr)) {}
  ~listener() { opus_decoder_destroy(decoder_); }
  void hear(const opus_frame_ptr& one) {
    auto out = frame{};
    REQUIRE(one);
    REQUIRE(one->size() <= opus_frame_max);
    REQUIRE(opus_decode_float(decoder_, one->data(), static_cast<opus_int32>(one->size()),
                              out.data(), 960, 0) == 960);
    all.insert(all.end(), out.begin(), out.end());
  }
  std::vector<float> all;

private:
  OpusDecoder* decoder_;
};

/// Noise of one frame as decoded against what was meant, to its power.
double error_of(const std::vector<float>& heard, const std::vector<float>& meant, size_t at) {
  auto error = 0.0, power = 1e-9;
  for (auto i = at * 1'920; i < (at + 1) * 1'920 && i + 2 * opus_delay < heard.size(); ++i) {
    const auto away =
        static_cast<double>(heard[i + 2 * opus_delay]) - static_cast<double>(meant[i]);
    error += away * away;
    power += static_cast<double>(meant[i]) * static_cast<double>(meant[i]);
  }
  return error / power;
}

stream_hub::maker tone() {
  return [] { return std::make_unique<test::sine>(441.0F); };
}
/// A sine of this pitch and level steps by 0.0144 at most.
constexpr float clickless = 0.0144F * 1.5F;
constexpr size_t begun = 9'600; ///< Floats: after the fade from nothing.

} // namespace

TEST_CASE("opus: what is encoded comes back, 2.5 ms later", "[sound]") {
  auto encoder = opus_stream_encoder({96'000, 5});
  auto from = test::sine(997.0F);
  auto ear = listener();
  const auto meant = test::take(from, 50);
  for (auto n = size_t{0}; n < 50; ++n) {
    auto one = frame{};
    std::copy_n(meant.begin() + static_cast<long>(n * one.size()), one.size(), one.begin());
    ear.hear(std::make_shared<const opus_frame>(encoder.encode(one)));
  }
  for (auto n = size_t{2}; n < 49; ++n)
    CHECK(error_of(ear.all, meant, n) < 0.01);
  CHECK(opus_stream_encoder({9, 99}).options() == opus_options{opus_bitrate_min, 10});
}

TEST_CASE("channels: two that play the same are sent the same frames, encoded once", "[sound]") {
  auto hub = stream_hub();
  auto made = 0;
  const auto open = [&] {
    return hub.open("rain:2", [&] {
      ++made;
      return make_soundscape({family::rain, 2}, 1);
    });
  };
  auto first = channel_encoder({}), second = channel_encoder({});
  CHECK_FALSE(first.next()); // silence
  first.sound().play("rain:2", open(), 1, 0.2F);
  second.sound().play("rain:2", open(), 1, 0.2F);
  CHECK(made == 1);
  CHECK(hub.playing() == 1);
  for (auto n = 0; n < 200; ++n) {
    const auto a = first.next(), b = second.next();
    REQUIRE(a);
    if (n > 60) {
      CHECK(first.shared());
      CHECK(a == b);
    }
  }
  first.sound().stop_all(0.1F);
  second.sound().stop_all(0.1F);
  for (auto n = 0; n < 6; ++n) {
    first.next();
    second.next();
  }
  CHECK_FALSE(first.next());
  CHECK_FALSE(second.next());
  CHECK(hub.playing() == 0); // nobody listens: it is gone
}

TEST_CASE("channels: nobody hears the change between shared and own frames", "[sound]") {
  auto hub = stream_hub();
  const auto bitrate = GENERATE(64'000, 96'000);
  auto channel = channel_encoder({bitrate, 5}, ducking{-6, 0.1F, 0.3F});
  auto other = channel_encoder({bitrate, 5});
  auto ear = listener();
  auto changes = 0;
  auto was_shared = false;
  channel.sound().play("a", hub.open("a", tone()), 1, 0);
  other.sound().play("a", hub.open("a", tone()), 1, 0);
  auto same = test::sine(441.0F);
  const auto meant = test::take(same, 600);
  auto plain = std::vector<bool>{};
  for (auto n = 0; n < 600; ++n) {
    // Silent words: all that happens to the sound is a little ducking, and an encoder of its own.
    if (n % 150 == 110)
      channel.sound().say(
          std::make_shared<const clip>(clip{std::vector<float>(frame_samples * 5)}));
    plain.push_back(channel.sound().plain() != nullptr);
    ear.hear(channel.next());
    other.next();
    changes += channel.shared() != was_shared ? 1 : 0;
    was_shared = channel.shared();
  }
  CHECK(changes >= 7);
  auto usual = 0.0;
  for (auto n = size_t{60}; n < 100; ++n)
    usual = std::max(usual, error_of(ear.all, meant, n));
  for (auto n = size_t{3}; n + 2 < plain.size(); ++n)
    if (plain[n - 1] && plain[n] && plain[n + 1] && plain[n + 2]) {
      INFO(n);
      CHECK(error_of(ear.all, meant, n) < std::max(0.01, usual * 4));
    }
  CHECK(test::largest_step(ear.all, begun) < clickless);
}

TEST_CASE("channels: after a long pause one goes on with the others", "[sound]") {
  auto hub = stream_hub();
  auto first = channel_encoder({}), second = channel_encoder({});
  for (auto* one : {&first, &second})
    one->sound().play("a", hub.open("a", tone()), 1, 0);
  auto ear = listener();
  for (auto n = 0; n < 120; ++n) {
    ear.hear(first.next());
    second.next();
  }
  second.sound().pause(true, 0.1F);
  auto sent = 0;
  for (auto n = 0; n < 500; ++n) { // longer than the stream remembers
    ear.hear(first.next());
    sent += second.next() ? 1 : 0;
  }
  CHECK(sent < 10);
  second.sound().pause(false, 0.1F);
  auto heard = std::vector<opus_frame_ptr>{};
  for (auto n = 0; n < 120; ++n) {
    heard.push_back(first.next());
    ear.hear(heard.back());
    REQUIRE(second.next());
  }
  CHECK(second.shared());
  CHECK(std::find(heard.begin(), heard.end(), second.next()) != heard.end());
  CHECK(test::largest_step(ear.all, begun) < clickless);
}

namespace {
/// Counts its frames.
class counted final : public source {
public:
  explicit counted(size_t& frames) : frames_(frames) {}
  void render(frame& out) override {
    out.fill(0.01F);
    ++frames_;
  }

private:
  size_t& frames_;
};
} // namespace

TEST_CASE("channels: however many come, their sound is made once, as fast as it is heard",
          "[sound]") {
  auto hub = stream_hub();
  auto made = size_t{0};
  auto all = std::vector<std::unique_ptr<channel_encoder>>{};
  auto left = std::vector<size_t>{}; // rendered ahead, of each
  for (auto now = size_t{0}; now < 700; ++now) {
    if (now % 10 == 0 && all.size() < 60) {
      all.push_back(std::make_unique<channel_encoder>(opus_options{64'000, 0}));
      left.push_back(0);
      all.back()->sound().play("a", hub.open("a", [&] { return std::make_unique<counted>(made); }),
                               1, 0);
    }
    for (auto at = size_t{0}; at < all.size(); ++at) {
      if (left[at] == 0 || now % 5 == 0) // what the voice actor does
        for (; left[at] < stream_lead; ++left[at])
          all[at]->next();
      --left[at];
    }
  }
  CHECK(made <= 700 + stream_lead);
  CHECK(std::all_of(all.begin(), all.end(), [](const auto& one) { return one->shared(); }));
}

TEST_CASE("channels: another bitrate is another encoding of the same stream", "[sound]") {
  auto hub = stream_hub();
  auto first = channel_encoder({64'000, 5}), second = channel_encoder({96'000, 5});
  for (auto* one : {&first, &second})
    one->sound().play("a", hub.open("a", tone()), 1, 0);
  auto ear = listener();
  for (auto n = 0; n < 150; ++n) {
    ear.hear(first.next());
    second.next();
  }
  CHECK(first.shared());
  CHECK(second.shared());
  first.set({96'000, 5}, 5);
  CHECK_FALSE(first.shared());
  for (auto n = 0; n < 60; ++n) {
    ear.hear(first.next());
    second.next();
  }
  CHECK(first.shared());
  CHECK(first.next() == second.next());
  CHECK(test::largest_step(ear.all, begun) < clickless);
}
