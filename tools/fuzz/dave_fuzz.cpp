// End-to-end encryption of voice: MLS messages (commits, Welcomes, key packages, GroupInfo, trees),
// DAVE's binary ops, media frames with their trailers; cryptography that believes everything.
#include "tests/support/dave_hostile.hpp"
#include "tools/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    hearth::dave::hostile::take({data, size});
  } catch (const std::logic_error& wrong) {
    hearth::fuzz::must(false, wrong.what());
  }
  return 0;
}
