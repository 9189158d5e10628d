#pragma once
// Both stream decompressors in one shape. An input is a list of websocket messages: each begins
// with its length in one byte (255: all that is left).
#include "infra/gateway/transport_codec_context.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <algorithm>

namespace hearth::fuzz {

inline void decompress(compression mode, std::string_view input) {
  constexpr auto bytes_max = size_t{256} * 1024;
  auto codec = transport_codec{mode, bytes_max};
  while (!input.empty()) {
    const auto wanted = static_cast<uint8_t>(input.front());
    input.remove_prefix(1);
    const auto size = wanted == 255 ? input.size() : std::min<size_t>(wanted, input.size());
    const auto frame = exact_copy{input.substr(0, size), text_padding};
    input.remove_prefix(size);
    const auto outcome = codec.push({frame.data(), size}, true);
    if (outcome == transport_codec::outcome::broken)
      return; // the connection ends here
    const auto text = codec.text();
    must(text.size <= bytes_max, "no message is bigger than its bound");
    must(outcome == transport_codec::outcome::message || text.size == 0, "half a message is none");
    auto sum = 0U;
    for (size_t i = 0; text.data != nullptr && i < text.size + text_padding; ++i)
      sum += static_cast<uint8_t>(text.data[i]); // the promised padding is readable
    must(sum != 0 || text.size < (size_t{1} << 24), "all of it was read");
  }
}

} // namespace hearth::fuzz
