// A slash command being filled in: one field per option, with lists, completion by the bot, and checks before sending.
import { api } from './api.js';
import { localized, nestOptions, OPTION } from './command_model.js';
import { el, fill, icon, isolated } from './dom.js';
import { entityOptions } from './entities.js';
import { readFile } from './files.js';
import { filterOptions } from './listbox.js';
import { hereGuild } from './lookup.js';
import { readOption, wanted } from './option_values.js';
import { store } from './store.js';

const ENTITY = { [OPTION.user]: 'user', [OPTION.channel]: 'channel', [OPTION.role]: 'role', [OPTION.mentionable]: 'mentionable' };
/** A bot is asked once the typing pauses that long. */
const PAUSE_MS = 150;
const ANSWER_MS = 4000;

export class CommandBar {
  /** `suggest`: the window above; onSend({options, files}); onCancel(text to go on with). */
  constructor(invocation, { suggest, onSend, onCancel }) {
    Object.assign(this, { invocation, suggest, onSend, onCancel });
    this.locale = store.users.get(store.me)?.locale;
    this.fields = new Map();
    this.asked = 0;
    this.chips = el('div', { class: 'option-chips' });
    this.more = el('div', { class: 'option-more' });
    this.node = el('div', { class: 'command-bar', role: 'group', 'aria-label': `Options of /${invocation.title}` },
      el('span', { class: 'command-name' }, isolated(`/${invocation.title}`)), this.chips, this.more);
    for (const option of invocation.options) if (option.required) this.add(option);
    this.drawMore();
    this.node.addEventListener('keydown', (event) => this.keys(event));
    // Without any option there is still a place for Enter and Escape.
    if (invocation.options.length === 0) this.node.tabIndex = 0;
  }

  focus() {
    const first = [...this.fields.values()].find((field) => this.read(field).error) ?? [...this.fields.values()][0];
    if (first) first.input.focus();
    else (this.more.querySelector('button') ?? this.node).focus();
    if (!first) this.showHelp();
  }

  /** Lists one picks from: choices, true/false, people, roles, channels; null for free text. */
  listOf(option) {
    if (option.choices?.length)
      return option.choices.map((choice) => ({ key: String(choice.value), value: choice.value, label: localized(choice, 'name', this.locale) }));
    if (option.type === OPTION.boolean) return [true, false].map((value) => ({ key: String(value), value, label: value ? 'True' : 'False' }));
    return ENTITY[option.type] ? entityOptions(ENTITY[option.type], hereGuild(), option.channel_types) ?? [] : null;
  }

  add(option) {
    const name = localized(option, 'name', this.locale);
    const input = option.type === OPTION.attachment
      ? el('input', { type: 'file', class: 'option-input file-input', 'aria-label': `${name}${option.required ? ' (required)' : ''}` })
      : el('input', {
        type: 'text', class: 'option-input', autocomplete: 'off', spellcheck: 'false', 'aria-label': `${name}${option.required ? ' (required)' : ''}`,
        'aria-required': option.required ? 'true' : null, inputmode: option.type === OPTION.integer ? 'numeric' : option.type === OPTION.number ? 'decimal' : null,
        dataset: { option: option.name },
      });
    const field = { option, name, input, typed: '', picked: null, file: null, touched: false };
    field.chip = el('span', { class: `option-chip${option.required ? ' required' : ''}` }, el('span', { class: 'option-name' }, isolated(name)), input,
      !option.required && el('button', { type: 'button', class: 'chip-remove', tabindex: -1, 'aria-label': `Remove ${name}`, on: { click: () => this.remove(field) } }, icon('close', 12)));
    this.fields.set(option.name, field);
    this.chips.append(field.chip);
    if (option.type === OPTION.attachment) {
      input.addEventListener('change', () => { [field.file] = input.files; this.mark(field); });
    } else {
      this.fit(field);
      input.addEventListener('input', () => {
        field.typed = input.value;
        field.picked = null;
        this.fit(field);
        this.mark(field, false);
        this.offer(field);
      });
    }
    input.addEventListener('focus', () => this.offer(field));
    input.addEventListener('blur', () => { field.touched = true; this.mark(field); });
    return field;
  }

  fit(field) {
    field.input.style.setProperty('width', `${Math.min(Math.max(4, [...field.input.value].length + 1), 40)}ch`);
  }

  remove(field) {
    field.chip.remove();
    this.fields.delete(field.option.name);
    this.drawMore();
    this.focusLast();
  }

  focusLast() {
    ([...this.fields.values()].at(-1)?.input ?? this.more.querySelector('button') ?? this.node).focus();
  }

  drawMore() {
    const left = this.invocation.options.filter((option) => !this.fields.has(option.name));
    fill(this.more, left.map((option) => el('button', {
      type: 'button', class: 'option-add', title: localized(option, 'description', this.locale), dataset: { addOption: option.name },
      on: {
        click: () => { const field = this.add(option); this.drawMore(); field.input.focus(); },
        focus: () => this.showHelp(option),
      },
    }, '+ ', isolated(localized(option, 'name', this.locale)))));
  }

  /** {} | {value} | {error} of a field. */
  read(field) {
    if (field.option.type === OPTION.attachment) return field.file ? { value: field.file } : field.option.required ? { error: 'Choose a file.' } : {};
    return readOption(field.option, field, field.option.autocomplete ? null : this.listOf(field.option));
  }

  /** Shows a wrong field as such, once it was left or the command was to be sent. */
  mark(field, show = true) {
    const { error } = this.read(field);
    const wrong = Boolean(error) && (show ? field.typed !== '' || field.tried : field.tried);
    field.chip.classList.toggle('wrong', wrong);
    field.input.setAttribute('aria-invalid', String(wrong));
    return error;
  }

