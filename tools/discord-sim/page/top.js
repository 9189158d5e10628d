// The bar above the messages: where one is, and the doors to the sides.
import { el, fill, iconButton, isolated } from './dom.js';
import { channelIcon } from './entities.js';
import { isOpen, toggleSide } from './layout.js';
import { channel, CHANNEL } from './lookup.js';
import { plain } from './markdown.js';
import { on, store } from './store.js';

const TITLE = 'Discord sandbox';

export function installTop(root, banner) {
  const draw = () => {
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    fill(root, content(store.place.channel && channel(store.place.channel)));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  on('place world layout who', draw);
  on('connection', () => {
    banner.hidden = store.connected || !store.me;
    banner.textContent = 'The connection to the sandbox is lost. Trying again…';
  });
  draw();
}

function door(name, label, drawing) {
  return iconButton(label, drawing, () => toggleSide(name), {
    size: 22,
    className: `${name}-door${isOpen(name) ? ' pressed' : ''}`,
    id: `open-${name}`,
    'aria-expanded': String(isOpen(name)),
    'aria-controls': name,
  });
}

function content(here) {
  const sign = here?.type === CHANNEL.dm ? '@' : '#';
  document.title = here ? `${sign}${here.name} · ${TITLE}` : TITLE;
  const topic = here?.topic && plain(here.topic);
  return [
    door('left', 'Channels', 'menu'),
    here && channelIcon(here, 22),
    el('h2', { class: 'top-name' }, here ? isolated(here.name) : 'Sandbox'),
    topic && el('span', { class: 'topic muted', title: topic }, isolated(topic)),
    el('span', { class: 'spring' }),
    door('members', 'Members', 'people'),
    door('drawer', 'Sandbox: time, faults, what to try', 'flask'),
  ];
}
