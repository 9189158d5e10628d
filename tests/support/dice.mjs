// Deterministic dice for tests that play at random: everything follows from one printed seed.

/** Numbers from 0 up to 1 (mulberry32). */
export function dice(state) {
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  random.pick = (list) => list[Math.floor(random() * list.length)];
  random.below = (count) => Math.floor(random() * count);
  return random;
}

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
