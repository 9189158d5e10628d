// Fingerprints are made on a thread of their own, the same for both members, and that thread ends.
#include "actors/root/system_config.hpp"
#include "actors/voice/voice_codes.hpp"
#include "infra/dave/key_package.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/catch.hpp"
#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

using namespace hearth;

TEST_CASE("voice codes: both members see the same 45 digits", "[voice]") {
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto self = caf::scoped_actor{system};
  const auto party = [](uint64_t user) {
    auto key = dave::make_identity_key(dave::openssl_suite(), user_id{user});
    return dave::fingerprint_party{key.user, std::move(key.public_key)};
  };
  const auto ours = party(1), theirs = party(2);
  const auto code_of = [&](const auto& first, const auto& second) {
    auto code = std::string{};
    self->request(
            spawn_voice_codes(system), std::chrono::seconds{20},
            std::make_shared<const std::pair<dave::fingerprint_party, dave::fingerprint_party>>(
                first, second))
        .receive(
            [&](const fingerprint_answer& answer) {
              CHECK(answer.member == second.user);
              code = answer.code;
            },
            [](const caf::error& why) { FAIL_CHECK(describe(why)); });
    return code;
  };
  const auto code = code_of(ours, theirs);
  CHECK(code.size() == 45);
  CHECK(std::all_of(code.begin(), code.end(), [](char ch) { return ch >= '0' && ch <= '9'; }));
  CHECK(code_of(theirs, ours) == code);
  CHECK(code_of(ours, party(2)) != code); // another key
} // the system ends only when all actors have
