// Modals: the bot's form in a window; checks before sending, stays open with the reason when the
// bot fails.
import { el, fill, iconButton, isolated } from './dom.js';
import { start } from './interactions.js';
import { fieldFor } from './modal_fields.js';
import { markdown } from './markdown.js';
import { store } from './store.js';
import { complain } from './toasts.js';

/** MODAL_OPEN: {interaction_id, custom_id, title, components}. */
export function openModal(modal) {
  document.querySelector('dialog.modal')?.close();
  const fields = [];
  const status = el('div', { class: 'modal-status', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'button primary' }, 'Submit');
  const form = el(
    'form',
    { novalidate: true },
    drawn(modal.components ?? [], fields),
    status,
    el(
      'div',
      { class: 'modal-foot' },
      el(
        'button',
        { type: 'button', class: 'button secondary', on: { click: () => dialog.close() } },
        'Cancel',
      ),
      submit,
    ),
  );
  const dialog = el(
    'dialog',
    { class: 'window modal', 'aria-label': modal.title },
    el(
      'header',
      { class: 'modal-head' },
      el('h2', {}, isolated(modal.title)),
      iconButton('Close', 'close', () => dialog.close()),
    ),
    form,
    el('p', { class: 'muted small' }, 'This form is sent to the application that opened it.'),
  );

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(modal, fields, { dialog, submit, status });
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector('form input, form textarea, form .select') ?? submit).focus();
}

/** Labels with their inputs, legacy rows, and texts. Fields are noted in `fields`. */
function drawn(components, fields) {
  return components.map((part) => {
    if (part.type === 10) return el('div', { class: 'text-display' }, markdown(part.content));
    if (part.type === 1)
      return (part.components ?? []).map((child) =>
        labelled({ label: child.label ?? '', description: '' }, child, fields),
      );
    if (part.type === 18) return labelled(part, part.component, fields);
    return null;
  });
}

function labelled({ label, description }, part, fields) {
  if (!part) return null;
  const id = `modal-${fields.length}`;
  const field = fieldFor(part, id, label);
  const error = el('div', { class: 'field-error', id: `${id}-error`, role: 'alert' });
  fields.push({ part, field, error });
  // What was wrong is right as soon as it is touched; the next Submit looks again.
  const touched = () => {
    error.textContent = '';
    field.node.classList.remove('wrong');
  };
  field.node.addEventListener('input', touched);
  field.touched = touched;
  const required = part.required !== false && part.type !== 23;
  return el(
    'div',
    { class: 'modal-field' },
    field.own
      ? null
      : el(
          'label',
          { class: 'label', for: id },
          isolated(label),
          required && el('span', { class: 'star', title: 'Required' }, ' *'),
        ),
    description && el('div', { class: 'muted small' }, isolated(description)),
    field.node,
    error,
  );
}

async function send(modal, fields, { dialog, submit, status }) {
  let first = null;
  const values = {};
  let files = [];
  for (const { field, error } of fields) {
    const wrong = field.check();
    error.textContent = wrong ?? '';
    field.node.classList.toggle('wrong', Boolean(wrong));
    if (wrong) first ??= field;
  }
  if (first) return first.focus();
  submit.disabled = true;
  submit.classList.add('busy');
  fill(status);
  const again = (reason) => {
    submit.disabled = false;
    submit.classList.remove('busy');
    fill(
      status,
      'Something went wrong. Try again.',
      reason && el('span', { class: 'muted' }, ` ${reason}`),
    );
  };
  try {
    for (const { part, field } of fields) {
      const { value, files: added } = await field.value(files.length);
      if (added) files = [...files, ...added];
      values[part.custom_id] = value;
    }
    await start(
      'modal_submit',
      { interaction_id: modal.interaction_id, values, ...(files.length ? { files } : {}) },
      {
        kind: 'modal',
        channel: store.place.channel,
        onSettled: (ok, reason) => (ok ? dialog.close() : again(reason)),
      },
    );
  } catch (refusal) {
    again(refusal.message);
    if (!dialog.open) complain(refusal);
  }
  return undefined;
}
