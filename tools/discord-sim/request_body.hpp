#pragma once
// A request's JSON and files, whether it came as JSON or as multipart (discord-api 15.10).
#include "discord-sim/attachments.hpp"
#include "discord-sim/router.hpp"

#include <set>

namespace sim {

struct request_body {
  json payload = json::object();
  std::vector<upload> files;

  /// The n of all files.
  std::set<snowflake> file_numbers() const;
};

/// Reads the body. Throws 50109 (no JSON), 50035 (Content-Type, not an object, malformed parts),
/// 40005 (too big), 30015 (more than 10 files).
request_body read_request(rest_call& call);
/// The same for the body of an HTTP answer, whose Content-Type may be missing.
request_body read_answer(std::string_view content_type, const std::string& body);

} // namespace sim
