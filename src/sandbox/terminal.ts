// The local Slack in a terminal: type as one of its people, and read what they see.
import { createInterface } from 'node:readline';
import type { EphemeralView, MessageView, Sandbox } from './types.js';

export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** The channel to begin in. */
  readonly channel: string;
  /** Ends it all, when somebody types `quit`. */
  readonly quit: () => void;
}

const help = `  /incident …     a command, as in Slack (try /incident help)
  @Andon …        a mention, as in Slack
  as NAME         be somebody else; people  lists who there is
  in CHANNEL      go to another channel
  channels        the channels there are
  read            what the channel says
  files           the files, and  file NAME  one of them
  quit            ends it
  anything else   is said in the channel`;
const shownMessages = 30;
/** How often it looks for what came for the one who types. */
const lookMs = 250;

/** Reads lines until the input ends. A prompt is shown only to a person. */
export function openTerminal(sandbox: Sandbox, options: TerminalOptions): { close(): void } {
  const { output } = options;
  let person = sandbox.people()[0]?.name ?? '';
  let channel = options.channel;
  const lines = createInterface({ input: options.input, output, terminal: false });
  const print = (text: string) => output.write(`${text}\n`);
  const prompt = () => {
    if ((options.input as { isTTY?: boolean }).isTTY) output.write(`\n${person} in #${channel}> `);
  };
  let queue = Promise.resolve();
  // What came before is not news; an answer that changes is.
  const known = new Set(sandbox.ephemerals().map(keyOf));
  const answered = new Set<string>();

  function showNew(): boolean {
    const news = sandbox.ephemerals(person).filter((each) => !known.has(keyOf(each)));
    for (const each of news) {
      known.add(keyOf(each));
      // The first answer to a command is shown by the command.
      const shown = each.via === 'ack' && !answered.has(each.ts);
      answered.add(each.ts);
      if (!shown) print(onlyYou(each.text));
    }
    return news.some((each) => each.via !== 'ack');
  }

  async function obey(line: string): Promise<void> {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const argument = rest.join(' ').replace(/^[#@]/, '');
    if (line.trim() === '') return;
    if (line.startsWith('/')) return command(line.trim());
    if (word === 'as') {
      const found = sandbox.people().find((each) => each.name === argument.toLowerCase());
      person = found?.name ?? person;
      if (!found) print(`There is no ${argument || 'such person'}. The people: ${namesOf(sandbox)}.`);
    } else if (word === 'people' && argument === '') {
      for (const each of sandbox.people()) print(`${each.name} — ${each.realName}, ${each.tz}`);
    } else if ((word === 'quit' || word === 'exit') && argument === '') {
      options.quit();
    } else if (word === 'in') {
      const found = sandbox
        .channels()
        .find((each) => each.name === argument || each.name.startsWith(argument));
      channel = found?.name ?? channel;
      print(
        found ? `#${channel}${found.topic ? ` — ${found.topic}` : ''}` : `There is no channel ${argument}.`,
      );
    } else if (word === 'channels') {
      for (const each of sandbox.channels())
        if (!each.isIm) print(`#${each.name}${each.topic ? ` — ${each.topic}` : ''}`);
    } else if (word === 'read') {
      for (const message of sandbox.messages(channel).slice(-shownMessages))
        print(messageText(sandbox, message).replaceAll(sandbox.botUserId, 'Andon'));
    } else if (word === 'files') {
      for (const file of sandbox.files()) print(`${file.name} — ${file.title}`);
    } else if (word === 'file') {
      const file = sandbox
        .files()
        .filter((each) => each.name === argument)
        .at(-1);
      print(file ? file.content.toString('utf8') : `There is no file ${argument}.`);
    } else if (word === 'help') {
      print(help);
    } else {
      const wasThere = isAppThere();
      const mentions = line.replace(/(^|\s)@andon\b/gi, `$1<@${sandbox.botUserId}>`);
      await sandbox.person(person).say(mentions, { channel, inviteApp: true });
      if (!wasThere && isAppThere())
        print(`Andon was not in #${channel}; it has been invited, as Slack offers.`);
      await sandbox.settle();
    }
  }

  function isAppThere(): boolean {
    return sandbox.channel(channel)?.members.includes(sandbox.botUserId) ?? false;
  }

  async function command(line: string): Promise<void> {
    const typist = sandbox.person(person);
    const outcome = await typist.command(line, { channel });
    if (outcome.error) print(`Slack: ${line.split(' ')[0]} failed: ${outcome.error}`);
    if (outcome.reply) print(onlyYou(outcome.reply.text));
    const view = typist.openView();
    if (!view) return;
    print(
      `A form opened: ${view.title}. This terminal cannot fill it; put the words behind the command instead.`,
    );
    await typist.closeView({ all: true });
  }

  print(help);
  prompt();
  lines.on('line', (line) => {
    queue = queue
      .then(() => obey(line))
      .catch((error: unknown) => void print(error instanceof Error ? error.message : String(error)))
      .then(() => void showNew())
      .then(prompt);
  });
  const looking = setInterval(() => {
    if (showNew()) prompt();
  }, lookMs);
  looking.unref();
  return {
    close() {
      clearInterval(looking);
      lines.close();
    },
  };
}

function keyOf(message: EphemeralView): string {
  return `${message.ts} ${message.text}`;
}

function onlyYou(text: string): string {
  return `(only you see this) ${readable(text)}`;
}

function namesOf(sandbox: Sandbox): string {
  return sandbox
    .people()
    .map((each) => each.name)
    .join(', ');
}

function messageText(sandbox: Sandbox, message: MessageView): string {
  const who =
    sandbox.people().find((person) => person.id === message.user)?.name ??
    (message.botId ? 'Andon' : message.user);
  const at = new Date(Number(message.ts) * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const files = message.files.map((file) => `\n    [file ${file.name}]`).join('');
  return `${at} ${message.threadTs && message.threadTs !== message.ts ? '  ↳ ' : ''}${who}: ${readable(message.text).replaceAll('\n', '\n    ')}${files}`;
}

// What Slack's clients make of the escapes in a message's text.
function readable(text: string): string {
  return text
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<[@#!]([^|>]+)(?:\|([^>]*))?>/g, (_all, id: string, name?: string) => name || id)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
