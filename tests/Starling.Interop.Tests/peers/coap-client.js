// Requests with npm's coap: node coap-client.js METHOD URL [SIZE]
// SIZE bytes go along; a SIZE of -16 asks for blocks of 16 bytes instead. Says the code and the length of the payload or, when it is short, the payload. With OBSERVE as METHOD a line for each notification, until standard input ends.
'use strict';
const coap = require('coap');
const [method, target, size] = process.argv.slice(2);
const url = new URL(target.replace(/^coap:/, 'http:'));
const request = coap.request({
  hostname: url.hostname, port: url.port, pathname: url.pathname, query: url.search.slice(1),
  method: method === 'OBSERVE' ? 'GET' : method, observe: method === 'OBSERVE',
});
const say = (code, payload) => console.log(code, payload.length > 80 ? payload.length : payload.toString());

request.on('error', (error) => { console.log('error', error.message); process.exit(1); });
request.on('response', (response) => {
  if (method === 'OBSERVE') {
    response.on('data', (chunk) => say(response.code, chunk));
    process.stdin.on('end', () => response.close()).resume();
    response.on('close', () => process.exit(0));
  } else {
    say(response.code, response.payload);
    process.exit(0);
  }
});
if (size === '-16') {
  request.setOption('Block2', Buffer.of(0x00));
} else if (size) {
  request.setOption('Content-Format', 'application/octet-stream');
  if (size > 1024) request.setOption('Block1', Buffer.of(0x05));   // the package sends blocks only when it is told a size: 512
  request.write(Buffer.alloc(Number(size), 'x'));
}
request.end();
