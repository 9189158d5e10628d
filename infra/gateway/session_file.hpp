#pragma once
// What an orderly stop leaves for the next start: the session and the guild caches, as one text
// that is either whole or worth nothing. Pure; infra/gateway/private_file_context reads and writes
// it. It never holds the token, but who has it and the token could take the session over: file mode
// 0600.
#include "infra/gateway/event_decode.hpp"
#include "infra/gateway/session_rules.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// A session may only be resumed by the same shard, at the same Discord, with the same intents.
struct session_place {
  std::string api;
  int32_t shard = 0;
  int32_t shards = 1;
  uint32_t intents = 0;
  bool operator==(const session_place&) const = default;
};

struct saved_session {
  session_place place;
  resume_point point;
  user_id user;
  std::string user_name;
  application_id application;
  std::vector<guild_id> unavailable;
  std::vector<guild_data> guilds;
};

/// Lines of JSON: a head, one line per guild, an end that counts them.
std::string encode_session(const saved_session& session,
                           const std::vector<guild_snapshot_ptr>& guilds);

/// Nothing when the text is cut, damaged or of another version.
std::optional<saved_session> decode_session(padded_text text);

/// Times of IDENTIFYs (Unix milliseconds), one per line, those of the last 24 h only.
std::string encode_identifies(const std::vector<int64_t>& times_ms, int64_t now_ms);
/// Their ages in milliseconds; lines that are none, older than 24 h or of the future are left out.
std::vector<int64_t> decode_identifies(std::string_view text, int64_t now_ms);

} // namespace hearth
