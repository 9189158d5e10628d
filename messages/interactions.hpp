#pragma once
// Interactions as features see them, and what features answer. Plain data. Source: discord-api 3.
#include "messages/ids.hpp"
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hearth {

/// A member as one event described them; features keep what they need, nothing is looked up later.
struct member_facts {
  user_id user;
  std::string name; ///< Display name: nick, else global name, else user name. Not escaped.
  std::vector<role_id> roles; ///< Without @everyone.
  uint64_t permissions = 0;   ///< In the interaction's channel; 0 where Discord does not send it.
  bool bot = false;
  bool operator==(const member_facts&) const = default;
};

enum class interaction_kind : uint8_t {
  command = 2,
  component = 3,
  autocomplete = 4,
  modal_submit = 5
};

/// Value of a slash command option; ids of users, channels and roles arrive as uint64_t.
using option_value = std::variant<std::string, int64_t, double, bool, uint64_t>;
struct option_input {
  std::string name;
  option_value value;
  bool focused = false; ///< The one being typed (autocomplete).
};
/// A channel that an option or a select named.
struct resolved_channel {
  std::string name;
  uint8_t kind = 0;
  uint64_t permissions = 0, app_permissions = 0;
};

/// One INTERACTION_CREATE, of any transport.
struct interaction {
  interaction_id id;
  std::string token; ///< Secret: never logged.
  interaction_kind kind = interaction_kind::command;
  application_id application;
  guild_id guild; ///< 0 in direct messages.
  channel_id channel;
  member_facts member;
  std::string locale; ///< The member's, such as "fr" or "en-GB".
  std::string guild_locale;
  uint64_t app_permissions = 0; ///< The bot's, in this channel.
  int64_t received_ms = 0;      ///< Steady clock, milliseconds: when the socket gave it to us.
  /// Set by whoever takes it upon himself to answer; see claim(). Null: nobody competes.
  std::shared_ptr<std::atomic<bool>> taken;

  std::string command;      ///< command, autocomplete: its name.
  uint8_t command_type = 1; ///< 1 slash, 2 user menu, 3 message menu.
  std::string subcommand;   ///< "group sub", "sub" or empty.
  std::vector<option_input> options;
  uint64_t target = 0; ///< Context menus.

  std::string custom_id; ///< component, modal_submit.
  uint8_t component_type = 0;
  std::vector<std::string> values; ///< Selects.
  std::map<std::string, std::string>
      fields;         ///< modal_submit: custom_id -> value (selects joined by ',').
  message_id message; ///< component: the message it sits on.
  bool message_ephemeral = false;

  std::map<user_id, member_facts> users; ///< Resolved; roles empty where Discord sent no member.
  std::map<channel_id, resolved_channel> channels;
  std::map<role_id, std::string> roles;

  /// The option of that name and type, or nullptr.
  template <class T> const T* option(std::string_view wanted) const {
    for (const auto& given : options)
      if (given.name == wanted)
        return std::get_if<T>(&given.value);
    return nullptr;
  }
};
using interaction_ptr = std::shared_ptr<const interaction>;

/// Makes the caller the one who answers it; false when somebody else already is: the guild, or the
/// transport that waited too long for the guild. Any thread.
inline bool claim(const interaction& asked) noexcept {
  return !asked.taken || !asked.taken->exchange(true);
}

/// A feature's one answer to one interaction, given after what it promises is on disk.
struct interaction_response {
  /// Callback types of discord-api 3.3 (5 is not here: the desk defers by itself when time runs
  /// out).
  enum class kind : uint8_t {
    message = 4,
    deferred_update = 6,
    update = 7,
    choices = 8,
    modal = 9
  };
  kind type = kind::message;
  bool ephemeral = false; ///< message only.
  std::string
      data; ///< JSON object: the callback's `data`, without flag 64. Empty for deferred_update.
};

} // namespace hearth
