using System.Runtime.InteropServices;
using Starling.Load;

using var end = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return args switch
{
    ["udp-echo", .. var options] => await UdpEcho.RunAsync(new LoadOptions(options), end.Token),
    ["coap-echo", .. var options] => await CoapEcho.RunAsync(new LoadOptions(options), end.Token),
    ["fleet", .. var options] => await Fleet.RunAsync(new LoadOptions(options), end.Token),
    ["lwm2m", .. var options] => await Lwm2mLoad.RunAsync(new LoadOptions(options), end.Token),
    _ => Usage(),
};

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}

static int Usage()
{
    Console.Error.WriteLine("""
        load udp-echo [--bind 127.0.0.1:5683] [--threads N] [--portable]    sends back what comes, without CoAP
        load coap-echo [--bind 127.0.0.1:5683] [--threads N] [--portable]   a CoAP server with /echo
        load … --dtls --psk HEX [--cid 6]                                   the same over DTLS: one key for all identities
        load lwm2m [--bind …] [--threads N] [--portable] [--observe /3303/0/5700] [--no-events]
                                                                            a LwM2M server with /echo; on standard input: read W SECS PATH, stats, gc
        load fleet --psk HEX [--target 127.0.0.1:5684] [--n 1000] [--first 0] [--window 64] [--observed]
                                                                            devices over DTLS with connection ids that register, and answer an observation
        """);
    return 2;
}
