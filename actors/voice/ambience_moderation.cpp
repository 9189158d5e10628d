// What moderators set, how members want to be called, and keyword reactions.
#include "actors/voice/ambience_actor.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/word_text.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {

namespace {

constexpr auto rain_cloud = "%F0%9F%8C%A7%EF%B8%8F"; // U+1F327 U+FE0F, as a path wants it
constexpr int64_t refused_ms = 3'600'000;            // a channel that refuses is tried once an hour
constexpr size_t refused_max = 100;

std::string on_off(bool on) { return on ? "on" : "off"; }

bool enabled(const interaction& asked) {
  const auto* on = asked.option<bool>("enable");
  return !on || *on;
}

std::string joined(const std::vector<std::string>& words) {
  auto list = std::string{};
  for (const auto& word : words)
    list += (list.empty() ? "" : ", ") + word;
  return list;
}

} // namespace

/// One after the other; only the last one carries the interaction, since the others may repeat.
void ambience::set_options(const interaction_ptr& asked,
                           std::vector<std::pair<std::string, std::string>> options,
                           std::function<std::string(const words&)> answer, reply to) {
  const auto [key, value] = options.front();
  options.erase(options.begin());
  auto by = action(*asked, fmt::format("{} {} {}", asked->command, key, value));
  if (!options.empty())
    by.interaction = {};
  change_settings(
      asked, set_guild_option{id_, key, value, std::move(by)}, to,
      [this, asked, options = std::move(options), answer = std::move(answer), to]() mutable {
        if (!options.empty())
          return set_options(asked, std::move(options), std::move(answer), to);
        tell(to, answer(say_to(*asked)));
      });
}

void ambience::run_modambience(const interaction_ptr& asked, reply to) {
  const auto& what = asked->subcommand;
  if (what == "see")
    return tell(to, settings_text(say_to(*asked)));
  if (what == "idle") {
    const auto* minutes = asked->option<int64_t>("minutes");
    const auto count = std::clamp<int64_t>(minutes ? *minutes : 30, 1, idle_minutes_max);
    return set_options(
        asked, {{idle_option, std::to_string(count)}},
        [count](const words& text) {
          return text("voice.idle_set", {{"count", count}});
        },
        to);
  }
  if (what == "status" || what == "listed") {
    const auto on = enabled(*asked);
    const auto* key = what == "status" ? status_option : listed_option;
    return set_options(
        asked, {{key, on_off(on)}},
        [what, on](const words& text) { return text("voice." + what + "_" + on_off(on)); }, to);
  }
  if (what == "keywords") {
    const auto on = enabled(*asked);
    auto options = std::vector<std::pair<std::string, std::string>>{{keywords_option, on_off(on)}};
    if (const auto* typed = asked->option<std::string>("words")) {
      const auto words = keywords_in(*typed);
      if (words.empty())
        return tell(to,
                    say_to(*asked)("voice.keywords_empty", {{"given", escape_markdown(*typed)}}));
      auto list = std::string{};
      for (const auto& word : words)
        list += (list.empty() ? "" : " ") + word;
      options.insert(options.begin(), {keyword_list_option, list});
    }
    return set_options(
        asked, std::move(options),
        [this](const words& text) {
          if (!set_.keywords)
            return text("voice.keywords_off");
          auto answer = text("voice.keywords_on", {{"words", joined(set_.keyword_list)}});
          return parts_->keyword_reactions() ? answer
                                             : answer + "\n" + text("voice.keywords_operator");
        },
        to);
  }
  to.deliver(make_error(errc::not_found, "modambience has no " + what));
}

std::string ambience::settings_text(const words& text) const {
  auto lines = text("voice.see.idle", {{"count", set_.idle_minutes}}) + "\n" +
               (set_.keywords ? text("voice.keywords_on", {{"words", joined(set_.keyword_list)}})
                              : text("voice.keywords_off"));
  if (set_.keywords && !parts_->keyword_reactions())
    lines += " " + text("voice.keywords_operator");
  lines += "\n" + text(set_.status ? "voice.status_on" : "voice.status_off");
  lines += "\n" + text(set_.listed ? "voice.listed_on" : "voice.listed_off");
  return lines;
}

