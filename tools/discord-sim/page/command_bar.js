// A slash command being filled in: a field per option, lists, completion by the bot, checks before
// sending.
import { api } from './api.js';
import { localized, nestOptions } from './command_model.js';
import { el, fill, isolated } from './dom.js';
import { readFile } from './files.js';
import { filterOptions } from './listbox.js';
import { OptionField, optionHelp } from './option_field.js';
import { store } from './store.js';

/** A bot is asked once the typing pauses that long. */
const PAUSE_MS = 150;
const ANSWER_MS = 4000;
const SHOWN_MAX = 50;

export class CommandBar {
  /** `suggest`: the window above; onSend({options, files}); onCancel(text to go on with). */
  constructor(invocation, { suggest, onSend, onCancel }) {
    Object.assign(this, { invocation, suggest, onSend, onCancel });
    this.locale = store.users.get(store.me)?.locale;
    this.fields = []; // in the order in which they stand
    this.asked = 0;
    this.chips = el('div', { class: 'option-chips' });
    this.more = el('div', { class: 'option-more' });
    this.node = el(
      'div',
      { class: 'command-bar', role: 'group', 'aria-label': `Options of /${invocation.title}` },
      el('span', { class: 'command-name' }, isolated(`/${invocation.title}`)),
      this.chips,
      this.more,
    );
    for (const option of invocation.options) if (option.required) this.add(option);
    this.drawMore();
    this.node.addEventListener('keydown', (event) => this.keys(event));
    // Where nothing has to be filled in there is still a place for Enter and Escape.
    if (this.fields.length === 0) this.node.tabIndex = 0;
  }

  focus() {
    const first = this.fields.find((field) => field.read().error) ?? this.fields[0];
    if (first) return first.input.focus();
    this.node.focus();
    return this.showHelp();
  }

  add(option) {
    const field = new OptionField(option, this.locale, {
      onFocus: () => this.offer(field),
      onInput: () => this.offer(field),
      onRemove: () => this.remove(field),
    });
    this.fields.push(field);
    this.chips.append(field.chip);
    return field;
  }

  remove(field) {
    field.chip.remove();
    this.fields = this.fields.filter((one) => one !== field);
    this.drawMore();
    (this.fields.at(-1)?.input ?? this.node).focus();
  }

  /** Buttons for the options that have no field yet. */
  drawMore() {
    const used = new Set(this.fields.map((field) => field.option));
    const add = (option) => ({
      click: () => {
        const field = this.add(option);
        this.drawMore();
        field.input.focus();
      },
      focus: () => this.showHelp(option),
    });
    const button = (option) =>
      el(
        'button',
        {
          type: 'button',
          class: 'option-add',
          title: localized(option, 'description', this.locale),
          dataset: { addOption: option.name },
          on: add(option),
        },
        '+ ',
        isolated(localized(option, 'name', this.locale)),
      );
    fill(this.more, this.invocation.options.filter((option) => !used.has(option)).map(button));
  }

  /** Says what an option, or the command, is for. */
  showHelp(option = null) {
    const about = el(
      'div',
      { class: 'suggest-title' },
      el('strong', {}, isolated(`/${this.invocation.title}`)),
      ' — ',
      isolated(this.invocation.description),
      el('span', { class: 'muted' }, ' · Enter sends'),
    );
    this.suggest.show(this.node, [], { head: option ? optionHelp(option, this.locale) : about });
  }

  /** Shows what can be picked for the field that has the focus. */
  offer(field) {
    this.active = field;
    const { option, picked } = field;
    const head = field.help();
    if (option.autocomplete && !picked) return this.ask(field, head);
    const list = option.autocomplete ? null : field.list();
    if (!list) return this.suggest.show(field.input, [], { head });
    const found = picked ? list : filterOptions(list, field.typed, SHOWN_MAX);
    // An optional field left empty is sent as it is: nothing is marked before something was typed.
    const mark = !picked && (option.required || field.typed !== '');
    this.suggest.show(field.input, found.slice(0, SHOWN_MAX), {
      head,
      onPick: (entry) => this.pick(field, entry),
      empty: 'Nothing of that name',
      start: mark ? 0 : -1,
    });
    if (picked) this.suggest.list.activate(found.findIndex((one) => one.value === picked.value));
    return undefined;
  }

