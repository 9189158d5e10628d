// The browser of the page tests: Chromium driven by playwright-core, one context per person.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const output = process.env.OUTPUT_DIR ?? path.join(root, 'build/test-output');
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 780 };

export async function startBrowser() {
  await mkdir(output, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: FLAGS,
  });
  return new Browser(browser);
}

class Browser {
  constructor(browser) {
    this.browser = browser;
    /** Errors of the page and of its policy, dialogs that a script opened: must stay empty. */
    this.wrong = [];
  }

  close() {
    return this.browser.close();
  }

  /** An empty page of a new person's browser. Options are those of a playwright context. */
  async blank(options = {}) {
    const context = await this.browser.newContext({
      viewport: DESKTOP,
      colorScheme: 'dark',
      locale: 'en-US',
      timezoneId: 'Europe/Paris',
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(15000);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.wrong.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.wrong.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('dialog', (dialog) => {
      this.wrong.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    return page;
  }

  /** The page as somebody, in a channel, with its messages loaded. */
  async as(base, user, channel, options = {}) {
    const page = await this.blank(options);
    await page.goto(`${base}/#as=${user}&at=${channel}`);
    await page.locator('.beginning, .message').first().waitFor();
    return page;
  }

  async shot(page, name) {
    await page.screenshot({ path: path.join(output, `page-${name}.png`) });
  }
}

/** Writes a command's name and opens its option fields. */
export async function openCommand(page, name) {
  await page.locator('#composer-input').fill(`/${name}`);
  await page.locator('.suggest [role=option].active').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.command-bar').waitFor();
}
