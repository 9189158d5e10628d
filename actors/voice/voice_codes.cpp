#include "actors/voice/voice_codes.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <caf/typed_event_based_actor.hpp>

namespace hearth {
namespace {

class voice_codes final : public instrumented<voice_codes_actor::base> {
public:
  explicit voice_codes(caf::actor_config& config) : instrumented(config) {}
  const char* name() const override { return "voice_codes"; }

protected:
  behavior_type make_behavior() override {
    return {[this](const parties_ptr& parties) {
      const auto code =
          dave::pairwise_fingerprint(dave::openssl_suite(), parties->first, parties->second);
      quit();
      return fingerprint_answer{parties->second.user,
                                dave::displayable_code(code, dave::pairwise_code_digits)};
    }};
  }
};

} // namespace

voice_codes_actor spawn_voice_codes(caf::actor_system& system) {
  return system.spawn<voice_codes, caf::detached>();
}

} // namespace hearth