  helpOf(option, error = null) {
    return [el('div', { class: 'suggest-title' }, el('strong', {}, isolated(localized(option, 'name', this.locale))), ' — ',
      isolated(localized(option, 'description', this.locale)), el('span', { class: 'muted' }, ` · ${option.required ? 'required' : 'optional'}, ${wanted(option)}`)),
    error && el('div', { class: 'field-error', role: 'alert' }, error)];
  }

  showHelp(option = null) {
    this.suggest.show(this.node, [], {
      head: option ? this.helpOf(option) : [el('div', { class: 'suggest-title' }, el('strong', {}, isolated(`/${this.invocation.title}`)), ' — ',
        isolated(this.invocation.description), el('span', { class: 'muted' }, ' · Enter sends'))],
    });
  }

  /** Shows what can be picked for the field that has the focus. */
  offer(field) {
    this.active = field;
    const { option } = field;
    const error = field.tried ? this.read(field).error : null;
    const head = this.helpOf(option, error);
    const onPick = (entry) => this.pick(field, entry);
    if (option.autocomplete) return this.ask(field, head, onPick);
    const list = this.listOf(option);
    if (!list) return this.suggest.show(field.input, [], { head });
    const options = field.picked ? list : filterOptions(list, field.typed, 25);
    this.suggest.show(field.input, options.slice(0, 50), { head, onPick, empty: 'Nothing of that name', start: field.picked ? -1 : 0 });
    if (field.picked) this.suggest.list.activate(options.findIndex((entry) => entry.value === field.picked.value));
    return undefined;
  }

  ask(field, head, onPick) {
    const number = ++this.asked;
    clearTimeout(this.timer);
    this.suggest.show(field.input, field.offered ?? [], { head, onPick, empty: 'Loading options…', start: -1 });
    this.timer = setTimeout(async () => {
      let choices = null;
      try {
        const options = this.collect(field).options;
        const answer = await api.act(store.me, 'autocomplete', {
          channel_id: store.place.channel, command_id: this.invocation.command.id, options, focused: field.option.name, wait_ms: ANSWER_MS,
        });
        choices = answer.choices;
      } catch {
        choices = null;
      }
      // A later question, or another field, makes this answer stale.
      if (number !== this.asked || this.active !== field || !this.node.isConnected) return;
      field.offered = (choices ?? []).map((choice) => ({ key: String(choice.value), value: choice.value, label: localized(choice, 'name', this.locale) }));
      this.suggest.show(field.input, field.offered, { head, onPick, empty: choices ? 'No options match' : 'Loading options failed' });
    }, PAUSE_MS);
  }

  pick(field, entry) {
    field.picked = entry;
    field.typed = String(entry.label);
    field.input.value = field.typed;
    this.fit(field);
    this.mark(field);
    this.next(field);
  }

  /** To the next field without a value, else the help of this one. */
  next(field) {
    const fields = [...this.fields.values()];
    const at = fields.indexOf(field);
    const open = [...fields.slice(at + 1), ...fields.slice(0, at)].find((other) => other.option.required && this.read(other).error);
    if (open) return open.input.focus();
    return this.offer(field);
  }

  /** {options, files}; with `focused` values are taken as they are typed. */
  collect(focused = null) {
    const files = [];
    const values = [];
    for (const field of this.fields.values()) {
      const { option } = field;
      if (field === focused) values.push({ name: option.name, type: option.type, value: field.typed, focused: true });
      else {
        const { value } = this.read(field);
        if (value === undefined) continue;
        if (option.type === OPTION.attachment) {
          if (focused) continue;
          values.push({ name: option.name, type: option.type, value: files.push(value) - 1 });
        } else values.push({ name: option.name, type: option.type, value });
      }
    }
    return { options: nestOptions(this.invocation, values), files };
  }

  async send() {
    for (const field of this.fields.values()) {
      field.tried = true;
      if (this.mark(field)) {
        field.input.focus();
        this.offer(field);
        return;
      }
    }
    const { options, files } = this.collect();
    this.onSend({ options, files: await Promise.all(files.map(readFile)) });
  }

  keys(event) {
    const field = [...this.fields.values()].find((one) => one.input === event.target);
    const { list } = this.suggest;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      return this.onCancel('');
    }
    if (event.key === 'Backspace' && (!field || (field.input.value === '' && field.option.type !== OPTION.attachment))) {
      if (event.target.tagName === 'BUTTON') return undefined;
      event.preventDefault();
      const fields = [...this.fields.values()];
      if (field && !field.option.required) return this.remove(field);
      if (field && fields.indexOf(field) > 0) return fields[fields.indexOf(field) - 1].input.focus();
      return this.onCancel(`/${this.invocation.title}`);
    }
    if (field && list.key(event)) return undefined;
    if (event.key === 'Tab' && !event.shiftKey && field && list.current && !field.picked && field.typed !== '') {
      event.preventDefault();
      return list.pick();
    }
    if (event.key === 'Enter' && event.target.tagName !== 'BUTTON' && !event.isComposing) {
      event.preventDefault();
      // What is marked in the list is taken first; a second Enter sends.
      if (field && list.current && !(field.picked && list.current.value === field.picked.value)) return list.pick();
      const missing = field && this.read(field).error === undefined && [...this.fields.values()].find((one) => one !== field && one.option.required && this.read(one).error && !one.tried);
      if (missing) return missing.input.focus();
      return this.send();
    }
    return undefined;
  }
}
