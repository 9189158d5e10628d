// What goes along with a message being written: the one it answers, and files.
import { el, fill, icon, iconButton, isolated } from './dom.js';
import { FILES_MAX, readFile } from './files.js';
import { displayName, hereGuild } from './lookup.js';
import { complain } from './toasts.js';

export class Extras {
  /** `onDone`: something was added or taken away; the field wants the focus. */
  constructor(onDone) {
    this.onDone = onDone;
    this.node = el('div', { class: 'composer-top' });
    this.clear();
  }

  /** Everything away; returns what was there, for restore(). */
  clear() {
    const was = { reply: this.reply ?? null, files: this.files ?? [] };
    this.restore({ reply: null, files: [] });
    return was;
  }

  restore({ reply, files }) {
    this.reply = reply;
    this.files = files;
    this.draw();
  }

  setReply(message) {
    this.reply = message;
    this.draw();
    this.onDone();
  }

  async addFiles(list) {
    for (const file of list) {
      if (this.files.length >= FILES_MAX) {
        complain(new Error(`At most ${FILES_MAX} files in one message.`));
        break;
      }
      try {
        this.files.push(await readFile(file));
      } catch (wrong) {
        complain(wrong);
      }
    }
    this.draw();
    this.onDone();
  }

  removeFile(file) {
    this.files = this.files.filter((one) => one !== file);
    this.draw();
    this.onDone();
  }

  /** Fields of /sim/act send. */
  fields() {
    return {
      ...(this.reply ? { reply_to: this.reply.id } : {}),
      ...(this.files.length ? { files: this.files } : {}),
    };
  }

  draw() {
    fill(
      this.node,
      this.reply && this.replyBar(),
      this.files.length > 0 &&
        el(
          'div',
          { class: 'upload-strip' },
          this.files.map((file) => this.fileChip(file)),
        ),
    );
  }

  replyBar() {
    const { author } = this.reply;
    const name = isolated(displayName(hereGuild(), author.id, author));
    const away = iconButton('Do not reply', 'close', () => this.setReply(null));
    return el('div', { class: 'reply-bar' }, 'Replying to ', el('strong', {}, name), away);
  }

  fileChip(file) {
    const remove = el(
      'button',
      {
        type: 'button',
        class: 'chip-remove',
        'aria-label': `Remove ${file.filename}`,
        on: { click: () => this.removeFile(file) },
      },
      icon('close', 12),
    );
    return el('span', { class: 'chip' }, icon('file', 14), isolated(file.filename), remove);
  }
}
