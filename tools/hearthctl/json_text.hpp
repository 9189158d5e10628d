#pragma once
// Every answer as JSON, straight from the table of its fields: --json.
#include "messages/inspect_wire.hpp"
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::ctl {

/// "version, actor, after" as its parts.
inline std::vector<std::string> field_names(std::string_view list) {
  auto names = std::vector<std::string>{};
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto name = list.substr(0, end);
    name.remove_prefix(std::min(name.find_first_not_of(" \n"), name.size()));
    names.emplace_back(name);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

/// Discord's ids are beyond what many JSON readers hold exactly: texts, as Discord itself sends
/// them.
inline bool is_id(std::string_view field) {
  return field == "guild" || field == "owner" || field == "voice_channels";
}

template <class T> nlohmann::ordered_json to_json(const T& value, std::string_view field = {});
template <class T>
nlohmann::ordered_json to_json(const std::vector<T>& values, std::string_view field = {}) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& value : values)
    list.push_back(to_json(value, field));
  return list;
}
template <class T> nlohmann::ordered_json to_json(const T& value, std::string_view field) {
  if constexpr (wire_message<T>) {
    auto object = nlohmann::ordered_json::object();
    const auto names = field_names(T::wire_fields);
    auto at = size_t{0};
    const auto put = [&](const auto& one) {
      object[names[at]] = to_json(one, names[at]);
      ++at;
    };
    std::apply([&](const auto&... fields) { (put(fields), ...); }, value.tied());
    return object;
  } else if constexpr (std::is_same_v<T, uint64_t>) {
    if (is_id(field))
      return std::to_string(value);
    return value;
  } else {
    return value;
  }
}

} // namespace hearth::ctl
