#include "infra/voice/voice_decode.hpp"
#include "infra/dave/session_state.hpp"
#include "infra/voice/transport_mode.hpp"
#include <simdjson.h>

namespace hearth::voice {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t modes_max = 64;

/// A whole number of the field, also when it comes as a string of digits. Nothing when it is
/// absent, negative or above `most`.
std::optional<uint64_t> number_of(const object& from, std::string_view name,
                                  uint64_t most = UINT64_MAX) {
  auto field = element{};
  if (from.at_key(name).get(field) != simdjson::SUCCESS)
    return std::nullopt;
  auto value = uint64_t{0};
  auto text = std::string_view{};
  if (field.get(text) == simdjson::SUCCESS) {
    const auto digits = parse_id<user_id>(text);
    if (!digits)
      return std::nullopt;
    value = digits->value;
  } else if (field.get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value <= most ? std::optional(value) : std::nullopt;
}

std::optional<std::string> text_of(const object& from, std::string_view name) {
  auto text = std::string_view{};
  if (from.at_key(name).get(text) != simdjson::SUCCESS)
    return std::nullopt;
  return std::string(text);
}

std::optional<voice_message> hello_in(const object& data) {
  auto interval = 0.0; // a fraction was seen
  if (data.at_key("heartbeat_interval").get(interval) != simdjson::SUCCESS || !(interval >= 1) ||
      interval > 3'600'000)
    return std::nullopt;
  return heard::hello{static_cast<int64_t>(interval)};
}

std::optional<voice_message> ready_in(const object& data) {
  const auto ssrc = number_of(data, "ssrc", UINT32_MAX);
  const auto address = text_of(data, "ip");
  const auto port = number_of(data, "port", UINT16_MAX);
  auto list = simdjson::dom::array{};
  if (!ssrc || !address || !port || data.at_key("modes").get(list) != simdjson::SUCCESS)
    return std::nullopt;
  auto found =
      heard::ready{static_cast<uint32_t>(*ssrc), *address, static_cast<uint16_t>(*port), {}};
  for (const auto item : list) {
    auto name = std::string_view{};
    if (item.get(name) == simdjson::SUCCESS && found.modes.size() < modes_max)
      found.modes.emplace_back(name);
  }
  return found;
}

std::optional<voice_message> session_description_in(const object& data) {
  auto found = heard::session_description{};
  const auto mode = text_of(data, "mode");
  auto key = simdjson::dom::array{};
  if (!mode || data.at_key("secret_key").get(key) != simdjson::SUCCESS ||
      key.size() != transport_key_size)
    return std::nullopt;
  found.mode = *mode;
  for (const auto item : key) {
    auto byte = uint64_t{0};
    if (item.get(byte) != simdjson::SUCCESS || byte > UINT8_MAX)
      return std::nullopt;
    found.secret_key.push_back(static_cast<uint8_t>(byte));
  }
  found.dave_version =
      static_cast<uint16_t>(number_of(data, "dave_protocol_version", UINT16_MAX).value_or(0));
  return found;
}

std::optional<voice_message> speaking_in(const object& data) {
  const auto user = number_of(data, "user_id");
  const auto ssrc = number_of(data, "ssrc", UINT32_MAX);
  if (!user || !ssrc)
    return std::nullopt;
  return heard::speaking{
      user_id{*user}, static_cast<uint32_t>(*ssrc),
      static_cast<uint32_t>(number_of(data, "speaking", UINT32_MAX).value_or(0))};
}

std::optional<voice_message> users_in(const object& data) {
  auto found = heard::users_connected{};
  auto list = simdjson::dom::array{};
  if (data.at_key("user_ids").get(list) != simdjson::SUCCESS)
    return std::nullopt;
  for (const auto item : list) {
    auto text = std::string_view{};
    const auto user =
        item.get(text) == simdjson::SUCCESS ? parse_id<user_id>(text) : std::optional<user_id>{};
    if (user && found.users.size() < users_max)
      found.users.push_back(*user);
  }
  return found;
}

std::optional<voice_message> message_in(int64_t op, const object& data) {
  const auto version = number_of(data, "protocol_version", UINT16_MAX);
  const auto transition = number_of(data, "transition_id", UINT16_MAX);
  switch (op) {
  case 2:
    return ready_in(data);
  case 4:
    return session_description_in(data);
  case 5:
    return speaking_in(data);
  case 6:
    return heard::heartbeat_ack{static_cast<int64_t>(number_of(data, "t", INT64_MAX).value_or(0))};
  case 8:
    return hello_in(data);
  case 11:
    return users_in(data);
  case 13:
    if (const auto user = number_of(data, "user_id"))
      return heard::user_disconnected{user_id{*user}};
    return std::nullopt;
  case 21:
    if (version && transition)
      return heard::prepare_transition{static_cast<uint16_t>(*transition),
                                       static_cast<uint16_t>(*version)};
    return std::nullopt;
  case 22:
    if (transition)
      return heard::execute_transition{static_cast<uint16_t>(*transition)};
    return std::nullopt;
  case 24:
    if (const auto epoch = number_of(data, "epoch"); epoch && version)
      return heard::prepare_epoch{*epoch, static_cast<uint16_t>(*version)};
    return std::nullopt;
  default:
    return heard::other{op};
  }
}

} // namespace

struct voice_decoder::parser {
  simdjson::dom::parser json;
};

voice_decoder::voice_decoder() : parser_(std::make_unique<parser>()) {}
voice_decoder::~voice_decoder() = default;
voice_decoder::voice_decoder(voice_decoder&&) noexcept = default;
voice_decoder& voice_decoder::operator=(voice_decoder&&) noexcept = default;

std::optional<numbered_message> voice_decoder::text(std::string_view frame) {
  auto whole = object{};
  auto op = int64_t{0};
  // simdjson copies from an empty text's address, which may be null.
  if (frame.empty() || frame.size() > text_size_max ||
      parser_->json.parse(frame.data(), frame.size()).get(whole) != simdjson::SUCCESS ||
      whole.at_key("op").get(op) != simdjson::SUCCESS)
    return std::nullopt;
  auto found = numbered_message{};
  if (const auto seq = number_of(whole, "seq"))
    found.seq = static_cast<uint16_t>(*seq); // the counter of binary frames
  auto data = object{};
  if (op == 9) { // its data is null
    found.message = heard::resumed{};
    return found;
  }
  if (whole.at_key("d").get(data) != simdjson::SUCCESS) {
    found.message = heard::other{op};
    return found;
  }
  auto message = message_in(op, data);
  if (!message)
    return std::nullopt;
  found.message = std::move(*message);
  return found;
}

std::optional<numbered_message> voice_decoder::binary(dave::byte_view frame) {
  constexpr size_t head = 3;
  if (frame.size() < head || frame.size() > head + dave::payload_size_max)
    return std::nullopt;
  auto found = numbered_message{};
  found.seq = static_cast<uint16_t>(frame[0] << 8 | frame[1]);
  const auto op = frame[2];
  if (op == 25 || op == 27 || op == 29 || op == 30)
    found.message = heard::dave_message{op, dave::to_bytes(frame.subspan(head))};
  else
    found.message = heard::other{op};
  return found;
}

} // namespace hearth::voice
