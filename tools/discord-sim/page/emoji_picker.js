// The emoji window: the guild's own first, then Unicode; search by name, arrows in two directions.
import { el, fill } from './dom.js';
import { emojiElement, emojiName } from './emoji.js';
import { EMOJI } from './emoji_table.js';
import { fold } from './listbox.js';
import { hereGuild } from './lookup.js';
import { popover } from './popover.js';

const COLUMNS = 9;

/** Everything one can pick, as {emoji, name}. */
export function allEmoji() {
  return [
    ...(hereGuild()?.emojis ?? []).map((emoji) => ({ emoji, name: emoji.name })),
    ...EMOJI.map(({ name, char }) => ({ emoji: { id: null, name: char }, name })),
  ];
}

/** Opens at `anchor`; `onPick({id, name, animated})` once. */
export function pickEmoji(anchor, onPick) {
  const grid = el('div', { class: 'emoji-grid', role: 'group', 'aria-label': 'Emoji' });
  const search = el('input', {
    type: 'text',
    class: 'list-search',
    placeholder: 'Search emoji',
    'aria-label': 'Search emoji',
    autocomplete: 'off',
  });
  const shown = popover(anchor, [el('div', { class: 'list-top' }, search), grid], {
    label: 'Emoji',
    className: 'emoji-picker',
    focus: search,
    align: 'end',
  });
  const draw = () => {
    const wanted = fold(search.value);
    const found = allEmoji().filter(({ name }) => fold(name).includes(wanted));
    fill(
      grid,
      found.length
        ? found.map(({ emoji, name }) =>
            el(
              'button',
              {
                type: 'button',
                class: 'emoji-cell',
                'aria-label': emoji.id ? emojiName(emoji) : name,
                title: `:${name}:`,
                on: {
                  click: () => {
                    shown.close('picked');
                    onPick(emoji);
                  },
                },
              },
              emojiElement(emoji),
            ),
          )
        : el('div', { class: 'list-empty' }, 'Nothing found'),
    );
  };
  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      grid.querySelector('button')?.click();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      grid.querySelector('button')?.focus();
    }
  });
  grid.addEventListener('keydown', (event) => {
    const cells = [...grid.querySelectorAll('button')];
    const at = cells.indexOf(document.activeElement);
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    (cells[at + by] ?? (by < 0 ? search : cells.at(-1))).focus();
  });
  draw();
  shown.place();
}
