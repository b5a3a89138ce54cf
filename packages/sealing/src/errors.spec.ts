import * as errors from './errors';

it('errors say what was given, what is expected and what to do', () => {
  const texts = Object.entries(errors).map(([name, make]) => {
    const { code, message } = make('<1>', '<2>', '<3>');
    return `${name} (${code})\n${message}`;
  });
  expect(texts.join('\n\n')).toMatchSnapshot();
});
