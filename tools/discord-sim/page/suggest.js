// The window above the message box: commands, option values, people, channels and emoji to
// complete with.
import { el, fill } from './dom.js';
import { Listbox } from './listbox.js';

export class Suggest {
  constructor() {
    this.head = el('div', { class: 'suggest-head' });
    this.list = new Listbox({ label: 'Suggestions', onPick: (option) => this.onPick?.(option) });
    this.node = el(
      'div',
      { class: 'suggest', hidden: true, on: { mousedown: (event) => event.preventDefault() } },
      this.head,
      this.list.node,
    );
  }

  /**
   * Shows options for a field. `head`: nodes above; `onPick(option)`; `start` as Listbox.show has
   * it; `empty` text or null.
   */
  show(field, options, { head = null, onPick, start = 0, empty = null } = {}) {
    this.onPick = onPick;
    fill(this.head, head ?? []);
    this.head.hidden = !head;
    this.node.hidden = false;
    this.list.control(field);
    this.list.show(options, { start, empty: empty ?? '' });
    this.list.node.hidden = options.length === 0 && !empty;
    this.list.told();
  }

  hide() {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.list.show([]);
    this.list.field?.setAttribute('aria-expanded', 'false');
  }

  get open() {
    return !this.node.hidden;
  }
}
