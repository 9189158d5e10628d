// One option of a slash command being filled in: its chip, what was typed or picked, whether it is
// right.
import { localized, OPTION } from './command_model.js';
import { el, icon, isolated } from './dom.js';
import { entityOptions } from './entities.js';
import { hereGuild } from './lookup.js';
import { readOption, wanted } from './option_values.js';

const ENTITY = {
  [OPTION.user]: 'user',
  [OPTION.channel]: 'channel',
  [OPTION.role]: 'role',
  [OPTION.mentionable]: 'mentionable',
};
const KEYBOARD = { [OPTION.integer]: 'numeric', [OPTION.number]: 'decimal' };
const WIDTH_MAX = 40;

export class OptionField {
  /** Handlers: onFocus(field), onInput(field), onRemove(field). */
  constructor(option, locale, { onFocus, onInput, onRemove }) {
    Object.assign(this, { option, locale, typed: '', picked: null, file: null });
    /** The command was to be sent: from now on a wrong value is shown as such at once. */
    this.tried = false;
    /** What the bot offered last (autocomplete). */
    this.offered = [];
    this.name = localized(option, 'name', locale);
    this.isFile = option.type === OPTION.attachment;
    const label = `${this.name}${option.required ? ' (required)' : ''}`;
    this.input = el('input', {
      type: this.isFile ? 'file' : 'text',
      class: `option-input${this.isFile ? ' file-input' : ''}`,
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-label': label,
      'aria-required': option.required ? 'true' : null,
      inputmode: KEYBOARD[option.type],
      dataset: { option: option.name },
    });
    const remove = el(
      'button',
      {
        type: 'button',
        class: 'chip-remove',
        tabindex: -1,
        'aria-label': `Remove ${this.name}`,
        on: { click: () => onRemove(this) },
      },
      icon('close', 12),
    );
    this.chip = el(
      'span',
      { class: 'option-chip' },
      el('span', { class: 'option-name' }, isolated(this.name)),
      this.input,
      !option.required && remove,
    );
    this.input.addEventListener(this.isFile ? 'change' : 'input', () => {
      if (this.isFile) [this.file] = this.input.files;
      else this.set(this.input.value);
      onInput(this);
    });
    this.input.addEventListener('focus', () => onFocus(this));
    this.input.addEventListener('blur', () => this.mark(true));
    this.fit();
  }

  get empty() {
    return this.isFile ? !this.file : this.input.value === '';
  }

  /** Takes a text, or an entry of a list with its label. */
  set(text, entry = null) {
    this.typed = text;
    this.picked = entry;
    if (this.input.value !== text) this.input.value = text;
    this.fit();
    this.mark();
  }

  fit() {
    if (this.isFile) return;
    const width = Math.min(Math.max(4, [...this.input.value].length + 1), WIDTH_MAX);
    this.input.style.setProperty('width', `${width}ch`);
  }

  /** What one picks from: choices, true/false, people, roles, channels; null for free text. */
  list() {
    const { option } = this;
    const entry = (value, label) => ({ key: String(value), value, label });
    if (option.choices?.length)
      return option.choices.map((choice) =>
        entry(choice.value, localized(choice, 'name', this.locale)),
      );
    if (option.type === OPTION.boolean) return [entry(true, 'True'), entry(false, 'False')];
    const kind = ENTITY[option.type];
    return kind ? (entityOptions(kind, hereGuild(), option.channel_types) ?? []) : null;
  }

  /** {} | {value} | {error}. */
  read() {
    if (this.isFile) {
      if (this.file) return { value: this.file };
      return this.option.required ? { error: 'Choose a file.' } : {};
    }
    return readOption(this.option, this, this.option.autocomplete ? null : this.list());
  }

  /** Shows a wrong value as such, once the field was left or the command was to be sent. */
  mark(left = false) {
    const { error } = this.read();
    const wrong = Boolean(error) && (this.tried || (left && this.typed !== ''));
    this.chip.classList.toggle('wrong', wrong);
    this.input.setAttribute('aria-invalid', String(wrong));
    return error;
  }

  /** Heads of the window above: what is asked for, and what is wrong. */
  help() {
    const error = this.tried ? this.read().error : null;
    return [
      optionHelp(this.option, this.locale),
      error && el('div', { class: 'field-error', role: 'alert' }, error),
    ];
  }
}

/** Name, description and kind of an option in one line. */
export function optionHelp(option, locale) {
  const need = option.required ? 'required' : 'optional';
  return el(
    'div',
    { class: 'suggest-title' },
    el('strong', {}, isolated(localized(option, 'name', locale))),
    ' — ',
    isolated(localized(option, 'description', locale)),
    el('span', { class: 'muted' }, ` · ${need}, ${wanted(option)}`),
  );
}
