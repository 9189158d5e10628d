#pragma once
// The byte strings of this folder. Every one of them is wiped when its memory is given back, so
// that nobody has to remember which hold keys. Pure.
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string.h> // explicit_bzero
#include <string_view>
#include <vector>

namespace hearth::dave {

/// std::allocator that leaves nothing readable behind.
template <class T> struct wiping_allocator {
  using value_type = T;
  wiping_allocator() = default;
  template <class U> wiping_allocator(const wiping_allocator<U>& /*other*/) noexcept {}
  T* allocate(size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* memory, size_t count) noexcept {
    explicit_bzero(memory, count * sizeof(T)); // the compiler may not drop it
    std::allocator<T>{}.deallocate(memory, count);
  }
  template <class U> bool operator==(const wiping_allocator<U>& /*other*/) const { return true; }
};

using bytes = std::vector<uint8_t, wiping_allocator<uint8_t>>;
using byte_view = std::span<const uint8_t>; ///< Borrowed; never outlives a call unless said so.

inline bytes to_bytes(byte_view from) { return {from.begin(), from.end()}; }

/// The characters of a label as bytes.
inline byte_view bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline bytes join(std::initializer_list<byte_view> parts) {
  auto size = size_t{0};
  for (const auto part : parts)
    size += part.size();
  auto out = bytes{};
  out.reserve(size); // one allocation: no copy of a key is left in an outgrown one
  for (const auto part : parts)
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

/// Equality of public values. For tags and secrets: `crypto_suite::same`.
inline bool equal(byte_view a, byte_view b) {
  return a.size() == b.size() && (a.empty() || memcmp(a.data(), b.data(), a.size()) == 0);
}

} // namespace hearth::dave
