#pragma once
// The operator's own recordings: a folder per family, each file an endless sound.
#include "infra/sound/frame.hpp"
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hearth::sound {

constexpr size_t sound_files_max = 500; ///< Of all families; further ones are left out.
constexpr size_t file_frames_ahead =
    50; ///< Decoded and not yet played, of each that plays: one second.

/// Names are "file:FAMILY/FILE". Any thread.
class sound_files {
public:
  /// Told once for each file that turns out broken, on any thread. @param file FAMILY/FILE.
  using complaint = std::function<void(const std::string& file, const std::string& why)>;

  sound_files(std::string folder, complaint complain);

  /// Looks into the folder. Sorted; without those that are known to be broken.
  std::vector<std::string> names() const;
  /// Whether the folder has such a file, with an ending that is played, not known to be broken.
  bool knows(const std::string& name) const;
  /// Plays a file from its beginning, looped, brought to -23 LUFS, decoded on a thread of its own.
  /// A file that cannot be decoded is silent, complained of, and from then on unknown.
  /// @return Null and why not: no such file, broken, no libraries.
  std::unique_ptr<source> open(const std::string& name, std::string& why);

private:
  struct broken_files {
    std::mutex lock;
    std::map<std::string, std::string> why; ///< By name.
    complaint complain;
  };
  std::string folder_;
  std::shared_ptr<broken_files> broken_; ///< Shared with those that play.
};

} // namespace hearth::sound
