// Interactions of any transport: decoding, and the one first answer to what was decoded.
#include "infra/gateway/event_decode.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/interactions/open_interaction.hpp"
#include "infra/rest/request_rules.hpp"
#include "tools/fuzz/fuzz_input.hpp"

using namespace hearth;
using fuzz::must;

namespace {

/// Whatever members typed, the answer is a request that can be sent, and the interaction ends.
void answer(const interaction& asked) {
  auto open = open_interaction{std::make_shared<interaction>(asked), true, true, "sorry"};
  auto request = open.answer(text_response(clean_name(asked.member.name)), 10);
  for (auto tries = 0; request && tries < 10; ++tries) {
    if (asked.token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
            std::string::npos &&
        asked.token.size() < 200)
      must(request_trouble(*request).empty(), "an answer can be sent");
    auto refusal = rest_response{};
    refusal.status = 400;
    request = open.delivered(refusal, 20);
  }
  must(!request && open.done(), "an interaction ends");
}

void take(event_decoder& decoder, std::string_view text) {
  const auto copy = fuzz::exact_copy{text, text_padding};
  auto asked = interaction{};
  if (!decoder.read({copy.data(), text.size()}, asked))
    return;
  must(asked.id && !asked.token.empty(), "without id and token there is no interaction");
  parse_custom_id(asked.custom_id);
  for (const auto& option : asked.options)
    asked.option<std::string>(option.name);
  answer(asked);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto decoder = event_decoder{};
  const auto text = fuzz::text_of(data, size);
  take(decoder, text);
  take(decoder, std::string{R"({"d":)"}.append(text).append("}"));
  return 0;
}
