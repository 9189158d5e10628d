// What moderators see of the bot and of the guild: its permissions, who is in voice.
#include "actors/root/core_call.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>

namespace hearth {
namespace {

constexpr size_t text_max = 3'900; ///< Of an embed's 4096, with room for the last line.

std::string channel_mention(channel_id channel) { return "<#" + to_string(channel) + ">"; }

/// Channels set for the bot as a whole are asked for only once somebody has set them.
std::vector<permission_need> core_needs(const guild_settings& settings) {
  constexpr auto bits =
      permission_bit::view_channel | permission_bit::send_messages | permission_bit::embed_links;
  auto needs = std::vector<permission_need>{};
  for (const auto* kind : {"main", "log"})
    if (settings.channels.count(kind))
      needs.push_back({bits, kind, std::string{"channel."} + kind});
  return needs;
}

/// One sentence: what is missing, what for, and who must click what.
std::string gap_line(const core_call& call, const permission_gap& gap, const std::string& role) {
  const auto purpose = call.text(gap.purpose);
  const auto permission = gap.bit ? call.text(permission_key(gap.bit)) : std::string{};
  const auto channel = channel_mention(gap.channel);
  const auto kind = gap.kind;
  switch (gap.cause) {
  case gap_cause::channel_not_set:
    return call.text(
        "core.permission.not_set",
        {{"purpose", purpose}, {"kind", kind}, {"command", call.mention("modchannel set")}});
  case gap_cause::channel_gone:
    return call.text(
        "core.permission.channel_gone",
        {{"purpose", purpose}, {"kind", kind}, {"command", call.mention("modchannel set")}});
  case gap_cause::not_granted:
    if (!gap.channel)
      return call.text("core.permission.in_guild",
                       {{"permission", permission}, {"purpose", purpose}, {"role", role}});
    return call.text(
        "core.permission.in_channel",
        {{"permission", permission}, {"purpose", purpose}, {"channel", channel}, {"role", role}});
  case gap_cause::everyone_rule:
    return call.text(
        "core.permission.everyone_rule",
        {{"permission", permission}, {"purpose", purpose}, {"channel", channel}, {"role", role}});
  case gap_cause::role_rule:
    return call.text("core.permission.role_rule",
                     {{"permission", permission},
                      {"purpose", purpose},
                      {"channel", channel},
                      {"culprit", "<@&" + to_string(gap.culprit) + ">"}});
  case gap_cause::bot_rule:
    return call.text("core.permission.bot_rule",
                     {{"permission", permission}, {"purpose", purpose}, {"channel", channel}});
  }
  return {};
}

std::vector<permission_gap> all_gaps(const core_call& call) {
  auto gaps =
      permission_gaps("core", core_needs(call.settings()), *call.snapshot(), call.settings());
  for (const auto& entry : call.env().features) {
    if (!call.feature_on(entry))
      continue;
    auto more = permission_gaps(entry.name, entry.needs, *call.snapshot(), call.settings());
    gaps.insert(gaps.end(), more.begin(), more.end());
  }
  return gaps;
}

} // namespace

void run_modbotpermission(const core_call& call) {
  if (!call.snapshot())
    return call.reply_key("core.refused.not_visible");
  const auto gaps = all_gaps(call);
  if (gaps.empty())
    return call.reply_key("core.permission.fine");
  const auto* own = bot_role(*call.snapshot());
  const auto role = own ? "<@&" + to_string(own->id) + ">" : call.text("core.permission.own_role");
  auto text = std::string{};
  auto feature = std::string{};
  auto clicks = false; // somebody must change a permission, not just set a channel
  for (const auto& gap : gaps) {
    if (gap.feature != feature) {
      feature = gap.feature;
      text += "**" +
              call.text(feature == "core" ? "core.permission.general" : "feature." + feature) +
              "**\n";
    }
    text += "• " + gap_line(call, gap, role) + "\n";
    clicks = clicks || gap.bit != 0;
  }
  text = truncate(text, text_max);
  if (clicks)
    text += "\n" +
            call.text("core.permission.who",
                      {{"owner", "<@" + to_string(call.snapshot()->owner) + ">"}, {"role", role}});
  auto embed = embed_spec{};
  embed.title = call.text("core.permission.title", {{"count", gaps.size()}});
  embed.description = std::move(text);
  call.reply_data(nlohmann::json{{"embeds", {make_embed(embed)}}});
}

void run_modvoicecurrentactivity(const core_call& call) {
  if (!call.snapshot())
    return call.reply_key("core.refused.not_visible");
  auto channels = std::vector<const channel_facts*>{};
  for (const auto& channel : call.snapshot()->channels)
    channels.push_back(&channel);
  std::sort(channels.begin(), channels.end(), [](const auto* left, const auto* right) {
    return left->position != right->position ? left->position < right->position
                                             : left->id < right->id;
  });
  auto text = std::string{};
  for (const auto* channel : channels) {
    auto members = std::string{};
    auto count = 0;
    for (const auto& present : call.voice()) {
      if (present.channel != channel->id)
        continue;
      members += (count++ ? ", <@" : "<@") + to_string(present.member.user) + ">";
    }
    if (count > 0)
      text += call.text("core.voice.line", {{"channel", channel_mention(channel->id)},
                                            {"count", count},
                                            {"members", members}}) +
              "\n";
  }
  if (text.empty())
    return call.reply_key("core.voice.nobody");
  auto embed = embed_spec{};
  embed.title = call.text("core.voice.title", {{"count", call.voice().size()}});
  embed.description = truncate(text, text_max);
  call.reply_data(nlohmann::json{{"embeds", {make_embed(embed)}}});
}

} // namespace hearth
