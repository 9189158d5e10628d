#include "actors/voice/ambience_store.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/voice/ambience_db.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {

namespace {

class ambience_store final : public on_store<instrumented<ambience_store_actor::base>> {
public:
  using on_store<instrumented<ambience_store_actor::base>>::on_store;
  const char* name() const override { return "ambience_store"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const load_player& asked) {
          return read<ambience_player>([&](sqlite_db& db) { return player_in(db, asked.guild); });
        },
        [this](const change_player& asked) {
          return write<player_changed>([&](sqlite_db& db) { return change_player_in(db, asked); });
        },
        [this](const commit_listening& asked) {
          return write<noted>([&](sqlite_db& db) {
            commit_listening_in(db, asked);
            return noted{};
          });
        },
        [this](const load_top& asked) {
          return read<listening_top>([&](sqlite_db& db) { return top_in(db, asked); });
        },
        [this](const claim_welcome& asked) {
          return write<claimed>([&](sqlite_db& db) { return claim_welcome_in(db, asked); });
        },
        [this](const find_spoken_names& asked) {
          return read<spoken_names_found>(
              [&](sqlite_db& db) { return spoken_names_in(db, asked); });
        },
        [this](const set_spoken_name& asked) {
          return write<noted>([&](sqlite_db& db) {
            set_spoken_name_in(db, asked);
            return noted{};
          });
        },
    };
  }
};

} // namespace

ambience_store_actor spawn_ambience_store(caf::actor_system& system, store_context& store) {
  return system.spawn<ambience_store>(store);
}

} // namespace hearth
