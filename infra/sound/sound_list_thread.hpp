#pragma once
// Names of the operator's own files as they were a moment ago, for who may not wait for a disk.
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hearth::sound {

/// Any thread. Costs nothing while nobody asks.
class sound_list {
public:
  using names = std::vector<std::string>;
  /// @param look Into the folder; may take its time, never runs twice at once. @param now_ms Of a
  /// clock that never goes back. @param fresh_ms How long what was seen is not looked for again.
  sound_list(std::function<names()> look, std::function<int64_t()> now_ms, int64_t fresh_ms);
  ~sound_list();
  sound_list(const sound_list&) = delete;
  sound_list& operator=(const sound_list&) = delete;

  /// What the last look saw; never null. When that is not fresh, a look begins on a thread of its
  /// own, which the next call may profit from: this one does not wait.
  std::shared_ptr<const names> known();

private:
  void run();

  std::function<names()> look_;
  std::function<int64_t()> now_ms_;
  int64_t fresh_ms_;
  std::mutex lock_; ///< Of what follows.
  std::shared_ptr<const names> known_ = std::make_shared<const names>();
  int64_t due_ms_; ///< Of the next look.
  bool looking_ = false;
  std::thread thread_;
};

} // namespace hearth::sound
