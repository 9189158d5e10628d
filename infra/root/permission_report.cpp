#include "infra/root/permission_report.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>

namespace hearth {
namespace {

const channel_facts* find_channel(const guild_snapshot& guild, channel_id id) {
  const auto found = std::find_if(guild.channels.begin(), guild.channels.end(),
                                  [&](const channel_facts& channel) { return channel.id == id; });
  return found == guild.channels.end() ? nullptr : &*found;
}

bool has_role(const member_facts& member, uint64_t id) {
  return std::find(member.roles.begin(), member.roles.end(), role_id{id}) != member.roles.end();
}

/// Who takes `bit` away in a channel; the order in which Discord applies rules, last one first.
void explain(permission_gap& gap, const guild_snapshot& guild, const channel_facts& channel) {
  const auto granted = guild_permissions(guild, guild.self.user, guild.self.roles) & gap.bit;
  gap.cause = gap_cause::not_granted;
  for (const auto& rule : channel.overwrites)
    if (rule.is_member && rule.id == guild.self.user.value && (rule.deny & gap.bit) != 0) {
      gap.cause = gap_cause::bot_rule;
      return;
    }
  for (const auto& rule : channel.overwrites)
    if (!rule.is_member && rule.id != guild.id.value && has_role(guild.self, rule.id) &&
        (rule.deny & gap.bit) != 0) {
      gap.cause = gap_cause::role_rule;
      gap.culprit = role_id{rule.id};
      return;
    }
  if (granted == 0)
    return;
  gap.cause = gap_cause::everyone_rule; // nothing else is left
}

class collector {
public:
  collector(const std::string& feature, const guild_snapshot& guild) : guild_(guild) {
    blank_.feature = feature;
  }

  void in_guild(const permission_need& need) {
    const auto have = guild_permissions(guild_, guild_.self.user, guild_.self.roles);
    each_bit(need.bits & ~have, [&](uint64_t bit) {
      auto gap = made(need, {});
      gap.bit = bit;
      add(std::move(gap));
    });
  }
  void in_channel(const permission_need& need, channel_id id) {
    const auto* channel = find_channel(guild_, id);
    if (!channel) {
      auto gap = made(need, id);
      gap.cause = gap_cause::channel_gone;
      return add(std::move(gap));
    }
    const auto have = channel_permissions(guild_, *channel, guild_.self.user, guild_.self.roles);
    each_bit(need.bits & ~have, [&](uint64_t bit) {
      auto gap = made(need, id);
      gap.bit = bit;
      explain(gap, guild_, *channel);
      add(std::move(gap));
    });
  }
  void not_set(const permission_need& need) {
    auto gap = made(need, {});
    gap.cause = gap_cause::channel_not_set;
    add(std::move(gap));
  }
  std::vector<permission_gap> gaps;

private:
  permission_gap made(const permission_need& need, channel_id channel) const {
    auto gap = blank_;
    gap.purpose = need.purpose;
    gap.kind = need.channel;
    gap.channel = channel;
    return gap;
  }
  template <class Fn> static void each_bit(uint64_t bits, Fn&& fn) {
    for (auto bit = uint64_t{1}; bits != 0; bit <<= 1) {
      if ((bits & bit) != 0)
        fn(bit);
      bits &= ~bit;
    }
  }
  void add(permission_gap gap) {
    for (const auto& known : gaps)
      if (known.channel == gap.channel && known.bit == gap.bit && known.cause == gap.cause &&
          (gap.cause != gap_cause::channel_not_set || known.kind == gap.kind))
        return;
    gaps.push_back(std::move(gap));
  }

  const guild_snapshot& guild_;
  permission_gap blank_;
};

} // namespace

std::vector<permission_gap> permission_gaps(const std::string& feature,
                                            const std::vector<permission_need>& needs,
                                            const guild_snapshot& guild,
                                            const guild_settings& settings) {
  auto found = collector{feature, guild};
  for (const auto& need : needs) {
    if (need.channel.empty()) {
      found.in_guild(need);
    } else if (need.channel == "voice") {
      for (const auto channel : settings.voice_channels)
        found.in_channel(need, channel);
    } else if (const auto set = settings.channels.find(need.channel);
               set != settings.channels.end() && set->second) {
      found.in_channel(need, set->second);
    } else {
      found.not_set(need);
    }
  }
  return std::move(found.gaps);
}

const role_facts* bot_role(const guild_snapshot& guild) {
  const role_facts* best = nullptr;
  for (const auto& role : guild.roles) {
    if (!has_role(guild.self, role.id.value))
      continue;
    const auto better = !best || (role.managed && !best->managed) ||
                        (role.managed == best->managed && role.position > best->position);
    if (better)
      best = &role;
  }
  return best;
}

std::string permission_key(uint64_t bit) {
  auto key = "permission." + std::string{permission_name(bit)};
  for (auto& letter : key)
    letter =
        letter == ' ' ? '_' : static_cast<char>(letter | (letter >= 'A' && letter <= 'Z' ? 32 : 0));
  return key;
}

channel_id first_writable(const guild_snapshot& guild) {
  constexpr auto needed =
      permission_bit::view_channel | permission_bit::send_messages | permission_bit::embed_links;
  const auto writable = [&](const channel_facts& channel) {
    const auto kind = channel.kind;
    if (kind != channel_kind::text && kind != channel_kind::announcement)
      return false;
    const auto have = effective_permissions(
        channel_permissions(guild, channel, guild.self.user, guild.self.roles), kind);
    return (have & needed) == needed;
  };
  if (const auto* system = find_channel(guild, guild.system_channel); system && writable(*system))
    return system->id;
  const channel_facts* first = nullptr;
  for (const auto& channel : guild.channels) {
    const auto before = !first || channel.position < first->position ||
                        (channel.position == first->position && channel.id < first->id);
    // An announcement channel is read by other guilds: only when nothing else is there.
    const auto rank = [](const channel_facts& which) {
      return which.kind == channel_kind::announcement ? 1 : 0;
    };
    if (!writable(channel))
      continue;
    if (!first || rank(channel) < rank(*first) || (rank(channel) == rank(*first) && before))
      first = &channel;
  }
  return first ? first->id : channel_id{};
}

} // namespace hearth
