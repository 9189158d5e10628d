#include "infra/sound/sound_files_thread.hpp"
#include "infra/sound/catalog.hpp"
#include "infra/sound/filters.hpp"
#include "infra/sound/looped.hpp"
#include "infra/sound/module_context.hpp"
#include "infra/sound/modules/media_module.hpp"
#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <thread>

namespace hearth::sound {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view prefix = "file:";
constexpr double target_lufs = -23;
constexpr double measured_s = 120; ///< Of a longer file its beginning tells.
constexpr float gain_db_max = 20;
constexpr float overlap_s = 2;
constexpr float fade_in_frames =
    15; ///< It begins when it is decoded, which may be after the layer's own fade.

bool is_played(const fs::path& file) {
  constexpr auto endings = std::array{".mp3", ".ogg", ".opus", ".flac", ".wav", ".m4a"};
  auto ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char ch) {
    return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
  });
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// FAMILY/FILE of a name that has that shape; a name comes from a button and must not leave the
/// folder.
std::string path_in(const std::string& name) {
  if (name.rfind(prefix, 0) != 0)
    return {};
  const auto path = name.substr(prefix.size());
  const auto slash = path.find('/');
  if (slash == std::string::npos || !parse_family(path.substr(0, slash)) ||
      slash + 1 == path.size() || path[slash + 1] == '.' ||
      path.find('/', slash + 1) != std::string::npos || path.find('\0') != std::string::npos ||
      !is_played(path))
    return {};
  return path;
}

class decoded final : public recording {
public:
  decoded(const hearth_media_functions& by, hearth_recording* which) : by_(by), which_(which) {}
  ~decoded() override { by_.close(which_); }
  size_t read(std::span<float> out) override {
    return by_.read(which_, out.data(), out.size() / 2);
  }
  bool rewind() override { return by_.rewind(which_) != 0; }

private:
  const hearth_media_functions& by_;
  hearth_recording* which_;
};

/// A file that plays: its thread decodes ahead into a bounded queue.
class playing_file final : public source {
public:
  using failed = std::function<void(const std::string& why)>;
  playing_file(const hearth_media_functions& by, std::string file, failed fail)
      : by_(by), file_(std::move(file)), fail_(std::move(fail)), thread_([this] { run(); }) {}
  ~playing_file() override {
    {
      const auto held = std::lock_guard(lock_);
      ending_ = true;
    }
    room_.notify_all();
    thread_.join();
  }

  void render(frame& out) override {
    {
      const auto held = std::lock_guard(lock_);
      if (ready_.empty()) {
        out.fill(0);
        return;
      }
      out = *ready_.front();
      ready_.pop_front();
    }
    room_.notify_one();
    if (heard_frames_ >= fade_in_frames)
      return;
    for (auto i = size_t{0}; i < out.size(); ++i)
      out[i] *= (heard_frames_ + static_cast<float>(i / 2 + 1) / frame_samples) / fade_in_frames;
    heard_frames_ += 1;
  }

private:
  void run() {
    auto why = std::array<char, 200>{};
    auto* which = by_.open(file_.c_str(), why.data(), why.size());
    if (!which)
      return fail_(why.data());
    auto held = std::make_unique<decoded>(by_, which);
    const auto lufs = by_.loudness(which, measured_s);
    if (lufs < -70 || !held->rewind())
      return fail_(lufs < -70 ? "nothing is heard in it"
                              : "it cannot be played again from its beginning");
    const auto gain = std::clamp(static_cast<float>(target_lufs - lufs), -60.0F, gain_db_max);
    auto endless = looped(std::move(held), gain_of_db(gain), overlap_s);
    while (true) {
      auto next = std::make_unique<frame>();
      endless.render(*next);
      if (endless.failed())
        return fail_("it cannot be decoded to its end, or is too short");
      auto wait = std::unique_lock(lock_);
      room_.wait(wait, [this] { return ending_ || ready_.size() < file_frames_ahead; });
      if (ending_)
        return;
      ready_.push_back(std::move(next));
    }
  }

  const hearth_media_functions& by_;
  const std::string file_;
  const failed fail_;
  std::mutex lock_;
  std::condition_variable room_;
  std::deque<std::unique_ptr<frame>> ready_;
  bool ending_ = false;
  float heard_frames_ = 0;
  std::thread thread_; ///< Last: it begins when all else is there.
};

} // namespace

sound_files::sound_files(std::string folder, complaint complain)
    : folder_(std::move(folder)), broken_(std::make_shared<broken_files>()) {
  broken_->complain = std::move(complain);
}

std::vector<std::string> sound_files::names() const {
  auto found = std::vector<std::string>{};
  for (const auto& family : families()) {
    auto trouble = std::error_code{};
    for (auto each = fs::directory_iterator(fs::path(folder_) / family.name, trouble);
         !trouble && each != fs::directory_iterator(); each.increment(trouble)) {
      const auto name =
          std::string(prefix) + std::string(family.name) + "/" + each->path().filename().string();
      if (found.size() < sound_files_max && knows(name))
        found.push_back(name);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool sound_files::knows(const std::string& name) const {
  const auto path = path_in(name);
  auto trouble = std::error_code{};
  if (path.empty() || !fs::is_regular_file(fs::path(folder_) / path, trouble))
    return false;
  const auto held = std::lock_guard(broken_->lock);
  return broken_->why.find(name) == broken_->why.end();
}

std::unique_ptr<source> sound_files::open(const std::string& name, std::string& why) {
  if (!knows(name)) {
    const auto held = std::lock_guard(broken_->lock);
    const auto found = broken_->why.find(name);
    why = found == broken_->why.end() ? "there is no such file" : found->second;
    return nullptr;
  }
  auto* entry = open_module("media", why);
  if (!entry)
    return nullptr;
  const auto path = path_in(name);
  return std::make_unique<playing_file>(
      *reinterpret_cast<hearth_media_function>(entry)(), (fs::path(folder_) / path).string(),
      [broken = broken_, name, path](const std::string& trouble) {
        auto first = false;
        {
          const auto held = std::lock_guard(broken->lock);
          first = broken->why.size() < sound_files_max && broken->why.emplace(name, trouble).second;
        }
        if (first)
          broken->complain(path, trouble);
      });
}

} // namespace hearth::sound
