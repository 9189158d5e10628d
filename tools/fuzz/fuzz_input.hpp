#pragma once
// What the fuzz targets share: taking an input apart, and saying what must hold.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace hearth::fuzz {

/// Ends the process with the sentence when something that must hold does not.
inline void must(bool holds, const char* sentence) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Calls `act` for each part between `separator`s, empty ones included.
template <class Do> void each_part(std::string_view text, char separator, Do&& act) {
  for (;;) {
    const auto end = text.find(separator);
    act(text.substr(0, end));
    if (end == std::string_view::npos)
      return;
    text.remove_prefix(end + 1);
  }
}

/// A copy in an allocation of exactly its size and `padding` bytes that end no JSON value, so that
/// the address sanitizer sees every byte read too far.
class exact_copy {
public:
  exact_copy(std::string_view text, size_t padding)
      : bytes_(std::make_unique<char[]>(text.size() + padding)), size_(text.size()) {
    std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + text.size(), '7', padding);
  }
  const char* data() const noexcept { return bytes_.get(); }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }

private:
  std::unique_ptr<char[]> bytes_;
  size_t size_;
};

} // namespace hearth::fuzz
