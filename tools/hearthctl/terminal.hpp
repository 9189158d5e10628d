#pragma once
// The terminal as `top` needs it: keys one by one, and the screen given back as it was.
#include <cstddef>
#include <string>
#include <termios.h>
#include <utility>

namespace hearth::ctl {

/// While it lives: no echo, keys at once, the alternate screen, no cursor. SIGINT and SIGTERM end
/// read_key() with "q".
class raw_terminal {
public:
  /// Throws trouble when standard input or output is no terminal.
  raw_terminal();
  ~raw_terminal();
  raw_terminal(const raw_terminal&) = delete;
  raw_terminal& operator=(const raw_terminal&) = delete;

  /// Columns and lines; 80x24 when it does not tell.
  std::pair<size_t, size_t> size() const;
  void show(const std::string& frame);
  /// A key, as press() takes it, or empty after `wait_ms`.
  std::string read_key(int wait_ms);

private:
  termios before_{};
};

/// Makes SIGINT and SIGTERM set a flag, for loops that print lines.
void watch_interrupts();
bool interrupted();
/// Sleeps, less when interrupted.
void nap(int ms);

} // namespace hearth::ctl
