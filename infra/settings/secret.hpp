#pragma once
// Text that must never be shown: tokens and keys. Prints as *** wherever it is formatted.
#include <fmt/core.h>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace hearth {

/// Holds a token. Only `reveal()` gives it out, so every use can be found by that name.
class secret {
public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}
  /// The text itself; for an Authorization header or an IDENTIFY, never for a log.
  const std::string& reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  bool operator==(const secret&) const = default;

private:
  std::string text_;
};

/// Always "***" (or "" when there is none).
inline std::string to_string(const secret& hidden) { return hidden.empty() ? "" : "***"; }
inline std::ostream& operator<<(std::ostream& out, const secret& hidden) {
  return out << to_string(hidden);
}

} // namespace hearth

template <> struct fmt::formatter<hearth::secret> : fmt::formatter<std::string_view> {
  template <class Context> auto format(const hearth::secret& hidden, Context& context) const {
    return fmt::formatter<std::string_view>::format(hidden.empty() ? "" : "***", context);
  }
};
