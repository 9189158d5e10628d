// What was typed or picked for a slash option, checked as Discord's client checks it before
// sending. Pure.
import { OPTION } from './command_model.js';

const INTEGER_MAX = 2 ** 53;

/** Length in characters as Discord counts them: code points. */
export const lengthOf = (text) => [...text].length;

/** What the field asks for, in words: "a whole number from 1 to 5". */
export function wanted(option) {
  const { min_value: min, max_value: max, min_length: shortest, max_length: longest } = option;
  const range = (low, high, unit = '') => {
    if (low !== undefined && high !== undefined) return ` from ${low} to ${high}${unit}`;
    if (low !== undefined) return `, at least ${low}${unit}`;
    return high !== undefined ? `, at most ${high}${unit}` : '';
  };
  if (option.choices?.length) return 'one of the list';
  switch (option.type) {
    case OPTION.string:
      return `a text${range(shortest, longest, ' characters')}`;
    case OPTION.integer:
      return `a whole number${range(min, max)}`;
    case OPTION.number:
      return `a number${range(min, max)}`;
    case OPTION.boolean:
      return 'true or false';
    case OPTION.user:
      return 'a person';
    case OPTION.channel:
      return 'a channel';
    case OPTION.role:
      return 'a role';
    case OPTION.mentionable:
      return 'a person or a role';
    case OPTION.attachment:
      return 'a file';
    default:
      return 'a value';
  }
}

/**
 * Reads a field {typed, picked}: `picked` is an entry of the list ({value, label}) while what is
 * typed is its label. `list`: entries one may pick; null when any text will do. Returns {} when
 * empty, {value} or {error}.
 */
export function readOption(option, { typed, picked }, list) {
  if (picked) return { value: picked.value };
  const text = typed.trim();
  if (text === '')
    return option.required ? { error: 'This option is required. Give a value.' } : {};
  if (list) {
    const exact = list.find(
      (entry) =>
        entry.value === text ||
        same(entry.label, text) ||
        same(entry.label, `@${text}`) ||
        mentions(text) === entry.value,
    );
    return exact ? { value: exact.value } : { error: `Choose ${wanted(option)}.` };
  }
  if (option.type === OPTION.integer || option.type === OPTION.number)
    return readNumber(option, text);
  return readText(option, typed);
}

const same = (one, other) => String(one).toLowerCase() === other.toLowerCase();
const mentions = (text) => /^<(?:@!?|@&|#)(\d{1,20})>$/.exec(text)?.[1];

function readNumber(option, text) {
  const whole = option.type === OPTION.integer;
  const number = Number(text);
  if (
    !(whole ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i).test(text) ||
    !Number.isFinite(number)
  )
    return { error: whole ? 'Give a whole number.' : 'Give a number.' };
  if (Math.abs(number) >= INTEGER_MAX) return { error: 'That number is too large.' };
  if (option.min_value !== undefined && number < option.min_value)
    return { error: `Must be at least ${option.min_value}.` };
  if (option.max_value !== undefined && number > option.max_value)
    return { error: `Must be at most ${option.max_value}.` };
  return { value: number };
}

function readText(option, text) {
  const length = lengthOf(text);
  if (option.min_length !== undefined && length < option.min_length)
    return { error: `Must have at least ${option.min_length} characters.` };
  if (length > (option.max_length ?? 6000))
    return { error: `Must have at most ${option.max_length ?? 6000} characters.` };
  return { value: text };
}
