// custom_ids as members' clients send them back, and other short texts that strangers choose.
#include "infra/gateway/websocket_url.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/root/redact.hpp"
#include "infra/schedule/evening_view.hpp"
#include "infra/schedule/plan_view.hpp"
#include "tools/fuzz/fuzz_input.hpp"

using namespace hearth;
using fuzz::must;

namespace {

void round_trips(std::string_view text) {
  if (const auto id = parse_custom_id(text)) {
    must(!id->area.empty(), "a custom_id has an area");
    if (id->parts.size() == 1)
      must(make_custom_id(id->area, {id->parts[0]}) == text, "one part round-trips");
    if (id->parts.size() == 3)
      must(make_custom_id(id->area, {id->parts[0], id->parts[1], id->parts[2]}) == text,
           "three parts round-trip");
  }
  if (const auto vote = parse_vote_button(text))
    must(parse_vote_button(vote_custom_id(*vote)) == vote, "a vote button round-trips");
  if (const auto plan = parse_plan_component(text))
    must(parse_plan_component(plan_custom_id(*plan)) == plan, "a plan component round-trips");
}

void names(std::string_view text) {
  const auto clean = clean_name(text);
  must(!clean.empty() && clean_name(clean) == clean, "a clean name stays so");
  must(text_length(truncate(text, 20)) <= 20, "what was cut fits");
  const auto secret = std::string{"s3cr3t-token"};
  must(redact(std::string{text} + secret, {secret}).find(secret) == std::string::npos,
       "a known secret never stays");
  if (const auto address = parse_websocket_url(text)) {
    must(address->tls || is_loopback_host(address->host), "plain only to this machine");
    must(address->target.substr(0, 1) == "/", "a target begins with a slash");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto copy = fuzz::exact_copy{fuzz::text_of(data, size), 0};
  round_trips(copy.view());
  names(copy.view());
  return 0;
}
