// Short notes in a corner, read out politely.
import { el } from './dom.js';

const SHOWN_MS = 6000;

/** Shows a sentence for some seconds. */
export function toast(sentence, kind = '') {
  const host = document.getElementById('toasts');
  const note = el('div', { class: `toast ${kind}` }, sentence);
  note.addEventListener('click', () => note.remove());
  host.append(note);
  // Above an open dialog.
  if (host.matches(':popover-open')) host.hidePopover();
  host.showPopover();
  while (host.children.length > 4) host.firstChild.remove();
  setTimeout(() => {
    note.remove();
    if (!host.children.length && host.matches(':popover-open')) host.hidePopover();
  }, SHOWN_MS);
}

/** Shows why something was refused; a mistake of the page itself is also told to the console. */
export function complain(error) {
  if (error instanceof TypeError || error instanceof ReferenceError) console.error(error);
  toast(error?.message ?? String(error), 'bad');
}
