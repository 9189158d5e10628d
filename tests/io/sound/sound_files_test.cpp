// An operator's own files, of every format that is promised, made by the ffmpeg program.
#include "infra/sound/looped.hpp"
#include "infra/sound/sound_files_thread.hpp"
#include "infra/sound/sound_list_thread.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loudness.hpp"
#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <future>
#include <limits>
#include <sstream>
#include <thread>

using namespace hearth::sound;

namespace {

/// Lets other threads decode.
void breathe() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

/// Frames as they become ready; fewer when there is none for long.
std::vector<float> play(source& from, size_t frames) {
  auto all = std::vector<float>{};
  auto one = frame{};
  for (auto idle = 0; all.size() < frames * one.size() && idle < 10'000;) {
    from.render(one);
    if (std::all_of(one.begin(), one.end(), [](float x) { return x == 0; })) {
      ++idle;
      breathe();
      continue;
    }
    idle = 0;
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

/// A recording of a rising line, so that every sample is known.
class ramp final : public recording {
public:
  explicit ramp(size_t samples) : samples_(samples) {}
  size_t read(std::span<float> out) override {
    const auto count = std::min(out.size() / 2, samples_ - at_);
    for (auto i = size_t{0}; i < count; ++i, ++at_)
      out[2 * i] = out[2 * i + 1] =
          0.25F + 0.1F * static_cast<float>(at_) / static_cast<float>(samples_);
    return count;
  }
  bool rewind() override {
    at_ = 0;
    ++rewinds;
    return true;
  }
  int rewinds = 0;

private:
  size_t samples_, at_ = 0;
};

} // namespace

TEST_CASE("loop: end and beginning overlap without a step, round after round", "[sound]") {
  auto own = std::make_unique<ramp>(48'000 * 3 + 17);
  const auto* seen = own.get();
  auto endless = looped(std::move(own), 1, 0.5F);
  const auto all = test::take(endless, 50 * 20);
  CHECK_FALSE(endless.failed());
  CHECK(seen->rewinds >= 6);
  CHECK(test::largest_step(all) < 1e-4F);
  CHECK(test::peak_of(all) < 0.35F * 1.42F);
  auto shortest = looped(std::make_unique<ramp>(1'000), 1, 0.5F);
  test::take(shortest, 10);
  CHECK(shortest.failed());
}

TEST_CASE("files: every format is decoded, looped and brought to -23 LUFS", "[sound]") {
  const auto folder = test::temp_folder();
  std::filesystem::create_directories(folder.file("rain"));
  const auto ending = std::string(GENERATE("mp3", "ogg", "opus", "flac", "wav", "m4a"));
  const auto file = folder.file("rain/lake." + ending);
  const auto made = test::output_of("ffmpeg -hide_banner -loglevel error -f lavfi -i "
                                    "anoisesrc=d=6:c=pink:r=48000:a=0.05:seed=3 -ac 1 " +
                                    std::string(ending == "ogg" ? "-c:a libvorbis " : "") + file);
  INFO(ending << ": " << made);
  REQUIRE(std::filesystem::exists(file));
  auto complaints = std::atomic<int>{0};
  auto files =
      sound_files(folder.path(), [&](const std::string&, const std::string&) { ++complaints; });
  const auto name = "file:rain/lake." + ending;
  CHECK(files.names() == std::vector<std::string>{name});
  auto why = std::string{};
  const auto from = files.open(name, why);
  INFO(why);
  REQUIRE(from);
  const auto heard = play(*from, 50 * 15); // over the seam, twice or more
  REQUIRE(heard.size() == 50 * 15 * 1'920);
  CHECK(complaints == 0);
  CHECK(test::measure(heard).lufs == Approx(-23).margin(1));
  for (auto n = size_t{20}; n < 50 * 15 - 10; n += 10) // no gap at the seam
    CHECK(test::level_of(heard, n, n + 10) > 0.25F * test::level_of(heard, 20, 700));
}

// Full scale of a float file has no end.
TEST_CASE("files: what is no number, or as loud as nothing is, mutes nobody", "[sound]") {
  const auto folder = test::temp_folder();
  std::filesystem::create_directories(folder.file("rain"));
  const auto file = folder.file("rain/odd.wav");
  test::output_of("ffmpeg -hide_banner -loglevel error -f lavfi -i "
                  "anoisesrc=d=3:c=pink:r=48000:a=0.05:seed=3 -ac 1 -c:a pcm_f32le " +
                  file);
  auto text = std::ostringstream{};
  text << std::ifstream(file, std::ios::binary).rdbuf();
  auto bytes = text.str();
  auto at = bytes.find("data") + 8;
  REQUIRE(at < 200);
  constexpr auto infinite = std::numeric_limits<float>::infinity();
  for (const auto odd : {infinite, -infinite, infinite - infinite, 1e30F})
    std::memcpy(&bytes.at(at += 40'000), &odd, sizeof odd);
  std::ofstream(file, std::ios::binary) << bytes;
  auto files = sound_files(folder.path(), [](const std::string&, const std::string&) {});
  auto why = std::string{};
  auto from = files.open("file:rain/odd.wav", why);
  REQUIRE(from);
  auto heard = play(*from, 50 * 5);
  REQUIRE(heard.size() == 50 * 5 * 1'920);
  CHECK(std::all_of(heard.begin(), heard.end(), [](float x) { return std::abs(x) <= 1; }));
  CHECK(test::level_of(heard, 200, 240) > 0.25F * test::level_of(heard, 20, 40));
}

TEST_CASE("files: what is broken is named once and then left out", "[sound]") {
  const auto folder = test::temp_folder();
  std::filesystem::create_directories(folder.file("sea"));
  std::ofstream(folder.file("sea/text.mp3")) << std::string(50'000, 'x');
  std::ofstream(folder.file("sea/empty.ogg")) << "";
  std::ofstream(folder.file("sea/list.m3u")) << "#EXTM3U\n/etc/passwd\n";
  auto told = std::atomic<int>{0};
  auto files = sound_files(folder.path(), [&](const std::string& file, const std::string& why) {
    if (file.rfind("sea/", 0) == 0 && !why.empty())
      ++told;
  });
  const auto names = files.names();
  CHECK(names == std::vector<std::string>{"file:sea/empty.ogg", "file:sea/text.mp3"});
  for (const auto& name : names) {
    auto why = std::string{};
    const auto from = files.open(name, why);
    REQUIRE(from);
    for (auto n = 0; n < 10'000 && files.knows(name); ++n)
      breathe();
    CHECK_FALSE(files.knows(name));
    CHECK(test::peak_of(test::take(*from, 5)) == 0);
    CHECK_FALSE(files.open(name, why));
    CHECK_FALSE(why.empty());
  }
  CHECK(files.names().empty());
  CHECK(told == 2);
}

TEST_CASE("files: a name cannot leave its folder", "[sound]") {
  const auto folder = test::temp_folder();
  std::filesystem::create_directories(folder.file("sounds/rain"));
  std::ofstream(folder.file("secret.wav")) << "x";
  std::ofstream(folder.file("sounds/rain/good.wav")) << "x";
  std::ofstream(folder.file("sounds/rain/.hidden.wav")) << "x";
  const auto files =
      sound_files(folder.file("sounds"), [](const std::string&, const std::string&) {});
  CHECK(files.knows("file:rain/good.wav"));
  for (const auto* name : {"file:rain/../../secret.wav", "file:../secret.wav",
                           "file:rain/.hidden.wav", "rain/good.wav", "file:rain/", "file:rain",
                           "file:hail/good.wav", "file:rain/good.txt", "file:"})
    CHECK_FALSE(files.knows(name));
}

TEST_CASE("files: the list is there without waiting for the folder", "[sound]") {
  const auto folder = test::temp_folder();
  std::filesystem::create_directories(folder.file("rain"));
  auto files = sound_files(folder.path(), [](const std::string&, const std::string&) {});
  auto now_ms = std::atomic<int64_t>{0};
  auto looks = std::atomic<int>{0}, seen = std::atomic<int>{0};
  auto slow = std::promise<void>{};
  auto list = sound_list(
      [&] {
        if (++looks == 1)
          slow.get_future().wait();
        auto names = files.names();
        ++seen;
        return names;
      },
      [&] { return now_ms.load(); }, 1'000);
  const auto comes = [&](size_t count) {
    for (auto n = 0; n < 10'000 && list.known()->size() != count; ++n)
      breathe();
    return list.known()->size() == count;
  };
  std::ofstream(folder.file("rain/lake.wav")) << "x";
  CHECK(list.known()->empty()); // the first look is under way
  now_ms = 5'000;
  CHECK(list.known()->empty());
  CHECK(looks <= 1); // never two at once
  slow.set_value();
  CHECK(comes(1));
  for (auto n = 0; n < 10'000 && seen < 2; ++n) // the first look was too old by then
    breathe();
  CHECK(seen == 2);
  std::ofstream(folder.file("rain/brook.wav")) << "x"; // dropped in while it runs
  now_ms = 5'999;
  CHECK(list.known()->size() == 1); // what was seen is fresh
  now_ms = 6'000;
  CHECK(list.known()->size() == 1); // and this is not waited for
  CHECK(comes(2));
  CHECK(list.known()->front() == "file:rain/brook.wav");
  CHECK(looks == 3);
}
