#pragma once
// Typed reading of one JSON object of a request, with Discord's complaints (discord-api 15.2).
#include "discord-sim/form_errors.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

/// Allowed length of a text (code points after trimming) or of a list (elements).
struct length_bounds {
  std::size_t min = 0;
  std::size_t max = unbounded;
  bool required = false; ///< absent, null or (for texts) empty: BASE_TYPE_REQUIRED.
};

/// Allowed range of an integer.
struct number_bounds {
  long long min = INT64_MIN;
  long long max = INT64_MAX;
  bool required = false;
};

/// One object of the body and its place; what is wrong goes to `errors`.
/// Null counts as absent everywhere; unknown keys are ignored (discord-api 15.2).
class form_fields {
public:
  /// `object` must outlive this reader. When it is no object, MODEL_TYPE_CONVERT is reported once
  /// and every field is absent.
  form_fields(const nlohmann::json& object, form_path at, form_errors& errors);

  /// The place of this object.
  const form_path& at() const { return at_; }
  /// The errors of the whole request.
  form_errors& errors() const { return errors_; }
  /// The raw value, or null when absent, null, or this is no object.
  const nlohmann::json* find(std::string_view key) const;
  /// True when the key is there with a value other than null.
  bool has(std::string_view key) const { return find(key) != nullptr; }

  /// A text; numbers are taken as texts, as Discord does (assumed). Returned untrimmed.
  std::optional<std::string> text(std::string_view key, length_bounds bounds = {}) const;
  /// An integer; decimal strings are taken too (discord-api 0).
  std::optional<long long> integer(std::string_view key, number_bounds bounds = {}) const;
  /// A boolean.
  std::optional<bool> boolean(std::string_view key) const;
  /// An id: decimal string or number (discord-api 0).
  std::optional<std::uint64_t> snowflake(std::string_view key, bool required = false) const;
  /// An array with a checked number of elements; null when absent or wrong.
  const nlohmann::json* list(std::string_view key, length_bounds bounds = {}) const;
  /// An object (checked), or null.
  const nlohmann::json* object(std::string_view key, bool required = false) const;
  /// An http(s) address; with `attachments` also attachment:// (discord-api 2.5).
  std::optional<std::string> url(std::string_view key, bool attachments, bool required = false,
                                 bool discord_scheme = false) const;

private:
  const nlohmann::json* object_ = nullptr;
  form_path at_;
  form_errors& errors_;
};

/// A decimal 64-bit id out of a JSON string or number.
std::optional<std::uint64_t> snowflake_of(const nlohmann::json& value);
/// The same out of text: 1 to 20 digits, no sign, below 2^63 (discord-api 15.2 overflow).
std::optional<std::uint64_t> parse_snowflake(std::string_view text);

} // namespace sim
