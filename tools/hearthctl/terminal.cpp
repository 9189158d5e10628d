#include "hearthctl/terminal.hpp"
#include "hearthctl/place.hpp"
#include <atomic>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hearth::ctl {
namespace {

std::atomic<bool> stop_asked{false};

void on_interrupt(int) { stop_asked = true; }

} // namespace

void watch_interrupts() {
  struct sigaction act {};
  act.sa_handler = on_interrupt; // without SA_RESTART: waits end
  for (const auto which : {SIGINT, SIGTERM})
    ::sigaction(which, &act, nullptr);
}
bool interrupted() { return stop_asked; }
void nap(int ms) {
  if (!interrupted())
    ::poll(nullptr, 0, ms);
}

raw_terminal::raw_terminal() {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0 ||
      ::tcgetattr(STDIN_FILENO, &before_) != 0)
    throw trouble{exit_usage, "top needs a terminal; `hearthctl actors` (--json) does not"};
  watch_interrupts();
  auto raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
  std::fputs("\x1b[?1049h\x1b[?25l", stdout);
  std::fflush(stdout);
}

raw_terminal::~raw_terminal() {
  std::fputs("\x1b[?25h\x1b[?1049l", stdout);
  std::fflush(stdout);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

std::pair<size_t, size_t> raw_terminal::size() const {
  auto window = winsize{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
    return {80, 24};
  return {window.ws_col, window.ws_row};
}

void raw_terminal::show(const std::string& frame) {
  auto text = std::string{"\x1b[H"};
  for (const auto c : frame) {
    if (c == '\n')
      text += "\x1b[K\r";
    text += c;
  }
  text += "\x1b[K\x1b[J";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string raw_terminal::read_key(int wait_ms) {
  auto waits = pollfd{STDIN_FILENO, POLLIN, 0};
  const auto ready = interrupted() ? 0 : ::poll(&waits, 1, wait_ms);
  if (interrupted())
    return "q";
  char bytes[16] = {};
  const auto size = ready > 0 ? ::read(STDIN_FILENO, bytes, sizeof bytes - 1) : 0;
  if (ready > 0 && size <= 0)
    return "q"; // the terminal has gone
  const auto text = std::string(bytes, static_cast<size_t>(size));
  if (text == "\x1b[A" || text == "\x1bOA")
    return "up";
  if (text == "\x1b[B" || text == "\x1bOB")
    return "down";
  if (text == "\x1b[5~")
    return "page up";
  if (text == "\x1b[6~")
    return "page down";
  return text.substr(0, 1);
}

} // namespace hearth::ctl
