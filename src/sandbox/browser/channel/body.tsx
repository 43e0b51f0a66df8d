// What a message says. The drawing of blocks is elsewhere; here is what a click on one of them does.
import { memo, useCallback } from 'react';
import type { PageMessage } from '../../page/contract.js';
import { Attachments, Blocks } from '../blocks/index.js';
import { useSession, useViewer } from '../state/session.js';

interface Pressed {
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: unknown;
}

/** Draws the blocks of a message, or its text, and the blocks of its attachments. */
export const Body = memo(function Body({ message }: { message: PageMessage }) {
  const { client } = useSession();
  const viewer = useViewer();
  const { channel, ts, threadTs } = message;
  const onAction = useCallback(
    async (pressed: Pressed) => {
      const answer = await client.act({ do: 'click', channel, ts, ...pressed });
      if (!answer.ok && answer.said) client.say(channel, answer.said, threadTs);
      return answer;
    },
    [client, channel, ts, threadTs],
  );
  return (
    <div className="body">
      <Blocks blocks={message.blocks} text={message.text} viewer={viewer} onAction={onAction} />
      <Attachments attachments={message.attachments} viewer={viewer} onAction={onAction} />
    </div>
  );
});
