// A locale file: reading it, and filling in every text it has.
#include "infra/settings/catalog.hpp"
#include "tools/fuzz/fuzz_input.hpp"

using namespace hearth;
using fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto all = catalog{{{"fr.toml", text}, {"en.toml", "a = \"{count} {x}\""}}};
  must(all.problems().empty() || !all.problems().front().empty(), "a problem has words");
  for (const auto& [key, line] : all.texts("fr")) {
    must(all.has(key), "a key that is there is found");
    all.translations(key);
    const auto names = placeholders(line);
    const auto filled = all.text("fr-CA", key, {{"count", 1}, {"name", "{name}"}});
    must(names.empty() || !filled.empty(), "a text with a value is not empty");
  }
  all.text("fr", "a", {{"count", int64_t{INT64_MIN}}});
  all.language_of(text.substr(0, 20));
  placeholders(text);
  return 0;
}
