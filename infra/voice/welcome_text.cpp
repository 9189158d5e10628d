#include "infra/voice/welcome_text.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/word_text.hpp"
#include <algorithm>

namespace hearth {

namespace {

std::string spoken(const welcomed& who) { return who.named ? who.spoken : std::string{}; }
std::string shown(const welcomed& who) {
  return who.named ? escape_markdown(who.shown) : std::string{};
}

/// "Ada, Bob and 2 others". Who is not named is counted.
template <class Call>
std::string list_of(const words& say, const std::vector<welcomed>& who, const Call& call) {
  auto names = std::vector<std::string>{};
  for (const auto& each : who)
    if (auto name = call(each); !name.empty() && names.size() < welcome_names_max)
      names.push_back(std::move(name));
  const auto others = who.size() - names.size();
  auto last = std::string{};
  if (others > 0) {
    last =
        say(names.empty() ? "voice.welcome.somebody" : "voice.welcome.others", {{"count", others}});
  } else {
    last = names.back();
    names.pop_back();
  }
  if (names.empty())
    return last;
  auto list = std::string{};
  for (const auto& name : names)
    list += (list.empty() ? "" : ", ") + name;
  return say("voice.welcome.list", {{"names", list}, {"last", last}});
}

template <class Call>
std::string whole(const words& say, const welcome_facts& facts, const Call& call) {
  const auto self = call(facts.self);
  auto text =
      self.empty() ? say("voice.welcome.hello_you") : say("voice.welcome.hello", {{"name", self}});
  if (!facts.now.empty())
    text += " " + say("voice.welcome.now",
                      {{"names", list_of(say, facts.now, call)}, {"count", facts.now.size()}});
  if (!facts.next.empty() && facts.next_hour)
    text += " " + say("voice.welcome.next", {{"names", list_of(say, facts.next, call)},
                                             {"hour", hour_label(say, *facts.next_hour)}});
  if (facts.now.empty() && facts.next.empty())
    text += " " + say("voice.welcome.nobody") + " " + say(facts.hint);
  return text;
}

} // namespace

welcome_slots welcome_slots_at(const evening_rules& rules, instant now) {
  auto slots = welcome_slots{};
  slots.now = slot_at(rules, now);
  if (const auto next = slot_after(rules, now); next && next->from.ms - now.ms <= welcome_ahead_ms)
    slots.next = next;
  return slots;
}

welcomed called(const std::string& display_name, const spoken_name* said) {
  auto who = welcomed{};
  who.shown = display_name;
  const auto& aloud = said && !said->name.empty() ? said->name : display_name;
  who.spoken = speakable(aloud, static_cast<size_t>(spoken_name_max));
  who.named = !said || said->named;
  return who;
}

std::vector<known_member> scheduled_in(const evening_record& record, const evening_slot& slot,
                                       user_id self) {
  auto found = std::vector<known_member>{};
  for (const auto& given : record.votes) {
    if (given.hour != slot.hour || given.user == self)
      continue;
    const auto known = record.members.find(given.user);
    found.push_back(known == record.members.end() ? known_member{given.user, {}, {}}
                                                  : known->second);
  }
  return found;
}

std::string welcome_speech(const words& say, const welcome_facts& facts) {
  auto text = whole(say, facts, spoken);
  if (text.size() > speech_bytes_max) { // many long names: they are counted instead
    auto counted = facts;
    for (auto* list : {&counted.now, &counted.next})
      for (auto& who : *list)
        who.named = false;
    text = whole(say, counted, spoken);
  }
  return text;
}

std::string welcome_message(const words& say, const welcome_facts& facts) {
  return whole(say, facts, shown);
}

} // namespace hearth
