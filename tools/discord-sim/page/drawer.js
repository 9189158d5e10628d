// The sandbox drawer: what no real Discord has. Time, faults, what the bots did wrong, and what to try.
import { api } from './api.js';
import { el, fill, icon, isolated } from './dom.js';
import { displayName, hereGuild } from './lookup.js';
import { closeDrawers, isOpen } from './layout.js';
import { memory, now, on, setClock, store } from './store.js';
import { complain, toast } from './toasts.js';
import { allZones, fieldMoment, fieldText, nextHour } from './zones.js';

const HOUR = 3600000;
const TICK_MS = 1000;
const POSTING_HOUR = 7;
const TRY = [
  'Be somebody else (top left), also in a second tab.',
  'Open the schedule channel and press the hours you want to play.',
  'Type / in the message box and run a command; /addschedule asks with select menus.',
  'Join a voice channel and see yourself appear in the current hour.',
  'Move time to the next 07:00: the new evening is posted.',
  'Drop the socket or restart the bot, then press an old button: it still works.',
];

let clockText;
let bots;
let counts;
let zone = memory.get('zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

export function installDrawer(root) {
  clockText = el('output', { class: 'sandbox-clock', id: 'sandbox-clock' });
  bots = el('ul', { class: 'plain', id: 'bots' });
  counts = el('div', { id: 'violations' });
  fill(root, el('header', { class: 'drawer-head' }, el('h2', {}, 'Sandbox'),
    el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close the sandbox drawer', on: { click: closeDrawers } }, icon('close', 20))),
  section('Time', clockText, timeForm()),
  section('Bots', bots),
  section('Faults', el('p', { class: 'muted small' }, 'What happens to bots on a bad day. They should notice nothing a member could see.'), faultButtons()),
  section('Rules broken', counts, el('button', { type: 'button', class: 'button secondary small', on: { click: refresh } }, 'Count again')),
  section('What to try', el('ol', { class: 'try' }, TRY.map((line) => el('li', {}, line)))));
  on('clock', drawClock);
  on('bots world', drawBots);
  on('layout', () => {
    if (!isOpen('drawer')) return;
    drawClock();
    refresh();
  });
  // The clock on the drawer, and "in 3 hours" in messages (app.js), live from the same beat.
  setInterval(() => { if (isOpen('drawer')) drawClock(); }, TICK_MS);
}

const section = (title, ...content) => el('section', { class: 'drawer-section' }, el('h3', {}, title), content);

function drawClock() {
  try {
    clockText.textContent = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium', timeZone: zone }).format(now());
  } catch {
    zone = 'UTC';
  }
}

function timeForm() {
  const zones = el('select', { class: 'field', 'aria-label': 'Time zone', id: 'zone' }, allZones().map((name) => el('option', { value: name, prop: { selected: name === zone } }, name.replaceAll('_', ' '))));
  const field = el('input', { type: 'datetime-local', class: 'field', 'aria-label': 'Set the time to', id: 'set-time' });
  field.value = fieldText(now(), zone);
  zones.addEventListener('change', () => {
    zone = zones.value;
    memory.set('zone', zone);
    field.value = fieldText(now(), zone);
    drawClock();
  });
  const button = (label, change) => el('button', { type: 'button', class: 'button secondary small', on: { click: () => move(change()) } }, label);
  return el('div', { class: 'drawer-grid' },
    button('+1 hour', () => ({ advance_ms: HOUR })),
    button('+1 day', () => ({ advance_ms: 24 * HOUR })),
    button('Next 07:00', () => ({ set_ms: nextHour(now(), POSTING_HOUR, zone) })),
    el('div', { class: 'wide' }, zones),
    el('form', { class: 'wide inline-form', on: {
      submit: (event) => {
        event.preventDefault();
        const ms = fieldMoment(field.value, zone);
        if (ms === null) complain(new Error('Give a date and a time.'));
        else move({ set_ms: ms });
      },
    } }, field, el('button', { type: 'submit', class: 'button secondary small' }, 'Set')));
}

async function move(change) {
  try {
    const answer = await api.time(change);
    setClock(answer.now_ms);
    toast(answer.asked === 0 ? 'Time moved. No bot follows this clock.' : answer.acknowledged ? 'Time moved; the bots followed.' : 'Time moved, but not every bot followed in time.');
  } catch (refusal) {
    complain(refusal);
  }
}

function faultButtons() {
  const button = (label, title, run) => el('button', { type: 'button', class: 'button secondary small', title, on: { click: run } }, label);
  const fault = (what, sentence) => async () => {
    try {
      await api.faults(what);
      toast(sentence);
    } catch (refusal) {
      complain(refusal);
    }
  };
  return el('div', { class: 'drawer-grid' },
    button('Drop the socket', 'Close every gateway connection without a word', fault({ close: { code: null } }, 'The gateway connections were dropped.')),
    button('Reconnect (op 7)', 'Discord asks to reconnect and resume', fault({ op7: true }, 'Asked the bots to reconnect.')),
    button('Invalid session (op 9)', 'The session is over: identify anew', fault({ op9: false }, 'The sessions are over.')),
    button('Events twice', 'The next ten events come twice', fault({ duplicate_events: 10 }, 'The next ten events come twice.')),
    button('Slow by 1 s', 'Answers and events come a second late', fault({ delay: { ms: 1000 } }, 'Everything is a second late now.')),
    button('End all faults', 'Back to a good day', async () => {
      try {
        await api.clearFaults();
        toast('No faults any more.');
      } catch (refusal) {
        complain(refusal);
      }
    }));
}

function drawBots() {
  const list = [...store.bots];
  fill(bots, list.length ? list.map(([id, online]) => el('li', { dataset: { bot: id, online: String(online) } },
    el('span', { class: `dot inline ${online ? 'online' : 'offline'}` }), ' ', isolated(displayName(hereGuild(), id)), el('span', { class: 'muted' }, online ? ' is connected' : ' is not connected')))
    : el('li', { class: 'muted' }, 'No bot is in this world.'));
}

async function refresh() {
  try {
    const answer = await api.violations();
    const kinds = Object.entries(answer.kinds ?? {}).filter(([, count]) => count > 0);
    fill(counts, el('p', { class: answer.total ? 'bad' : 'good', id: 'violation-total' }, answer.total ? `${answer.total} ${answer.total === 1 ? 'violation' : 'violations'} of Discord’s rules` : 'No rule was broken.'),
      kinds.length > 0 && el('ul', { class: 'plain small' }, kinds.map(([kind, count]) => el('li', {}, `${kind.replaceAll('_', ' ')}: ${count}`))));
  } catch (refusal) {
    complain(refusal);
  }
}
