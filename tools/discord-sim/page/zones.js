// Wall-clock times of IANA zones. Pure.

const DAY_MS = 86400000;
const formats = new Map();

function parts(ms, zone) {
  if (!formats.has(zone)) {
    formats.set(
      zone,
      new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      }),
    );
  }
  return Object.fromEntries(
    formats
      .get(zone)
      .formatToParts(ms)
      .filter(({ type }) => type !== 'literal')
      .map(({ type, value }) => [type, Number(value)]),
  );
}

/** What a clock on the wall shows there, as if it were UTC, ms. */
function wall(ms, zone) {
  const p = parts(ms, zone);
  return (
    Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) + (((ms % 1000) + 1000) % 1000)
  );
}

/**
 * The moment at which a wall clock of `zone` shows `shown` (ms as if UTC). Of an hour that exists
 * twice the first; one that does not exist moves forward.
 */
export function momentOf(shown, zone) {
  const before = wall(shown - DAY_MS, zone) - (shown - DAY_MS);
  const after = wall(shown + DAY_MS, zone) - (shown + DAY_MS);
  const right = [shown - before, shown - after].filter((ms) => wall(ms, zone) === shown);
  return right.length ? Math.min(...right) : shown - before;
}

/** The next moment after `ms` at which it is `hour` o'clock in `zone`. */
export function nextHour(ms, hour, zone) {
  const p = parts(ms, zone);
  for (let day = 0; ; day++) {
    const moment = momentOf(Date.UTC(p.year, p.month - 1, p.day + day, hour), zone);
    if (moment > ms) return moment;
  }
}

/** "2026-11-20T07:00" of a moment there, for a field of a form. */
export function fieldText(ms, zone) {
  return new Date(wall(ms, zone)).toISOString().slice(0, 16);
}

/** The moment of such a text; null when it is none. */
export function fieldMoment(text, zone) {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
    ? Date.parse(`${text.slice(0, 16)}:00Z`)
    : NaN;
  return Number.isNaN(shown) ? null : momentOf(shown, zone);
}

/** The browser's own zone. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function isZone(name) {
  try {
    return Boolean(name && new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Names of all zones, the browser's own and UTC first. */
export function allZones() {
  return [...new Set([ownZone(), 'UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])])];
}
