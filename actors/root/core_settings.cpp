// What moderators set for their guild as a whole.
#include "actors/people/people_commands.hpp"
#include "actors/root/core_call.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
namespace {

/// Channels that belong to no feature.
const std::vector<channel_declaration>& core_channels() {
  static const auto channels = std::vector<channel_declaration>{{"main"}, {"log"}};
  return channels;
}

template <class Fn> void each_channel_kind(const core_call& call, Fn&& fn) {
  for (const auto& entry : call.env().features)
    for (const auto& channel : entry.channels)
      fn(channel);
  for (const auto& channel : core_channels())
    fn(channel);
}

const channel_declaration* find_kind(const core_call& call, const std::string& kind) {
  const channel_declaration* found = nullptr;
  each_channel_kind(call, [&](const channel_declaration& channel) {
    if (channel.kind == kind)
      found = &channel;
  });
  return found;
}

std::string feature_title(const core_call& call, const feature_entry& entry) {
  return call.text("feature." + entry.name);
}

std::string feature_list(const core_call& call) {
  auto names = std::string{};
  for (const auto& entry : call.env().features)
    names += (names.empty() ? "`" : ", `") + entry.name + "`";
  return names.empty() ? "–" : names;
}

std::string kind_list(const core_call& call) {
  auto kinds = std::string{};
  each_channel_kind(call, [&](const channel_declaration& channel) {
    kinds += (kinds.empty() ? "`" : ", `") + channel.kind + "`";
  });
  return kinds;
}

/// What a member typed, safe to show.
std::string shown(const std::string& typed) { return truncate(escape_markdown(typed), 100); }

void set_kind(const core_call& call, const channel_declaration& declared) {
  const auto* option = call.asked().option<uint64_t>("channel");
  const auto channel = option ? channel_id{*option} : channel_id{};
  const auto resolved = call.asked().channels.find(channel);
  if (resolved == call.asked().channels.end())
    return call.reply_key("core.channel.unknown");
  const auto& facts = resolved->second;
  const auto kind = static_cast<channel_kind>(facts.kind);
  if (std::find(declared.allowed.begin(), declared.allowed.end(), kind) == declared.allowed.end())
    return call.reply_key("core.channel.wrong_type",
                          {{"channel", "<#" + to_string(channel) + ">"}, {"kind", declared.kind}});
  constexpr auto needed =
      permission_bit::view_channel | permission_bit::send_messages | permission_bit::embed_links;
  const auto writable = (effective_permissions(facts.app_permissions, kind) & needed) == needed;
  call.set_channel(
      declared.kind, channel, fmt::format("modchannel set {} {}", declared.kind, channel.value),
      [call, name = declared.kind, channel, writable] {
        const auto purpose = call.text("channel." + name);
        auto text = call.text("core.channel.set",
                              {{"purpose", purpose}, {"channel", "<#" + to_string(channel) + ">"}});
        if (!writable)
          text += "\n" + call.text("core.channel.not_writable",
                                   {{"command", call.mention("modbotpermission")}});
        call.reply(text);
      });
}

void clear_kind(const core_call& call, const channel_declaration& declared) {
  if (!call.settings().channels.count(declared.kind))
    return call.reply_key("core.channel.was_clear", {{"kind", declared.kind}});
  call.set_channel(declared.kind, {}, "modchannel clear " + declared.kind,
                   [call, kind = declared.kind] {
                     call.reply_key("core.channel.cleared", {{"kind", kind}});
                   });
}

void see_kinds(const core_call& call) {
  auto lines = std::string{};
  each_channel_kind(call, [&](const channel_declaration& channel) {
    const auto set = call.settings().channels.find(channel.kind);
    lines +=
        fmt::format("• `{}`: {} — {}\n", channel.kind,
                    set == call.settings().channels.end() ? call.text("core.channel.none")
                                                          : "<#" + to_string(set->second) + ">",
                    call.text("channel." + channel.kind));
  });
  call.reply(lines);
}

} // namespace

// -- features -------------------------------------------------------------------------------------

