#include "infra/gateway/session_file.hpp"
#include "infra/gateway/guild_cache.hpp"
#include <charconv>
#include <nlohmann/json.hpp>

namespace hearth {
namespace {

using nlohmann::json;

constexpr int version = 1;
constexpr int64_t day_ms = 24 * 3'600'000;

template <class T> T field(const json& head, const char* name, T otherwise) {
  const auto found = head.find(name);
  if (found == head.end())
    return otherwise;
  if constexpr (std::is_same_v<T, std::string>)
    return found->is_string() ? found->template get<std::string>() : otherwise;
  else
    return found->is_number_integer() ? found->template get<T>() : otherwise;
}

template <class Id> Id id_field(const json& head, const char* name) {
  return parse_id<Id>(field(head, name, std::string{})).value_or(Id{});
}

std::optional<saved_session> decode_head(std::string_view line) {
  const auto head = json::parse(line, nullptr, false);
  if (!head.is_object() || field(head, "version", 0) != version)
    return std::nullopt;
  auto session = saved_session{};
  session.place = {field(head, "api", std::string{}), field(head, "shard", int32_t{-1}),
                   field(head, "shards", int32_t{-1}), field(head, "intents", uint32_t{0})};
  session.point = {field(head, "session_id", std::string{}),
                   field(head, "resume_url", std::string{}), field(head, "seq", int64_t{-1})};
  session.user = id_field<user_id>(head, "user");
  session.user_name = field(head, "user_name", std::string{});
  session.application = id_field<application_id>(head, "application");
  if (const auto list = head.find("unavailable"); list != head.end() && list->is_array())
    for (const auto& item : *list)
      if (const auto id = item.is_string() ? parse_id<guild_id>(item.get_ref<const std::string&>())
                                           : std::nullopt)
        session.unavailable.push_back(*id);
  if (!session.point.usable() || !session.user)
    return std::nullopt;
  return session;
}

/// Takes the next line off `rest`; nothing when no newline ends it.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::string end_line(size_t guilds) { return "end " + std::to_string(guilds); }

} // namespace

std::string encode_session(const saved_session& session,
                           const std::vector<guild_snapshot_ptr>& guilds) {
  auto unavailable = json::array();
  for (const auto guild : session.unavailable)
    unavailable.push_back(to_string(guild));
  const auto head = json{{"version", version},
                         {"api", session.place.api},
                         {"shard", session.place.shard},
                         {"shards", session.place.shards},
                         {"intents", session.place.intents},
                         {"session_id", session.point.session_id},
                         {"resume_url", session.point.resume_url},
                         {"seq", session.point.seq},
                         {"user", to_string(session.user)},
                         {"user_name", session.user_name},
                         {"application", to_string(session.application)},
                         {"unavailable", std::move(unavailable)}};
  auto text = head.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  for (const auto& guild : guilds)
    text.append(encode_guild(*guild)).append("\n");
  return text.append(end_line(guilds.size())).append("\n");
}

std::optional<saved_session> decode_session(padded_text text) {
  auto rest = text.view();
  const auto head = take_line(rest);
  auto session = head ? decode_head(*head) : std::nullopt;
  if (!session)
    return std::nullopt;
  auto decoder = event_decoder{};
  for (;;) {
    const auto line = take_line(rest);
    if (!line)
      return std::nullopt;
    if (line->substr(0, 4) == "end ") {
      if (*line != end_line(session->guilds.size()) || !rest.empty())
        return std::nullopt;
      return session;
    }
    // What follows a line in the file serves as its padding.
    auto& guild = session->guilds.emplace_back();
    if (!decoder.read_guild({line->data(), line->size()}, guild, session->user))
      return std::nullopt;
  }
}

std::string encode_identifies(const std::vector<int64_t>& times_ms, int64_t now_ms) {
  auto text = std::string{};
  for (const auto time : times_ms)
    if (time > now_ms - day_ms)
      text += std::to_string(time) + "\n";
  return text;
}

std::vector<int64_t> decode_identifies(std::string_view text, int64_t now_ms) {
  auto ages = std::vector<int64_t>{};
  while (const auto line = take_line(text)) {
    auto time = int64_t{0};
    const auto* end = line->data() + line->size();
    const auto [stop, error] = std::from_chars(line->data(), end, time);
    if (error == std::errc{} && stop == end && time <= now_ms && time > now_ms - day_ms)
      ages.push_back(now_ms - time);
  }
  return ages;
}

} // namespace hearth
