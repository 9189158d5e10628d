#pragma once
// The static files of the page: embedded ones, or a folder while somebody works on them.
#include "discord-sim/http.hpp"

namespace sim {

/// GET of a path; `dir` "" = the embedded files. "/" is index.html. 404 as text otherwise.
http_response page_file(const http_request& request, const std::string& dir);

} // namespace sim
