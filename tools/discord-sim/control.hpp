#pragma once
// The control interface under /sim: acting as any user, reading state, time, faults, counters.
// Simulator's own extension. Everything is JSON, for this machine only.
#include "discord-sim/activity.hpp"

namespace sim {

/// Thrown by control handlers; answered as {"ok":false,"error":sentence}.
struct control_error {
  int status = 400;
  std::string sentence;
};

/// One POST /sim/act on its way.
struct act_call {
  activity& a;
  const json& body;
  user& who;

  /// Fields of the body; throw control_error when missing or of the wrong kind.
  snowflake id(const char* key) const;
  std::string text(const char* key) const;
  /// Absent = `fallback`.
  std::string text_or(const char* key, std::string fallback) const;
  bool flag(const char* key, bool fallback) const;
  const json& at(const char* key) const;
  bool has(const char* key) const { return body.contains(key) && !body[key].is_null(); }

  /// The channel of channel_id, if the user sees it; else throws 404 or 403.
  channel& where() const;
  /// The message of message_id in it that the user sees (own ephemeral ones too); else throws 404.
  message& seen_message(const channel& in) const;
  /// Throws 403 with the sentence unless the user holds all of `bits` in the channel.
  void require(const channel& in, std::uint64_t bits, const char* sentence) const;
  /// The guild of guild_id, if the user is a member; else throws 404.
  guild& home() const;
};

/// What an act answers: extra keys beside ok, or an interaction to wait for.
struct act_result {
  json fields = json::object();
  snowflake interaction = 0;
};

using act_handler = act_result (*)(const act_call&);

/// The handler of a type, or nullptr. Each group in its own .cpp.
act_handler message_act(std::string_view type);
act_handler interaction_act(std::string_view type);
act_handler member_act(std::string_view type);

/// The act "set_command_permissions".
act_result set_command_permissions(const act_call& act);
/// GET .../commands/permissions: the rules of a guild, of one command or application when `target`
/// is not 0.
json command_permissions_json(world& w, snowflake application, snowflake guild, snowflake target);

/// Files of an act: [{filename, data_base64, content_type?}].
std::vector<upload> read_files(const json& body);

/// True when `who` may use the command in the channel (discord-api 3.4).
bool may_use(core& c, const command& known, const channel& where, snowflake who);

/// GET /sim/endpoints, POST /sim/endpoint and /sim/endpoint/probe. The latter two answer later and
/// throw control_error at once.
json endpoints_json(activity& a);
void set_endpoint(activity& a, const json& body, std::function<void(http_response)> answer);
void probe_endpoint(activity& a, const json& body, std::function<void(http_response)> answer);

/// GET /sim/state without `as`: {now_ms, users}.
json everybody(activity& a);
/// GET /sim/state and /sim/messages.
json state_for(activity& a, snowflake as);
json messages_for(activity& a, snowflake as, const channel& where, std::size_t limit,
                  snowflake before);

} // namespace sim
