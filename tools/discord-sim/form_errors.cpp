#include "discord-sim/form_errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim {

using nlohmann::json;

form_path form_path::operator/(std::string_view key) const {
  form_path longer = *this;
  longer.steps_.emplace_back(key);
  return longer;
}

form_path form_path::operator/(std::size_t index) const {
  return *this / std::string_view{std::to_string(index)};
}

void form_errors::add(const form_path& where, std::string_view code, std::string_view message) {
  json* node = &tree_;
  for (const auto& step : where.steps()) {
    if (node->contains("_errors"))
      return;
    auto [child, fresh] = node->emplace(step, json::object());
    node = &*child;
  }
  const bool has_children = !node->empty() && !node->contains("_errors");
  if (has_children)
    return;
  (*node)["_errors"].push_back({{"code", code}, {"message", message}});
}

json form_errors::body() const {
  return {{"message", "Invalid Form Body"}, {"code", 50035}, {"errors", tree_}};
}

void form_errors::required(const form_path& where) {
  add(where, "BASE_TYPE_REQUIRED", "This field is required");
}

void form_errors::length(const form_path& where, std::size_t min, std::size_t max) {
  if (min > 0 && max != unbounded)
    add(where, "BASE_TYPE_BAD_LENGTH",
        fmt::format("Must be between {} and {} in length.", min, max));
  else if (max != unbounded)
    add(where, "BASE_TYPE_MAX_LENGTH", fmt::format("Must be {} or fewer in length.", max));
  else
    add(where, "BASE_TYPE_MIN_LENGTH", fmt::format("Must be {} or more in length.", min));
}

void form_errors::choices(const form_path& where, const std::vector<long long>& allowed) {
  // A tuple of one element is printed as Python prints it.
  const auto* tail = allowed.size() == 1 ? ",)." : ").";
  add(where, "BASE_TYPE_CHOICES",
      fmt::format("Value must be one of ({}{}", fmt::join(allowed, ", "), tail));
}

void form_errors::union_choices(const form_path& where, const std::vector<long long>& allowed) {
  const auto* tail = allowed.size() == 1 ? ",)." : ").";
  add(where, "UNION_TYPE_CHOICES",
      fmt::format("Value of field \"type\" must be one of ({}{}", fmt::join(allowed, ", "), tail));
}

void form_errors::number_min(const form_path& where, long long min) {
  add(where, "NUMBER_TYPE_MIN",
      fmt::format("int value should be greater than or equal to {}.", min));
}

void form_errors::number_max(const form_path& where, long long max) {
  add(where, "NUMBER_TYPE_MAX", fmt::format("int value should be less than or equal to {}.", max));
}

void form_errors::not_a(const form_path& where, std::string_view value, std::string_view type) {
  add(where, "NUMBER_TYPE_COERCE", fmt::format("Value \"{}\" is not {}.", value, type));
}

void form_errors::not_an_object(const form_path& where) {
  add(where, "MODEL_TYPE_CONVERT", "Expected an object/dictionary.");
}

} // namespace sim
