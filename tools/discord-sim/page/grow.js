// Text areas as tall as their text.

/** Keeps `field` as tall as what is in it, up to its max-height by style. */
export function autoGrow(field) {
  const fit = () => {
    field.style.setProperty('height', 'auto');
    field.style.setProperty('height', `${field.scrollHeight}px`);
  };
  field.addEventListener('input', fit);
  queueMicrotask(fit);
  return fit;
}
