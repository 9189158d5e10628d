#include "actors/clock/clock_store.hpp"
#include "infra/clock/clock_store_db.hpp"

namespace hearth {

clock_store::behavior_type clock_store::make_behavior() {
  return {
      [this](const load_jobs& q) {
        return read<stored_jobs>([&](sqlite_db& db) { return load_stored_jobs(db, q.guild); });
      },
      [this](const store_job& q) {
        return write<job_stored>([&](sqlite_db& db) {
          keep_job(db, q);
          return job_stored{};
        });
      },
  };
}

} // namespace hearth
