#pragma once
// Rules of message bodies (discord-api 4, 15.2, 15.10, 16).
#include "discord-sim/mentions.hpp"
#include "discord-sim/validate_components.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// Message flags that bots may set (discord-api 4).
namespace message_flag {
inline constexpr long long suppress_embeds = 4;
inline constexpr long long ephemeral = 64;
inline constexpr long long loading = 128;
inline constexpr long long silent = 4096;
inline constexpr long long voice = 8192;
inline constexpr long long components_v2 = 32768;
} // namespace message_flag

/// Routes differ in settable flags and default mentions (discord-api 16).
enum class message_route {
  create,      ///< POST /channels/{c}/messages
  callback,    ///< interaction callback 4 and 7
  follow_up,   ///< POST /webhooks/{app}/{token}
  webhook,     ///< POST /webhooks/{webhook}/{token}
  edit,        ///< PATCH of a channel message
  edit_webhook ///< PATCH by an interaction token
};

/// Facts around a body that its rules need.
struct message_context {
  message_route route = message_route::create;
  bool was_v2 = false;             ///< edit of a message with flag 32768; it can never be cleared
  std::set<snowflake> files;       ///< n of the files[n] parts
  std::set<snowflake> attachments; ///< ids the edited message has
};

/// One entry of `attachments`: a new file (its n) or a kept one (its id).
struct attachment_entry {
  snowflake id = 0;
  bool is_new = false;
  std::string filename; ///< "" = the part's
  std::string title;
  std::string description;
  bool is_spoiler = false;
};

/// message_reference of a request.
struct reply_reference {
  snowflake message = 0;
  snowflake channel = 0; ///< 0: not given
  bool must_exist = true;
};

/// A checked body. Absent optionals were absent (or null) in the request.
struct message_body {
  std::optional<std::string> content;   ///< trimmed; null in an edit = ""
  std::optional<nlohmann::json> embeds; ///< as sent back, except for attachment:// addresses
  std::optional<checked_components> components;
  std::optional<long long> flags; ///< only the bits this route may set
  std::optional<std::vector<attachment_entry>> attachments;
  std::vector<std::string> embed_attachments; ///< file names behind attachment:// in embeds
  allowed_mentions mentions;
  std::optional<reply_reference> reply;
  std::string nonce; ///< as text, "" = none
  bool nonce_is_number = false;
  bool enforce_nonce = false;
  bool tts = false;

  /// True when flag 32768 is set or stays set.
  bool v2 = false;
};

/// Checks a body found at `at` ("data" inside callbacks). Emptiness (50006) is the caller's matter.
message_body check_message(const nlohmann::json& body, const message_context& context,
                           const form_path& at, form_errors& errors);

/// Checks `embeds` and gives them as Discord sends them back; file names go to `attachments`.
nlohmann::json check_embeds(const form_fields& body, std::vector<std::string>& attachments);

} // namespace sim
