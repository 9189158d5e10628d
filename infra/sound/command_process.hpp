#pragma once
// Runs a program on some input, with limits.
#include <cstdint>
#include <string>
#include <vector>

namespace hearth::sound {

struct command_limits {
  int64_t timeout_ms = 20'000;
  size_t output_max = 16 * 1024 * 1024; ///< Bytes.
};
struct command_output {
  std::vector<uint8_t> bytes; ///< Of its standard output.
  std::string trouble;        ///< Why there is none; empty: it ended with 0.
};

/// Waits for the program's end. Words are given as they are, no shell reads them; its errors go to
/// ours. Too long or too much: it is killed.
command_output run_command(const std::vector<std::string>& words, const std::string& input,
                           const command_limits& limits);

} // namespace hearth::sound
