// Texts of all guilds go to one engine and come back to who asked; its end is the hub's end.
#include "actors/root/system_config.hpp"
#include "actors/voice/voice_speech.hpp"
#include "tests/support/catch.hpp"
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

using namespace hearth;

TEST_CASE(
    "voice speech: a text comes back as sound, a failure as nothing, and it ends with the hub",
    "[voice]") {
  auto config = system_config{};
  auto system = caf::actor_system{config};
  auto good = sound::speech({}), bad = sound::speech([] {
                                   auto options = sound::speech_options{};
                                   options.command = "false";
                                   return options;
                                 }());
  {
    auto self = caf::scoped_actor{system};
    const auto hub =
        system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
    const auto speaks = spawn_voice_speech(system, good), fails = spawn_voice_speech(system, bad);
    const auto said = [&](const voice_speech_actor& by, const std::string& text) {
      auto sound = sound::clip_ptr{};
      self->request(by, std::chrono::seconds{20}, render_speech{text, "fr"})
          .receive([&](const rendered_speech& done) { sound = done.sound; },
                   [](const caf::error& why) { FAIL_CHECK(caf::to_string(why)); });
      return sound;
    };
    CHECK(said(speaks, "Bonsoir"));
    CHECK_FALSE(said(speaks, ""));
    CHECK_FALSE(said(fails, "Bonsoir"));
    for (const auto& one : {speaks, fails}) {
      self->monitor(one);
      caf::anon_send(one, end_with{hub.address()});
    }
    caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
    auto ended = 0;
    for (auto n = 0; n < 2; ++n)
      self->receive([&](const caf::down_msg&) { ++ended; },
                    caf::after(std::chrono::seconds{20}) >> [] {});
    CHECK(ended == 2);
  }
}
