// Select menus of messages and modals: string, user, role, mentionable, channel; search, several
// choices with bounds.
import { el, fill, icon, isolated } from './dom.js';
import { emojiElement } from './emoji.js';
import { entityOptions } from './entities.js';
import { onMessage, start } from './interactions.js';
import { Listbox, filterOptions } from './listbox.js';
import { hereGuild } from './lookup.js';
import { popover } from './popover.js';
import { complain } from './toasts.js';

const KINDS = { 5: 'user', 6: 'role', 7: 'mentionable', 8: 'channel' };
const SEARCH_FROM = 8; // options from which a list gets a search field
/** What the user chose and the message does not show yet: "message/custom id" -> {was, values}. */
const chosen = new Map();

/** All options of a select as {key, value, label, hint, icon, kind}. */
function optionsOf(part, guild = hereGuild()) {
  if (part.type !== 3) return entityOptions(KINDS[part.type], guild, part.channel_types);
  return (part.options ?? []).map((option) => ({
    key: option.value,
    value: option.value,
    label: option.label,
    hint: option.description ?? '',
    icon: option.emoji && emojiElement(option.emoji),
    search: `${option.label} ${option.description ?? ''}`,
  }));
}

const defaultsOf = (part) =>
  part.type === 3
    ? (part.options ?? []).filter((option) => option.default).map((option) => option.value)
    : (part.default_values ?? []).map((value) => value.id);

export const bounds = (part) => ({ min: part.min_values ?? 1, max: part.max_values ?? 1 });

/** "Choose 2 to 5", for lists of several. */
function boundText({ min, max }) {
  if (min === max) return `Choose ${max}`;
  return min > 0 ? `Choose ${min} to ${max}` : `Choose up to ${max}`;
}

/** A select of a message: choosing sends it. */
export function select(part, message) {
  const key = `${message.id}/${part.custom_id}`;
  const was = JSON.stringify([part.options, part.default_values, part.placeholder]);
  // A message that changed its select has said what is chosen now.
  if (chosen.get(key)?.was !== was) chosen.delete(key);
  const busy = onMessage(message.id).some(
    (entry) => entry.customId === part.custom_id && entry.state === 'pending',
  );
  return selectField(part, {
    values: chosen.get(key)?.values ?? defaultsOf(part),
    disabled: part.disabled,
    busy,
    id: part.custom_id,
    onDone(values) {
      if (chosen.size > 200) chosen.delete(chosen.keys().next().value);
      chosen.set(key, { was, values });
      start(
        'select',
        {
          channel_id: message.channel_id,
          message_id: message.id,
          custom_id: part.custom_id,
          values,
        },
        {
          kind: 'component',
          channel: message.channel_id,
          message: message.id,
          customId: part.custom_id,
        },
      ).catch(complain);
    },
  });
}

/**
 * The field: a button that shows what is chosen and opens the list. Options: values, disabled,
 * busy, id, label, onDone(values) when the choice is final and within bounds, onChange(values) at
 * each step.
 */
export function selectField(
  part,
  { values = [], disabled = false, busy = false, id = '', label = null, onDone, onChange },
) {
  let picked = [...values];
  const body = el('span', { class: 'select-values' });
  const field = el(
    'button',
    {
      type: 'button',
      class: `select${busy ? ' busy' : ''}`,
      disabled,
      dataset: { customId: id },
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'aria-busy': busy ? 'true' : null,
    },
    body,
    icon('chevron', 18),
  );

  const draw = () => {
    const known = new Map(optionsOf(part).map((option) => [option.value, option]));
    const several = bounds(part).max > 1;
    fill(
      body,
      picked.length === 0
        ? el('span', { class: 'muted' }, isolated(part.placeholder || 'Make a selection'))
        : picked.map((value) => {
            const option = known.get(value);
            return el(
              'span',
              { class: several ? 'chosen chip' : 'chosen' },
              option?.icon?.cloneNode(true),
              isolated(option?.label ?? value),
            );
          }),
    );
    const said = picked.map((value) => known.get(value)?.label ?? value).join(', ');
    field.setAttribute(
      'aria-label',
      `${label ?? part.placeholder ?? 'Selection'}${said ? `: ${said}` : ''}`,
    );
  };

  const set = (next) => {
    picked = next;
    draw();
    onChange?.(picked);
  };
  let open = null;
  field.addEventListener('click', () => {
    if (open) return open.close('toggled');
    open = openList(part, field, picked, set, onDone, () => {
      open = null;
    });
    return undefined;
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      field.click();
    }
  });
  draw();
  return field;
}

