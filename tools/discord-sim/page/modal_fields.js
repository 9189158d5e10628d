// The inputs of modals by component type (discord-api 3.5): text, selects, radio, check boxes,
// files.
import { el, isolated } from './dom.js';
import { FILES_MAX, readFile } from './files.js';
import { autoGrow } from './grow.js';
import { lengthOf } from './option_values.js';
import { bounds, selectField } from './selects.js';

const TEXT_MAX = 4000;

/**
 * A field: {node, own: draws its label itself, focus(), check() -> sentence or null, value(n) ->
 * promise of {value, files?}} where files are numbered from n.
 */
export function fieldFor(part, id, label) {
  switch (part.type) {
    case 4:
      return textField(part, id);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return choiceField(part, id, label);
    case 19:
      return fileField(part, id);
    case 21:
      return groupField(part, id, label, 'radio');
    case 22:
      return groupField(part, id, label, 'checkbox');
    case 23:
      return checkField(part, id, label);
    default:
      return {
        node: el('div', { class: 'muted' }, `(an input of type ${Number(part.type)})`),
        focus() {},
        check: () => null,
        value: async () => ({}),
      };
  }
}

const isRequired = (part) => part.required !== false;

function textField(part, id) {
  const long = part.style === 2;
  const max = part.max_length ?? TEXT_MAX;
  const input = el(long ? 'textarea' : 'input', {
    class: 'field',
    id,
    type: long ? null : 'text',
    rows: long ? 4 : null,
    placeholder: part.placeholder,
    autocomplete: 'off',
    'aria-required': String(isRequired(part)),
    'aria-describedby': `${id}-error`,
    dataset: { customId: part.custom_id },
  });
  input.value = part.value ?? '';
  if (long) autoGrow(input);
  const left = el('span', { class: 'counter muted small', 'aria-hidden': 'true' });
  const count = () => {
    left.textContent =
      part.max_length || lengthOf(input.value) > max - 100 ? `${lengthOf(input.value)}/${max}` : '';
  };
  input.addEventListener('input', count);
  count();
  return {
    node: el('div', { class: 'field-wrap' }, input, left),
    focus: () => input.focus(),
    check() {
      const length = lengthOf(input.value);
      if (length === 0) return isRequired(part) ? 'This field is required.' : null;
      if (length < (part.min_length ?? 0))
        return `Must have at least ${part.min_length} characters.`;
      return length > max ? `Must have at most ${max} characters.` : null;
    },
    value: async () => ({ value: input.value }),
  };
}

function amountError(count, { min, max }, required) {
  if (count === 0 && !required) return null;
  if (count === 0) return 'This field is required.';
  if (count < min) return `Choose at least ${min}.`;
  return count > max ? `Choose at most ${max}.` : null;
}

function choiceField(part, id, label) {
  let picked =
    part.type === 3
      ? (part.options ?? []).filter((option) => option.default).map((option) => option.value)
      : (part.default_values ?? []).map((value) => value.id);
  const field = selectField(part, {
    values: picked,
    id: part.custom_id,
    label,
    onChange: (values) => {
      picked = values;
      self.touched?.();
    },
  });
  field.id = id;
  const self = {
    node: field,
    focus: () => field.focus(),
    check: () =>
      amountError(
        picked.length,
        { ...bounds(part), min: Math.max(isRequired(part) ? 1 : 0, bounds(part).min) },
        isRequired(part),
      ),
    value: async () => ({ value: picked }),
  };
  return self;
}

function fileField(part, id) {
  const limits = { min: part.min_values ?? 1, max: Math.min(part.max_values ?? 1, FILES_MAX) };
  const input = el('input', {
    type: 'file',
    class: 'field',
    id,
    multiple: limits.max > 1,
    dataset: { customId: part.custom_id },
  });
  return {
    node: el('div', { class: 'field-wrap' }, input),
    focus: () => input.focus(),
    check: () => amountError(input.files.length, limits, isRequired(part)),
    async value(from) {
      const files = await Promise.all([...input.files].map(readFile));
      return { value: files.map((_, index) => from + index), files };
    },
  };
}

function groupField(part, id, label, type) {
  const options = part.options ?? [];
  const boxes = options.map((option, index) => {
    const input = el('input', { type, name: id, value: option.value, id: index === 0 ? id : null });
    input.checked = Boolean(option.default);
    return {
      input,
      row: el(
        'label',
        { class: 'choice' },
        input,
        el(
          'span',
          {},
          isolated(option.label),
          option.description &&
            el('span', { class: 'muted small block' }, isolated(option.description)),
        ),
      ),
    };
  });
  const picked = () => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
  const limits =
    type === 'radio'
      ? { min: 1, max: 1 }
      : {
          min: part.min_values ?? (isRequired(part) ? 1 : 0),
          max: part.max_values ?? options.length,
        };
  return {
    own: true,
    node: el(
      'fieldset',
      { dataset: { customId: part.custom_id } },
      el(
        'legend',
        { class: 'label' },
        isolated(label),
        isRequired(part) && el('span', { class: 'star' }, ' *'),
      ),
      boxes.map(({ row }) => row),
    ),
    focus: () => boxes[0]?.input.focus(),
    check: () => amountError(picked().length, limits, isRequired(part)),
    value: async () => ({ value: type === 'radio' ? (picked()[0] ?? null) : picked() }),
  };
}

function checkField(part, id, label) {
  const input = el('input', { type: 'checkbox', id, dataset: { customId: part.custom_id } });
  input.checked = Boolean(part.default);
  return {
    own: true,
    node: el('label', { class: 'choice', for: id }, input, isolated(label)),
    focus: () => input.focus(),
    check: () => null,
    value: async () => ({ value: input.checked }),
  };
}
