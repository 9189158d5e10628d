// The zlib-stream transport of one gateway connection.
#include "tools/fuzz/inflate_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hearth::fuzz::decompress(hearth::compression::zlib, hearth::fuzz::text_of(data, size));
  return 0;
}
