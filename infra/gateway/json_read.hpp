#pragma once
// Forgiving access to JSON for the decoders of this folder; only they include it. Pure.
#include "infra/gateway/event_decode.hpp"
#include <cmath>
#include <simdjson.h>
#include <string_view>

namespace hearth {

/// simdjson's buffers; replaced after a huge payload, so that one does not hold memory for ever.
struct event_decoder::parser {
  simdjson::ondemand::parser json;
};

namespace json_read {

using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// The type, or null for broken JSON: nothing reads nulls.
inline json_type type_of(value& v) {
  auto type = json_type::null;
  if (v.type().get(type) != simdjson::SUCCESS)
    return json_type::null;
  return type;
}

/// Text; empty unless it is a (well-formed) string. Valid until the next payload is parsed.
inline std::string_view text_of(value& v) {
  auto text = std::string_view{};
  if (type_of(v) != json_type::string || v.get_string().get(text) != simdjson::SUCCESS)
    return {};
  return text;
}

/// An unsigned number or a string of digits, as Discord mixes them; 0 otherwise.
inline uint64_t number_of(value& v) {
  auto number = uint64_t{0};
  const auto type = type_of(v);
  if (type == json_type::number) {
    if (v.get_uint64().get(number) != simdjson::SUCCESS)
      return 0;
    return number;
  }
  if (type != json_type::string)
    return 0;
  if (v.get_uint64_in_string().get(number) == simdjson::SUCCESS) // without a copy
    return number;
  return parse_id<guild_id>(text_of(v)).value_or(guild_id{}).value;
}
template <class Id> Id id_of(value& v) { return Id{number_of(v)}; }

/// A number rounded towards zero, `otherwise` when it is none or out of int64_t's range.
inline int64_t integer_of(value& v, int64_t otherwise) {
  if (type_of(v) != json_type::number)
    return otherwise;
  auto whole = int64_t{0};
  if (v.get_int64().get(whole) == simdjson::SUCCESS)
    return whole;
  auto real = 0.0;
  if (v.get_double().get(real) != simdjson::SUCCESS || !(std::abs(real) < 9e18))
    return otherwise;
  return static_cast<int64_t>(real);
}
/// The same, `otherwise` also outside of int32_t.
inline int32_t small_of(value& v, int32_t otherwise) {
  const auto wide = integer_of(v, otherwise);
  return wide >= INT32_MIN && wide <= INT32_MAX ? static_cast<int32_t>(wide) : otherwise;
}
inline double real_of(value& v, double otherwise) {
  auto real = 0.0;
  if (type_of(v) != json_type::number || v.get_double().get(real) != simdjson::SUCCESS)
    return otherwise;
  return real;
}
inline bool flag_of(value& v, bool otherwise) {
  auto flag = false;
  if (type_of(v) != json_type::boolean || v.get_bool().get(flag) != simdjson::SUCCESS)
    return otherwise;
  return flag;
}

/// Calls `act(key, value)` for each field of an object. False when the JSON is broken; a value that
/// is no object has no fields.
template <class Do> bool each_field(object& fields, Do&& act) {
  for (auto field : fields) {
    auto key = std::string_view{};
    auto content = value{};
    if (field.unescaped_key().get(key) != simdjson::SUCCESS)
      return false;
    if (field.value().get(content) != simdjson::SUCCESS)
      return false;
    act(key, content);
  }
  return true;
}
template <class Do> bool each_field(value& v, Do&& act) {
  if (type_of(v) != json_type::object)
    return true;
  auto fields = object{};
  if (v.get_object().get(fields) != simdjson::SUCCESS)
    return false;
  return each_field(fields, std::forward<Do>(act));
}
/// Calls `act(value)` for each item of an array. False when the JSON is broken; a value that is no
/// array has no items.
template <class Do> bool each_item(value& v, Do&& act) {
  if (type_of(v) != json_type::array)
    return true;
  auto items = simdjson::ondemand::array{};
  if (v.get_array().get(items) != simdjson::SUCCESS)
    return false;
  for (auto item : items) {
    auto content = value{};
    if (item.get(content) != simdjson::SUCCESS)
      return false;
    act(content);
  }
  return true;
}

/// A user's name as shown where no member is known: global name, else user name.
struct user_fields {
  user_id id;
  std::string name;
  bool bot = false;
};
bool read_user(value& v, user_fields& out);
/// A member object with its user inside (or without: the user's fields then keep their values).
bool read_member(value& v, member_facts& out);
bool read_member(object& fields, member_facts& out);
bool read_role(value& v, role_facts& out);
/// @param guild Set when the object names its guild.
bool read_channel(object& fields, channel_facts& out, guild_id& guild);

/// A channel type; 255 for what does not fit.
inline channel_kind kind_of_channel(value& v) {
  const auto number = small_of(v, 0);
  return static_cast<channel_kind>(number < 0 || number > 255 ? 255 : number);
}
/// Channel types 10 to 12 are threads. Source: discord-api 1.11.
inline bool is_thread(channel_kind kind) {
  return static_cast<uint8_t>(kind) >= 10 && static_cast<uint8_t>(kind) <= 12;
}

/// Parses a whole payload and calls `act(value of d)`. False when it is broken or has no d.
template <class Do> bool with_data(event_decoder::parser& parser, padded_text payload, Do&& act) {
  auto document = simdjson::ondemand::document{};
  const auto view =
      simdjson::padded_string_view(payload.data, payload.size, payload.size + text_padding);
  if (parser.json.iterate(view).get(document) != simdjson::SUCCESS)
    return false;
  auto data = value{};
  if (document.find_field_unordered("d").get(data) != simdjson::SUCCESS)
    return false;
  return act(data);
}
/// The same where d must be an object; `act(object)`.
template <class Do> bool with_object(event_decoder::parser& parser, padded_text payload, Do&& act) {
  return with_data(parser, payload, [&](value& data) {
    auto fields = object{};
    if (type_of(data) != json_type::object || data.get_object().get(fields) != simdjson::SUCCESS)
      return false;
    return static_cast<bool>(act(fields));
  });
}

} // namespace json_read
} // namespace hearth
