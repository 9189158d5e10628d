#pragma once
// A feature of the test's own: answers as a function says, or fails at everything.
#include "actors/root/guild_env.hpp"
#include "messages/actors.hpp"
#include <atomic>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace test {

/// Runs on the feature's thread; may throw.
using probe_answer = std::function<hearth::interaction_response(const hearth::interaction&)>;

struct probe_counts {
  std::atomic<int> started{0}, asked{0}, told{0};
  /// Set before the start, may be empty: hears who moves in voice. On the feature's thread.
  std::function<void(const hearth::voice_changes&)> heard_voice;
};

class probe final : public hearth::feature_actor::base {
public:
  probe(caf::actor_config& config, probe_answer answer, std::shared_ptr<probe_counts> counts,
        bool throws)
      : hearth::feature_actor::base(config), answer_(std::move(answer)), counts_(std::move(counts)),
        throws_(throws) {
    ++counts_->started;
  }
  const char* name() const override { return "probe"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const hearth::guild_facts&) { told(); },
        [this](const hearth::interaction_ptr& asked) {
          ++counts_->asked;
          return answer_(*asked);
        },
        [this](const hearth::voice_changes& heard) {
          if (counts_->heard_voice)
            counts_->heard_voice(heard);
          told();
        },
        [this](const hearth::member_news_ptr&) { told(); },
        [this](const hearth::message_deleted&) { told(); },
        [this](const hearth::job_due&) {
          told();
          return hearth::job_done{};
        },
        [this](const hearth::woken&) { told(); },
        [this](hearth::stop_feature) {
          quit();
          return hearth::stopped{};
        },
    };
  }

private:
  void told() {
    ++counts_->told;
    if (throws_)
      throw std::runtime_error("the probe throws on every message");
  }

  probe_answer answer_;
  std::shared_ptr<probe_counts> counts_;
  bool throws_;
};

/// To be added to the daemon's features. Its custom_ids begin with "NAME:".
inline hearth::feature_entry probe_entry(const std::string& name, probe_answer answer,
                                         std::shared_ptr<probe_counts> counts,
                                         bool throws = false) {
  auto entry = hearth::feature_entry{};
  entry.name = name;
  entry.spawn = [=](caf::actor_system& system, hearth::guild_id) -> hearth::feature_actor {
    return system.spawn<probe>(answer, counts, throws);
  };
  return entry;
}

} // namespace test
