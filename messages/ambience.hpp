#pragma once
// What plays in a guild's voice channel, how it may be changed, and who listened for how long.
// Plain data.
#include "messages/clock.hpp"
#include "messages/ids.hpp"
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hearth {

/// One sound of a mix.
struct ambience_layer {
  std::string sound; ///< "rain:2", or "file:<family>/<name>" for one of the operator's own.
  int volume = 100;  ///< Percent, 1..100.
  bool operator==(const ambience_layer&) const = default;
};

/// Work and rest in turns, with a bell between them.
struct focus_plan {
  int work_minutes = 0; ///< 0: no focus timer.
  int rest_minutes = 0; ///< 0: the next round follows at once.
  int rounds = 0;
  instant started;
  bool operator==(const focus_plan&) const = default;
};

/// The one player of a guild: a bot can be in one voice channel of a guild at a time.
struct ambience_player {
  channel_id channel; ///< Where it plays, also while paused; 0: it does not.
  std::vector<ambience_layer> layers;
  int volume = 100; ///< Master, percent, 0..100; outlives a stop.
  bool paused = false;
  bool stay = false; ///< Does not leave an empty channel.
  instant since;     ///< Of playing.
  instant sleep_at;  ///< Stops then; 0: never.
  focus_plan focus;
  channel_id message_channel; ///< Where the newest message with its buttons is.
  message_id message;
  bool operator==(const ambience_player&) const = default;
};

/// Ways to change it. Each says what is to be, not what is to differ: two people who press the same
/// button want the same thing.
namespace ambience_do {
struct play { ///< These sounds and no others, here.
  channel_id channel;
  std::vector<ambience_layer> layers;
  int volume = -1; ///< Master; -1 leaves it.
};
struct mix { ///< One more sound, or another volume for it; begins to play when nothing does.
  channel_id channel; ///< Where to begin.
  ambience_layer layer;
};
struct choose { ///< This variant in place of the one of its family, else in place of everything.
  channel_id channel; ///< Where to begin.
  std::string sound;
};
struct drop { ///< One sound less; the last one stops the player.
  std::string sound;
};
struct stop {};
struct pause {
  bool on = true;
};
struct set_volume {
  int percent = 100;
};
struct set_stay {
  bool on = true;
};
struct set_sleep {
  instant at; ///< 0: not any more.
};
struct set_focus { ///< 0 minutes of work end it.
  int work_minutes = 0, rest_minutes = 0, rounds = 0;
};
struct moved { ///< Discord says that we are there now; 0: thrown out.
  channel_id to;
};
struct show { ///< Its newest message is this one.
  channel_id channel;
  message_id message;
};
} // namespace ambience_do
using ambience_change =
    std::variant<ambience_do::play, ambience_do::mix, ambience_do::choose, ambience_do::drop,
                 ambience_do::stop, ambience_do::pause, ambience_do::set_volume,
                 ambience_do::set_stay, ambience_do::set_sleep, ambience_do::set_focus,
                 ambience_do::moved, ambience_do::show>;

/// Why a change was not made. Stored with interactions: append only.
enum class ambience_refusal : uint8_t {
  none = 0,
  silent = 1,   ///< Nothing plays.
  too_many = 2, ///< `voice_layers_max` sounds play already.
  absent = 3,   ///< That sound does not play.
};

/// Somebody listened from then until then.
struct listening_slice {
  user_id user;
  instant from, to;
  bool operator==(const listening_slice&) const = default;
};

/// One line of /top.
struct listening_total {
  uint64_t id = 0;  ///< Of a member or a guild.
  std::string name; ///< Of a guild.
  int64_t ms = 0;
  bool operator==(const listening_total&) const = default;
};

/// How the spoken welcome calls a member.
struct spoken_name {
  user_id user;
  std::string name;  ///< As they want it spoken; empty: their display name.
  bool named = true; ///< False: they asked not to be named.
  bool operator==(const spoken_name&) const = default;
};

} // namespace hearth
