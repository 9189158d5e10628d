#include "discord-sim/mentions.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace sim {

namespace {

void add_once(std::vector<snowflake>& list, snowflake id) {
  if (std::find(list.begin(), list.end(), id) == list.end())
    list.push_back(id);
}

/// Skips a code span or block that starts at `at`; returns `at` when none starts or none ends.
std::size_t past_code(std::string_view text, std::size_t at) {
  std::size_t ticks = 0;
  while (at + ticks < text.size() && text[at + ticks] == '`')
    ++ticks;
  if (ticks == 0)
    return at;
  const std::string fence(ticks >= 3 ? 3 : ticks, '`');
  const auto end = text.find(fence, at + fence.size());
  return end == std::string_view::npos ? at : end + fence.size();
}

/// Reads a mention that starts with '<' at `at`; returns the position after it, or `at`.
std::size_t read_mention(std::string_view text, std::size_t at, text_mentions& found) {
  auto digits = at + 2;
  if (text.substr(at, 2) != "<@")
    return at;
  const bool role = text.substr(digits, 1) == "&";
  if (role || text.substr(digits, 1) == "!")
    ++digits;
  const auto end = text.find('>', digits);
  if (end == std::string_view::npos)
    return at;
  const auto id = parse_snowflake(text.substr(digits, end - digits));
  if (!id)
    return at;
  add_once(role ? found.roles : found.users, *id);
  return end + 1;
}

/// Reads users or roles of allowed_mentions with their complaints (15.11).
void read_ids(const form_fields& fields, const char* kind, bool parsed, std::set<snowflake>& ids) {
  const auto* list = fields.list(kind, {0, 100, false});
  if (list == nullptr)
    return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto id = snowflake_of((*list)[i]);
    const auto where = fields.at() / kind / i;
    if (!id)
      fields.errors().not_a(where, (*list)[i].dump(), "snowflake");
    else if (!ids.insert(*id).second)
      fields.errors().add(where, "SET_TYPE_ALREADY_CONTAINS_VALUE",
                          "The set already contains this value");
  }
  if (parsed && !list->empty())
    fields.errors().add(
        fields.at(), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        fmt::format("parse:[\"{}\"] and {}: [ids...] are mutually exclusive.", kind, kind));
}

} // namespace

text_mentions find_mentions(std::string_view text) {
  text_mentions found;
  for (std::size_t at = 0; at < text.size();) {
    auto next = at;
    if (text[at] == '`')
      next = past_code(text, at);
    else if (text[at] == '<')
      next = read_mention(text, at, found);
    else if (text.substr(at, 9) == "@everyone" || text.substr(at, 5) == "@here")
      found.everyone = true;
    at = next > at ? next : at + 1;
  }
  return found;
}

allowed_mentions allowed_mentions::users_only() {
  allowed_mentions allowed;
  allowed.roles = false;
  allowed.everyone = false;
  return allowed;
}

allowed_mentions read_allowed_mentions(const form_fields& body, allowed_mentions fallback) {
  const auto* object = body.object("allowed_mentions");
  if (object == nullptr)
    return fallback;
  allowed_mentions allowed;
  allowed.users = allowed.roles = allowed.everyone = false;
  const form_fields fields{*object, body.at() / "allowed_mentions", body.errors()};
  if (const auto* parse = fields.list("parse"); parse != nullptr) {
    for (std::size_t i = 0; i < parse->size(); ++i) {
      const auto& kind = (*parse)[i];
      if (kind == "users")
        allowed.users = true;
      else if (kind == "roles")
        allowed.roles = true;
      else if (kind == "everyone")
        allowed.everyone = true;
      else
        body.errors().add(fields.at() / "parse" / i, "BASE_TYPE_CHOICES",
                          "Value must be one of ('users', 'roles', 'everyone').");
    }
  }
  read_ids(fields, "users", allowed.users, allowed.user_ids);
  read_ids(fields, "roles", allowed.roles, allowed.role_ids);
  allowed.replied_user = fields.boolean("replied_user").value_or(false);
  return allowed;
}

text_mentions allow(const text_mentions& named, const allowed_mentions& allowed) {
  text_mentions left;
  for (const auto id : named.users)
    if (allowed.users || allowed.user_ids.count(id) != 0)
      left.users.push_back(id);
  for (const auto id : named.roles)
    if (allowed.roles || allowed.role_ids.count(id) != 0)
      left.roles.push_back(id);
  left.everyone = named.everyone && allowed.everyone;
  return left;
}

} // namespace sim
