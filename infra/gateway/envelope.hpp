#pragma once
// Reads op, s and t of a gateway payload without parsing the rest. Pure.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

/// The top-level keys of one payload. Source: discord-api 1.1.
struct envelope {
  bool ok = false;       ///< False: not an object, truncated, or `op` is not a small number.
  int32_t op = -1;       ///< 0..999'999.
  int64_t seq = -1;      ///< -1 when null or absent.
  std::string_view type; ///< Points into the text; empty when null or absent. Not unescaped.
};

/// Scans top-level keys in whatever order they come and stops as soon as op, s and t are known, so
/// that an unwanted event costs a hundred nanoseconds whatever its size. Text inside strings and
/// nested values never counts. A payload that is malformed behind that point is still `ok`: the
/// decoder finds out. Allocates nothing, reads no byte outside `json`.
envelope scan_envelope(std::string_view json) noexcept;

/// Whether "}{" occurs anywhere: without it the text is one document. Some 60 ns for 1 kB, where
/// looking for the end of the first document takes ten times that.
bool may_hold_several(std::string_view text) noexcept;

/// Length of the first complete JSON object in `text`, 0 when it is incomplete or no object. For
/// the rare frame that carries several payloads back to back.
size_t first_document(std::string_view text) noexcept;

} // namespace hearth
