#include "infra/sound/command_process.hpp"
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hearth::sound {
namespace {

using clock = std::chrono::steady_clock;

struct descriptor {
  int fd = -1;
  ~descriptor() { close(); }
  void close() {
    if (fd >= 0)
      ::close(fd);
    fd = -1;
  }
};

/// Feeds and reads until the output's end. @return Why not; empty: all of it was read.
std::string talk(descriptor& to, descriptor& from, const std::string& input,
                 const command_limits& limits, clock::time_point deadline,
                 std::vector<uint8_t>& output) {
  auto written = size_t{0};
  auto buffer = std::array<uint8_t, 16'384>{};
  while (true) {
    if (written == input.size())
      to.close();
    auto waits = std::array<pollfd, 2>{pollfd{from.fd, POLLIN, 0}, pollfd{to.fd, POLLOUT, 0}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0)
      return "took longer than " + std::to_string(limits.timeout_ms) + " ms";
    if (::poll(waits.data(), to.fd < 0 ? 1 : 2, static_cast<int>(left)) < 0 && errno != EINTR)
      return std::strerror(errno);
    if (to.fd >= 0 && waits[1].revents != 0) {
      // A socket: one that nobody reads any more is an error here, no signal.
      const auto sent = ::send(to.fd, input.data() + written, input.size() - written,
                               MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0)
        written += static_cast<size_t>(sent);
      else if (errno != EAGAIN && errno != EINTR)
        to.close(); // it does not want the rest
    }
    if (waits[0].revents == 0)
      continue;
    const auto got = ::read(from.fd, buffer.data(), buffer.size());
    if (got == 0)
      return {};
    if (got < 0 && errno != EINTR)
      return std::strerror(errno);
    if (got > 0)
      output.insert(output.end(), buffer.begin(), buffer.begin() + got);
    if (output.size() > limits.output_max)
      return "gave more than " + std::to_string(limits.output_max) + " bytes";
  }
}

/// Waits for its end until the deadline. @return Its status; -1: it goes on.
int end_of(pid_t child, clock::time_point deadline) {
  auto status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (clock::now() >= deadline)
      return -1;
    ::poll(nullptr, 0, 5);
  }
  return status;
}

} // namespace

command_output run_command(const std::vector<std::string>& words, const std::string& input,
                           const command_limits& limits) {
  if (words.empty())
    return {{}, "there is no command"};
  const auto deadline = clock::now() + std::chrono::milliseconds(limits.timeout_ms);
  int feed[2], answer[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, feed) != 0)
    return {{}, std::strerror(errno)};
  auto to = descriptor{feed[0]}, child_in = descriptor{feed[1]};
  if (::pipe2(answer, O_CLOEXEC) != 0)
    return {{}, std::strerror(errno)};
  auto from = descriptor{answer[0]}, child_out = descriptor{answer[1]};

  auto actions = posix_spawn_file_actions_t{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child_in.fd, 0);
  posix_spawn_file_actions_adddup2(&actions, child_out.fd, 1);
  // A group of its own, so that what it starts ends with it; and no signal blocked as in our
  // threads.
  auto how = posix_spawnattr_t{};
  posix_spawnattr_init(&how);
  auto none = sigset_t{};
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  auto arguments = std::vector<char*>{};
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  auto child = pid_t{0};
  const auto failed =
      ::posix_spawnp(&child, words.front().c_str(), &actions, &how, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&how);
  if (failed != 0)
    return {{}, words.front() + ": " + std::strerror(failed)};
  child_in.close();
  child_out.close();

  auto result = command_output{};
  result.trouble = talk(to, from, input, limits, deadline, result.bytes);
  auto status = result.trouble.empty() ? end_of(child, deadline) : -1;
  if (status == -1) {
    ::kill(-child, SIGKILL);
    ::waitpid(child, &status, 0);
    if (result.trouble.empty())
      result.trouble = "took longer than " + std::to_string(limits.timeout_ms) + " ms";
  } else if (status != 0) {
    result.trouble = WIFEXITED(status) ? "ended with " + std::to_string(WEXITSTATUS(status))
                                       : "ended by signal " + std::to_string(WTERMSIG(status));
  }
  if (!result.trouble.empty()) {
    result.trouble = words.front() + " " + result.trouble;
    result.bytes.clear();
  }
  return result;
}

} // namespace hearth::sound
