// Times as people read them, in the viewer's own zone and language; <t:SEC:STYLE> (discord-api 5,
// markup).
import { el } from './dom.js';
import { now, store } from './store.js';

const STYLES = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
  full: { dateStyle: 'full', timeStyle: 'long' },
};
/** Formatters are dear: made once per language. */
const made = new Map();

/** The language of the user's client; the browser's where the world says nonsense. */
function language() {
  try {
    return Intl.getCanonicalLocales(store.users.get(store.me)?.locale)[0];
  } catch {
    return undefined;
  }
}

/** The formatter of a style, or of `relative`, in that language. */
function formatter(style) {
  const locale = language();
  const key = `${locale} ${style}`;
  if (!made.has(key))
    made.set(
      key,
      style === 'relative'
        ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
        : new Intl.DateTimeFormat(locale, STYLES[style]),
    );
  return made.get(key);
}
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
  return formatter('relative').format(Math.round(seconds / size), unit);
}

/** The element for <t:seconds:style>; text of relative ones is kept fresh by `refreshRelative`. */
export function timeElement(seconds, style = 'f') {
  if (!Number.isSafeInteger(seconds) || Math.abs(seconds) > SECONDS_MAX) return null;
  const ms = seconds * 1000;
  const node = el('time', {
    class: 'stamp',
    datetime: new Date(ms).toISOString(),
    title: fullTime(ms),
    tabindex: -1,
  });
  if (style === 'R') {
    node.dataset.relative = ms;
    node.textContent = fromNow(ms);
  } else {
    node.textContent = formatter(style in STYLES ? style : 'f').format(ms);
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
export const dayName = (ms) => formatter('D').format(ms);
export const clockTime = (ms) => formatter('t').format(ms);
export const fullTime = (ms) => formatter('full').format(ms);

/** A message's time: today's by the clock, yesterday's so, older ones with the date. */
export function messageTime(ms) {
  if (sameDay(ms, now())) return clockTime(ms);
  if (sameDay(ms, now() - 86400000)) return `Yesterday at ${clockTime(ms)}`;
  return formatter('s').format(ms);
}
