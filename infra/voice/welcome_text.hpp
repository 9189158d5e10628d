#pragma once
// What the first person in a voice channel is told: who is scheduled now and next. Pure.
// Source: features B14.
#include "infra/schedule/time_words.hpp"
#include "messages/ambience.hpp"
#include "messages/schedule.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// At most that many members are named in one list; others are counted.
inline constexpr size_t welcome_names_max = 5;
/// The next hour is told when it begins within this time.
inline constexpr int64_t welcome_ahead_ms = 3'600'000;

/// The slots to look at: the one that is running, and the next if it begins soon.
struct welcome_slots {
  std::optional<evening_slot> now, next;
};
welcome_slots welcome_slots_at(const evening_rules& rules, instant now);

/// Somebody to be named: how they are called in writing and aloud.
struct welcomed {
  std::string shown;  ///< Display name.
  std::string spoken; ///< How it is said; empty: it cannot be, or they asked not to be named.
  bool named = true;  ///< False: they asked not to be named.
};
/// How that member is called.
welcomed called(const std::string& display_name, const spoken_name* said);

/// Who is in a slot, except `self`, in order of coming.
std::vector<known_member> scheduled_in(const evening_record& record, const evening_slot& slot,
                                       user_id self);

struct welcome_facts {
  welcomed self;
  std::vector<welcomed> now, next; ///< Without oneself.
  std::optional<int> next_hour;    ///< As evenings count hours; only with `next`.
  std::string hint;                ///< Locale key of what is said when nobody is scheduled.
};
/// For the voice: no markup, no more than `speech_bytes_max` bytes.
inline constexpr size_t speech_bytes_max = 480;
std::string welcome_speech(const words& say, const welcome_facts& facts);
/// The same as a message, for when the voice is not possible.
std::string welcome_message(const words& say, const welcome_facts& facts);

} // namespace hearth
