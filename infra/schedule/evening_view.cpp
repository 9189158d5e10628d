#include "infra/schedule/evening_view.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/badge.hpp"
#include "infra/schedule/plan_view.hpp"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using nlohmann::json;

constexpr auto voice_mark = " 🎧";
constexpr auto nobody = "–";
constexpr size_t description_max = 4096;
constexpr size_t field_max = 1024;
constexpr uint32_t colour = 0xE8743B; // embers

/// One member as text, with and without the badge.
struct member_text {
  std::string badge, name;
};
struct slot_text {
  std::string time;
  std::vector<member_text> members;
};

member_text text_of(const evening_record& record, const guild_snapshot& guild, const vote& given) {
  auto text = member_text{};
  const auto found = record.members.find(given.user);
  if (found == record.members.end() || found->second.name.empty()) {
    text.name = "<@" + to_string(given.user) + ">"; // shown as a name, pings nobody in an embed
  } else {
    text.name = escape_markdown(found->second.name);
    text.badge = badge_emoji(guild, found->second.badge);
  }
  if (given.source == vote_source::voice)
    text.name += voice_mark;
  return text;
}

std::vector<member_text> members_of(const evening_record& record, const guild_snapshot& guild,
                                    int hour) {
  auto members = std::vector<member_text>{};
  for (const auto& given : record.votes)
    if (given.hour == hour)
      members.push_back(text_of(record, guild, given));
  return members;
}

/// Up to `names_max` names and how many more there are.
std::string list_of(const std::vector<member_text>& members, bool badges, size_t names_max) {
  if (members.empty())
    return nobody;
  auto text = std::string{};
  const auto shown = std::min(members.size(), names_max);
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0)
      text += ", ";
    if (badges && !members[i].badge.empty())
      text += members[i].badge + " ";
    text += members[i].name;
  }
  if (shown < members.size())
    text += (shown > 0 ? " +" : "+") + std::to_string(members.size() - shown);
  return text;
}

/// Calls `compose(badges, names_max)` with ever less until it fits.
template <class Compose>
std::string fitted(size_t most_names, size_t length_max, const Compose& compose) {
  if (auto text = compose(true, most_names); text_length(text) <= length_max)
    return text;
  auto fits = size_t{0}; // without any name it always does: 20 short lines
  for (auto low = size_t{0}, high = most_names; low <= high;) {
    const auto middle = low + (high - low) / 2;
    if (text_length(compose(false, middle)) <= length_max) {
      fits = middle;
      low = middle + 1;
    } else if (middle == 0) {
      break;
    } else {
      high = middle - 1;
    }
  }
  return compose(false, fits);
}

size_t longest(const std::vector<slot_text>& slots) {
  auto most = size_t{0};
  for (const auto& slot : slots)
    most = std::max(most, slot.members.size());
  return most;
}

json buttons_of(const words& say, evening_day evening, const std::vector<evening_slot>& slots) {
  auto hours = std::vector<json>{};
  for (const auto& slot : slots)
    hours.push_back(
        make_button({vote_custom_id({evening, slot.hour}), hour_label(say, slot.hour)}));
  auto rows = make_rows(hours);
  rows.push_back(
      make_row({make_button({vote_custom_id({evening, maybe_hour}), say("schedule.maybe_button"),
                             button_style::secondary, "🤔"}),
                make_button({plan_custom_id({plan_part::remind, {}}), say("schedule.remind_button"),
                             button_style::secondary, "🔔"})}));
  return rows;
}

std::optional<int> whole_number(std::string_view text) {
  auto value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

/// Calls `fn(custom_id)` for every component of a message, whatever its shape.
template <class Fn> void each_custom_id(const json& part, const Fn& fn) {
  if (part.is_array()) {
    for (const auto& child : part)
      each_custom_id(child, fn);
  } else if (part.is_object()) {
    if (const auto id = part.find("custom_id"); id != part.end() && id->is_string())
      fn(id->get_ref<const std::string&>());
    if (const auto children = part.find("components"); children != part.end())
      each_custom_id(*children, fn);
  }
}

std::optional<message_id> id_in(const json& object) {
  if (!object.is_object())
    return std::nullopt;
  const auto id = object.find("id");
  if (id == object.end() || !id->is_string())
    return std::nullopt;
  return parse_id<message_id>(id->get_ref<const std::string&>());
}

} // namespace

std::string vote_custom_id(vote_button button) {
  return make_custom_id(schedule_area,
                        {"vote", to_text(button.evening),
                         button.hour == maybe_hour ? "maybe" : std::to_string(button.hour)});
}

std::optional<vote_button> parse_vote_button(std::string_view text) {
  const auto id = parse_custom_id(text);
  if (!id || id->area != schedule_area || id->parts.size() != 3 || id->parts[0] != "vote")
    return std::nullopt;
  const auto evening = parse_evening_day(id->parts[1]);
  const auto hour = id->parts[2] == "maybe" ? maybe_hour : whole_number(id->parts[2]).value_or(-2);
  if (!evening || hour < maybe_hour || hour >= 48)
    return std::nullopt;
  return vote_button{*evening, hour};
}

std::string render_evening(const words& say, const evening_record& record,
                           const guild_snapshot& guild, const evening_rules& rules) {
  const auto slots = slots_of(rules, record.evening);
  auto texts = std::vector<slot_text>{};
  auto by_voice = false;
  for (const auto& slot : slots)
    texts.push_back({viewer_time(slot.from), members_of(record, guild, slot.hour)});
  for (const auto& given : record.votes)
    by_voice = by_voice || given.source == vote_source::voice;

  auto spec = embed_spec{};
  spec.title = say("schedule.title");
  spec.color = colour;
  const auto question = say("schedule.question", {{"date", long_date(say, record.evening)}});
  spec.description = fitted(longest(texts), description_max, [&](bool badges, size_t names_max) {
    auto text = question + "\n";
    for (const auto& slot : texts)
      text += "\n" + slot.time + "  " + list_of(slot.members, badges, names_max);
    return text;
  });
  if (const auto maybe = members_of(record, guild, maybe_hour); !maybe.empty())
    spec.fields.push_back({say("schedule.maybe_title"),
                           fitted(maybe.size(), field_max, [&](bool badges, size_t names_max) {
                             return list_of(maybe, badges, names_max);
                           })});
  spec.footer = say("schedule.footer", {{"zone", rules.zone}});
  if (by_voice)
    spec.footer += "\n" + say("schedule.footer_voice");

  return json{{"embeds", json::array({make_embed(spec)})},
              {"components", buttons_of(say, record.evening, slots)},
              {"allowed_mentions", {{"parse", json::array()}}}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<message_id> find_evening_message(std::string_view messages_json, user_id self,
                                               evening_day evening,
                                               const std::vector<shown_message>& known) {
  const auto messages = json::parse(messages_json, nullptr, false);
  if (!messages.is_array())
    return std::nullopt;
  auto newest = std::optional<message_id>{};
  for (const auto& message : messages) {
    const auto id = id_in(message);
    if (!id || !message.contains("author") || !message.contains("components"))
      continue;
    const auto author = id_in(message["author"]);
    if (!author || author->value != self.value)
      continue;
    if (std::any_of(known.begin(), known.end(),
                    [&](const shown_message& one) { return one.message == *id; }))
      continue;
    auto ours = false;
    each_custom_id(message["components"], [&](const std::string& custom_id) {
      const auto button = parse_vote_button(custom_id);
      ours = ours || (button && button->evening == evening);
    });
    if (ours && (!newest || *id > *newest))
      newest = *id;
  }
  return newest;
}

} // namespace hearth
