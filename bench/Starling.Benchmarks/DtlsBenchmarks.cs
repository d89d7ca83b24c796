using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Starling.Crypto;
using Starling.Dtls;

namespace Starling.Benchmarks;

/// <summary>Handshakes of a client and a server in one thread, and a record there and back, with connection ids; no sockets.</summary>
public class DtlsBenchmarks
{
    private static readonly byte[] _key = new byte[16];
    private static readonly byte[] _address = new byte[18];
    private readonly DtlsAnswer _answer = new DtlsAnswer.Key(_key);
    private readonly Wire _toServer = new();
    private readonly Wire _toClient = new();
    private readonly byte[] _text = new byte[100];
    private readonly DtlsSettings _settings = new() { ConnectionIdLength = 8 };
    private readonly DtlsOwnKeys _psk = new() { PreSharedKey = new DtlsOwnKeys.ClientKey("device-0000001"u8.ToArray(), _key) };
    private readonly DtlsOwnKeys _raw = new() { Key = OwnKey.Create(), RawPublicKeys = true };
    private DtlsAcceptor _acceptor = null!;
    private DtlsConnection _client = null!;
    private DtlsConnection _server = null!;

    /// <summary>Makes a session for the records.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var own = new DtlsOwnKeys { AcceptsPreSharedKeys = true, Key = OwnKey.Create(), RawPublicKeys = true };
        _acceptor = new DtlsAcceptor(_settings, own, new CookieKeys(RandomNumberGenerator.Create()));
        (_client, _server) = Shake(_psk);
    }

    /// <summary>TLS_PSK_WITH_AES_128_CCM_8, both sides.</summary>
    [Benchmark]
    public DtlsStatus PskHandshake() => ShakeAndForget(_psk);

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 with raw public keys of both, both sides.</summary>
    [Benchmark]
    public DtlsStatus RawPublicKeyHandshake() => ShakeAndForget(_raw);

    /// <summary>100 bytes: sealed by the client, opened by the server, sealed by the server.</summary>
    [Benchmark]
    public int RecordThereAndBack()
    {
        _client.Send(_text, _toServer);
        _server.Receive(_toServer.Take(), default, 0, _toClient, out var received);
        _server.Send(_text, _toClient);
        _toClient.Take();
        return received.Length;
    }

    private DtlsStatus ShakeAndForget(DtlsOwnKeys own)
    {
        var (client, server) = Shake(own);
        client.Dispose();
        var status = server.Status;
        server.Dispose();
        return status;
    }

    private (DtlsConnection Client, DtlsConnection Server) Shake(DtlsOwnKeys own)
    {
        var client = DtlsConnection.Connect(_settings, new DtlsTarget(own), default, 0, _toServer);
        DtlsConnection? server = null;
        while (server?.Status != DtlsStatus.Established || client.Status != DtlsStatus.Established)
        {
            while (_toServer.Take() is { IsEmpty: false } datagram)
            {
                if (server is null)
                {
                    server = _acceptor.Answer(datagram, default, _address, 0, _toClient).Connection;
                }
                else
                {
                    Receive(server, datagram, _toClient);
                }
            }
            Serve(server, _toClient);
            while (_toClient.Take() is { IsEmpty: false } datagram)
            {
                Receive(client, datagram, _toServer);
            }
            Serve(client, _toServer);
        }
        return (client, server);
    }

    private static void Receive(DtlsConnection connection, Span<byte> datagram, Wire output)
    {
        while (!datagram.IsEmpty)
        {
            datagram = datagram[connection.Receive(datagram, default, 0, output, out _)..];
        }
    }

    private void Serve(DtlsConnection? connection, Wire output)
    {
        while (connection?.Status is DtlsStatus.NeedsCredential or DtlsStatus.NeedsWork)
        {
            if (connection.TakeWork() is { } work)
            {
                work.Run();
                connection.Complete(work, 0, output);
                continue;
            }
            connection.Provide(connection.Query is DtlsQuery.PreSharedKey ? _answer : new DtlsAnswer.Accepted(), 0, output);
        }
    }

    /// <summary>A few datagrams in one buffer each, oldest first.</summary>
    private sealed class Wire : IDtlsOutput
    {
        private readonly byte[][] _buffers = [new byte[2048], new byte[2048], new byte[2048], new byte[2048]];
        private readonly int[] _lengths = new int[4];
        private int _in;
        private int _out;

        public void Emit(ReadOnlySpan<byte> datagram, PathId path)
        {
            datagram.CopyTo(_buffers[_in % 4]);
            _lengths[_in++ % 4] = datagram.Length;
        }

        public Span<byte> Take() => _out == _in ? default : _buffers[_out % 4].AsSpan(0, _lengths[_out++ % 4]);
    }
}
