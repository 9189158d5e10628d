#pragma once
// multipart/form-data bodies (RFC 7578, RFC 2046 5.1; discord-api 15.10).
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// One part of a multipart body.
struct form_part {
  std::string name;
  std::string filename; ///< as the client sent it, unescaped; meaningful with `is_file`
  bool is_file = false;
  std::string content_type; ///< "" when the part names none
  std::string data;
};

/// True when a Content-Type names multipart/form-data.
bool is_multipart(std::string_view content_type);

/// Splits a body. `content_type` is the request's header with its boundary. Nothing when the
/// boundary is missing or the body is cut off or malformed anywhere. At most `parts_max` parts.
std::optional<std::vector<form_part>>
parse_multipart(std::string_view content_type, std::string_view body, std::size_t parts_max = 64);

/// The name a file gets in the CDN: no path, no control characters, spaces become underscores
/// (assumed); never empty.
std::string safe_filename(std::string_view name);

} // namespace sim
