/** The support agent's console. */
import { render } from 'preact';
import { Console } from './console.tsx';
import { takeCode } from './credentials.ts';

const page = document.getElementById('page');
if (page !== null) render(<Console code={takeCode()} />, page);