function openList(part, field, before, set, onDone, onClosed) {
  const limits = bounds(part);
  const several = limits.max > 1;
  const all = optionsOf(part);
  let picked = [...before];
  let sent = false;
  const search = el('input', {
    type: 'text',
    class: 'list-search',
    placeholder: 'Search',
    'aria-label': 'Search the options',
    autocomplete: 'off',
    spellcheck: 'false',
    readonly: all.length < SEARCH_FROM && part.type === 3,
  });
  const note = el('div', { class: 'list-note', 'aria-live': 'polite' });
  const list = new Listbox({
    label: part.placeholder ?? 'Options',
    multi: several,
    onPick(option) {
      if (!several) {
        const again = limits.min === 0 && picked[0] === option.value;
        sent = true;
        set(again ? [] : [option.value]);
        shown.close('picked');
        onDone?.(again ? [] : [option.value]);
        return;
      }
      if (picked.includes(option.value)) picked = picked.filter((value) => value !== option.value);
      else if (picked.length < limits.max) picked = [...picked, option.value];
      else {
        note.textContent = `At most ${limits.max}: take one away first.`;
        return;
      }
      set(inOrder(picked, all));
      refresh();
    },
  });
  const done =
    several &&
    el(
      'button',
      { type: 'button', class: 'button primary small', on: { click: () => shown.close('done') } },
      'Done',
    );
  const shown = popover(
    field,
    [
      el('div', { class: `list-top${search.readOnly ? ' sr-only' : ''}` }, search),
      list.node,
      several && el('div', { class: 'list-foot' }, note, done),
    ],
    {
      label: part.placeholder ?? 'Options',
      width: 'anchor',
      className: 'select-list',
      focus: search,
      onClose() {
        field.setAttribute('aria-expanded', 'false');
        onClosed();
        if (!several || sent) return;
        const same =
          picked.length === before.length && picked.every((value) => before.includes(value));
        if (same) return;
        if (picked.length < limits.min || picked.length > limits.max) {
          set(before);
          complain(
            new Error(`${boundText(limits)}: ${picked.length} chosen, so nothing was sent.`),
          );
          return;
        }
        onDone?.(inOrder(picked, all));
      },
    },
  );
  const refresh = () => {
    list.show(
      filterOptions(all, search.value, 100).map((option) => ({
        ...option,
        selected: picked.includes(option.value),
      })),
    );
    if (several) note.textContent = `${boundText(limits)} · ${picked.length} chosen`;
    shown.place();
  };
  field.setAttribute('aria-expanded', 'true');
  list.control(search);
  search.addEventListener('input', refresh);
  search.addEventListener('keydown', (event) => {
    if (list.key(event)) return;
    if (event.key === 'Enter' || (event.key === ' ' && search.value === '')) {
      event.preventDefault();
      list.pick();
    } else if (event.key === 'Tab') {
      event.preventDefault();
      shown.close('tab');
    }
  });
  refresh();
  const first = all.findIndex((option) => picked.includes(option.value));
  if (first >= 0) list.activate(first);
  return shown;
}

/** Values in the order of the options, as Discord sends them. */
function inOrder(values, all) {
  const place = new Map(all.map((option, index) => [option.value, index]));
  return [...values].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
}
