// Plays what voices say: each has a queue of stereo samples that starts to sound when a little waits
// in it, so that uneven arrival is not heard. Runs in the browser's audio thread.

const RATE = 48000;
const START = Math.round(RATE * 0.08); // waits before a voice begins
const MOST = Math.round(RATE * 0.6); // more than that is behind the times

class Voice {
  chunks = []; // interleaved
  at = 0; // samples of the first chunk that were played
  waiting = 0; // samples of each channel
  sounding = false;

  take(chunk) {
    this.chunks.push(chunk);
    this.waiting += chunk.length / 2;
    while (this.waiting > MOST) this.drop();
  }

  drop() {
    const [first] = this.chunks;
    this.waiting -= first.length / 2 - this.at;
    this.chunks.shift();
    this.at = 0;
  }

  add(left, right) {
    if (!this.sounding && this.waiting < START) return;
    this.sounding = true;
    for (let i = 0; i < left.length; i += 1) {
      const [first] = this.chunks;
      if (!first) {
        this.sounding = false; // run dry: wait again
        return;
      }
      left[i] += first[2 * this.at];
      right[i] += first[2 * this.at + 1];
      this.at += 1;
      this.waiting -= 1;
      if (2 * this.at >= first.length) {
        this.chunks.shift();
        this.at = 0;
      }
    }
  }
}

class Voices extends AudioWorkletProcessor {
  voices = new Map();

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (!data) return this.voices.clear();
      if (!this.voices.has(data.from)) this.voices.set(data.from, new Voice());
      this.voices.get(data.from).take(data.samples);
    };
  }

  process(inputs, [[left, right]]) {
    for (const voice of this.voices.values()) voice.add(left, right);
    return true;
  }
}

registerProcessor('voices', Voices);
