#pragma once
// Questions to what is kept of jobs: which period of each was done last.
#include "messages/clock.hpp"
#include "messages/errc.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <string>
#include <vector>

namespace hearth {

/// A job of a guild as it is kept.
struct stored_job {
  std::string job;
  instant since;      ///< Planned since then; see job_record.
  std::string period; ///< Newest one done, a local date; empty: none.
};
struct load_jobs {
  guild_id guild;
};
struct stored_jobs {
  std::vector<stored_job> jobs;
};
/// Adds or replaces what is kept of one job.
struct store_job {
  guild_id guild;
  stored_job job;
  instant now;
};
struct job_stored {};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::load_jobs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::stored_jobs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::store_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::job_stored)

namespace hearth {

/// On the store thread; one. Answers after COMMIT. Asked by: domain_clock.
/// @errors store_failed
using clock_store_actor = caf::typed_actor<caf::replies_to<load_jobs>::with<stored_jobs>,
                                           caf::replies_to<store_job>::with<job_stored>>;

} // namespace hearth
