#include "actors/schedule/schedule_store.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/schedule/evening_db.hpp"
#include "infra/schedule/plan_db.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace hearth {

namespace {

class schedule_store final : public on_store<instrumented<schedule_store_actor::base>> {
public:
  using on_store<instrumented<schedule_store_actor::base>>::on_store;
  const char* name() const override { return "schedule_store"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const load_evening& asked) {
          return read<evening_record_ptr>(
              [&](sqlite_db& db) { return evening_in(db, asked.guild, asked.evening); });
        },
        [this](const toggle_vote& asked) {
          return write<vote_result>([&](sqlite_db& db) { return toggle_in(db, asked); });
        },
        [this](const add_votes& asked) {
          return write<vote_result>([&](sqlite_db& db) { return add_in(db, asked); });
        },
        [this](const begin_post& asked) {
          return write<post_plan>([&](sqlite_db& db) { return begin_post_in(db, asked); });
        },
        [this](const finish_post& asked) {
          return write<evening_record_ptr>(
              [&](sqlite_db& db) { return finish_post_in(db, asked); });
        },
        [this](const abandon_post& asked) {
          return write<noted>([&](sqlite_db& db) { return abandon_post_in(db, asked); });
        },
        [this](const forget_message& asked) {
          return write<noted>([&](sqlite_db& db) { return forget_message_in(db, asked); });
        },
        [this](const apply_plans& asked) {
          return write<vote_result>([&](sqlite_db& db) { return apply_plans_in(db, asked); });
        },
        [this](const undo_apply& asked) {
          return write<vote_result>([&](sqlite_db& db) -> caf::expected<vote_result> {
            if (auto undone = undo_apply_in(db, asked))
              return std::move(*undone);
            return make_error(errc::not_found);
          });
        },
        [this](const load_plan& asked) {
          return read<member_plan>([&](sqlite_db& db) { return plan_in(db, asked); });
        },
        [this](const edit_plan& asked) {
          return write<member_plan>([&](sqlite_db& db) { return edit_plan_in(db, asked); });
        },
        [this](const claim_reminders& asked) {
          return write<reminders_due>([&](sqlite_db& db) { return claim_reminders_in(db, asked); });
        },
        [this](const note_dm& asked) {
          return write<noted>([&](sqlite_db& db) { return note_dm_in(db, asked); });
        },
        [this](const claim_ready& asked) {
          return write<claimed>([&](sqlite_db& db) { return claim_ready_in(db, asked); });
        },
    };
  }
};

} // namespace

schedule_store_actor spawn_schedule_store(caf::actor_system& system, store_context& store) {
  return system.spawn<schedule_store>(store);
}

} // namespace hearth
