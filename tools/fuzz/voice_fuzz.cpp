// What a voice server sends: JSON and binary messages, RTP packets, answers to IP discovery.
#include "tests/support/voice_hostile.hpp"
#include "tools/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto decoder = hearth::voice::voice_decoder{};
  try {
    hearth::voice::hostile::take(decoder, {data, size});
  } catch (const std::logic_error& wrong) {
    hearth::fuzz::must(false, wrong.what());
  }
  return 0;
}
