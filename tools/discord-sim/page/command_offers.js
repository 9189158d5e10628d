// The commands one may use here, as options of the window above the message box.
import { findInvocation, invocations, rank } from './command_model.js';
import { el, isolated } from './dom.js';
import { commandsHere, displayName, hereGuild } from './lookup.js';
import { avatar } from './people.js';
import { store } from './store.js';

const SHOWN_MAX = 60;
const UNFIT = 4; // the worst rank

const locale = () => store.users.get(store.me)?.locale;
const all = () => invocations(commandsHere(), locale());

/** The command of </name sub:id>, or null when it may not be used here. */
export const namedCommand = (id, name) => findInvocation(all(), id, name);

function appName(command) {
  return command.application_name ?? displayName(hereGuild(), command.application_id);
}

function offer(invocation) {
  const { command } = invocation;
  return {
    key: invocation.key,
    value: invocation,
    label: isolated(`/${invocation.title}`),
    hint: invocation.description,
    note: appName(command),
    icon: avatar(command.application_id, hereGuild(), { size: 28 }),
  };
}

/** Options for what was typed after the slash; all of them stand under their applications. */
export function commandOptions(typed) {
  const found = all()
    .map((one) => ({ one, score: rank(one, typed) }))
    .filter(({ score }) => score < UNFIT)
    .sort((one, other) => one.score - other.score)
    .map(({ one }) => one);
  const apps = [...new Set(found.map((one) => one.command.application_id))];
  if (typed !== '' || apps.length < 2) return found.slice(0, SHOWN_MAX).map(offer);
  return apps.flatMap((app) => [
    { heading: appName({ application_id: app }) },
    ...found.filter((one) => one.command.application_id === app).map(offer),
  ]);
}

export function commandHead(typed) {
  return el(
    'div',
    { class: 'suggest-title muted' },
    typed ? 'Commands matching ' : 'Commands',
    typed && isolated(`/${typed}`),
  );
}
