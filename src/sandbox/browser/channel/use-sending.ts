// What becomes of what was typed: a message, a command, files; and what Slack's client says when one fails.
import { useState } from 'react';
import type { ActAnswer } from '../../page/contract.js';
import { useSession } from '../state/session.js';
import { commandIn, inThreadRefusal, tooLarge } from './sending.js';

/** The ways out of a composer; `send` is false where nothing was sent and the words should stay. */
export function useSending(channel: string, threadTs: string | undefined, giveBack: (text: string) => void) {
  const { client } = useSession();
  const [pending, setPending] = useState(0);

  const tell = (answer: ActAnswer) => {
    const said = answer.said ?? (answer.ok ? undefined : `Slack refused that: ${answer.error ?? 'unknown'}.`);
    if (said) client.say(channel, said, threadTs);
  };

  function send(text: string): boolean {
    const command = commandIn(text);
    const hear = (answer: ActAnswer) => {
      // A message that was refused was not said; a command that failed was heard, unless nobody was there.
      if (!answer.ok && (!command || answer.error === 'unreachable')) giveBack(text);
      tell(answer);
    };
    if (command && threadTs) {
      client.say(channel, inThreadRefusal(command), threadTs);
      return false;
    }
    if (command) {
      setPending((count) => count + 1);
      void client
        .act({ do: 'command', channel, text: text.trim() })
        .then(hear)
        .finally(() => setPending((count) => count - 1));
      return true;
    }
    void client.act({ do: 'say', channel, text: text.trim(), ...(threadTs ? { threadTs } : {}) }).then(hear);
    return true;
  }

  async function sendFile(file: File): Promise<void> {
    const refusal = tooLarge(file.name, file.size);
    if (refusal) return client.say(channel, refusal, threadTs);
    const base64 = await readBase64(file);
    tell(
      await client.act({
        do: 'upload',
        channel,
        name: file.name,
        base64,
        ...(threadTs ? { threadTs } : {}),
      }),
    );
  }

  return {
    pending,
    send,
    sendFiles: (files: readonly File[]) => {
      for (const file of files) void sendFile(file);
    },
    runShortcut: (callbackId: string) => void client.act({ do: 'shortcut', callbackId }).then(tell),
  };
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
