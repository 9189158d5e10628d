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

namespace hearth::test {

/// What the test sees of it. Shared with the actor; both run on the test's thread.
struct rest_record {
  std::vector<rest_request> asked; ///< In order of arrival.
  /// What is answered; an error when `fail` is set. By default 200 with a message of a fresh id.
  std::function<rest_response(const rest_request&)> answer = [this](const rest_request&) {
    auto made = rest_response{};
    made.status = 200;
    made.body = R"({"id":")" + std::to_string(9000 + asked.size()) + R"("})";
    return made;
  };
  errc fail = errc::none;
  bool hold = false; ///< While on, answers wait for `release`.
  std::deque<std::function<void()>> held;

  /// Gives the answer that waits longest. Run the system afterwards.
  void release() {
    const auto next = std::move(held.front());
    held.pop_front();
    next();
  }
  /// Requests whose path contains `part`.
  std::vector<rest_request> to(std::string_view part) const {
    auto found = std::vector<rest_request>{};
    for (const auto& each : asked)
      if (each.path.find(part) != std::string::npos)
        found.push_back(each);
    return found;
  }
};

class fake_rest final : public rest_actor::base {
public:
  fake_rest(caf::actor_config& config, std::shared_ptr<rest_record> record)
      : rest_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const rest_request& asked) {
          record_->asked.push_back(asked);
          auto promise = make_response_promise<rest_response>();
          const auto give = [record = record_, promise, asked]() mutable {
            if (record->fail != errc::none)
              promise.deliver(make_error(record->fail));
            else
              promise.deliver(record->answer(asked));
          };
          if (record_->hold)
            record_->held.emplace_back(give);
          else
            std::function<void()>{give}();
          return promise;
        },
        [](get_rest_status) { return rest_status{}; },
    };
  }
  void on_exit() override { record_->held.clear(); } // they hold handles to the askers

private:
  std::shared_ptr<rest_record> record_;
};

} // namespace hearth::test
