#include "infra/gateway/guild_cache.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>
#include <atomic>

namespace hearth {
namespace {

template <class List, class Id> auto find_id(List& list, Id id) {
  return std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
}

template <class T> bool assign(T& target, T&& value) {
  if (target == value)
    return false;
  target = std::move(value);
  return true;
}

} // namespace

guild_cache::guild_cache(guild_id id, user_id self) : facts_(std::make_shared<guild_snapshot>()) {
  facts_->id = id;
  facts_->self.user = self;
}

/// The facts for writing: copied first when somebody else holds them. Nobody can take a new
/// reference meanwhile, because only this thread gives them out; the fence makes what the last
/// reader did happen before our change.
guild_snapshot& guild_cache::edit() {
  if (facts_.use_count() > 1)
    facts_ = std::make_shared<guild_snapshot>(*facts_);
  else
    std::atomic_thread_fence(std::memory_order_acquire);
  return *facts_;
}

void guild_cache::count_permissions() {
  const auto bits = guild_permissions(*facts_, facts_->self.user, facts_->self.roles);
  if (bits != facts_->self.permissions)
    edit().self.permissions = bits;
}

guild_snapshot_ptr guild_cache::snapshot() {
  if (voice_newer_) {
    edit().voice = voice_;
    voice_newer_ = false;
  }
  return facts_;
}

bool guild_cache::replace(guild_data data) {
  const auto before = snapshot();
  auto fresh = std::make_shared<guild_snapshot>();
  fresh->id = data.id;
  fresh->name = std::move(data.name).value_or("");
  fresh->preferred_locale = std::move(data.preferred_locale).value_or("");
  fresh->owner = data.owner.value_or(user_id{});
  fresh->system_channel = data.system_channel.value_or(channel_id{});
  fresh->afk_channel = data.afk_channel.value_or(channel_id{});
  fresh->roles = std::move(data.roles).value_or(std::vector<role_facts>{});
  fresh->channels = std::move(data.channels).value_or(std::vector<channel_facts>{});
  fresh->emojis = std::move(data.emojis).value_or(std::vector<emoji_facts>{});
  fresh->self = data.self ? std::move(*data.self) : facts_->self;
  voice_ = std::move(data.voice).value_or(std::vector<voice_member>{});
  voice_.shrink_to_fit();
  fresh->voice = voice_;
  voice_newer_ = false;
  fresh->self.permissions = guild_permissions(*fresh, fresh->self.user, fresh->self.roles);
  const auto changed = *before != *fresh;
  if (changed)
    facts_ = std::move(fresh);
  return changed;
}

bool guild_cache::update(guild_data data) {
  auto changed = false;
  const auto set = [&](auto member, auto&& value) {
    if (!value || (*facts_).*member == *value)
      return;
    edit().*member = std::move(*value);
    changed = true;
  };
  set(&guild_snapshot::name, data.name);
  set(&guild_snapshot::preferred_locale, data.preferred_locale);
  set(&guild_snapshot::owner, data.owner);
  set(&guild_snapshot::system_channel, data.system_channel);
  set(&guild_snapshot::afk_channel, data.afk_channel);
  set(&guild_snapshot::roles, data.roles);
  set(&guild_snapshot::emojis, data.emojis);
  if (changed)
    count_permissions();
  return changed;
}

bool guild_cache::put_role(role_facts role) {
  const auto known = find_id(facts_->roles, role.id);
  if (known != facts_->roles.end() && *known == role)
    return false;
  auto& roles = edit().roles;
  if (const auto old = find_id(roles, role.id); old != roles.end())
    *old = std::move(role);
  else
    roles.push_back(std::move(role));
  count_permissions();
  return true;
}

bool guild_cache::remove_role(role_id role) {
  if (find_id(facts_->roles, role) == facts_->roles.end())
    return false;
  auto& facts = edit();
  facts.roles.erase(find_id(facts.roles, role));
  const auto forget = [&](std::vector<role_id>& roles) {
    roles.erase(std::remove(roles.begin(), roles.end(), role), roles.end());
  };
  forget(facts.self.roles);
  for (auto& member : voice_)
    forget(member.member.roles);
  voice_newer_ = true;
  count_permissions();
  return true;
}

bool guild_cache::put_channel(channel_facts channel) {
  const auto known = find_id(facts_->channels, channel.id);
  if (known != facts_->channels.end() && *known == channel)
    return false;
  auto& channels = edit().channels;
  if (const auto old = find_id(channels, channel.id); old != channels.end())
    *old = std::move(channel);
  else
    channels.push_back(std::move(channel));
  return true;
}

bool guild_cache::remove_channel(channel_id channel, std::vector<voice_changed>& left) {
  for (auto member = voice_.begin(); member != voice_.end();) {
    if (member->channel != channel) {
      ++member;
      continue;
    }
    left.push_back({std::move(member->member), channel, {}});
    member = voice_.erase(member);
    voice_newer_ = true;
  }
  if (find_id(facts_->channels, channel) == facts_->channels.end())
    return false;
  auto& channels = edit().channels;
  channels.erase(find_id(channels, channel));
  return true;
}

bool guild_cache::put_emojis(std::vector<emoji_facts> emojis) {
  return facts_->emojis != emojis && assign(edit().emojis, std::move(emojis));
}

bool guild_cache::put_member(member_facts member) {
  member.permissions = 0; // only interactions carry them, for their channel
  for (auto& present : voice_)
    if (present.member.user == member.user && assign(present.member, member_facts{member}))
      voice_newer_ = true;
  if (member.user != facts_->self.user)
    return false;
  member.permissions = guild_permissions(*facts_, member.user, member.roles);
  return facts_->self != member && assign(edit().self, std::move(member));
}

bool guild_cache::rename_self(const std::string& from, const std::string& to) {
  if (facts_->self.name != from || from == to) // otherwise a nickname stands above it
    return false;
  edit().self.name = to;
  return true;
}

std::optional<voice_changed> guild_cache::put_voice(voice_state_data state) {
  const auto old = std::find_if(voice_.begin(), voice_.end(), [&](const voice_member& each) {
    return each.member.user == state.user;
  });
  const auto from = old == voice_.end() ? channel_id{} : old->channel;
  auto member = state.member          ? std::move(*state.member)
                : old != voice_.end() ? old->member
                                      : member_facts{};
  member.user = state.user;
  member.permissions = 0;
  if (from == state.channel && (old == voice_.end() || old->member == member))
    return std::nullopt;
  voice_newer_ = true;
  if (!state.channel)
    voice_.erase(old);
  else if (old == voice_.end())
    voice_.push_back({member, state.channel});
  else
    *old = {member, state.channel};
  if (from == state.channel)
    return std::nullopt; // only the name or roles are new
  return voice_changed{std::move(member), from, state.channel};
}

} // namespace hearth
