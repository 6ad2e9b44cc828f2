/** What somebody wrote, as text; addresses in it can be followed. */
import type { VNode } from 'preact';

/** Chinese punctuation ends an address as a space does. */
const ADDRESS = /(https?:\/\/[^\s<>"'“”‘’（）【】《》，。！？、；：]+)/;
const TRAILING = /[.,;:!?)\]}]+$/;

export const MessageText = ({ text }: { readonly text: string }): VNode => (
  <>{text.split(ADDRESS).map((part, index) => (index % 2 === 0 ? part : <Address key={index} text={part} />))}</>
);

const Address = ({ text }: { readonly text: string }): VNode => {
  const trailing = TRAILING.exec(text)?.[0] ?? '';
  const address = text.slice(0, text.length - trailing.length);
  return (
    <>
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>
      {trailing}
    </>
  );
};
