// What the packages bring beside the programs: manual pages and completions that know every option, units that keep
// their promises, an installation guide whose error texts exist.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { binaries } from '../support/sandbox.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const read = (...parts) => readFileSync(path.join(root, ...parts), 'utf8');
const run = (program, options, environment = {}) => spawnSync(program, options, {
  encoding: 'utf8', timeout: 60000, env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...environment },
});
const sources = (folder) => readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
  const name = path.join(folder, entry.name);
  if (entry.isDirectory()) return sources(name);
  return name.endsWith('.cpp') ? [read(name)] : [];
});

describe('the packages', () => {
  const programs = [['hearthd', 8], ['discord-sim', 1]];
  for (const [program, section] of programs) {
    const help = run(path.join(binaries, program), ['--help']).stdout;
    const options = [...help.matchAll(/^ {2}(?:-\w,)?(--[\w-]+)/gm)].map(([, option]) => option);

    test(`${program}: its manual page explains its options, and no others`, () => {
      assert.ok(options.length > 4, help);
      const page = read('config', 'man', `${program}.${section}`).replaceAll('\\-', '-');
      const explained = [...page.matchAll(/^\.(?:BR?|BI) .*?(--[\w-]+)/gm)].map(([, option]) => option);
      assert.deepEqual([...new Set(explained)].sort(), [...options].sort());
    });

    test(`${program}: bash completes its options`, () => {
      const name = `_${program.replaceAll('-', '_')}`;
      const complete = (...words) => run('bash', ['-c', `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ${name}
        printf '%s\\n' "\${COMPREPLY[@]}"`, path.join(root, 'config', 'completion', program), program, ...words])
        .stdout.split('\n').filter(Boolean);
      assert.deepEqual(complete('--').sort(), [...options].sort());
      assert.deepEqual(complete('--he').includes('--help'), true);
      const world = program === 'hearthd' ? ['--config', `${root}/config/hearth`] : ['--world', `${root}/config/sim/d`];
      assert.equal(complete(...world).filter((file) => file.endsWith('.toml')).length, 1);
    });
  }

  const ctl = path.join(binaries, 'hearthctl');
  test('hearthctl: its manual page explains its options and commands', () => {
    const help = run(ctl, ['--help']).stdout;
    const page = read('config', 'man', 'hearthctl.1').replaceAll('\\-', '-');
    const options = [...help.matchAll(/^ {2}(?:-\w,)?(--[\w-]+)/gm)].map(([, option]) => option);
    const commands = [...help.split('Subcommands:')[1].matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name);
    assert.ok(options.length > 4 && commands.length > 10, help);
    for (const word of [...options, ...commands]) assert.match(page, new RegExp(`^\\.BR? .*${word}\\b|^\\.BI "?${word}\\b`, 'm'));
  });

  test('hearthd says its licence truthfully: it links no library under the GPL', () => {
    assert.match(run(path.join(binaries, 'hearthd'), ['--version']).stdout, /GPL as a whole \(this one links none;/);
    const linked = run('ldd', [path.join(binaries, 'hearthd')]).stdout;
    assert.match(linked, /libcaf_core/);
    assert.doesNotMatch(linked, /libespeak|libigraph|libav|libsw|libpostproc|libreadline|libgsl|libfftw/);
  });

  for (const unit of ['hearth.service', 'hearth@.service']) {
    const file = path.join(binaries, '..', 'package', unit);
    test(`${unit}: exposure at most 1.5`, () => {
      const { stdout, stderr } = run('systemd-analyze', ['security', '--offline=true', '--threshold=15', file]);
      const [, exposure] = stdout.match(/Overall exposure level for .*: ([\d.]+)/) ?? [, stderr];
      assert.ok(Number(exposure) <= 1.5, exposure);
    });

    test(`${unit}: says what an operator relies on`, () => {
      const text = readFileSync(file, 'utf8');
      const suffix = unit.includes('@') ? '_%i' : '';
      for (const line of ['Type=notify', 'WatchdogSec=60s', 'RestartPreventExitStatus=78', 'StateDirectory=hearth',
        'LimitNOFILE=1024', 'MemoryMax=384M', 'CPUQuota=200%', `LoadCredential=discord_token:/etc/hearth/discord_token${suffix}`])
        assert.ok(text.split('\n').includes(line), line);
      assert.match(text, /^ExecReload=.*HUP/m);
      assert.equal(/^Environment=HEARTH_PROFILE=%i$/m.test(text), unit.includes('@'));
      assert.doesNotMatch(text, /@UNIT_/);
    });
  }

  test('every error text of the installation guide is one of the program', () => {
    // Texts that are broken over lines of source are joined.
    const said = ['actors', 'infra'].flatMap(sources).join('\n').replaceAll(/"\s*\n\s*"/g, '');
    const rows = read('config', 'INSTALL.md').split('\n').filter((line) => /^\| `/.test(line) && !line.includes('(systemd)'));
    assert.ok(rows.length > 15);
    for (const row of rows)
      for (const [, text] of row.split('|')[1].matchAll(/`([^`]+)`/g))
        for (const part of text.split('…').map((piece) => piece.trim()))
          assert.ok(said.includes(part), `${part}: said nowhere`);
  });

  test('what the installation guide names exists', () => {
    const guide = read('config', 'INSTALL.md');
    const options = read('config', 'hearth.example.toml');
    for (const [, option] of guide.matchAll(/`((?:guild|store|metrics|interactions)\.\w+)`/g))
      assert.ok(options.includes(`# ${option.split('.')[1]} = `), option);
    const locales = read('infra', 'schedule', 'schedule_commands.cpp') + read('infra', 'root', 'core_commands.cpp');
    for (const [, command] of guide.matchAll(/`\/(mod\w+)`/g)) assert.ok(locales.includes(command), command);
    for (const [, file] of guide.matchAll(/`((?:tools|config)\/[\w./]+)`/g)) assert.ok(existsSync(path.join(root, file)), file);
  });

  test('the pipelines\' message is JSON whatever the text, and names no webhook', async () => {
    const bodies = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => { body += piece; });
      request.on('end', () => { bodies.push([request.url, body]); response.writeHead(204).end(); });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const child = spawn(path.join(root, 'config', 'ci', 'notify.sh'), ['failure', 'a "quoted"\n\\ text @everyone'], {
      env: { PATH: process.env.PATH, DISCORD_WEBHOOK: `http://127.0.0.1:${server.address().port}/api/webhooks/1/secret` },
    });
    let output = '';
    child.stdout.on('data', (piece) => { output += piece; });
    child.stderr.on('data', (piece) => { output += piece; });
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0, output);
    server.close();
    assert.equal(bodies.length, 1);
    const { embeds: [embed], allowed_mentions: mentions } = JSON.parse(bodies[0][1]);
    assert.equal(embed.description, 'a "quoted" \\ text @everyone');
    assert.deepEqual(mentions, { parse: [] });
    assert.ok(!output.includes('secret'), output);
  });
});
