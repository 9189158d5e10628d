// Op 8, request guild members (discord-api 1.10, 15.7).
#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/objects.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t chunk_members_max = 1000;
constexpr std::size_t found_max = 100;
constexpr std::size_t nonce_bytes_max = 32;
// The everyone form: once per guild, bot and 30 s.
constexpr std::chrono::seconds everybody_every{30};

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  return text;
}

struct wanted {
  std::vector<const member*> members;
  json not_found = json::array();
};

wanted by_ids(const guild& g, const json& ids) {
  wanted result;
  const auto list = ids.is_array() ? ids : json::array({ids});
  for (const auto& value : list) {
    if (result.members.size() + result.not_found.size() == found_max)
      break; // at most 100 (the rest is ignored: assumed)
    const auto id = parse_id(value);
    const auto it = id ? g.members.find(*id) : g.members.end();
    if (it != g.members.end())
      result.members.push_back(&it->second);
    else if (id && value.is_string() && value.get_ref<const std::string&>().size() >= 17)
      result.not_found.push_back(value);
    else
      // Malformed ids come back as numbers (0).
      result.not_found.push_back(id ? json(*id) : json(0));
  }
  return result;
}

wanted by_prefix(world& w, const guild& g, const std::string& query, std::size_t limit) {
  wanted result;
  const auto prefix = lower(query);
  for (const auto& [id, m] : g.members) {
    if (result.members.size() == limit)
      break;
    const auto* u = w.find_user(id);
    const auto starts = [&prefix](const std::string& name) {
      return lower(name).compare(0, prefix.size(), prefix) == 0;
    };
    if (u && (starts(u->username) || starts(u->global_name) || starts(m.nick)))
      result.members.push_back(&m);
  }
  return result;
}

} // namespace

void gateway_hub::request_members(gateway_session& session, const json& d) {
  auto& w = core_.world;
  const auto guild_id = d.contains("guild_id") ? parse_id(d["guild_id"]) : std::nullopt;
  const auto* g = guild_id ? w.find_guild(*guild_id) : nullptr;
  // An unknown guild gets no answer (assumed).
  if (!g || g->members.count(session.bot) == 0 || !session.covers(*guild_id))
    return;
  json frame{{"guild_id", id_text(*guild_id)}};
  if (const auto nonce = d.find("nonce");
      nonce != d.end() && nonce->is_string() &&
      nonce->get_ref<const std::string&>().size() <= nonce_bytes_max)
    frame["nonce"] = *nonce;

  wanted found;
  const auto ids = d.find("user_ids");
  const auto query = d.value("query", json(nullptr));
  const auto limit_value = d.value("limit", json(0));
  const auto limit = limit_value.is_number_unsigned() ? limit_value.get<std::size_t>() : 0;
  if (ids != d.end() && !ids->is_null()) {
    found = by_ids(*g, *ids);
  } else if (query == json("") && limit == 0) {
    if ((session.intents & intent::members) == 0)
      return; // needs GUILD_MEMBERS; silence is assumed
    const auto now = steady::now();
    const auto [last, first] = everybody_.try_emplace({session.application, *guild_id}, now);
    if (!first && now < last->second + everybody_every) {
      const auto left = std::chrono::duration<double>(last->second + everybody_every - now);
      deliver(session, "RATE_LIMITED",
              {{"opcode", 8}, {"retry_after", left.count()}, {"meta", frame}});
      return;
    }
    last->second = now;
    for (const auto& [id, m] : g->members)
      found.members.push_back(&m);
  } else if (query.is_string()) {
    found = by_prefix(w, *g, query.get<std::string>(),
                      limit == 0 ? found_max : std::min(limit, found_max));
  } else {
    return; // neither query nor user_ids: silence (assumed)
  }

  const bool presences =
      d.value("presences", json(false)) == json(true) && (session.intents & intent::presences) != 0;
  const auto count =
      std::max<std::size_t>(1, (found.members.size() + chunk_members_max - 1) / chunk_members_max);
  for (std::size_t i = 0; i < count; ++i) {
    auto chunk = frame;
    chunk["chunk_index"] = i;
    chunk["chunk_count"] = count;
    chunk["members"] = json::array();
    if (presences)
      chunk["presences"] = json::array();
    if (!found.not_found.empty())
      chunk["not_found"] = found.not_found;
    const auto end = std::min(found.members.size(), (i + 1) * chunk_members_max);
    for (auto n = i * chunk_members_max; n < end; ++n) {
      const auto& m = *found.members[n];
      chunk["members"].push_back(member_json(w, m));
      if (const auto& p = w.presence_of(m.user); presences && p.status != "offline")
        chunk["presences"].push_back(presence_json(m.user, p));
    }
    deliver(session, "GUILD_MEMBERS_CHUNK", chunk);
  }
}

} // namespace sim
