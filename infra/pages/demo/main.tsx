/** The demo: a small shop with the visitor's widget on it. */
import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { firstLanguage, keepLanguage, otherLanguage } from '../chat/language.ts';
import { type MountedWidget, mountWidget } from '../widget/mount.tsx';
import { type Good, shopWordsIn } from './words.ts';

const Shop = ({ widget }: { widget: MountedWidget }): VNode => {
  const [language, setLanguage] = useState(firstLanguage);
  const words = shopWordsIn(language);
  useEffect(() => {
    document.documentElement.lang = language;
    widget.speak(language);
    keepLanguage(language);
  }, [language]);
  return (
    <>
      <header class="top">
        <a class="brand" href="/">
          {words.shop}
        </a>
        <nav>
          <a href="/console">{words.toConsole}</a>
          <button type="button" onClick={() => setLanguage(otherLanguage(language))}>
            {words.language}
          </button>
        </nav>
      </header>
      <main>
        <section class="hero">
          <h1>{words.claim}</h1>
          <p>{words.about}</p>
        </section>
        <section class="ask" aria-labelledby="ask">
          <h2 id="ask">{words.askHeading}</h2>
          <p>{words.askHint}</p>
          <div class="questions">
            {words.questions.map((question) => (
              <button key={question} type="button" onClick={() => widget.say(question)}>
                {question}
              </button>
            ))}
          </div>
        </section>
        <section aria-labelledby="goods">
          <h2 id="goods">{words.goodsHeading}</h2>
          <ul class="goods">
            {words.goods.map((good) => (
              <GoodCard key={good.name} good={good} />
            ))}
          </ul>
        </section>
      </main>
      <footer class="foot">{words.foot}</footer>
    </>
  );
};

const GoodCard = ({ good: { name, price, colours } }: { good: Good }): VNode => (
  <li>
    <div class="picture" style={{ background: `linear-gradient(150deg, ${colours[0]}, ${colours[1]})` }} />
    <span>{name}</span>
    <strong>{price}</strong>
  </li>
);

const page = document.getElementById('page');
if (page !== null) render(<Shop widget={mountWidget({ server: location.origin })} />, page);
