#include "actors/people/people_store.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/people/people_db.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {
namespace {

class people_store final : public on_store<instrumented<people_store_actor::base>> {
public:
  using on_store<instrumented<people_store_actor::base>>::on_store;
  const char* name() const override { return "people_store"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const find_people& asked) -> caf::result<people_found> {
          if (asked.users.size() > people_max)
            return make_error(errc::invalid, "find_people: too many");
          return read<people_found>([&](sqlite_db& db) { return people_in(db, asked); });
        },
        [this](const set_zone& asked) {
          return write<person>([&](sqlite_db& db) { return set_zone_in(db, asked); });
        },
        [this](people_seen& seen) {
          write_lazily([seen = std::move(seen)](sqlite_db& db) { keep_people(db, seen); });
        },
    };
  }
};

} // namespace

people_store_actor spawn_people_store(caf::actor_system& system, store_context& store) {
  return system.spawn<people_store>(store);
}

} // namespace hearth
