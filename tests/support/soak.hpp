#pragma once
// Length, dice and result line of tests that tools/soak.sh runs for long and CI for short.
#include <cstdlib>
#include <fmt/format.h>
#include <string>

namespace test {

/// The number in an environment variable, or what CI plays with.
inline uint64_t soak_number(const char* variable, uint64_t usual) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

/// One line of result, for the operator of a long run.
template <class... Values> void soak_line(fmt::format_string<Values...> text, Values&&... values) {
  fmt::print("{}\n", fmt::format(text, std::forward<Values>(values)...));
}

} // namespace test
