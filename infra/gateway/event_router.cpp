#include "infra/gateway/event_router.hpp"
#include <algorithm>
#include <cstring>
#include <utility>

namespace hearth {
namespace {

constexpr size_t legacy_name_max = 32; // as long as a slash command's

std::array<bool, event_kind_count> wanted_kinds(const gateway_wants& wants) {
  using enum event_kind;
  auto wanted = std::array<bool, event_kind_count>{};
  const auto set = [&](std::initializer_list<event_kind> kinds) {
    for (const auto kind : kinds)
      wanted[static_cast<size_t>(kind)] = true;
  };
  set({guild_create, guild_update, guild_delete, role_create, role_update, role_delete,
       channel_create, channel_update, channel_delete, emojis_update, member_update, user_update,
       interaction, voice_server});
  if (wants.voice)
    set({voice_state});
  if (wants.message_deletes)
    set({message_delete, message_delete_bulk});
  if (wants.messages_legacy || wants.messages)
    set({message_create});
  if (wants.reactions)
    set({reaction_add, reaction_remove});
  if (wants.presences)
    set({presence});
  return wanted;
}

/// Whether some text in the payload begins with '!'; a cheap look before parsing a message.
bool may_be_legacy(padded_text payload) {
  const auto* const end = payload.data + payload.size;
  for (const auto* at = payload.data; at != end; ++at) {
    at = static_cast<const char*>(memchr(at, '!', static_cast<size_t>(end - at)));
    if (at == nullptr)
      return false;
    if (at != payload.data && at[-1] == '"')
      return true;
  }
  return false;
}

/// Two presences that differ have different sums, but for one chance in 2^64; never 0.
uint64_t sum_of(const presence_changed& presence) {
  const auto mix = [](uint64_t sum, std::string_view text) {
    return (sum ^ std::hash<std::string_view>{}(text)) * 0x9e3779b97f4a7c15ULL;
  };
  const auto sum =
      mix(mix(static_cast<uint64_t>(presence.status) + 1, presence.game), presence.details);
  return sum != 0 ? sum : 1;
}

} // namespace

std::string legacy_name(std::string_view content) {
  const auto is_letter = [](char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
  };
  auto name = std::string{};
  if (content.size() < 2 || content[0] != '!' || !is_letter(content[1]))
    return name;
  for (const auto ch : content.substr(1)) {
    if (ch == ' ' || ch == '\n' || ch == '\t')
      break;
    if (!is_letter(ch) && !(ch >= '0' && ch <= '9') && ch != '_' && ch != '-')
      return {};
    if (name.size() == legacy_name_max)
      return {};
    name += is_letter(ch) ? static_cast<char>(ch | 0x20) : ch;
  }
  return name;
}

event_router::event_router(router_options options)
    : options_(std::move(options)), wanted_(wanted_kinds(options_.wants)) {
  std::sort(options_.legacy_names.begin(), options_.legacy_names.end());
}

// -- gathering ----------------------------------------------------------------------------------

/// Few guilds have news in one read: the last ones are found first.
guild_batch& event_router::batch_of(guild_id guild) {
  ++waiting_;
  for (auto batch = batches_.rbegin(); batch != batches_.rend(); ++batch)
    if (batch->guild == guild)
      return *batch;
  batches_.push_back({guild, {}, {}});
  return batches_.back();
}

routed event_router::tell(guild_id guild, guild_event event) {
  urgent_ |= !std::holds_alternative<voice_changed>(event);
  batch_of(guild).events.push_back(std::move(event));
  return routed::forwarded;
}

/// The guild, when it is there and some feature of it wants that.
event_router::entry* event_router::open_to(guild_id guild, bool gateway_wants::*what) {
  auto* const known = find(guild);
  if (known == nullptr || !known->available)
    return nullptr;
  const auto& wants = known->wants ? *known->wants : options_.wants;
  return wants.*what ? known : nullptr;
}

void event_router::set_wants(const guild_wants& said) {
  auto* const known = find(said.guild);
  if (known == nullptr)
    return;
  known->wants = said.wants;
  if (!said.wants.presences)
    known->presences = {}; // whoever wants them later hears all of them anew
}

void event_router::forget_told(guild_id guild) {
  if (auto* const known = find(guild))
    known->presences = {};
}

/// Changes that follow each other become one event, which gets its snapshot when they are over.
routed event_router::tell_changed(guild_id guild, bool changed) {
  if (!changed)
    return routed::dropped;
  urgent_ = true;
  auto& events = batch_of(guild).events;
  const auto* last = events.empty() ? nullptr : std::get_if<guild_changed>(&events.back());
  if (last == nullptr || last->snapshot)
    events.emplace_back(guild_changed{});
  return routed::forwarded;
}

/// Before voice changes: a snapshot must not hold what a later event of its batch says again.
void event_router::settle(guild_id guild, entry& known) {
  for (auto& batch : batches_)
    if (batch.guild == guild && !batch.events.empty())
      if (auto* last = std::get_if<guild_changed>(&batch.events.back()); last && !last->snapshot)
        last->snapshot = known.cache.snapshot();
}

std::vector<guild_batch> event_router::take() {
  auto taken = std::exchange(batches_, {});
  urgent_ = false;
  waiting_ = 0;
  for (auto& batch : taken) {
    auto* const known = find(batch.guild);
    for (auto& event : batch.events) {
      if (auto* changed = std::get_if<guild_changed>(&event);
          changed && known && !changed->snapshot)
        changed->snapshot = known->cache.snapshot();
    }
    // A guild that was removed in the same read has no cache left to show.
    batch.events.erase(std::remove_if(batch.events.begin(), batch.events.end(),
                                      [](const guild_event& event) {
                                        const auto* changed = std::get_if<guild_changed>(&event);
                                        return changed && !changed->snapshot;
                                      }),
                       batch.events.end());
  }
  return taken;
}

std::optional<guild_available> event_router::introduce(guild_id guild) {
  auto* const known = find(guild);
  if (known == nullptr || !known->available)
    return std::nullopt;
  return guild_available{known->cache.snapshot(), false};
}

event_router::entry* event_router::find(guild_id guild) {
  const auto found = guilds_.find(guild);
  return found == guilds_.end() ? nullptr : &found->second;
}

// -- sessions -----------------------------------------------------------------------------------

void event_router::ready(const ready_data& data) {
  self_ = data.user;
  self_name_ = data.user_name;
  for (auto known = guilds_.begin(); known != guilds_.end();) {
    if (std::find(data.guilds.begin(), data.guilds.end(), known->first) != data.guilds.end()) {
      known->second.available = false; // until its GUILD_CREATE
      ++known;
      continue;
    }
    tell(known->first, guild_removed{});
    known = guilds_.erase(known);
  }
  for (const auto guild : data.guilds)
    guilds_.try_emplace(guild, entry{guild_cache{guild, self_}, false});
}

void event_router::restore(user_id self, std::string self_name, std::vector<guild_data> guilds,
                           const std::vector<guild_id>& unavailable) {
  self_ = self;
  self_name_ = std::move(self_name);
  for (auto& data : guilds) {
    const auto guild = data.id;
    auto& known =
        guilds_.insert_or_assign(guild, entry{guild_cache{guild, self_}, true}).first->second;
    known.cache.replace(std::move(data));
    tell(guild, guild_available{known.cache.snapshot(), false});
  }
  for (const auto guild : unavailable)
    guilds_.try_emplace(guild, entry{guild_cache{guild, self_}, false});
}

std::vector<guild_snapshot_ptr> event_router::snapshots() {
  auto all = std::vector<guild_snapshot_ptr>{};
  for (auto& [id, known] : guilds_)
    if (known.available)
      all.push_back(known.cache.snapshot());
  return all;
}

std::vector<guild_id> event_router::unavailable() const {
  auto all = std::vector<guild_id>{};
  for (const auto& [id, known] : guilds_)
    if (!known.available)
      all.push_back(id);
  return all;
}

std::vector<guild_id> event_router::known() const {
  auto all = std::vector<guild_id>{};
  for (const auto& [id, known] : guilds_)
    all.push_back(id);
  return all;
}

// -- events -------------------------------------------------------------------------------------

routed event_router::dispatch(event_kind kind, padded_text payload, const routing_moment& at) {
  if (!wants(kind))
    return routed::dropped;
  switch (kind) {
  case event_kind::guild_create:
    return on_guild_create(payload);
  case event_kind::guild_update:
    return on_guild_update(payload);
  case event_kind::guild_delete:
    return on_guild_delete(payload);
  case event_kind::role_create:
  case event_kind::role_update:
  case event_kind::role_delete:
    return on_role(kind, payload);
  case event_kind::channel_create:
  case event_kind::channel_update:
  case event_kind::channel_delete:
    return on_channel(kind, payload);
  case event_kind::emojis_update:
    return on_emojis(payload);
  case event_kind::member_update:
    return on_member(payload);
  case event_kind::user_update:
    return on_user(payload);
  case event_kind::voice_state:
    return on_voice(payload);
  case event_kind::voice_server:
    return on_voice_server(payload);
  case event_kind::message_create:
    return options_.wants.messages || may_be_legacy(payload) ? on_message(payload)
                                                             : routed::dropped;
  case event_kind::message_delete:
  case event_kind::message_delete_bulk:
    return on_deleted(payload);
  case event_kind::reaction_add:
  case event_kind::reaction_remove:
    return on_reaction(kind, payload);
  case event_kind::presence:
    return on_presence(payload);
  case event_kind::interaction:
    return on_interaction(payload, at);
  default:
    return routed::dropped;
  }
}

/// Backfill after READY, back from an outage, or joined: told apart by what was known before
/// (discord-api 1.10). A payload may be only a stub.
routed event_router::on_guild_create(padded_text payload) {
  auto data = guild_data{};
  if (!decoder_.read(payload, data, self_))
    return routed::broken;
  const auto guild = data.id;
  const auto [found, is_new] = guilds_.try_emplace(guild, entry{guild_cache{guild, self_}, false});
  auto& known = found->second;
  if (data.unavailable) {
    if (!std::exchange(known.available, false))
      return routed::dropped;
    return tell(guild, guild_unavailable{});
  }
  const auto changed = known.cache.replace(std::move(data));
  if (std::exchange(known.available, true) && !changed)
    return routed::dropped; // a repetition
  return tell(guild, guild_available{known.cache.snapshot(), is_new});
}

routed event_router::on_guild_update(padded_text payload) {
  auto data = guild_data{};
  if (!decoder_.read(payload, data, self_))
    return routed::broken;
  auto* const known = find(data.id);
  if (known == nullptr || !known->available)
    return routed::dropped;
  const auto guild = data.id;
  return tell_changed(guild, known->cache.update(std::move(data)));
}

/// The key `unavailable` decides between an outage and a removal; unknown guilds are no news, but
/// an outage is remembered, so that their return does not look like joining.
routed event_router::on_guild_delete(padded_text payload) {
  auto data = guild_data{};
  if (!decoder_.read(payload, data, self_))
    return routed::broken;
  const auto found = guilds_.find(data.id);
  if (data.unavailable) {
    if (found == guilds_.end()) {
      guilds_.try_emplace(data.id, entry{guild_cache{data.id, self_}, false});
      return routed::dropped;
    }
    if (!std::exchange(found->second.available, false))
      return routed::dropped;
    return tell(data.id, guild_unavailable{});
  }
  if (found == guilds_.end())
    return routed::dropped;
  guilds_.erase(found);
  return tell(data.id, guild_removed{});
}

routed event_router::on_role(event_kind kind, padded_text payload) {
  auto data = role_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = find(data.guild);
  if (known == nullptr || !known->available)
    return routed::dropped;
  const auto changed = kind == event_kind::role_delete
                           ? known->cache.remove_role(data.role.id)
                           : known->cache.put_role(std::move(data.role));
  return tell_changed(data.guild, changed);
}

routed event_router::on_channel(event_kind kind, padded_text payload) {
  auto data = channel_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = find(data.guild); // none for direct messages
  if (known == nullptr || !known->available)
    return routed::dropped;
  if (kind != event_kind::channel_delete)
    return tell_changed(data.guild, known->cache.put_channel(std::move(data.channel)));
  settle(data.guild, *known);
  auto left = std::vector<voice_changed>{};
  const auto changed = known->cache.remove_channel(data.channel.id, left);
  for (auto& gone : left)
    tell(data.guild, std::move(gone));
  return tell_changed(data.guild, changed);
}

routed event_router::on_emojis(padded_text payload) {
  auto data = emojis_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = find(data.guild);
  if (known == nullptr || !known->available)
    return routed::dropped;
  return tell_changed(data.guild, known->cache.put_emojis(std::move(data.emojis)));
}

routed event_router::on_member(padded_text payload) {
  auto data = member_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = find(data.guild);
  if (known == nullptr || !known->available)
    return routed::dropped;
  return tell_changed(data.guild, known->cache.put_member(std::move(data.member)));
}

routed event_router::on_user(padded_text payload) {
  auto data = user_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  if (data.user != self_ || data.name == self_name_)
    return routed::dropped;
  auto result = routed::dropped;
  for (auto& [guild, known] : guilds_)
    if (known.available && known.cache.rename_self(self_name_, data.name))
      result = tell_changed(guild, true);
  self_name_ = std::move(data.name);
  return result;
}

routed event_router::on_message(padded_text payload) {
  auto data = message_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  if (!data.guild || data.author.user == self_)
    return routed::dropped;
  auto result = routed::dropped;
  if (options_.wants.messages_legacy && !data.automatic) {
    auto name = legacy_name(data.content);
    const auto& names = options_.legacy_names;
    if (!name.empty() && (names.empty() || std::binary_search(names.begin(), names.end(), name))) {
      tell_legacy(data, std::move(name));
      result = routed::forwarded;
    }
  }
  if (open_to(data.guild, &gateway_wants::messages) == nullptr)
    return result;
  batch_of(data.guild)
      .news.messages.push_back(
          {data.channel, data.message, std::move(data.author), std::move(data.content)});
  return routed::forwarded;
}

void event_router::tell_legacy(const message_data& data, std::string name) {
  const auto* const known = find(data.guild);
  tell(data.guild,
       legacy_command{data.channel, data.message, data.author.user, std::move(name),
                      known != nullptr ? known->cache.preferred_locale() : std::string{}});
}

routed event_router::on_reaction(event_kind kind, padded_text payload) {
  auto data = reaction_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  if (open_to(data.guild, &gateway_wants::reactions) == nullptr) // none for direct messages
    return routed::dropped;
  data.reaction.added = kind == event_kind::reaction_add;
  batch_of(data.guild).news.reactions.push_back(std::move(data.reaction));
  return routed::forwarded;
}

routed event_router::on_presence(padded_text payload) {
  auto data = presence_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = open_to(data.guild, &gateway_wants::presences);
  if (known == nullptr)
    return routed::dropped;
  auto& told = known->presences[data.presence.user];
  if (const auto sum = sum_of(data.presence); std::exchange(told, sum) == sum)
    return routed::dropped;
  batch_of(data.guild).news.presences.push_back(std::move(data.presence));
  return routed::forwarded;
}

routed event_router::on_deleted(padded_text payload) {
  auto data = deleted_messages_data{};
  if (!decoder_.read(payload, data))
    return routed::dropped;                   // direct messages are deleted as well
  const auto* const known = find(data.guild); // told even while the guild is not there
  if (known != nullptr && known->wants && !known->wants->message_deletes)
    return routed::dropped;
  for (const auto message : data.messages)
    tell(data.guild, message_deleted{data.channel, message});
  return routed::forwarded;
}

routed event_router::on_interaction(padded_text payload, const routing_moment& at) {
  auto data = std::make_shared<interaction>();
  if (!decoder_.read(payload, *data))
    return routed::broken;
  if (at.replaying && at.domain_ms - data->id.created_ms() > options_.replay_age_ms_max)
    return routed::expired; // its token is dead (discord-api 3.3)
  data->received_ms = at.steady_ms;
  return take_interaction(std::move(data));
}

routed event_router::take_interaction(std::shared_ptr<interaction> asked) {
  if (const auto* const known = find(asked->guild); known != nullptr && asked->guild_locale.empty())
    asked->guild_locale = known->cache.preferred_locale();
  asked->taken = std::make_shared<std::atomic<bool>>(false);
  const auto guild = asked->guild;
  return tell(guild, interaction_ptr{std::move(asked)});
}

} // namespace hearth
