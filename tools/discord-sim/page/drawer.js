// The sandbox drawer: what no real Discord has. Time, bots, faults, broken rules, and what to try.
import { api } from './api.js';
import { timeSection } from './drawer_time.js';
import { el, fill, iconButton, isolated, plainButton } from './dom.js';
import { displayName, hereGuild } from './lookup.js';
import { closeDrawers, isOpen } from './layout.js';
import { on, store } from './store.js';
import { complain, toast } from './toasts.js';

const TRY = [
  'Be somebody else (top left), also in a second tab.',
  'Open the schedule channel and press the hours you want to play.',
  'Type / in the message box and run a command; /addschedule asks with select menus.',
  'Join the Lounge: you appear in the current hour. Type /rain and hear it; /ambience mix adds fire.',
  'Move time to the next 07:00: the new evening is posted.',
  'Drop the socket or restart the bot, then press an old button: it still works.',
];

/** Label, what it does, body of /sim/faults (null: end all), what is said afterwards. */
const FAULTS = [
  [
    'Drop the socket',
    'Closes every gateway connection without a word',
    { close: { code: null } },
    'The gateway connections were dropped.',
  ],
  [
    'Reconnect (op 7)',
    'Asks the bots to reconnect and resume',
    { op7: true },
    'Asked the bots to reconnect.',
  ],
  [
    'End session (op 9)',
    'The session is over: the bots must identify anew',
    { op9: false },
    'The sessions are over.',
  ],
  [
    'Events twice',
    'The next ten events come twice',
    { duplicate_events: 10 },
    'The next ten events come twice.',
  ],
  [
    'Slow by 1 s',
    'Answers and events come a second late',
    { delay: { ms: 1000 } },
    'Everything is a second late now.',
  ],
  ['End all faults', 'Back to a good day', null, 'No faults any more.'],
];

export function installDrawer(root) {
  const bots = el('ul', { class: 'plain', id: 'bots' });
  const counts = el('div', { id: 'violations' });
  const shown = () => isOpen('drawer');
  const count = () => countViolations(counts);
  const about = 'What happens on a bad day. Members should notice nothing.';
  fill(
    root,
    el(
      'header',
      { class: 'drawer-head' },
      el('h2', {}, 'Sandbox'),
      iconButton('Close the sandbox drawer', 'close', closeDrawers),
    ),
    section('What to try', el('ol', { class: 'try' }, ...TRY.map((line) => el('li', {}, line)))),
    section('Time', timeSection(shown)),
    section('Bots', bots),
    section('Faults', el('p', { class: 'muted small' }, about), faultButtons()),
    section('Rules broken', counts, plainButton('Count again', count)),
  );
  on('bots world', () => drawBots(bots));
  on('layout', () => {
    if (shown()) count();
  });
}

function section(title, ...content) {
  return el('section', { class: 'drawer-section' }, el('h3', {}, title), content);
}

function faultButtons() {
  const inject = async (what, sentence) => {
    try {
      await (what ? api.faults(what) : api.clearFaults());
      toast(sentence);
    } catch (refusal) {
      complain(refusal);
    }
  };
  const buttons = FAULTS.map(([label, title, what, sentence]) =>
    plainButton(label, () => inject(what, sentence), { title }),
  );
  return el('div', { class: 'drawer-grid two' }, buttons);
}

function drawBots(root) {
  const row = ([id, online]) =>
    el(
      'li',
      {},
      el('span', { class: `dot inline ${online ? 'online' : 'offline'}` }),
      ' ',
      isolated(displayName(hereGuild(), id)),
      el('span', { class: 'muted' }, online ? ' is connected' : ' is not connected'),
    );
  const none = el('li', { class: 'muted' }, 'No bot is in this world.');
  fill(root, store.bots.size ? [...store.bots].map(row) : none);
}

async function countViolations(root) {
  try {
    const { total, kinds } = await api.violations();
    const text = `${total} ${total === 1 ? 'violation' : 'violations'} of Discord’s rules`;
    const attrs = { class: total ? 'bad' : 'good', id: 'violation-total' };
    const list = Object.entries(kinds ?? {}).filter(([, count]) => count > 0);
    const line = ([kind, count]) => el('li', {}, `${kind.replaceAll('_', ' ')}: ${count}`);
    fill(
      root,
      el('p', attrs, total ? text : 'No rule was broken.'),
      list.length > 0 && el('ul', { class: 'plain small' }, list.map(line)),
    );
  } catch (refusal) {
    complain(refusal);
  }
}
