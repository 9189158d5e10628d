// Every fuzz target in one ordinary program: each file of a corpus, then small changes of them.
// Usage: corpus_tests TARGET FOLDER [INPUTS [SEED]]. An input that ends the program is left in
// ./fuzz-TARGET.input; `corpus_tests TARGET FILE` takes it alone.
#include "tools/fuzz/targets.hpp"
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

using input = std::vector<uint8_t>;
namespace fs = std::filesystem;

constexpr size_t input_bytes_max = 65'536; // as for libFuzzer in tools/soak.sh

std::span<const uint8_t> current; // of the input under way
std::string left_behind;

/// Runs in a signal handler: nothing but a file.
void keep_input(int signal) {
  if (auto* file = std::fopen(left_behind.c_str(), "wb")) {
    std::fwrite(current.data(), 1, current.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "the input is in %s\n", left_behind.c_str());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

input contents(const fs::path& path) {
  auto file = std::ifstream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<input> corpus_in(const fs::path& place) {
  auto paths = std::vector<fs::path>{};
  if (fs::is_directory(place))
    for (const auto& each : fs::directory_iterator{place})
      paths.push_back(each.path());
  else
    paths.push_back(place);
  std::sort(paths.begin(), paths.end()); // the same changes on every machine
  auto all = std::vector<input>{};
  for (const auto& path : paths)
    all.push_back(contents(path));
  return all;
}

/// One to four changes: what libFuzzer does most, without knowing what they reach.
input changed(const std::vector<input>& corpus, std::mt19937& random) {
  constexpr auto telling =
      std::array<uint8_t, 12>{0, 1, 127, 128, 255, '"', '{', '}', '[', '\\', '\n', '0'};
  const auto below = [&](size_t end) { return end == 0 ? 0 : random() % end; };
  auto made = corpus[below(corpus.size())];
  for (auto edits = 1 + below(4); edits > 0; --edits) {
    const auto at = below(made.size() + 1);
    const auto place = made.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min<size_t>(below(16) + 1, made.size() - at);
    const auto end = place + static_cast<std::ptrdiff_t>(count);
    switch (below(6)) {
    case 0:
      if (count > 0)
        *place ^= static_cast<uint8_t>(1U << below(8));
      break;
    case 1:
      if (count > 0)
        *place = telling[below(telling.size())];
      break;
    case 2:
      made.insert(place, telling[below(telling.size())]);
      break;
    case 3:
      made.erase(place, end);
      break;
    case 4: {
      const auto again = input(place, end);
      made.insert(place, again.begin(), again.end());
      break;
    }
    default: { // its end from another one
      const auto& other = corpus[below(corpus.size())];
      made.erase(place, made.end());
      made.insert(made.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size() + 1)),
                  other.end());
    }
    }
  }
  made.resize(std::min(made.size(), input_bytes_max));
  return made;
}

} // namespace

int main(int argc, char** argv) {
  const auto words = std::vector<std::string>(argv + 1, argv + argc);
  const auto target =
      std::find_if(std::begin(fuzz_targets), std::end(fuzz_targets),
                   [&](const auto& each) { return !words.empty() && words[0] == each.name; });
  if (words.size() < 2 || target == std::end(fuzz_targets) || !fs::exists(words[1])) {
    std::fprintf(stderr, "Usage: corpus_tests TARGET FOLDER|FILE [INPUTS [SEED]]\n");
    return 2;
  }
  left_behind = "fuzz-" + words[0] + ".input";
  for (const auto signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS})
    std::signal(signal, keep_input);
  const auto take = [&](const input& one) {
    current = one;
    target->take(one.data(), one.size());
  };
  const auto corpus = corpus_in(words[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s is empty\n", words[1].c_str());
    return 2;
  }
  const auto inputs = words.size() > 2 ? std::stoul(words[2]) : 0UL;
  const auto seed = words.size() > 3 ? std::stoul(words[3]) : 1UL;
  std::printf("%s: %zu files, %lu changes of them, seed %lu\n", words[0].c_str(), corpus.size(),
              inputs, seed);
  std::fflush(stdout);
  for (const auto& each : corpus)
    take(each);
  auto random = std::mt19937{static_cast<uint32_t>(seed)};
  for (auto count = 0UL; count < inputs; ++count)
    take(changed(corpus, random));
  return 0;
}
