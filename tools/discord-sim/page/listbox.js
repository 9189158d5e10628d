// A list one chooses from while the focus stays in a text field (ARIA combobox pattern), or on the
// list itself.
import { el, fill } from './dom.js';

let counter = 0;

/**
 * Options: label, multi, onPick(option), onHover. `option`: {key, label (string or nodes), hint,
 * icon, selected, disabled, heading}; a heading is text between options.
 */
export class Listbox {
  constructor({ label, multi = false, onPick }) {
    this.id = `list-${++counter}`;
    this.multi = multi;
    this.onPick = onPick;
    this.options = [];
    this.active = -1;
    this.node = el('div', {
      class: 'listbox',
      role: 'listbox',
      id: this.id,
      'aria-label': label,
      'aria-multiselectable': multi ? 'true' : null,
      on: {
        // The field keeps the focus.
        mousedown: (event) => event.preventDefault(),
        click: (event) => this.pick(this.indexOf(event.target)),
        mousemove: (event) => this.activate(this.indexOf(event.target), false),
      },
    });
  }

  /** Ties a field to the list: keys move, Enter and Tab are left to the owner. */
  control(field) {
    this.field = field;
    field.setAttribute('role', 'combobox');
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', this.id);
    this.told();
  }

  /**
   * Shows these options; the active one stays on its key, or goes to the first (`start` -1:
   * none).
   */
  show(options, { start = 0, empty = 'Nothing found' } = {}) {
    const key = this.options[this.active]?.key;
    this.options = options;
    const rows = options.map((option, index) =>
      option.heading
        ? el('div', { class: 'list-heading', role: 'presentation' }, option.heading)
        : el(
            'div',
            {
              role: 'option',
              id: `${this.id}-${index}`,
              class: `option${option.disabled ? ' disabled' : ''}`,
              dataset: { index },
              'aria-selected': String(Boolean(option.selected)),
              'aria-disabled': option.disabled ? 'true' : null,
            },
            option.icon,
            el(
              'span',
              { class: 'option-text' },
              el('span', { class: 'option-label' }, option.label),
              option.hint && el('span', { class: 'option-hint' }, option.hint),
            ),
            this.multi &&
              el('span', { class: 'tick', 'aria-hidden': 'true' }, option.selected ? '✓' : ''),
            option.note && el('span', { class: 'option-note' }, option.note),
          ),
    );
    fill(this.node, rows.length ? rows : el('div', { class: 'list-empty' }, empty));
    this.active = -1;
    const kept =
      key === undefined
        ? -1
        : options.findIndex((option) => option.key === key && !option.disabled);
    if (kept >= 0) this.activate(kept);
    else if (start >= 0) this.move(1);
    this.told();
  }

  get current() {
    return this.options[this.active] ?? null;
  }

  indexOf(target) {
    const row = target.closest?.('[role=option]');
    return row ? Number(row.dataset.index) : -1;
  }

  activate(index, scroll = true) {
    if (index < 0 || index === this.active || this.options[index]?.heading) return;
    this.row(this.active)?.classList.remove('active');
    this.active = index;
    const row = this.row(index);
    row?.classList.add('active');
    if (scroll) row?.scrollIntoView({ block: 'nearest' });
    this.told();
  }

  row(index) {
    return index < 0 ? null : this.node.querySelector(`[data-index="${index}"]`);
  }

  /** Goes up or down, around the ends, over headings. */
  move(by) {
    const { length } = this.options;
    for (let step = 1, at = this.active; step <= length; step++) {
      at = at < 0 && by < 0 ? length - 1 : (at + by + length) % length;
      if (!this.options[at].heading && !this.options[at].disabled) return this.activate(at);
    }
  }

  pick(index = this.active) {
    const option = this.options[index];
    if (!option || option.heading || option.disabled) return false;
    this.onPick(option);
    return true;
  }

  /** Arrow, Home, End and page keys; true when it was one. */
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by === undefined || this.options.length === 0) return false;
    event.preventDefault();
    for (let step = Math.abs(by); step > 0; step--) this.move(Math.sign(by));
    return true;
  }

  told() {
    if (!this.field) return;
    const active = this.row(this.active);
    this.field.setAttribute(
      'aria-expanded',
      String(this.node.isConnected && this.options.length > 0),
    );
    if (active) this.field.setAttribute('aria-activedescendant', active.id);
    else this.field.removeAttribute('aria-activedescendant');
  }
}

/**
 * Options whose text holds what was typed: beginnings first, then beginnings of words, then
 * anywhere.
 */
export function filterOptions(options, typed, max = 50) {
  const wanted = fold(typed);
  if (!wanted) return options.slice(0, max);
  const score = (option) => {
    const text = fold(option.search ?? option.label);
    const at = text.indexOf(wanted);
    if (at < 0) return 3;
    return at === 0 ? 0 : /\W/.test(text[at - 1]) ? 1 : 2;
  };
  return options
    .map((option, index) => ({ option, index, score: score(option) }))
    .filter((one) => one.score < 3)
    .sort((one, other) => one.score - other.score || one.index - other.index)
    .slice(0, max)
    .map((one) => one.option);
}

/** Lower case without accents: "noel" finds "Noël". */
export const fold = (text) =>
  String(text ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .trim();
