#include "discord-sim/attachments.hpp"

#include "discord-sim/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <iterator>

namespace sim {

namespace {

unsigned byte_at(std::string_view data, std::size_t at) {
  return at < data.size() ? static_cast<unsigned char>(data[at]) : 0u;
}

int big16(std::string_view data, std::size_t at) {
  return static_cast<int>(byte_at(data, at) << 8 | byte_at(data, at + 1));
}

int little16(std::string_view data, std::size_t at) {
  return static_cast<int>(byte_at(data, at) | byte_at(data, at + 1) << 8);
}

/// Walks JPEG segments (ITU T.81 B.1) to the frame header that holds the size.
picture_size size_of_jpeg(std::string_view data) {
  for (std::size_t at = 2; at + 9 < data.size();) {
    if (byte_at(data, at) != 0xff)
      return {};
    const auto marker = byte_at(data, at + 1);
    const bool frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame)
      return {big16(data, at + 7), big16(data, at + 5)};
    at += 2 + static_cast<std::size_t>(std::max(2, big16(data, at + 2)));
  }
  return {};
}

struct kind {
  std::string_view extension;
  std::string_view content_type;
};

constexpr kind kinds[] = {{".png", "image/png"},
                          {".jpg", "image/jpeg"},
                          {".jpeg", "image/jpeg"},
                          {".gif", "image/gif"},
                          {".webp", "image/webp"},
                          {".svg", "image/svg+xml"},
                          {".txt", "text/plain; charset=utf-8"},
                          {".md", "text/markdown; charset=utf-8"},
                          {".csv", "text/csv; charset=utf-8"},
                          {".json", "application/json; charset=utf-8"},
                          {".pdf", "application/pdf"},
                          {".zip", "application/zip"},
                          {".mp3", "audio/mpeg"},
                          {".ogg", "audio/ogg"},
                          {".wav", "audio/x-wav"},
                          {".mp4", "video/mp4"},
                          {".webm", "video/webm"}};

} // namespace

picture_size size_of_picture(std::string_view data) {
  using namespace std::string_view_literals;
  if (data.substr(0, 8) == "\x89PNG\r\n\x1a\n"sv)
    return {big16(data, 18), big16(data, 22)};
  if (data.substr(0, 4) == "GIF8")
    return {little16(data, 6), little16(data, 8)};
  if (data.substr(0, 3) == "\xff\xd8\xff"sv)
    return size_of_jpeg(data);
  if (data.substr(0, 4) == "RIFF" && data.substr(8, 8) == "WEBPVP8 ")
    return {little16(data, 26) & 0x3fff, little16(data, 28) & 0x3fff};
  return {};
}

std::string sniff_content_type(const upload& file) {
  using namespace std::string_view_literals;
  const std::string_view data = *file.data;
  if (data.substr(0, 8) == "\x89PNG\r\n\x1a\n"sv)
    return "image/png";
  if (data.substr(0, 3) == "\xff\xd8\xff"sv)
    return "image/jpeg";
  if (data.substr(0, 4) == "GIF8")
    return "image/gif";
  if (data.substr(0, 4) == "RIFF" && data.substr(8, 4) == "WEBP")
    return "image/webp";
  auto name = file.filename;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [extension, type] : kinds)
    if (name.size() > extension.size() &&
        name.compare(name.size() - extension.size(), extension.size(), extension) == 0)
      return std::string{type};
  // A header value of a hostile client must not carry line breaks into ours.
  const bool plain = std::all_of(file.content_type.begin(), file.content_type.end(),
                                 [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  return plain ? file.content_type : std::string{};
}

json attachment_store::add(snowflake id, snowflake channel, const upload& file,
                           const std::string& base, bool ephemeral) {
  const auto name = safe_filename(file.filename);
  stored_file stored;
  // Ephemeral files live under a folder of their own [I].
  stored.path = fmt::format("{}/{}/{}/{}", ephemeral ? "ephemeral-attachments" : "attachments",
                            channel, id, name);
  stored.content_type = sniff_content_type(file);
  stored.data = file.data;
  const auto url = base + "/cdn/" + stored.path;
  json attachment{{"id", id_text(id)},
                  {"filename", name},
                  {"size", file.data->size()},
                  {"url", url},
                  {"proxy_url", url}};
  if (!stored.content_type.empty())
    attachment["content_type"] = stored.content_type;
  if (const auto size = size_of_picture(*file.data); size.width > 0) {
    attachment["width"] = size.width;
    attachment["height"] = size.height;
  }
  if (ephemeral)
    attachment["ephemeral"] = true;
  files_[stored.path] = std::move(stored);
  return attachment;
}

const stored_file* attachment_store::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

} // namespace sim
