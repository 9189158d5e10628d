#include "discord-sim/request_body.hpp"

#include "discord-sim/bounded_json.hpp"
#include "discord-sim/multipart.hpp"
#include "discord-sim/unicode.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t request_size_max = 25u * 1024 * 1024; // discord-api 2.5
constexpr std::size_t files_max = 10;

/// n of "files[n]" or, as some libraries name a single one, "file" (n = 0). Nothing for others.
std::optional<snowflake> file_number(const std::string& name) {
  if (name == "file")
    return 0;
  if (name.rfind("files[", 0) != 0 || name.back() != ']')
    return std::nullopt;
  return name == "files[0]" ? 0 : parse_id(std::string_view{name}.substr(6, name.size() - 7));
}

json parse_payload(const std::string& text) {
  auto payload = parse_json(text);
  if (!payload)
    throw fail(50109);
  if (!payload->is_object())
    throw form_error("", "MODEL_TYPE_CONVERT", "Expected an object/dictionary.");
  return std::move(*payload);
}

void take_file(request_body& body, form_part&& part, snowflake n) {
  if (part.data.size() > file_size_max)
    throw fail(40005);
  if (body.files.size() == files_max)
    throw fail(30015);
  upload file;
  file.n = n;
  file.filename = valid_utf8(part.filename);
  file.content_type = std::move(part.content_type);
  file.data = std::make_shared<const std::string>(std::move(part.data));
  body.files.push_back(std::move(file));
}

request_body read_parts(std::string_view type, const std::string& text) {
  request_body body;
  auto parts = parse_multipart(type, text);
  if (!parts)
    throw form_error("", "MULTIPART_INVALID", "The multipart body is malformed."); // text assumed
  for (auto& part : *parts) {
    if (part.name == "payload_json") {
      const auto fields = std::move(body.payload);
      body.payload = parse_payload(part.data);
      body.payload.update(fields);
    } else if (const auto n = part.is_file ? file_number(part.name) : std::nullopt) {
      take_file(body, std::move(part), *n);
    } else if (!part.is_file) {
      // Single fields such as `content` beside the files (discord-api 15.10).
      body.payload[valid_utf8(part.name)] = valid_utf8(part.data);
    }
  }
  return body;
}

} // namespace

std::set<snowflake> request_body::file_numbers() const {
  std::set<snowflake> numbers;
  for (const auto& file : files)
    numbers.insert(file.n);
  return numbers;
}

request_body read_request(rest_call& call) {
  if (call.request.body.size() > request_size_max)
    throw fail(40005);
  const auto type = call.request.header("Content-Type");
  if (is_multipart(type))
    return read_parts(type, call.request.body);
  request_body body;
  body.payload = call.object();
  return body;
}

request_body read_answer(std::string_view content_type, const std::string& text) {
  if (is_multipart(content_type))
    return read_parts(content_type, text);
  request_body body;
  body.payload = parse_payload(text);
  return body;
}

} // namespace sim
