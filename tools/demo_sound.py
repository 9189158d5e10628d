"""What a recording sounds like: enough to tell a voice from rain."""
import array
import math
import wave

STRETCH = 960  # samples: 20 ms


def portrait(path):
    """Of what is heard in a stereo WAV: seconds, pauses (share of stretches 20 dB below the loudest tenth: between
    words), roughness (power of the differences of neighbouring samples by power: 2 for white noise, near 0 for a hum)."""
    with wave.open(str(path)) as file:
        left = array.array("h", file.readframes(file.getnframes()))[::2]
    levels = [math.sqrt(sum(x * x for x in left[at:at + STRETCH]) / STRETCH) / 32768
              for at in range(0, len(left) - STRETCH + 1, STRETCH)]
    audible = [index for index, level in enumerate(levels) if level > 0.003]
    if not audible:
        return {"seconds": 0.0, "pauses": 0.0, "roughness": 0.0}
    heard = left[audible[0] * STRETCH:(audible[-1] + 1) * STRETCH]
    ordered = sorted(levels[audible[0]:audible[-1] + 1])
    loud = ordered[int(len(ordered) * 0.9)]
    power = sum(x * x for x in heard)
    return {"seconds": len(heard) / 48000,
            "pauses": sum(level < loud / 10 for level in ordered) / len(ordered),
            "roughness": sum((b - a) ** 2 for a, b in zip(heard, heard[1:])) / power}


def is_voice(sound):
    return sound["seconds"] > 2 and sound["pauses"] > 0.1 and sound["roughness"] < 0.08


def is_steady(sound):
    return sound["seconds"] > 2 and sound["pauses"] < 0.02


def is_rain(sound):
    return is_steady(sound) and sound["roughness"] > 0.1
