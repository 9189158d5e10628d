// Hearing one's voice channel: the simulator sends what the user's own voice client decrypted and
// decoded, an audio worklet plays it. A browser lets sound begin only after a press or a key.
import { on, memory, store } from './store.js';

const RATE = 48000;
const RETRY_MS = 1000;

let context = null;
let voices = null; // the worklet
let volume = null; // a gain
let analyser = null;
let socket = null;
let wanted = null; // user whose channel is to be heard
let level = memory.get('volume', 100);
let muted = memory.get('muted', false);
const listeners = new Set();

const tell = () => listeners.forEach((listener) => listener());

/** Calls `listener` when what `sound` says has changed. */
export function onSound(listener) {
  listeners.add(listener);
}

export const sound = {
  /** False while the browser wants a press first. */
  get allowed() {
    return context?.state === 'running';
  },
  get volume() {
    return level;
  },
  get muted() {
    return muted;
  },
  /** Loudness of what plays right now, 0 to 1. */
  loudness() {
    if (!analyser) return 0;
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  },
  setVolume(percent) {
    level = percent;
    memory.set('volume', level);
    apply();
  },
  setMuted(on_) {
    muted = on_;
    memory.set('muted', muted);
    apply();
    tell();
  },
};

function apply() {
  // What the ear takes for half as loud is about a quarter of the amplitude.
  volume?.gain.setTargetAtTime(muted ? 0 : (level / 100) ** 2, context.currentTime, 0.01);
}

/** To be called from within a press: builds the graph, or wakes it. */
export async function allowSound() {
  if (!globalThis.AudioWorkletNode) return;
  if (!context) {
    context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' });
    context.addEventListener('statechange', tell);
    await context.audioWorklet.addModule('listen_worklet.js');
    voices = new AudioWorkletNode(context, 'voices', {
      numberOfInputs: 0,
      outputChannelCount: [2],
    });
    volume = context.createGain();
    analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    voices.connect(volume).connect(analyser).connect(context.destination);
    apply();
  }
  await context.resume();
  tell();
}

function play(bytes) {
  if (!voices || context.state !== 'running') return;
  const from = new DataView(bytes).getBigUint64(0);
  const pcm = new Int16Array(bytes, 12);
  const samples = Float32Array.from(pcm, (value) => value / 32768);
  voices.port.postMessage({ from: String(from), samples }, [samples.buffer]);
}

function open() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const mine = new WebSocket(`${scheme}://${location.host}/sim/voice/listen?as=${wanted}`);
  mine.binaryType = 'arraybuffer';
  mine.addEventListener('message', ({ data }) => {
    if (mine === socket && data instanceof ArrayBuffer && data.byteLength > 12) play(data);
  });
  mine.addEventListener('close', () => {
    if (mine === socket) setTimeout(() => mine === socket && open(), RETRY_MS);
  });
  socket = mine;
}

/** Follows a user's channel, or nobody's (null). */
export function follow(user) {
  if (user === wanted) return;
  wanted = user;
  const old = socket;
  socket = null;
  old?.close();
  voices?.port.postMessage(null);
  if (user) open();
}

on('who', () => {
  if (wanted && wanted !== store.me) follow(null);
});
