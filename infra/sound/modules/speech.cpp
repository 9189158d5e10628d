// hearth-speech.so: espeak-ng.
#include "infra/sound/modules/speech_module.hpp"
#include <cstdio>
#include <cstring>
#include <espeak-ng/speak_lib.h>

namespace {

struct listener {
  hearth_speech_sink sink = nullptr;
  void* user = nullptr;
};

int take(short* samples, int count, espeak_EVENT* events) {
  const auto* to = static_cast<listener*>(events->user_data);
  return to && samples && count > 0 ? to->sink(to->user, samples, static_cast<size_t>(count)) : 0;
}

uint32_t fail(const char* what, const char* which, char* why, size_t why_size) {
  std::snprintf(why, why_size, "espeak-ng: %s%s", what, which);
  return 0;
}

} // namespace

extern "C" __attribute__((visibility("default"))) uint32_t
hearth_speech(const char* text, const char* voice, int speed, hearth_speech_sink sink, void* user,
              char* why, size_t why_size) {
  static const auto rate =
      espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
  if (rate <= 0)
    return fail("it does not start; is espeak-ng-data installed?", "", why, why_size);
  espeak_SetSynthCallback(take);
  // A voice has a name; a language has several voices, of which the library has a favourite.
  auto by_language = espeak_VOICE{};
  by_language.languages = voice;
  if (espeak_SetVoiceByName(voice) != EE_OK && espeak_SetVoiceByProperties(&by_language) != EE_OK)
    return fail("it has no voice ", voice, why, why_size);
  espeak_SetParameter(espeakRATE, speed, 0);
  auto to = listener{sink, user};
  if (espeak_Synth(text, std::strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr,
                   &to) != EE_OK)
    return fail("it cannot say that", "", why, why_size);
  return static_cast<uint32_t>(rate);
}
