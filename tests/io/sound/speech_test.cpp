// Texts become sound: by espeak-ng, by a command; what cannot be said has a reason.
#include "infra/sound/soundscape.hpp"
#include "infra/sound/speech_thread.hpp"
#include "infra/sound/wav.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/test_sounds.hpp"
#include <fstream>
#include <future>

using namespace hearth::sound;

namespace {

struct answer {
  clip_ptr sound;
  std::string why;
};

answer say(speech& by, const std::string& text, const std::string& language) {
  auto done = std::make_shared<std::promise<answer>>();
  auto result = done->get_future();
  REQUIRE(by.ask(text, language, [done](clip_ptr sound, const std::string& why) {
    done->set_value({std::move(sound), why});
  }));
  REQUIRE(result.wait_for(std::chrono::seconds(40)) == std::future_status::ready);
  return result.get();
}

speech_options by_command(std::string command, command_limits limits = {}) {
  auto options = speech_options{};
  options.command = std::move(command);
  options.limits = limits;
  return options;
}

double level(const clip& of) {
  auto sum = 0.0;
  for (const auto x : of.samples)
    sum += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(sum / static_cast<double>(of.samples.size()));
}

} // namespace

TEST_CASE("speech: both languages are spoken, differently, as loud, and remembered", "[sound]") {
  auto by = speech({});
  const auto text = std::string("Good evening, the table is set for nine.");
  const auto english = say(by, text, "en");
  INFO(english.why);
  REQUIRE(english.sound);
  const auto french = say(by, text, "fr");
  REQUIRE(french.sound);
  CHECK(english.sound->samples != french.sound->samples);
  for (const auto& one : {english, french}) {
    const auto seconds = static_cast<double>(one.sound->samples.size()) / 48'000;
    CHECK(seconds > 1.2);
    CHECK(seconds < 8);
    CHECK(level(*one.sound) == Approx(0.085).margin(0.03));
    CHECK(test::peak_of(one.sound->samples) < peak_max);
  }
  CHECK(by.rendered() == 2);
  CHECK(say(by, text, "en").sound == english.sound);
  CHECK(by.rendered() == 2);
}

TEST_CASE("speech: faster is shorter, an unknown voice is named", "[sound]") {
  auto quick = speech_options{}, slow = quick, wrong = quick;
  quick.speed = 300;
  slow.speed = 100;
  wrong.english = "klingonese";
  const auto text = std::string("The next game begins at nine.");
  auto a = speech(quick), b = speech(slow), c = speech(wrong);
  const auto fast_said = say(a, text, "en"), slow_said = say(b, text, "en");
  REQUIRE(fast_said.sound);
  REQUIRE(slow_said.sound);
  CHECK(fast_said.sound->samples.size() * 3 < slow_said.sound->samples.size() * 2);
  const auto not_said = say(c, text, "en");
  CHECK_FALSE(not_said.sound);
  CHECK(not_said.why.find("klingonese") != std::string::npos);
}

TEST_CASE("speech: what is empty, too long or too much is refused", "[sound]") {
  auto by = speech(by_command("sleep 1"));
  const auto nobody = [](const clip_ptr&, const std::string&) {};
  CHECK_FALSE(by.ask("", "en", nobody));
  CHECK_FALSE(by.ask(std::string(speech_text_bytes_max + 1, 'a'), "en", nobody));
  auto taken = size_t{0};
  while (taken < 100 && by.ask("text", "en", nobody))
    ++taken;
  CHECK(taken >= speech_texts_waiting_max);
  CHECK(taken <= speech_texts_waiting_max + 1);
}

TEST_CASE("speech: a command speaks instead, and its failures have names", "[sound]") {
  const auto folder = test::temp_folder();
  auto wav = wav_header(24'000);
  for (auto n = 0; n < 48'000; ++n)
    wav += n % 200 < 100 ? std::string("\x00\x20", 2) : std::string("\x00\xe0", 2);
  std::ofstream(folder.file("amy.wav"), std::ios::binary) << wav;
  auto options = by_command("cat  " + folder.file("{voice}.wav"));
  options.english = "amy";
  options.speed = 140;
  auto cat = speech(options);
  const auto said = say(cat, "anything", "en");
  INFO(said.why);
  REQUIRE(said.sound);
  CHECK(said.sound->samples.size() == 24'000);
  options.command = "say  -v {voice} --speed={speed} {language}";
  CHECK(speech_command(options, "en") ==
        std::vector<std::string>{"say", "-v", "amy", "--speed=140", "en"});

  const auto trouble = [](const std::string& command, command_limits limits = {}) {
    auto one = speech(by_command(command, limits));
    const auto result = say(one, "text", "en");
    CHECK_FALSE(result.sound);
    return result.why;
  };
  CHECK(trouble("cat").find("no WAV") != std::string::npos); // gives the text back
  CHECK(trouble("false").find("ended with 1") != std::string::npos);
  CHECK(trouble("hearth-no-such-program").find("No such file") != std::string::npos);
  CHECK(trouble("sleep 60", {50, 1'000}).find("took longer than 50 ms") != std::string::npos);
  CHECK(trouble("cat /dev/zero", {20'000, 100'000}).find("more than 100000 bytes") !=
        std::string::npos);
}
