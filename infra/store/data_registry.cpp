#include "infra/store/data_registry.hpp"
#include <algorithm>

namespace hearth {

const std::vector<table_rule>& data_registry() {
  static const std::vector<table_rule> tables = {
      // clock
      {"job_run", "clock", "daily jobs that were done", {}},

      // people
      {"user_info", "people", "your name and time zone", {"user"}, erasure::row, "seen_ms", 730},

      // schedule
      {"daily_evening", "schedule", "evenings that were filled in", {}, {}, "filled_ms", 90},
      {"daily_message", "schedule", "messages that show an evening", {}, {}, "at_ms", 90},
      {"daily_vote", "schedule", "hours you chose", {"user"}, erasure::row, "at_ms", 90},
      {"schedule_mark", "schedule", "reminders sent to you", {"user"}, erasure::row, "at_ms", 7},
      {"schedule_member",
       "schedule",
       "your name on the schedule",
       {"user"},
       erasure::row,
       "seen_ms",
       365},
      {"schedule_reminder", "schedule", "whether you want reminders", {"user"}, erasure::row},
      {"user_schedule", "schedule", "your weekly plan", {"user"}, erasure::row},

      // settings
      {"audit_log", "settings", "settings you changed", {"user"}, erasure::blank, "at_ms", 365},
      {"guild", "settings", "guilds the bot is in", {}},
      {"guild_channel", "settings", "channels set by moderators", {}},
      {"guild_option", "settings", "options set by moderators", {}},
      {"tracked_voice_channel", "settings", "voice channels set by moderators", {}},

      // store
      {"interaction_log", "store", "interactions answered", {}, {}, "at_ms", 1},
      {"schema_migration", "store", "changes of the schema", {}},

      // voice
      {"ambience_guild", "voice", "time listened in each guild", {}},
      {"ambience_player", "voice", "what plays in each guild", {}},
      {"ambience_time", "voice", "how long you listened", {"user"}, erasure::row, "until_ms", 730},
      {"spoken_name", "voice", "how the bot calls you aloud", {"user"}, erasure::row},
      {"voice_welcome", "voice", "when the bot welcomed you", {"user"}, erasure::row, "at_ms", 7},
  };
  return tables;
}

bool names_member(std::string_view column) {
  constexpr std::string_view words[] = {"user",   "member", "author", "owner",
                                        "player", "winner", "loser",  "creator"};
  if (column.size() > 3 && column.substr(column.size() - 3) == "_id")
    column.remove_suffix(3);
  const auto last = column.substr(column.rfind('_') + 1); // npos + 1 is 0
  return std::find(std::begin(words), std::end(words), last) != std::end(words);
}

} // namespace hearth
