// The bar above the messages: where one is, and the doors to the sides.
import { el, fill, icon, isolated } from './dom.js';
import { channelIcon } from './entities.js';
import { isOpen, toggleSide } from './layout.js';
import { channel } from './lookup.js';
import { plain } from './markdown.js';
import { on, store } from './store.js';

export function installTop(root, banner) {
  const draw = () => {
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    const here = store.place.channel ? channel(store.place.channel) : null;
    const door = (id, name, label, drawn) => el('button', {
      type: 'button', class: `icon-button ${name}-door${isOpen(name) ? ' pressed' : ''}`, id, 'aria-label': label, title: label, 'aria-expanded': String(isOpen(name)), 'aria-controls': name,
      on: { click: () => toggleSide(name) },
    }, icon(drawn, 22));
    fill(root, door('open-left', 'left', 'Channels', 'menu'),
      here ? [channelIcon(here, 22), el('h2', { class: 'top-name' }, isolated(here.name))] : el('h2', { class: 'top-name' }, 'Sandbox'),
      here?.topic && el('span', { class: 'topic muted', title: here.topic }, isolated(plain(here.topic))), el('span', { class: 'spring' }),
      door('open-members', 'members', 'Members', 'people'), door('open-drawer', 'drawer', 'Sandbox: time, faults, what to try', 'flask'));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.title = here ? `${here.type === 1 ? '@' : '#'}${here.name} · Discord sandbox` : 'Discord sandbox';
  };
  on('place world layout who', draw);
  on('connection', () => {
    banner.hidden = store.connected || !store.me;
    banner.textContent = 'The connection to the sandbox is lost. Trying again…';
  });
  draw();
}
