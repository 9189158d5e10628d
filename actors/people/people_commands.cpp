#include "actors/people/people_commands.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/people/zone_view.hpp"
#include "infra/schedule/badge.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace hearth {
namespace {

constexpr size_t choices_max = 25;

std::string wall_clock(const std::string& zone, instant now) {
  const auto there = to_local(zone, now);
  return fmt::format("{:02}:{:02}", there.minute / 60, there.minute % 60);
}

/// "Europe/Paris — 21:05, UTC+1"
std::string zone_label(const std::string& zone, instant now) {
  const auto there = to_local(zone, now);
  return fmt::format("{} — {:02}:{:02}, {}", zone, there.minute / 60, there.minute % 60,
                     offset_text(there.offset_minutes));
}

nlohmann::json zone_select(const core_call& call, const std::vector<std::string>& zones) {
  auto select = select_spec{};
  select.custom_id = make_custom_id("people", {"zone"});
  select.placeholder = call.text("people.zone.placeholder");
  for (const auto& zone : zones)
    select.options.push_back({zone, zone,
                              fmt::format("{}, {}", wall_clock(zone, call.now()),
                                          offset_text(to_local(zone, call.now()).offset_minutes))});
  return nlohmann::json::array({make_row({make_string_select(select)})});
}

/// Text with a select of zones below.
nlohmann::json zone_question(const core_call& call, std::string_view text,
                             const std::vector<std::string>& zones) {
  auto data = message_text(text);
  data["components"] = zone_select(call, zones);
  return data;
}

std::string zone_set_text(const core_call& call, const std::string& zone) {
  return call.text("people.zone.set", {{"zone", zone}, {"time", wall_clock(zone, call.now())}});
}

/// The member that an option names; nothing (and the call is answered) when it is a bot or nobody.
const member_facts* member_option(const core_call& call) {
  const auto* id = call.asked().option<uint64_t>("member");
  const auto found = id ? call.asked().users.find(user_id{*id}) : call.asked().users.end();
  if (found == call.asked().users.end()) {
    call.reply_key("people.member.unknown");
    return nullptr;
  }
  if (found->second.bot) {
    call.reply_key("people.member.bot", {{"name", escape_markdown(found->second.name)}});
    return nullptr;
  }
  return &found->second;
}

std::string mention(user_id user) { return "<@" + to_string(user) + ">"; }

std::string member_list(const std::vector<zoned_member>& members) {
  auto text = std::string{};
  for (const auto& member : members)
    text += (text.empty() ? "" : "\n") + (member.badge.empty() ? "" : member.badge + " ") +
            mention(member.user);
  return truncate(text, 1'024);
}

nlohmann::json zones_message(const core_call& call, channel_id channel, const zone_view& view) {
  auto embed = embed_spec{};
  embed.title = call.public_text("people.zones.title");
  embed.description =
      call.public_text("people.zones.text", {{"channel", "<#" + to_string(channel) + ">"}});
  for (const auto& group : view.groups)
    embed.fields.push_back({fmt::format("{} — {}, {}", group.zone, group.wall_clock, group.offset),
                            member_list(group.members), true});
  if (!view.unknown.empty()) {
    if (embed.fields.size() > 24)
      embed.fields.resize(24); // the hint below is worth more than the 25th zone
    embed.fields.push_back(
        {call.public_text("people.zones.unknown"),
         member_list(view.unknown) + "\n" +
             call.public_text("people.zones.hint", {{"command", call.mention("setmytimezone")}}),
         true});
  }
  auto hosts = std::string{};
  for (const auto& zone : view.hosts)
    hosts += (hosts.empty() ? "" : ", ") + zone;
  if (view.hosts.size() == 1)
    embed.footer = call.public_text("people.zones.host", {{"zone", hosts}});
  else if (!view.hosts.empty())
    embed.footer = call.public_text("people.zones.hosts", {{"zones", hosts}});
  return {{"embeds", {make_embed(embed)}}};
}

/// The channel that is asked about; 0 (and the call is answered) when there is none.
channel_id zones_channel(const core_call& call) {
  if (const auto* id = call.asked().option<uint64_t>("voice_channel")) {
    const auto named = call.asked().channels.find(channel_id{*id});
    const auto may_see = named != call.asked().channels.end() &&
                         (named->second.permissions & permission_bit::view_channel) != 0;
    if (!may_see)
      call.reply_key("core.channel.unknown");
    return may_see ? channel_id{*id} : channel_id{};
  }
  const auto own = call.voice_of(call.asked().member.user);
  if (!own)
    call.reply_key("people.zones.no_channel");
  return own;
}

} // namespace

std::optional<std::string> zone_meant(const core_call& call, const std::string& typed) {
  if (is_valid_zone(typed))
    return typed;
  const auto found = search_zones(typed, choices_max);
  if (found.size() == 1)
    return found.front();
  const auto shown = truncate(escape_markdown(typed), 100);
  if (typed.empty() || found.empty()) {
    call.reply_key("people.zone.unknown", {{"zone", shown}});
    return std::nullopt;
  }
  auto names = std::string{};
  for (size_t i = 0; i < found.size() && i < 5; ++i)
    names += (i ? ", `" : "`") + found[i] + "`";
  call.reply_key("people.zone.several", {{"zone", shown}, {"zones", names}});
  return std::nullopt;
}

void complete_zone(const core_call& call) {
  auto choices = std::vector<completion>{};
  for (auto& zone : search_zones(call.typed(), choices_max))
    choices.push_back({zone_label(zone, call.now()), zone});
  call.complete(choices);
}

// -- one's own ------------------------------------------------------------------------------------

void run_setmytimezone(const core_call& call) {
  const auto* typed = call.string_option("zone");
  if (!typed)
    return call.reply_data(zone_question(
        call, call.text("people.zone.choose", {{"command", call.mention("setmytimezone")}}),
        search_zones({}, choices_max)));
  auto found = search_zones(*typed, choices_max);
  if (!is_valid_zone(*typed) && found.size() > 1) // a click is easier than typing it again
    return call.reply_data(zone_question(call, call.text("people.zone.which"), found));
  if (const auto zone = zone_meant(call, *typed)) {
    const auto& member = call.asked().member;
    call.set_zone(member.user, member.name, *zone, {},
                  [call](const person& set) { call.reply(zone_set_text(call, set.zone)); });
  }
}

void run_people_component(const core_call& call, const custom_id& state) {
  const auto& values = call.asked().values;
  if (state.parts != std::vector<std::string>{"zone"} || values.size() != 1 ||
      !is_valid_zone(values.front()))
    return call.reply_key("core.refused.old_component");
  const auto& member = call.asked().member;
  call.set_zone(member.user, member.name, values.front(), {}, [call](const person& set) {
    auto data = message_text(zone_set_text(call, set.zone));
    data["components"] = nlohmann::json::array();
    call.update(data);
  });
}

// -- others' --------------------------------------------------------------------------------------

void run_getusertimezone(const core_call& call) {
  const auto* member = member_option(call);
  if (!member)
    return;
  call.find_people(
      {member->user}, [call, name = escape_markdown(member->name)](const people_found& found) {
        const auto zone = found.people.empty() ? std::string{} : found.people.front().zone;
        if (zone.empty() || !is_valid_zone(zone))
          return call.reply_key("people.member.no_zone",
                                {{"name", name}, {"command", call.mention("setmytimezone")}});
        const auto there = to_local(zone, call.now());
        call.reply_key("people.member.zone", {{"name", name},
                                              {"zone", zone},
                                              {"time", wall_clock(zone, call.now())},
                                              {"offset", offset_text(there.offset_minutes)}});
      });
}

void run_modsetusertimezone(const core_call& call) {
  const auto* member = member_option(call);
  if (!member)
    return;
  const auto* typed = call.string_option("zone");
  const auto zone = zone_meant(call, typed ? *typed : std::string{});
  if (!zone)
    return;
  call.set_zone(member->user, member->name, *zone,
                fmt::format("modsetusertimezone {} {}", member->user.value, *zone),
                [call, name = escape_markdown(member->name)](const person& set) {
                  call.reply_key("people.member.set", {{"name", name},
                                                       {"zone", set.zone},
                                                       {"time", wall_clock(set.zone, call.now())}});
                });
}

void run_gettimezones(const core_call& call) {
  const auto channel = zones_channel(call);
  if (!channel)
    return;
  auto members = std::vector<zoned_member>{};
  auto users = std::vector<user_id>{};
  for (const auto& present : call.voice()) {
    if (present.channel != channel || present.member.bot || users.size() == people_max)
      continue;
    const auto badge =
        call.snapshot()
            ? badge_emoji(*call.snapshot(), badge_of(*call.snapshot(), present.member.roles))
            : std::string{};
    members.push_back({present.member.user, present.member.name, badge, {}});
    users.push_back(present.member.user);
  }
  if (members.empty())
    return call.reply_key("people.zones.empty", {{"channel", "<#" + to_string(channel) + ">"}});
  call.find_people(std::move(users), [call, channel, members = std::move(members)](
                                         const people_found& found) mutable {
    for (size_t i = 0; i < members.size() && i < found.people.size(); ++i)
      members[i].zone = found.people[i].zone;
    const auto view = view_zones(std::move(members), call.now());
    call.reply_data(zones_message(call, channel, view), false);
  });
}

} // namespace hearth
