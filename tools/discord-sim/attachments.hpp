#pragma once
// Uploaded files: kept in memory, served under /cdn (discord-api 2.5, 15.10).
#include "discord-sim/types.hpp"

#include <map>
#include <memory>
#include <vector>

namespace sim {

/// One file of a request.
struct upload {
  snowflake n = 0; ///< the number in files[n]
  std::string filename;
  std::string content_type; ///< as the client named it, "" = not
  std::shared_ptr<const std::string> data;
};

/// Largest file, bytes (discord-api 2.5; attachment_size_limit of interactions).
inline constexpr std::size_t file_size_max = 10u * 1024 * 1024;

/// What the CDN serves.
struct stored_file {
  std::string path; ///< "attachments/CHANNEL/ID/NAME"
  std::string content_type;
  std::shared_ptr<const std::string> data;
};

/// Pixels of a PNG, GIF, JPEG or WebP picture; both 0 when it is none.
struct picture_size {
  int width = 0;
  int height = 0;
};
picture_size size_of_picture(std::string_view data);

/// Content type by the file's first bytes, else by its name, else what the client said.
std::string sniff_content_type(const upload& file);

/// All files since the start, by id.
class attachment_store {
public:
  /// Keeps a file and gives its attachment object (discord-api 9). `base` is http://host:port.
  json add(snowflake id, snowflake channel, const upload& file, const std::string& base,
           bool ephemeral);
  /// The file behind "attachments/CHANNEL/ID/NAME"; nullptr when there is none.
  const stored_file* find(std::string_view path) const;

private:
  std::map<std::string, stored_file, std::less<>> files_;
};

} // namespace sim
