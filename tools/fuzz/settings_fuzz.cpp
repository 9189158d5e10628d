// The configuration file: reading, explaining, comparing.
#include "infra/settings/options.hpp"
#include "tools/fuzz/fuzz_input.hpp"

using namespace hearth;
using fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto parsed = parse_settings(text, "hearth.toml", {});
  explain(parsed);
  problems_text(parsed.problems);
  must(changes(parsed.value, parsed.value).empty(), "a file is equal to itself");
  const auto reloaded = apply_reloadable(settings{}, parsed.value);
  for (const auto& change : changes(settings{}, reloaded))
    must(change.reloadable, "a reload changes only what may change while running");
  parse_settings("", "hearth.toml", {{"HEARTH_PROFILE", std::string{text}}});
  nearest_key(text.substr(0, 100));
  return 0;
}
