// Building DOM without ever parsing text as markup: everything a guild says becomes text nodes and
// attributes.

import { icon } from './icons.js';

export { icon };

/**
 * Makes an element. `attrs`: class (also a list, empty ones left out), on {event: handler}, style {property: value} (also
 * --variables), dataset, prop {name: value} for DOM properties; true/false/null for
 * present/absent; the rest by setAttribute. Children: nodes, strings, numbers, arrays; null and
 * false are left out.
 */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = [value].flat().filter(Boolean).join(' ');
    else if (name === 'on')
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === 'style')
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === 'dataset') Object.assign(node.dataset, value);
    else if (name === 'prop') Object.assign(node, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  append(node, children);
  return node;
}

/** Appends children as `el` takes them. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replaces what is inside. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/**
 * Text of unknown direction that must not disturb its surroundings (right-to-left marks and
 * overrides).
 */
export function isolated(text, attrs = {}) {
  return el('bdi', attrs, text);
}

/** Only what a browser may safely open; null for anything else. */
export function safeUrl(text) {
  if (typeof text !== 'string' || text.length > 2048) return null;
  try {
    const url = new URL(text, location.origin);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A picture of this server. Others are not loaded: the sandbox has no outside. */
export function ownUrl(text) {
  const url = safeUrl(text);
  if (!url) return null;
  const parsed = new URL(url);
  // The simulator may call itself 127.0.0.1 while the page was opened as localhost.
  const loopback = (host) => host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
  if (parsed.port === location.port && loopback(parsed.hostname) && loopback(location.hostname))
    return location.origin + parsed.pathname + parsed.search;
  return parsed.origin === location.origin ? url : null;
}

/** A link that leaves the page without telling where from. */
export function link(url, attrs, ...children) {
  return el(
    'a',
    { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url, ...attrs },
    ...children,
  );
}

/** A button that is only a drawing, with its name for everybody who cannot see it. */
export function iconButton(label, drawing, run, { size = 20, className = '', ...more } = {}) {
  const attrs = {
    type: 'button',
    class: `icon-button ${className}`,
    'aria-label': label,
    title: label,
  };
  return el('button', { ...attrs, ...more, on: { click: run } }, icon(drawing, size));
}

/** A small grey button. */
export function plainButton(label, run, attrs = {}) {
  const base = { type: 'button', class: 'button secondary small', on: { click: run } };
  return el('button', { ...base, ...attrs }, label);
}

/** A button that looks like a link in the text. */
export function textButton(label, run) {
  return el('button', { type: 'button', class: 'text-button', on: { click: run } }, label);
}
