#pragma once
// Stands for the main system's inspector and steerer behind their facades; counts what reaches it.
#include "actors/inspect/at_home.hpp"
#include "messages/errc.hpp"
#include "messages/inspect_wire.hpp"
#include <atomic>
#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <memory>
#include <vector>

namespace test {

struct inspect_record {
  std::atomic<int> asked{0};
  bool hold = false; ///< Statuses are not answered but kept in `held`.
  std::vector<caf::typed_response_promise<hearth::daemon_status>> held;
};

class fake_inspector final : public hearth::at_home<hearth::inspect_actor::base> {
public:
  fake_inspector(caf::actor_config& config, std::shared_ptr<inspect_record> record)
      : at_home(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::ask_status&) -> caf::result<hearth::daemon_status> {
          ++record_->asked;
          if (record_->hold) {
            auto promise = make_response_promise<hearth::daemon_status>();
            record_->held.push_back(promise);
            return promise;
          }
          auto status = hearth::daemon_status{};
          status.program = "fake";
          return status;
        },
        [this](const hearth::ask_actors&) {
          ++record_->asked;
          return hearth::actor_list{};
        },
        [this](const hearth::ask_gates&) {
          ++record_->asked;
          return hearth::gate_list{};
        },
        [this](const hearth::ask_jobs&) {
          ++record_->asked;
          return hearth::job_list{};
        },
        [this](const hearth::ask_guild& asked) -> caf::result<hearth::guild_view> {
          ++record_->asked;
          return hearth::make_error(hearth::errc::not_found,
                                    "guild " + std::to_string(asked.guild));
        },
        [this](const hearth::ask_events&) {
          ++record_->asked;
          return hearth::event_list{};
        },
        [this](const hearth::ask_log&) -> caf::result<hearth::log_page> {
          ++record_->asked;
          return caf::make_error(caf::sec::unexpected_message);
        },
        [this](const hearth::ask_trace&) {
          ++record_->asked;
          return hearth::trace_page{};
        },
    };
  }

private:
  std::shared_ptr<inspect_record> record_;
};

} // namespace test
