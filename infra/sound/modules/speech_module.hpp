#pragma once
// What hearth-speech.so gives.
#include <cstddef>
#include <cstdint>

extern "C" {

/// Takes samples as they come. Other than 0: enough.
using hearth_speech_sink = int (*)(void* user, const int16_t* samples, size_t count);

/// One call at a time. @param voice As espeak-ng names it: "en-gb", "fr". @param speed Words a
/// minute.
/// @param why Where an error's text goes, `why_size` bytes. @return Hz of the samples; 0: it
/// failed.
using hearth_speech_function = uint32_t (*)(const char* text, const char* voice, int speed,
                                            hearth_speech_sink sink, void* user, char* why,
                                            size_t why_size);
}
