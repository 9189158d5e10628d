#pragma once
// Turns text into sound, on a thread of its own: by espeak-ng, or by a command of the operator's.
#include "infra/sound/clip.hpp"
#include "infra/sound/command_process.hpp"
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace hearth::sound {

constexpr size_t speech_texts_waiting_max = 32;
constexpr size_t speech_text_bytes_max = 2'000;
constexpr size_t speech_cached_samples_max = 48'000 * 120; ///< Two minutes: 23 MB.

struct speech_options {
  std::string english = "en-gb", french = "fr"; ///< Voices, as the engine names them.
  int speed = 160;                              ///< Words a minute.
  /// Reads the text from its input and gives a WAV; {voice}, {language} and {speed} in it are
  /// replaced. Empty: espeak-ng.
  std::string command;
  command_limits limits;
};

/// The words of a command line, apart at spaces, with the places filled in. Pure.
std::vector<std::string> speech_command(const speech_options& options, const std::string& language);

class speech {
public:
  /// Called on the thread of speech. @param sound Null: it failed, for the reason given.
  using taker = std::function<void(clip_ptr sound, const std::string& why)>;

  explicit speech(speech_options options) : options_(std::move(options)) {}
  /// Waits for the text that is being rendered; those that wait are not answered any more.
  ~speech();
  speech(const speech&) = delete;
  speech& operator=(const speech&) = delete;

  /// Any thread; the first call starts the engine. @param language "en" or "fr"; others are
  /// English.
  /// @return False: too many wait, or the text is too long or empty; `done` will not be called.
  bool ask(std::string text, std::string language, taker done);
  /// Texts that the engine has rendered: those that were remembered are not among them.
  uint64_t rendered() const { return rendered_.load(); }

private:
  struct order {
    std::string text, language;
    taker done;
  };
  using key = std::pair<std::string, std::string>;
  struct remembered {
    clip_ptr sound;
    std::list<key>::iterator used;
  };
  void run();
  clip_ptr render(const order& what, std::string& why);
  clip_ptr render_by_espeak(const order& what, std::string& why);
  clip_ptr render_by_command(const order& what, std::string& why) const;
  void remember(const key& which, const clip_ptr& sound);

  const speech_options options_;
  std::mutex lock_;
  std::condition_variable some_;
  std::deque<order> waiting_;
  bool ending_ = false;
  std::thread thread_;
  std::atomic<uint64_t> rendered_{0};
  // For the thread only.
  void* module_ = nullptr;
  std::map<key, remembered> known_;
  std::list<key> used_; ///< The latest first.
  size_t known_samples_ = 0;
};

} // namespace hearth::sound
