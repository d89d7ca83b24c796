// A device made with lwm2m-node-lib: node lwm2m-client.js HOST PORT ENDPOINT
// Says what happens on standard output, one line each; takes on standard input: set URI RESOURCE VALUE, update, unregister.
'use strict';
const [host, port, endpoint] = process.argv.slice(2);
const client = require('lwm2m-node-lib').client;
const say = (...words) => console.log(words.join(' '));
const report = (what) => (error, result) => say(error ? `error ${what} ${error.name}: ${error.message}` : what);
let device;

client.init({
  logLevel: 'FATAL',
  client: { lifetime: '300', version: '1.0', logLevel: 'FATAL', observe: { period: 3000 }, ipProtocol: 'udp4', serverProtocol: 'udp4',
    formats: [{ name: 'lightweightm2m/text', value: 1541 }], writeFormat: 'lightweightm2m/text' },
});

function register(error) {
  if (error) return say('error', error.name);
  client.register(host, port, '', endpoint, (failure, result) => {
    if (failure) return say('error register', failure.name, failure.message);
    device = result;
    client.setHandler(device.serverInfo, 'write', (object, instance, resource, value, done) => {
      say('written', `/${object}/${instance}/${resource}`, value);
      done(null);
    });
    client.setHandler(device.serverInfo, 'execute', (object, instance, resource, value, done) => {
      say('executed', `/${object}/${instance}/${resource}`, value);
      done(null);
    });
    client.setHandler(device.serverInfo, 'read', (object, instance, resource, value, done) => done(null, value));
    say('registered', device.location);
  });
}

function create(uris, then) {
  if (uris.length === 0) return then();
  client.registry.create(uris[0], (error) => error ? then(error) : create(uris.slice(1), then));
}

function set(values, then) {
  if (values.length === 0) return then();
  client.registry.setResource(...values[0], (error) => error ? then(error) : set(values.slice(1), then));
}

create(['/3/0', '/3303/0'], (error) => error ? register(error)
  : set([['/3/0', 0, 'Foreign'], ['/3/0', 4, ''], ['/3/0', 14, '+00:00'], ['/3303/0', 5700, '21.5']], register));

require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, ...words] = line.split(' ');
  if (verb === 'set') client.registry.setResource(words[0], words[1], words[2], report('set'));
  else if (verb === 'update') client.update(device, report('updated'));
  else if (verb === 'unregister') client.unregister(device, report('unregistered'));
}).on('close', () => process.exit(0));