  /** Asks the bot what it offers for the text so far. */
  ask(field, head) {
    const number = ++this.asked;
    const onPick = (entry) => this.pick(field, entry);
    clearTimeout(this.timer);
    const waiting = { head, onPick, empty: 'Loading options…', start: -1 };
    this.suggest.show(field.input, field.offered, waiting);
    this.timer = setTimeout(async () => {
      const choices = await this.choices(field);
      // A later question, or another field, makes this answer stale.
      if (number !== this.asked || this.active !== field || !this.node.isConnected) return;
      field.offered = (choices ?? []).map((choice) => ({
        key: String(choice.value),
        value: choice.value,
        label: localized(choice, 'name', this.locale),
      }));
      const empty = choices ? 'No options match' : 'Loading options failed';
      this.suggest.show(field.input, field.offered, { head, onPick, empty });
    }, PAUSE_MS);
  }

  /** The bot's answer, or null when there was none. */
  async choices(field) {
    try {
      const answer = await api.act(store.me, 'autocomplete', {
        channel_id: store.place.channel,
        command_id: this.invocation.command.id,
        options: this.collect(field).options,
        wait_ms: ANSWER_MS,
      });
      return answer.choices ?? null;
    } catch {
      return null;
    }
  }

  pick(field, entry) {
    field.set(String(entry.label), entry);
    const at = this.fields.indexOf(field);
    const others = [...this.fields.slice(at + 1), ...this.fields.slice(0, at)];
    const open = others.find((other) => other.option.required && other.read().error);
    if (open) open.input.focus();
    else this.offer(field);
  }

  /**
   * {options, files}; the value of `focused` is taken as it is typed, wrong others are left out.
   */
  collect(focused = null) {
    const files = [];
    const values = [];
    for (const field of this.fields) {
      const { name, type } = field.option;
      const { value } = field.read();
      if (field === focused) values.push({ name, type, value: field.typed, focused: true });
      else if (value === undefined || (focused && field.isFile)) continue;
      else values.push({ name, type, value: field.isFile ? files.push(value) - 1 : value });
    }
    return { options: nestOptions(this.invocation, values), files };
  }

  /** Sends, or goes to the first field that is wrong. */
  async send() {
    for (const field of this.fields) field.tried = true;
    const wrong = this.fields.filter((field) => field.mark());
    if (wrong.length) {
      wrong[0].input.focus();
      return this.offer(wrong[0]);
    }
    const { options, files } = this.collect();
    return this.onSend({ options, files: await Promise.all(files.map(readFile)) });
  }

  keys(event) {
    const field = this.fields.find((one) => one.input === event.target);
    const onButton = event.target.tagName === 'BUTTON';
    const { list } = this.suggest;
    const take = (work) => {
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    if (event.key === 'Escape') return take(() => this.onCancel(''));
    if (event.key === 'Backspace' && !onButton && (!field || (field.empty && !field.isFile)))
      return take(() => this.back(field));
    if (field && list.key(event)) return undefined;
    const typing = field && !field.picked && field.typed !== '';
    if (event.key === 'Tab' && !event.shiftKey && typing && list.current)
      return take(() => list.pick());
    if (event.key === 'Enter' && !onButton && !event.isComposing)
      return take(() => this.enter(field));
    return undefined;
  }

  /** Backspace where nothing is left to delete: takes the option away, at last the command. */
  back(field) {
    if (field && !field.option.required) return this.remove(field);
    const before = this.fields[this.fields.indexOf(field) - 1];
    if (before) return before.input.focus();
    return this.onCancel(`/${this.invocation.title}`);
  }

  /**
   * What is marked in the list is taken first; then come missing fields; then the command is
   * sent.
   */
  enter(field) {
    const { current } = this.suggest.list;
    if (field && current && current.value !== field.picked?.value) return this.suggest.list.pick();
    const missing =
      field &&
      field.read().error === undefined &&
      this.fields.find((one) => one !== field && !one.tried && one.read().error);
    return missing ? missing.input.focus() : this.send();
  }
}
