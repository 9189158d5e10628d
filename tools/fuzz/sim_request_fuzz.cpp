// The simulator's reading of strangers' requests: multipart, JSON, messages and commands. An input
// is the Content-Type, a newline, and the body.
#include "discord-sim/bounded_json.hpp"
#include "discord-sim/multipart.hpp"
#include "discord-sim/validate_commands.hpp"
#include "discord-sim/validate_message.hpp"
#include <cstdint>

namespace {

void check(const sim::json& body) {
  for (const auto route : {sim::message_route::create, sim::message_route::callback,
                           sim::message_route::edit_webhook}) {
    sim::form_errors errors;
    sim::check_message(body, {route, false, {0}, {1}}, {}, errors);
    (void)errors.body().dump();
  }
  sim::form_errors errors;
  const auto stored = sim::check_command(body, true, {}, errors);
  if (errors.empty())
    (void)stored.dump();
  sim::form_errors list_errors;
  sim::check_command_list(sim::json::array({body, body}), false, list_errors);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = std::string_view{reinterpret_cast<const char*>(data), size};
  const auto end = text.find('\n');
  const auto type = text.substr(0, end);
  const auto body = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  if (const auto parts = sim::parse_multipart(type, body))
    for (const auto& part : *parts) {
      if (sim::safe_filename(part.filename).empty())
        __builtin_trap();
      if (const auto json = sim::parse_json(part.data))
        check(*json);
    }
  if (const auto json = sim::parse_json(body))
    check(*json);
  return 0;
}
