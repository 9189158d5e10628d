#include "discord-sim/form_fields.hpp"

#include "discord-sim/no_snowflake.hpp"
#include "discord-sim/unicode.hpp"

#include <charconv>
#include <fmt/format.h>

namespace sim {

using nlohmann::json;

namespace {

/// What Discord prints of an offending value: strings bare, the rest as JSON, never much of it.
std::string shown(const json& value) {
  auto text = value.is_string() ? value.get<std::string>()
                                : value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > 80)
    text.resize(80);
  return text;
}

std::optional<long long> integer_of(const json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
    return std::nullopt;
  if (value.is_number_integer())
    return value.get<long long>();
  if (!value.is_string())
    return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

} // namespace

std::optional<std::uint64_t> parse_snowflake(std::string_view text) {
  std::uint64_t id = 0;
  if (text.empty() || text.size() > 20)
    return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id > INT64_MAX)
    return std::nullopt;
  return id;
}

std::optional<std::uint64_t> snowflake_of(const json& value) {
  if (value.is_string())
    return parse_snowflake(value.get_ref<const std::string&>());
  const auto number = value.is_number_integer() ? integer_of(value) : std::nullopt;
  if (!number || *number < 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

form_fields::form_fields(const json& object, form_path at, form_errors& errors)
    : at_(std::move(at)), errors_(errors) {
  if (object.is_object())
    object_ = &object;
  else if (object.is_null()) // only items of lists come here as null (discord-api 15.2)
    errors_.add(at_, "LIST_ITEM_VALUE_REQUIRED", "List item values of ModelType are required");
  else
    errors_.not_an_object(at_);
}

const json* form_fields::find(std::string_view key) const {
  if (object_ == nullptr)
    return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> form_fields::text(std::string_view key, length_bounds bounds) const {
  const auto* value = find(key);
  if (value == nullptr) {
    if (bounds.required)
      errors_.required(at_ / key);
    return std::nullopt;
  }
  if (!value->is_string() && !value->is_number()) {
    errors_.add(at_ / key, "STRING_TYPE_CONVERT",
                fmt::format("Could not interpret \"{}\" as string.", shown(*value)));
    return std::nullopt;
  }
  auto text = value->is_string() ? value->get<std::string>() : value->dump();
  const auto length = length_of(trimmed(text));
  if (length == 0 && bounds.required)
    errors_.required(at_ / key);
  else if (length < bounds.min || length > bounds.max)
    errors_.length(at_ / key, bounds.min, bounds.max);
  return text;
}

std::optional<long long> form_fields::integer(std::string_view key, number_bounds bounds) const {
  const auto* value = find(key);
  if (value == nullptr) {
    if (bounds.required)
      errors_.required(at_ / key);
    return std::nullopt;
  }
  const auto number = integer_of(*value);
  if (!number)
    errors_.not_a(at_ / key, shown(*value), "int");
  else if (*number < bounds.min)
    errors_.number_min(at_ / key, bounds.min);
  else if (*number > bounds.max)
    errors_.number_max(at_ / key, bounds.max);
  return number;
}

std::optional<bool> form_fields::boolean(std::string_view key) const {
  const auto* value = find(key);
  if (value == nullptr)
    return std::nullopt;
  if (!value->is_boolean()) {
    errors_.add(at_ / key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    return std::nullopt;
  }
  return value->get<bool>();
}

std::optional<std::uint64_t> form_fields::snowflake(std::string_view key, bool required) const {
  const auto* value = find(key);
  if (value == nullptr) {
    if (required)
      errors_.required(at_ / key);
    return std::nullopt;
  }
  const auto id = snowflake_of(*value);
  if (!id) {
    const auto leaf = no_snowflake(shown(*value));
    errors_.add(at_ / key, leaf.code, leaf.text);
  }
  return id;
}

const json* form_fields::list(std::string_view key, length_bounds bounds) const {
  const auto* value = find(key);
  if (value == nullptr) {
    if (bounds.required)
      errors_.required(at_ / key);
    return nullptr;
  }
  if (!value->is_array()) {
    errors_.add(at_ / key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    return nullptr;
  }
  if (value->size() < bounds.min || value->size() > bounds.max)
    errors_.length(at_ / key, bounds.min, bounds.max);
  return value;
}

const json* form_fields::object(std::string_view key, bool required) const {
  const auto* value = find(key);
  if (value == nullptr) {
    if (required)
      errors_.required(at_ / key);
    return nullptr;
  }
  if (!value->is_object()) {
    errors_.not_an_object(at_ / key);
    return nullptr;
  }
  return value;
}

std::optional<std::string> form_fields::url(std::string_view key, bool attachments, bool required,
                                            bool discord_scheme) const {
  auto address = text(key, {0, discord_scheme ? std::size_t{512} : std::size_t{2048}, required});
  if (!address || address->empty())
    return address;
  const auto colon = address->find("://");
  if (colon == std::string::npos || colon + 3 >= address->size()) {
    errors_.add(at_ / key, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    return address;
  }
  const auto scheme = address->substr(0, colon);
  const bool known = scheme == "http" || scheme == "https" ||
                     (attachments && scheme == "attachment") ||
                     (discord_scheme && scheme == "discord");
  if (!known)
    errors_.add(at_ / key, "URL_TYPE_INVALID_SCHEME",
                fmt::format("Scheme \"{}\" is not supported. Scheme must be one of ({}).", scheme,
                            discord_scheme ? "'http', 'https', 'discord'" : "'http', 'https'"));
  return address;
}

} // namespace sim
