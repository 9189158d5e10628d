#pragma once
// What hearth-media.so gives.
#include <cstddef>

extern "C" {

/// A recording being decoded to 48 kHz, stereo by turns. For one thread at a time.
struct hearth_recording;

struct hearth_media_functions {
  /// Null and why not (at most `why_size` bytes) when it is none that can be decoded.
  hearth_recording* (*open)(const char* file, char* why, size_t why_size);
  /// Up to `count` samples of both ears; fewer: the end, or what follows is broken.
  size_t (*read)(hearth_recording* from, float* out, size_t count);
  /// Back to the beginning; 0: it cannot.
  int (*rewind)(hearth_recording* from);
  /// Loudness of the next so many seconds, by EBU R 128; below -100: silence, or nothing can be
  /// decoded.
  double (*loudness)(hearth_recording* from, double seconds);
  void (*close)(hearth_recording* which);
};
/// What the module's entry, hearth_media, gives.
using hearth_media_function = const hearth_media_functions* (*)();
}
