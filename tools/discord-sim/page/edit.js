// Editing one's own message where it stands: Enter saves, Escape gives up.
import { act } from './actions.js';
import { el, textButton } from './dom.js';
import { autoGrow } from './grow.js';

export function editField(message, done) {
  const field = el('textarea', {
    class: 'edit-field',
    'aria-label': 'Edit the message',
    rows: 1,
    maxlength: 4000,
  });
  field.value = message.content;
  const save = async () => {
    const text = field.value.trim();
    if (text === message.content) return done();
    if (text === '') return;
    if (
      await act('edit', { channel_id: message.channel_id, message_id: message.id, content: text })
    )
      done();
  };
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') done();
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  autoGrow(field);
  queueMicrotask(() => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  return el(
    'div',
    { class: 'editing' },
    field,
    el(
      'div',
      { class: 'muted small' },
      'escape to ',
      textButton('cancel', done),
      ' • enter to ',
      textButton('save', save),
    ),
  );
}
