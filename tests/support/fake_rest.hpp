#pragma once
// A rest_client that writes down what it was asked and answers what the test says.
#include "messages/actors.hpp"
#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// What the test sees of it. Shared with the actor; both run on the test's thread.
struct rest_record {
  std::vector<hearth::rest_request> asked; ///< In order of arrival.
  /// What is answered; an error when `fail` is set. By default 200 with a message of a fresh id.
  std::function<hearth::rest_response(const hearth::rest_request&)> answer =
      [this](const hearth::rest_request&) {
        auto made = hearth::rest_response{};
        made.status = 200;
        made.body = R"({"id":")" + std::to_string(9000 + asked.size()) + R"("})";
        return made;
      };
  hearth::errc fail = hearth::errc::none;
  bool hold = false; ///< While on, answers wait for `release_one`.

  /// Requests whose path contains `part`.
  std::vector<hearth::rest_request> to(std::string_view part) const {
    auto found = std::vector<hearth::rest_request>{};
    for (const auto& each : asked)
      if (each.path.find(part) != std::string::npos)
        found.push_back(each);
    return found;
  }
};

/// Tell this to have the answer given that waits longest (an answer must leave from the actor).
using release_one = caf::ok_atom;
using fake_rest_actor = hearth::rest_actor::extend<caf::reacts_to<release_one>>;

class fake_rest final : public fake_rest_actor::base {
public:
  fake_rest(caf::actor_config& config, std::shared_ptr<rest_record> record)
      : fake_rest_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::rest_request& asked) {
          record_->asked.push_back(asked);
          held_.emplace_back(make_response_promise<hearth::rest_response>(), asked);
          const auto promise = held_.back().first;
          if (!record_->hold)
            give();
          return promise;
        },
        [](hearth::get_rest_status) { return hearth::rest_status{}; },
        [](hearth::get_gates) { return hearth::gate_list_ptr{}; },
        [this](release_one) { give(); },
    };
  }

  void on_exit() override {
    held_.clear();
  } // a promise kept by a dead actor keeps who waits for it

private:
  void give() {
    if (held_.empty())
      return;
    auto [promise, asked] = std::move(held_.front());
    held_.pop_front();
    if (record_->fail != hearth::errc::none)
      promise.deliver(hearth::make_error(record_->fail));
    else
      promise.deliver(record_->answer(asked));
  }

  std::shared_ptr<rest_record> record_;
  std::deque<std::pair<caf::typed_response_promise<hearth::rest_response>, hearth::rest_request>>
      held_;
};

} // namespace test
