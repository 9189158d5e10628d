#pragma once
// The walk over components; one member per kind. Private to validate_components and its parts.
#include "discord-sim/form_fields.hpp"
#include "discord-sim/validate_components.hpp"

#include <initializer_list>
#include <set>
#include <string>

namespace sim {

/// Walks one list of components. Every `*_` member gets the fields of one component and gives its
/// normal form, or what was given when it is wrong (the errors then say so).
class component_checker {
public:
  component_checker(component_surface surface, form_errors& errors)
      : surface_(surface), errors_(errors) {}

  /// Checks a whole list.
  checked_components check(const nlohmann::json& list, const form_path& at);

private:
  using json = nlohmann::json;

  json any(const json& component, const form_path& at, const std::vector<long long>& allowed);
  json by_type(long long type, const form_fields& fields);
  json children(const form_fields& fields, std::string_view key, length_bounds bounds,
                const std::vector<long long>& allowed);

  // Layout (validate_components.cpp).
  json row(const form_fields& fields);
  json section(const form_fields& fields);
  json text_display(const form_fields& fields);
  json thumbnail(const form_fields& fields);
  json gallery(const form_fields& fields);
  json file(const form_fields& fields);
  json separator(const form_fields& fields);
  json container(const form_fields& fields);
  json label(const form_fields& fields);
  json media(const form_fields& fields, std::string_view key, bool attachment_only);

  // Interactive (validate_inputs.cpp).
  json button(const form_fields& fields);
  json select(long long type, const form_fields& fields);
  json text_input(const form_fields& fields);
  json file_upload(const form_fields& fields);
  json choice_group(long long type, const form_fields& fields);
  json checkbox(const form_fields& fields);
  json options(const form_fields& fields, length_bounds bounds, bool emoji,
               std::size_t default_max);
  void button_target(long long style, const form_fields& fields);
  void default_values(long long type, const form_fields& fields, long long max);
  void value_range(const form_fields& fields, long long& min, long long& max, long long limit);
  void custom_id(const form_fields& fields);
  void not_disabled(const form_fields& fields);
  bool in_modal() const { return surface_ == component_surface::modal; }

  void number(json& components);

  component_surface surface_;
  form_errors& errors_;
  checked_components result_;
  std::set<std::string> custom_ids_;
  std::set<long long> ids_;
  bool in_label_ = false;
};

/// A copy of `object` with these keys only; null ones are left out.
nlohmann::json kept(const nlohmann::json& object, std::initializer_list<const char*> keys);

} // namespace sim
