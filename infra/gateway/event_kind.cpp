#include "infra/gateway/event_kind.hpp"
#include <array>

namespace hearth {
namespace {

constexpr std::array<std::string_view, event_kind_count> names{
    "OTHER",
    "READY",
    "RESUMED",
    "GUILD_CREATE",
    "GUILD_UPDATE",
    "GUILD_DELETE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_UPDATE",
    "GUILD_ROLE_DELETE",
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
    "GUILD_EMOJIS_UPDATE",
    "GUILD_MEMBER_ADD",
    "GUILD_MEMBER_UPDATE",
    "GUILD_MEMBER_REMOVE",
    "USER_UPDATE",
    "VOICE_STATE_UPDATE",
    "VOICE_SERVER_UPDATE",
    "INTERACTION_CREATE",
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "PRESENCE_UPDATE",
    "TYPING_START",
    "RATE_LIMITED",
};

constexpr size_t slots = 256;
using slot_table = std::array<uint8_t, slots>; // 0 = nobody (other needs no slot)

constexpr size_t slot_of(std::string_view name, uint32_t seed) {
  const auto at = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(name[i])); };
  const auto size = name.size();
  // Length, both ends and the middle differ enough among the names above.
  auto mix = static_cast<uint32_t>(size) * 131U + at(0) * 31U + at(size - 3) * 17U +
             at(size - 5) * 257U + at(size / 2) * 67U;
  mix *= seed;
  return (mix >> 16) % slots;
}

constexpr bool fill(slot_table& table, uint32_t seed) {
  table = {};
  for (auto kind = size_t{1}; kind < names.size(); ++kind) {
    auto& slot = table[slot_of(names[kind], seed)];
    if (slot != 0)
      return false;
    slot = static_cast<uint8_t>(kind);
  }
  return true;
}

struct perfect_hash {
  uint32_t seed = 0;
  slot_table table{};
};
/// The first multiplier under which no two names share a slot; found by the compiler.
constexpr perfect_hash find_hash() {
  auto found = perfect_hash{};
  for (found.seed = 1; found.seed < 200'001; found.seed += 2)
    if (fill(found.table, found.seed * 2654435761U))
      break;
  found.seed *= 2654435761U;
  return found;
}
constexpr auto lookup = find_hash();
static_assert([] {
  auto table = slot_table{};
  return fill(table, lookup.seed);
}());

} // namespace

event_kind kind_of(std::string_view type) noexcept {
  if (type.size() < 5)
    return event_kind::other;
  const auto kind = lookup.table[slot_of(type, lookup.seed)];
  return kind != 0 && names[kind] == type ? static_cast<event_kind>(kind) : event_kind::other;
}

std::string_view name_of(event_kind kind) noexcept {
  const auto index = static_cast<size_t>(kind);
  return index < names.size() ? names[index] : names[0];
}

} // namespace hearth
