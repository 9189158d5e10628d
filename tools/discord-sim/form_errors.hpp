#pragma once
// Builder of Discord's "Invalid Form Body" error trees (discord-api 15.2).
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// Where in a request body something is wrong: JSON keys and array indexes from the root.
/// Immutable; `path / "embeds" / 0` gives a longer one.
class form_path {
public:
  form_path() = default;
  /// One step down, into the member `key`.
  form_path operator/(std::string_view key) const;
  /// One step down, into the element `index`.
  form_path operator/(std::size_t index) const;
  /// The steps from the root; indexes are decimal strings, as on the wire (discord-api 15.2).
  const std::vector<std::string>& steps() const { return steps_; }

private:
  std::vector<std::string> steps_;
};

/// Collects the leaves of one 50035 answer. Not thread safe; a value.
class form_errors {
public:
  /// Adds one leaf entry at `where` (the root gives `errors._errors`).
  /// A node has either children or `_errors` (discord-api 15.2): what would break this is dropped,
  /// the first finding wins.
  void add(const form_path& where, std::string_view code, std::string_view message);
  /// True while nothing was added.
  bool empty() const { return tree_.empty(); }
  /// The whole answer: `{"message":"Invalid Form Body","code":50035,"errors":{...}}`.
  nlohmann::json body() const;

  // The generic leaves of discord-api 15.2, texts as on the wire.
  void required(const form_path& where);
  void length(const form_path& where, std::size_t min, std::size_t max);
  void choices(const form_path& where, const std::vector<long long>& allowed);
  void union_choices(const form_path& where, const std::vector<long long>& allowed);
  void number_min(const form_path& where, long long min);
  void number_max(const form_path& where, long long max);
  void not_a(const form_path& where, std::string_view value, std::string_view type);
  void not_an_object(const form_path& where);

private:
  nlohmann::json tree_ = nlohmann::json::object();
};

/// No upper bound, for form_errors::length and the bounds of form_fields.hpp.
inline constexpr std::size_t unbounded = static_cast<std::size_t>(-1);

} // namespace sim
