#pragma once
// Text with readable bytes behind its end, which vectorised parsing needs. Pure.
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace hearth {

/// Bytes that must be readable behind every text given to the decoder.
constexpr size_t text_padding = 64;

/// A view of text that `text_padding` readable bytes follow. Whoever makes one promises that.
struct padded_text {
  const char* data = nullptr;
  size_t size = 0;
  std::string_view view() const noexcept { return {data, size}; }
};

/// A growing buffer whose content is always followed by padding. Cleared, not freed, between uses.
class padded_buffer {
public:
  void clear() noexcept { size_ = 0; }
  size_t size() const noexcept { return size_; }
  size_t capacity() const noexcept { return capacity_; }
  char* data() noexcept { return bytes_.get(); }
  padded_text text() const noexcept { return {bytes_.get(), size_}; }

  /// Room for `more` bytes behind the content, which `commit` then adds.
  char* prepare(size_t more) {
    if (size_ + more > capacity_ || !bytes_)
      grow(size_ + more);
    return bytes_.get() + size_;
  }
  /// At most what was prepared.
  void commit(size_t more) noexcept { size_ += more; }
  void append(std::string_view text) {
    if (text.empty())
      return;
    std::memcpy(prepare(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  /// Gives memory back when more than `keep` bytes are held. Content is lost.
  void shrink(size_t keep) {
    size_ = 0;
    if (capacity_ <= keep)
      return;
    bytes_.reset();
    capacity_ = 0;
  }

private:
  void grow(size_t wanted) {
    auto capacity = capacity_ < 4096 ? size_t{4096} : capacity_ * 2;
    while (capacity < wanted)
      capacity *= 2;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity + text_padding);
    std::memset(bytes.get() + capacity, 0, text_padding);
    if (size_ > 0)
      std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0; ///< Without the padding.
};

} // namespace hearth