void ambience::run_modenablebotvoice(const interaction_ptr& asked, reply to) {
  const auto on = enabled(*asked);
  set_options(
      asked, {{welcome_option, on_off(on)}},
      [this, on](const words& text) {
        if (!on)
          return text("voice.welcome_off");
        auto list = std::string{};
        for (const auto channel : settings_->voice_channels)
          list += (list.empty() ? "<#" : ", <#") + to_string(channel) + ">";
        return list.empty() ? text("voice.welcome_on_none")
                            : truncate(text("voice.welcome_on", {{"channels", list}}), 2'000);
      },
      to);
}

// -- names ----------------------------------------------------------------------------------------

void ambience::run_setmyspokenname(const interaction_ptr& asked, reply to) {
  const auto* typed = asked->option<std::string>("name");
  const auto* named = asked->option<bool>("named");
  if (typed && !typed->empty() && speakable(*typed, static_cast<size_t>(spoken_name_max)).empty())
    return tell(to, say_to(*asked)("voice.name_empty", {{"given", escape_markdown(*typed)}}));
  ask<spoken_names_found>(
      parts_->store, store_patience, find_spoken_names{id_, {asked->member.user}},
      [this, asked, to, change = typed || named,
       name = typed ? std::optional{speakable(*typed, static_cast<size_t>(spoken_name_max))}
                    : std::nullopt,
       named = named ? std::optional{*named} : std::nullopt](const spoken_names_found& found) {
        auto next =
            found.names.empty() ? spoken_name{asked->member.user, {}, true} : found.names.front();
        if (!change)
          return tell_spoken_name(asked, next, to);
        next.name = name.value_or(next.name);
        next.named = named.value_or(next.named);
        ask<noted>(
            parts_->store, store_patience, set_spoken_name{asked->id, id_, next},
            [this, asked, next, to](noted) { tell_spoken_name(asked, next, to); },
            [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void ambience::tell_spoken_name(const interaction_ptr& asked, const spoken_name& name, reply to) {
  const auto text = say_to(*asked);
  const auto now = !name.named ? text("voice.name_hidden")
                   : name.name.empty()
                       ? text("voice.name_default")
                       : text("voice.name_set", {{"name", escape_markdown(name.name)}});
  tell(to, now + "\n" + text("voice.name_how"));
}

// -- keywords -------------------------------------------------------------------------------------

void ambience::on_news(const member_news& news) {
  if (!settings_ || stopping_ || !set_.keywords || !parts_->keyword_reactions())
    return;
  for (const auto& message : news.messages) {
    if (message.author.bot || !has_keyword(message.text, set_.keyword_list))
      continue;
    const auto refused = no_reactions_.find(message.channel);
    if (refused != no_reactions_.end() && now() < refused->second)
      continue;
    constexpr auto needed = permission_bit::add_reactions | permission_bit::read_message_history;
    if (find_channel(message.channel) && (may_in(message.channel) & needed) != needed)
      continue; // a thread's channel is not known; Discord will say
    if (!reactions_.take(message.channel, now()))
      continue;
    auto asked = rest_request{};
    asked.method = http_method::put;
    asked.path = "/channels/" + to_string(message.channel) + "/messages/" +
                 to_string(message.message) + "/reactions/" + rain_cloud + "/@me";
    ask<rest_response>(
        parts_->rest, rest_patience, std::move(asked),
        [this, channel = message.channel](const rest_response& answer) {
          if (answer.status != 403)
            return;
          if (no_reactions_.size() >= refused_max)
            no_reactions_.clear();
          no_reactions_[channel] = {now().ms + refused_ms};
        },
        [](const caf::error&) {}); // a courtesy: nobody waits for it
  }
}

} // namespace hearth
