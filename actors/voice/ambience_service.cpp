#include "actors/voice/ambience_service.hpp"
#include "actors/voice/ambience_board.hpp"
#include "actors/voice/ambience_store.hpp"
#include <caf/send.hpp>

namespace hearth {

ambience_parts_ptr ambience_service::spawn(caf::actor_system& system, store_context& store,
                                           ambience_parts parts, current says) {
  store_ = spawn_ambience_store(system, store);
  auto board = board_parts{};
  board.clock = parts.clock;
  board.texts = parts.texts;
  board.time = parts.time;
  board.show = [this](const std::string& text) { show(text); };
  board_ = spawn_ambience_board(system, std::move(board));
  parts.store = store_;
  parts.board = board_;
  parts.idle_minutes = [says] { return static_cast<int>(says()->ambience.idle_minutes); };
  parts.keyword_reactions = [says] { return says()->ambience.keyword_reactions; };
  return std::make_shared<const ambience_parts>(std::move(parts));
}

void ambience_service::follow(const settings& says) const {
  caf::anon_send(board_, set_presence_plan{says.gateway.presence, says.ambience.presence_minutes,
                                           says.guild.language});
}

void ambience_service::lead_to(gateway_shard_actor shard) {
  const auto lock = std::lock_guard{mutex_};
  shard_ = std::move(shard);
}

std::string ambience_service::presence(const settings& says) const {
  const auto lock = std::lock_guard{mutex_};
  return shown_.empty() ? says.gateway.presence : shown_;
}

void ambience_service::show(const std::string& text) {
  const auto lock = std::lock_guard{mutex_};
  shown_ = text;
  if (shard_)
    caf::anon_send(shard_, update_presence{text});
}

void ambience_service::end() {
  lead_to(gateway_shard_actor{});
  store_ = nullptr;
  board_ = nullptr;
}

} // namespace hearth
