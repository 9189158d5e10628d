#pragma once
// What both facades do; for the .cpp files of this folder only.
#include "actors/inspect/facade.hpp"
#include <caf/response_promise.hpp>

namespace hearth {

template <class Interface> class facade final : public at_home<typename Interface::base> {
public:
  using behavior_type = typename Interface::behavior_type;

  facade(caf::actor_config& config, const char* name, Interface target, facade_limits limits)
      : at_home<typename Interface::base>(config), name_(name), target_(std::move(target)),
        limits_(limits) {}
  const char* name() const override { return name_; }

protected:
  behavior_type make_behavior() override { return handlers(typename Interface::signatures{}); }
  void on_exit() override { target_ = nullptr; }

private:
  template <class... Clauses> behavior_type handlers(caf::detail::type_list<Clauses...>) {
    return {handler(static_cast<Clauses*>(nullptr))...};
  }
  /// One for each clause of the interface.
  template <class Question, class Answer>
  auto handler(caf::typed_mpi<caf::detail::type_list<Question>, caf::output_tuple<Answer>>*) {
    return [this](const Question& asked) { return forward<Answer>(asked); };
  }
  template <class Answer, class Question> caf::result<Answer> forward(const Question& asked) {
    if (under_way_ >= limits_.under_way_max)
      return make_error(errc::queue_full, "too many questions at once");
    ++under_way_;
    auto promise = this->template make_response_promise<Answer>();
    this->request(target_, limits_.answer_max, asked)
        .then(
            [this, promise](Answer& answer) mutable {
              --under_way_;
              promise.deliver(std::move(answer));
            },
            [this, promise](caf::error& why) mutable {
              --under_way_;
              promise.deliver(for_the_wire(std::move(why)));
            });
    return promise;
  }
  /// Errors of our own may go as they are; CAF's contexts may hold types that do not travel.
  static caf::error for_the_wire(caf::error why) {
    if (why == caf::sec::request_timeout)
      return make_error(errc::deadline, "the daemon did not answer in time");
    if (why.category() == caf::atom("hearth"))
      return why;
    return make_error(errc::stopping, describe(why));
  }

  const char* name_;
  Interface target_;
  facade_limits limits_;
  uint32_t under_way_ = 0;
};

} // namespace hearth
