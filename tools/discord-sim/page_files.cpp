#include "discord-sim/page_files.hpp"
#include "discord-sim/embedded.hpp"
#include <fstream>
#include <sstream>

namespace sim {

namespace {

std::string content_type(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto ending = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  if (ending == "html")
    return "text/html; charset=utf-8";
  if (ending == "js" || ending == "mjs")
    return "text/javascript; charset=utf-8";
  if (ending == "css")
    return "text/css; charset=utf-8";
  if (ending == "svg")
    return "image/svg+xml";
  if (ending == "png")
    return "image/png";
  if (ending == "json")
    return "application/json";
  return "application/octet-stream";
}

std::optional<std::string> read_file(const std::string& dir, const std::string& name) {
  if (dir.empty()) {
    const auto text = embedded_file(name);
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  }
  // Nothing outside the folder, whatever the path says.
  if (name.find("..") != std::string::npos || name.find('\0') != std::string::npos)
    return std::nullopt;
  std::ifstream in(dir + "/" + name, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    return std::nullopt;
  return text.str();
}

} // namespace

http_response page_file(const http_request& request, const std::string& dir) {
  auto name = percent_decode(request.path);
  while (!name.empty() && name.front() == '/')
    name.erase(0, 1);
  if (name.empty())
    name = "index.html";
  if (request.method != "GET" && request.method != "HEAD")
    return http_response::text(405, "method not allowed\n", "text/plain");
  auto text = read_file(dir, name);
  if (!text)
    return http_response::text(404, "there is no such page\n", "text/plain");
  auto answer = http_response::text(200, std::move(*text), content_type(name));
  answer.headers.emplace_back("Cache-Control", "no-cache");
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return answer;
}

} // namespace sim