void run_modfeature(const core_call& call) {
  const auto* wanted = call.string_option("feature");
  const auto* enable = call.asked().option<bool>("enable");
  const auto& features = call.env().features;
  const auto entry = std::find_if(features.begin(), features.end(),
                                  [&](const auto& each) { return wanted && each.name == *wanted; });
  if (!wanted || !enable || entry == features.end())
    return call.reply_key("core.feature.unknown", {{"feature", shown(wanted ? *wanted : "")},
                                                   {"features", feature_list(call)}});
  const auto title = feature_title(call, *entry);
  if (call.feature_on(*entry) == *enable)
    return call.reply_key(*enable ? "core.feature.was_on" : "core.feature.was_off",
                          {{"feature", title}});
  call.set_option("feature." + entry->name, *enable ? "on" : "off",
                  fmt::format("modfeature {} {}", entry->name, *enable ? "on" : "off"),
                  [call, title, on = *enable] {
                    call.reply_key(on ? "core.feature.on" : "core.feature.off",
                                   {{"feature", title}, {"help", call.mention("help")}});
                  });
}

void complete_modfeature(const core_call& call) {
  auto choices = std::vector<completion>{};
  for (const auto& entry : call.env().features) {
    const auto state =
        call.text(call.feature_on(entry) ? "core.feature.state_on" : "core.feature.state_off");
    auto name = fmt::format("{} — {} ({})", entry.name, feature_title(call, entry), state);
    if (name.find(call.typed()) != std::string::npos)
      choices.push_back({std::move(name), entry.name});
  }
  call.complete(choices);
}

// -- language, zone -------------------------------------------------------------------------------

void run_modlanguage(const core_call& call) {
  const auto* language = call.string_option("language");
  const auto known = call.env().texts->languages();
  if (!language || std::find(known.begin(), known.end(), *language) == known.end())
    return call.reply_key("core.language.unknown",
                          {{"language", shown(language ? *language : "")}});
  call.set_option("language", *language, "modlanguage " + *language, [call] {
    // Said in the language that was chosen, and for everybody's sake in the asker's own as well.
    const auto said = call.public_text("core.language.set");
    const auto own = call.text("core.language.set_own");
    const auto same = call.env().texts->language_of(call.locale()) ==
                      call.env().texts->language_of(*call.string_option("language"));
    call.reply(same ? said : said + "\n" + own);
  });
}

void run_modtimezone(const core_call& call) {
  const auto* typed = call.string_option("zone");
  if (const auto zone = zone_meant(call, typed ? *typed : std::string{}))
    call.set_option("zone", *zone, "modtimezone " + *zone, [call, zone = *zone] {
      const auto there = to_local(zone, call.now());
      const auto clock = fmt::format("{:02}:{:02}", there.minute / 60, there.minute % 60);
      call.reply_key("core.zone.set", {{"zone", zone}, {"time", clock}});
    });
}

// -- channels -------------------------------------------------------------------------------------

void run_modchannel(const core_call& call) {
  const auto& branch = call.asked().subcommand;
  if (branch == "see")
    return see_kinds(call);
  const auto* kind = call.string_option("kind");
  const auto* declared = kind ? find_kind(call, *kind) : nullptr;
  if (!declared)
    return call.reply_key("core.channel.unknown_kind",
                          {{"kind", shown(kind ? *kind : "")}, {"kinds", kind_list(call)}});
  return branch == "clear" ? clear_kind(call, *declared) : set_kind(call, *declared);
}

void complete_modchannel(const core_call& call) {
  auto choices = std::vector<completion>{};
  each_channel_kind(call, [&](const channel_declaration& channel) {
    auto name = channel.kind + " — " + call.text("channel." + channel.kind);
    if (name.find(call.typed()) != std::string::npos)
      choices.push_back({std::move(name), channel.kind});
  });
  call.complete(choices);
}

// -- cache ----------------------------------------------------------------------------------------

void run_modresetcache(const core_call& call) {
  // Writing when it was done has it audited and brings the whole back as the database has it.
  call.forget_commands();
  call.set_option("core.reset_ms", std::to_string(call.now().ms), "modresetcache",
                  [call] { call.reply_key("core.reset"); });
}

} // namespace hearth
