// What is in a recording: levels over time, by band.
import fs from 'node:fs/promises';

export const rate = 48000;

/** Left ear of a WAV of the simulator's recorder, -1..1. */
export async function readWav(file) {
  const wav = await fs.readFile(file);
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.readUInt32LE(24) !== rate) throw new Error(`${file} is no recording`);
  const left = new Float64Array((wav.length - 44) / 4);
  for (let i = 0; i < left.length; i += 1) left[i] = wav.readInt16LE(44 + i * 4) / 32768;
  return left;
}

/** A mono WAV of a sine, `seconds` long. */
export function sineWav(hz, seconds) {
  const count = Math.round(rate * seconds);
  const wav = Buffer.alloc(44 + count * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + count * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(count * 2, 40);
  for (let i = 0; i < count; i += 1) wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / rate)), 44 + i * 2);
  return wav;
}

/** Second-order sections after each other: 24 dB an octave. kind: 'high' or 'low'. */
export function filtered(samples, kind, hz) {
  const w = (2 * Math.PI * hz) / rate;
  let out = samples;
  for (const q of [0.541, 1.307]) { // Butterworth, fourth order
    const alpha = Math.sin(w) / (2 * q);
    const c = Math.cos(w);
    const b1 = kind === 'high' ? -(1 + c) : 1 - c;
    const b0 = kind === 'high' ? (1 + c) / 2 : (1 - c) / 2;
    const [a0, a1, a2] = [1 + alpha, -2 * c, 1 - alpha];
    const next = new Float64Array(out.length);
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let i = 0; i < out.length; i += 1) {
      const x = out[i];
      const y = (b0 * x + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2) / a0;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      next[i] = y;
    }
    out = next;
  }
  return out;
}

/** Root mean square of each stretch of `ms`. */
export function levels(samples, ms) {
  const step = (rate * ms) / 1000;
  const list = [];
  for (let at = 0; at + step <= samples.length; at += step) {
    let power = 0;
    for (let i = at; i < at + step; i += 1) power += samples[i] * samples[i];
    list.push(Math.sqrt(power / step));
  }
  return list;
}

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** From the first to the last stretch of 20 ms in which something is heard; empty when nothing is. */
export function audible(samples, floor = 0.003) {
  const list = levels(samples, 20);
  const first = list.findIndex((level) => level > floor);
  const last = list.findLastIndex((level) => level > floor);
  return first < 0 ? new Float64Array() : samples.slice(first * 960, (last + 1) * 960);
}

/**
 * What tells speech from rain. `seconds`; `high`: share of the power above 12 kHz, where a voice has nothing; `pauses`:
 * share of stretches that are 20 dB below the loudest tenth, between words and syllables; `loud`: level of that tenth.
 */
export function portrait(samples) {
  const heard = audible(samples);
  const list = levels(heard, 20).sort((a, b) => a - b);
  const loud = list[Math.floor(list.length * 0.9)] ?? 0;
  const power = (part) => part.reduce((sum, x) => sum + x * x, 0);
  return {
    seconds: heard.length / rate,
    high: power(filtered(heard, 'high', 12000)) / Math.max(power(heard), 1e-12),
    pauses: list.filter((level) => level < loud / 10).length / Math.max(list.length, 1),
    loud,
  };
}
