// Times as people read them, in the viewer's own zone; <t:SEC:STYLE> (discord-api 5, markup).
import { el } from './dom.js';
import { now } from './store.js';

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const STYLES = {
  t: format({ timeStyle: 'short' }),
  T: format({ timeStyle: 'medium' }),
  d: format({ dateStyle: 'short' }),
  D: format({ dateStyle: 'long' }),
  f: format({ dateStyle: 'long', timeStyle: 'short' }),
  F: format({ dateStyle: 'full', timeStyle: 'short' }),
  s: format({ dateStyle: 'short', timeStyle: 'short' }),
  S: format({ dateStyle: 'short', timeStyle: 'medium' }),
};
const FULL = format({ dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const UNITS = [
  ['year', 31536000],
  ['month', 2592000],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
/** Outside this range a Date is invalid. */
const SECONDS_MAX = 8640000000000;

/** "in 3 hours", "2 days ago". */
function fromNow(ms, at = now()) {
  const seconds = Math.round((ms - at) / 1000);
  // Half a smaller unit short of a whole one already counts as it: 119 minutes and 40 seconds are
  // "2 hours".
  const [unit, size] =
    UNITS.find(([, length], at) => Math.abs(seconds) >= length - (UNITS[at + 1]?.[1] ?? 0) / 2) ??
    UNITS.at(-1);
  return relative.format(Math.round(seconds / size), unit);
}

/** The element for <t:seconds:style>; text of relative ones is kept fresh by `refreshRelative`. */
export function timeElement(seconds, style = 'f') {
  if (!Number.isSafeInteger(seconds) || Math.abs(seconds) > SECONDS_MAX) return null;
  const ms = seconds * 1000;
  const node = el('time', {
    class: 'stamp',
    datetime: new Date(ms).toISOString(),
    title: FULL.format(ms),
    tabindex: -1,
  });
  if (style === 'R') {
    node.dataset.relative = ms;
    node.textContent = fromNow(ms);
  } else {
    node.textContent = (STYLES[style] ?? STYLES.f).format(ms);
  }
  return node;
}

/** Renews "in 3 hours" everywhere: time passed, or was moved. */
export function refreshRelative(root = document) {
  for (const node of root.querySelectorAll('time[data-relative]')) {
    const text = fromNow(Number(node.dataset.relative));
    if (node.textContent !== text) node.textContent = text;
  }
}

const dayOf = (ms) => new Date(ms).toDateString();
export const sameDay = (one, other) => dayOf(one) === dayOf(other);

/** Head of a day in the channel: "20 November 2026". */
export const dayName = (ms) => STYLES.D.format(ms);
export const clockTime = (ms) => STYLES.t.format(ms);
export const fullTime = (ms) => FULL.format(ms);

/** A message's time: today's by the clock, yesterday's so, older ones with the date. */
export function messageTime(ms) {
  if (sameDay(ms, now())) return clockTime(ms);
  if (sameDay(ms, now() - 86400000)) return `Yesterday at ${clockTime(ms)}`;
  return STYLES.s.format(ms);
}
