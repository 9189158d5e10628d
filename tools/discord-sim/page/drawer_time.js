// The sandbox's clock and the ways to move it, in a zone of the user's choice.
import { api } from './api.js';
import { el, plainButton } from './dom.js';
import { memory, now, on, setClock } from './store.js';
import { complain, toast } from './toasts.js';
import { allZones, fieldMoment, fieldText, isZone, nextHour, ownZone } from './zones.js';

const HOUR = 3600000;
const TICK_MS = 1000;
/** When hearthd posts the evening, unless its guild says otherwise. */
const POSTING_HOUR = 7;

let zone = isZone(memory.get('zone')) ? memory.get('zone') : ownZone();

/** Nodes of the section; `shown()` says whether anybody sees them. */
export function timeSection(shown) {
  const clock = el('output', { class: 'sandbox-clock', id: 'sandbox-clock' });
  const field = el('input', {
    type: 'datetime-local',
    class: 'field',
    'aria-label': 'Set the time to',
    id: 'set-time',
  });
  const options = allZones().map((name) =>
    el('option', { value: name, prop: { selected: name === zone } }, name.replaceAll('_', ' ')),
  );
  const zones = el('select', { class: 'field', 'aria-label': 'Time zone', id: 'zone' }, options);
  const tick = () => {
    const parts = { dateStyle: 'full', timeStyle: 'medium', timeZone: zone };
    clock.textContent = new Intl.DateTimeFormat(undefined, parts).format(now());
  };
  const renew = () => {
    tick();
    if (document.activeElement !== field) field.value = fieldText(now(), zone);
  };
  zones.addEventListener('change', () => {
    zone = zones.value;
    memory.set('zone', zone);
    renew();
  });
  on('clock', renew);
  on('layout', () => shown() && renew());
  setInterval(() => shown() && tick(), TICK_MS);
  renew();
  const submit = (event) => {
    event.preventDefault();
    const ms = fieldMoment(field.value, zone);
    if (ms === null) complain(new Error('Give a date and a time.'));
    else move({ set_ms: ms });
  };
  const set = el('button', { type: 'submit', class: 'button secondary small' }, 'Set');
  return [
    clock,
    el(
      'div',
      { class: 'drawer-grid' },
      plainButton('+1 hour', () => move({ advance_ms: HOUR })),
      plainButton('+1 day', () => move({ advance_ms: 24 * HOUR })),
      plainButton('Next 07:00', () => move({ set_ms: nextHour(now(), POSTING_HOUR, zone) })),
      el('div', { class: 'wide' }, zones),
      el('form', { class: 'wide inline-form', on: { submit } }, field, set),
    ),
  ];
}

async function move(change) {
  try {
    const { now_ms, asked, acknowledged } = await api.time(change);
    setClock(now_ms);
    if (asked === 0) toast('Time moved. No bot follows this clock.');
    else if (acknowledged) toast('Time moved; the bots followed.');
    else toast('Time moved, but not every bot followed in time.');
  } catch (refusal) {
    complain(refusal);
  }
}
