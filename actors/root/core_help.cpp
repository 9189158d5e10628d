// /help, /about, /modversion: what there is.
#include "actors/root/core_call.hpp"
#include "infra/root/help_text.hpp"

namespace hearth {
namespace {

help_viewer viewer_of(const core_call& call) {
  auto viewer = help_viewer{};
  viewer.locale = call.locale();
  viewer.member = call.asked().member;
  viewer.facts = call.caller();
  if (call.guild_of())
    for (const auto& entry : call.env().features)
      if (call.feature_on(entry))
        viewer.features.push_back(entry.name);
  viewer.mention = [&call](std::string_view path) { return call.mention(path); };
  return viewer;
}

void reply_page(const core_call& call, const help_page& page) {
  auto embed = embed_spec{};
  embed.title = page.title;
  embed.description = page.text;
  call.reply_data(nlohmann::json{{"embeds", {make_embed(embed)}}});
}

} // namespace

void run_help(const core_call& call) {
  const auto viewer = viewer_of(call);
  const auto* topic = call.string_option("topic");
  if (!topic)
    return reply_page(call, help_overview(all_commands(), viewer, *call.env().texts));
  const auto page = help_topic(all_commands(), viewer, *call.env().texts, *topic);
  if (page.title.empty())
    return call.reply_key("core.help.unknown", {{"topic", truncate(escape_markdown(*topic), 100)},
                                                {"help", call.mention("help")}});
  reply_page(call, page);
}

void complete_help(const core_call& call) {
  auto choices = std::vector<completion>{};
  for (auto& topic : help_topics(all_commands(), viewer_of(call), *call.env().texts, call.typed()))
    choices.push_back({std::move(topic.name), std::move(topic.id)});
  call.complete(choices);
}

void run_about(const core_call& call) {
  auto embed = embed_spec{};
  embed.title = call.text("core.about.title");
  embed.description = call.text("core.about.text", {{"help", call.mention("help")}});
  embed.footer = call.text("core.about.footer", {{"version", call.env().version}});
  call.reply_data(nlohmann::json{{"embeds", {make_embed(embed)}}});
}

void run_modversion(const core_call& call) {
  auto on = std::string{};
  for (const auto& entry : call.env().features)
    if (call.feature_on(entry))
      on += (on.empty() ? "" : ", ") + call.text("feature." + entry.name);
  if (on.empty())
    on = "–";
  call.reply_key("core.version", {{"version", call.env().version}, {"features", on}});
}

} // namespace hearth
