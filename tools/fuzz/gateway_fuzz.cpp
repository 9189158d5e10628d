// Gateway payloads as a socket gives them: envelope, router, caches, every decoder. One payload a
// line.
#include "infra/gateway/envelope.hpp"
#include "infra/gateway/event_router.hpp"
#include "infra/gateway/session_file.hpp"
#include "tools/fuzz/fuzz_input.hpp"

using namespace hearth;
using fuzz::must;

namespace {

padded_text padded(const fuzz::exact_copy& copy) { return {copy.data(), copy.view().size()}; }

/// Cache and snapshot file say the same: what an orderly stop writes is what the next start knows.
void check_snapshots(const event_router& router, event_decoder& decoder) {
  for (const auto& seen : const_cast<event_router&>(router).snapshots()) {
    const auto text = fuzz::exact_copy{encode_guild(*seen), text_padding};
    auto data = guild_data{};
    must(decoder.read_guild(padded(text), data, router.self()), "a written guild is readable");
    must(data.id == seen->id, "a written guild keeps its id");
    must(data.channels && data.channels->size() == seen->channels.size(), "no channel is lost");
    must(data.roles && data.roles->size() == seen->roles.size(), "no role is lost");
  }
}

void take_payload(std::string_view text, event_router& router, event_decoder& decoder) {
  const auto copy = fuzz::exact_copy{text, text_padding};
  const auto payload = padded(copy);
  const auto first = first_document(payload.view());
  must(first <= payload.size, "a document ends inside the text");
  const auto head = scan_envelope(payload.view());
  must(head.type.empty() || (head.type.data() >= copy.data() &&
                             head.type.data() + head.type.size() <= copy.data() + text.size()),
       "the type lies inside the text");
  if (!head.ok)
    return;
  auto hello = hello_data{};
  auto invalid = invalid_session_data{};
  auto moved = sim_time_data{};
  auto ready = ready_data{};
  switch (head.op) {
  case 9:
    decoder.read(payload, invalid);
    return;
  case 10:
    decoder.read(payload, hello);
    return;
  case 200:
    decoder.read(payload, moved);
    return;
  case 0:
    break;
  default:
    return;
  }
  const auto kind = kind_of(head.type);
  if (kind == event_kind::ready) {
    if (decoder.read(payload, ready))
      router.ready(ready);
  } else if (router.wants(kind)) {
    router.dispatch(kind, payload, {1'000, 1'795'000'000'000, head.seq % 2 == 0});
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto options = router_options{};
  options.wants = {true, true, true};
  options.legacy_names = {"help", "add"};
  auto router = event_router{options};
  auto decoder = event_decoder{};
  const auto text = fuzz::text_of(data, size);
  fuzz::each_part(text, '\n', [&](std::string_view line) { take_payload(line, router, decoder); });
  for (const auto& batch : router.take()) {
    must(!batch.events.empty(), "nobody is told nothing");
    router.introduce(batch.guild);
  }
  check_snapshots(router, decoder);
  const auto whole = fuzz::exact_copy{text, text_padding};
  decode_session(padded(whole));
  auto info = gateway_info{};
  decoder.read_info(padded(whole), info);
  return 0;
}
