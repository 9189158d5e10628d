#include "infra/settings/options.hpp"
#include <fmt/format.h>

namespace hearth {
namespace {

/// As a TOML basic string.
std::string toml_text(std::string_view text) {
  auto out = std::string{"\""};
  for (const auto c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

template <class T> std::string id_list(const std::vector<T>& ids) {
  auto text = std::string{"["};
  for (const auto id : ids)
    text += fmt::format("{}\"{}\"", text.size() > 1 ? ", " : "", to_string(id));
  return text + "]";
}

} // namespace

std::string value_text(const option& which, const settings& of) {
  auto copy = of; // places are for reading and writing
  return std::visit(
      [&](auto place) -> std::string {
        const auto& value = *place(copy);
        using type = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<type, std::string>)
          return toml_text(value);
        else if constexpr (std::is_same_v<type, bool>)
          return value ? "true" : "false";
        else if constexpr (std::is_same_v<type, int64_t>)
          return std::to_string(value);
        else
          return id_list(value);
      },
      which.place);
}

std::string type_text(const option& which) {
  if (!which.choices.empty())
    return fmt::format("one of {}", fmt::join(which.choices, ", "));
  switch (which.place.index()) {
  case 0:
    return fmt::format("text, at most {} bytes", which.max);
  case 1:
    return fmt::format("number{}{}, {} to {}", which.unit.empty() ? "" : ", ", which.unit,
                       which.min, which.max);
  case 2:
    return "true or false";
  default:
    return "list of ids";
  }
}

} // namespace hearth
