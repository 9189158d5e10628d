#include "infra/gateway/guild_backlog.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace hearth {
namespace {

using events = std::vector<guild_event>;

template <class Kind> bool is(const guild_event& event) {
  return std::holds_alternative<Kind>(event);
}

template <class Which> size_t drop(events& from, Which which) {
  const auto end = std::remove_if(from.begin(), from.end(), which);
  const auto count = static_cast<size_t>(std::distance(end, from.end()));
  from.erase(end, from.end());
  return count;
}

bool is_claimed(const guild_event& event) {
  const auto* asked = std::get_if<interaction_ptr>(&event);
  return asked && (*asked)->taken && (*asked)->taken->load();
}

/// Whether it tells what a later picture or change of the guild tells as well.
bool is_overtaken(const guild_event& event, bool by_picture) {
  return is<guild_changed>(event) ||
         (by_picture && (is<voice_changed>(event) || is<guild_unavailable>(event)));
}

/// The newest picture holds all changes before it; a newer change holds an older one, but not
/// voice.
size_t merge_pictures(events& waiting) {
  auto kept = events{};
  auto later_change = false, later_picture = false;
  for (auto event = waiting.rbegin(); event != waiting.rend(); ++event) {
    if ((later_picture || later_change) && is_overtaken(*event, later_picture))
      continue;
    const auto picture = is<guild_available>(*event);
    if (picture && later_picture)
      continue;
    later_change |= is<guild_changed>(*event);
    later_picture |= picture;
    if (is<guild_removed>(*event)) // what comes before it belongs to another time
      later_change = later_picture = false;
    kept.push_back(std::move(*event));
  }
  const auto merged = waiting.size() - kept.size();
  std::reverse(kept.begin(), kept.end());
  waiting = std::move(kept);
  return merged;
}

/// One member's moves become one, at the place of the last.
size_t merge_voice(events& waiting) {
  auto first = std::map<user_id, channel_id>{}; // where they came from
  auto last = std::map<user_id, size_t>{};
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (const auto* moved = std::get_if<voice_changed>(&waiting[i])) {
      first.try_emplace(moved->member.user, moved->from);
      last[moved->member.user] = i;
    } else if (is<guild_available>(waiting[i]) || is<guild_removed>(waiting[i])) {
      return 0; // a picture in between says where everybody was then
    }
  }
  auto at = size_t{0};
  return drop(waiting, [&](guild_event& event) {
    const auto i = at++;
    auto* moved = std::get_if<voice_changed>(&event);
    if (!moved)
      return false;
    if (last.at(moved->member.user) != i)
      return true;
    moved->from = first.at(moved->member.user);
    return moved->from == moved->to; // back where it began
  });
}

/// All but interactions and the last word about the guild's being there.
size_t give_way(events& waiting) {
  const auto is_word = [](const guild_event& event) {
    return is<guild_available>(event) || is<guild_removed>(event);
  };
  const auto word = std::find_if(waiting.rbegin(), waiting.rend(), is_word);
  auto kept = events{};
  if (word != waiting.rend())
    kept.push_back(*word);
  for (auto& event : waiting)
    if (is<interaction_ptr>(event))
      kept.push_back(std::move(event));
  const auto gone = waiting.size() - kept.size();
  waiting = std::move(kept);
  return gone;
}

} // namespace

backlog_cut cut_backlog(events& waiting, size_t bound) {
  bound = std::max<size_t>(bound, 1);
  auto cut = backlog_cut{};
  drop(waiting, is_claimed);
  const auto too_many = [&] { return waiting.size() > bound; };
  if (too_many())
    cut.dropped += drop(waiting, is<legacy_command>);
  if (too_many())
    cut.dropped += drop(waiting, is<message_deleted>);
  if (too_many())
    cut.merged += merge_pictures(waiting);
  if (too_many())
    cut.merged += merge_voice(waiting);
  if (too_many()) {
    cut.merged += give_way(waiting);
    cut.picture = true;
  }
  while (too_many() && is<interaction_ptr>(waiting.back())) {
    cut.refused.push_back(std::get<interaction_ptr>(waiting.back()));
    waiting.pop_back();
  }
  return cut;
}

size_t cut_news(member_news& news, size_t room) {
  const auto before = news.size();
  const auto shorten = [&](auto& facts) {
    const auto over = news.size() > room ? std::min(news.size() - room, facts.size()) : 0;
    facts.erase(facts.begin(), facts.begin() + static_cast<std::ptrdiff_t>(over));
  };
  shorten(news.presences);
  shorten(news.reactions);
  shorten(news.messages);
  return before - news.size();
}

} // namespace hearth
