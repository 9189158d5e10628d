#pragma once
// Short ways to declare commands and their options, for every area's table. Pure.
#include "infra/interactions/command_table.hpp"
#include "messages/gateway.hpp"
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace hearth {

inline option_spec plain_option(std::string name, option_type type, bool required = true) {
  return {.name = std::move(name), .type = type, .required = required};
}
/// A whole number within min..max.
inline option_spec number_option(std::string name, int64_t min, int64_t max, bool required = true) {
  return {.name = std::move(name),
          .type = option_type::integer,
          .required = required,
          .min = min,
          .max = max};
}
/// A text of at most `max_length` characters.
inline option_spec text_option(std::string name, uint16_t max_length, bool required = true) {
  return {.name = std::move(name),
          .type = option_type::string,
          .required = required,
          .max_length = max_length};
}
/// The same, completed while it is typed; `max_length` is above that of anything it can be.
inline option_spec completed_option(std::string name, uint16_t max_length, bool required = true) {
  auto made = text_option(std::move(name), max_length, required);
  made.autocomplete = true;
  return made;
}
/// A channel of one of these kinds.
inline option_spec channel_option(std::string name, std::initializer_list<channel_kind> kinds,
                                  bool required = true) {
  auto made = plain_option(std::move(name), option_type::channel, required);
  for (const auto kind : kinds)
    made.channel_kinds.push_back(static_cast<uint8_t>(kind));
  return made;
}

/// The same commands, there while that feature is on.
inline std::vector<command_spec> of_feature(const char* feature,
                                            std::vector<command_spec> commands) {
  for (auto& command : commands)
    command.feature = feature;
  return commands;
}

} // namespace hearth
