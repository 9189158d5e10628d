#pragma once
// The one error of this folder: what a stranger sent breaks a rule. Pure.
#include <exception>

namespace hearth::dave {

/// Thrown by everything that reads, checks or opens what came from outside; caught in one place,
/// the inputs of `session`, where it becomes an action. Its text is a constant naming the broken
/// rule and never holds payload or key bytes.
struct failure : std::exception {
  explicit failure(const char* rule) : rule(rule) {}
  const char* what() const noexcept override { return rule; }
  const char* rule;
};

/// Refuses by throwing `failure`.
inline void require(bool holds, const char* rule) {
  if (!holds)
    throw failure(rule);
}

} // namespace hearth::dave
