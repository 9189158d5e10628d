// "Maple is typing…" below the messages.
import { el, fill, isolated } from './dom.js';
import { displayName, hereGuild } from './lookup.js';
import { on, store } from './store.js';

let timer = null;

export function installTyping(root) {
  const draw = () => {
    clearTimeout(timer);
    const typing = store.typing.get(store.place.channel) ?? new Map();
    const at = performance.now();
    for (const [id, until] of typing) if (until <= at) typing.delete(id);
    const people = [...typing.keys()];
    if (people.length === 0) return fill(root);
    const names = people
      .slice(0, 3)
      .flatMap((id, index) => [
        index > 0 && ', ',
        el('strong', {}, isolated(displayName(hereGuild(), id))),
      ]);
    fill(
      root,
      el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
      ' ',
      people.length > 3
        ? 'Several people are typing…'
        : [names, people.length > 1 ? ' are typing…' : ' is typing…'],
    );
    timer = setTimeout(draw, Math.min(...typing.values()) - at + 20);
    return undefined;
  };
  on('typing place world', draw);
}
